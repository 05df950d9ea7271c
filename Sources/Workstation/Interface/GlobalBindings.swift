/// The lines of the binding table that work wherever no overlay is open.
///
/// Verbs such as `open`, `toggle` or `coarser` stand here once: their key is the same everywhere, and the focused pane
/// says what they mean.
enum GlobalBindings {
    /// All of them, in the order of the help page.
    static let all: [Binding] = movement + verbs + navigation + workstation + trading

    private static let movement = [
        quiet(.up, "k", "up", help: "Move up"),
        quiet(.down, "j", "down", help: "Move down"),
        quiet(.left, "h", "left", help: "Move left; one candle back on the chart"),
        quiet(.right, "l", "right", help: "Move right; one candle forth on the chart"),
        quiet(.top, "g g", "home", help: "Go to the first row; to the oldest candle on the chart"),
        quiet(.bottom, "G", "end", help: "Go to the last row; to the live edge on the chart"),
        quiet(.halfPageUp, "ctrl-u", help: "Half a page up"),
        quiet(.halfPageDown, "ctrl-d", help: "Half a page down"),
        quiet(.pageUp, "pageup", help: "A page up"),
        quiet(.pageDown, "pagedown", help: "A page down"),
    ]

    private static let verbs = [
        quiet(.open, "enter", help: "Open the detail of the selected row; never sends anything"),
        quiet(.toggle, "space", help: "Toggle: a strategy on or off, a mark in lists"),
        quiet(.coarser, "<", help: "Coarser: zoom out, wider price steps, larger prints only"),
        quiet(.finer, ">", help: "Finer: zoom in, narrower price steps, smaller prints too"),
        line(.freeze, "F", help: "Freeze the pane, or follow again"),
        quiet(.filter, "/", help: "Filter the list; ! in front inverts"),
        quiet(.nextMatch, "n", help: "Next match"),
        quiet(.previousMatch, "N", help: "Previous match"),
        line(.copy, "y", help: "Copy the selected row to the clipboard"),
        line(.undo, "u", help: "Undo the last action that can be undone"),
        line(.refresh, "R", help: "Read classes and stored series anew; in Strategies load changed rules"),
    ]

    private static let navigation =
        PaneID.allCases.compactMap { pane in
            pane.number.map { number in
                Binding(.pane(pane), "\(number)", in: .everywhere, help: "Go to \(pane.name)")
            }
        } + [
            Binding(.pane(.watchlist), "w", in: .everywhere, help: "Go to Watchlist"),
            Binding(.pane(.heatmap), "M", in: .everywhere, help: "Go to Heatmap"),
            Binding(.pane(.log), "`", in: .everywhere, help: "Go to Log"),
            Binding(
                .nextPane, "tab", in: .everywhere, hint: "pane", help: "Go to the next pane", isInPalette: false),
            quiet(.previousPane, "backtab", help: "Go to the previous pane"),
            line(.nextTab, "]", help: "Next timeframe on market panes, next tab elsewhere"),
            line(.previousTab, "[", help: "Previous timeframe on market panes, previous tab elsewhere"),
            Binding(
                .enlarge, "+", in: .everywhere, hint: "zoom", help: "Enlarge the focused pane: middle, whole screen"),
            line(.shrink, "_", "-", help: "Shrink the focused pane again"),
            Binding(
                .nextPreset, "p", in: .everywhere, hint: "layout", help: "Next layout: trade, watch, research, ops"),
            line(.previousPreset, "P", help: "Previous layout"),
        ]

    private static let workstation = [
        Binding(.help, "?", "f1", in: .everywhere, hint: "help", help: "Keys of this pane; again: all keys"),
        Binding(
            .palette, ":", in: .everywhere, hint: "command", help: "Command palette: actions, symbols, panes, settings",
            isInPalette: false),
        Binding(.symbol, "s", in: .everywhere, hint: "symbol", help: "Choose the symbol"),
        Binding(.timeframe, ",", in: .everywhere, hint: "timeframe", help: "Type a timeframe: 5m, 4h, 1d"),
        line(.theme, "T", help: "Choose the theme, with live preview"),
        line(.graphGlyphs, "#", help: "Draw graphs in braille, in blocks or in ASCII"),
        line(.performance, help: "Show or hide the performance figures"),
        line(.redraw, "ctrl-l", help: "Draw the whole screen anew"),
        quiet(.back, "esc", help: "Back by one level; never quits"),
        line(.quit, "q", "ctrl-c", help: "Close; at the top: detach, stop the engine and quit, or stay"),
        line(.detach, "ctrl-z", help: "Detach: leave the screen, the engine goes on (asks, as q does)"),
    ]

    private static let trading = [
        line(.tradeLock, "ctrl-t", help: "Unlock the order keys for ten minutes, or lock them"),
        Binding(
            .ticket, "o", in: .everywhere,
            help: "Order ticket for the current symbol, at the cursor where there is one",
            needsTrade: true),
        Binding(.cancelAllOrders, in: .everywhere, help: "Cancel all open orders", needsTrade: true),
        Binding(
            .acceptCash, in: .everywhere, help: "Accept the venue's word for the cash, where the two differ",
            needsTrade: true),
        line(.resetBreakers, help: "Take peak and day start of the breakers anew"),
        line(.replayPause, "ctrl-p", help: "Pause or resume the replay"),
        line(.replayStep, "ctrl-n", help: "Play one candle of a paused replay"),
        line(.replaySpeed, "ctrl-r", help: "Type the replay's speed: 1, 120, max"),
        line(.receipt, help: "Show the receipt of the last emergency stop"),
        Binding(
            .emergencyStop, "ctrl-x", in: .everywhere,
            help: "Emergency stop: blocks new orders at once, then asks; works everywhere, in text fields too"),
    ]

    /// A line that the palette offers and the hint bar does not.
    private static func line(_ action: Action, _ keys: String..., help: String) -> Binding {
        Binding(action, keys: keys, in: .everywhere, help: help)
    }

    /// A line that neither the palette nor the hint bar shows.
    private static func quiet(_ action: Action, _ keys: String..., help: String) -> Binding {
        Binding(action, keys: keys, in: .everywhere, help: help, isInPalette: false)
    }
}
