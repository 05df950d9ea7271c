import Engine
import Market
import Terminal

/// The frames of the panes: titles and tabs in the line, the focused one standing out.
enum PaneFrames {
    /// Draws a slot's frame; the content is drawn by its pane afterwards.
    static func draw(_ slot: Layout.Slot, into canvas: inout Canvas, _ context: PaneContext) {
        let theme = context.theme
        let isFocused = slot.shown == context.view.focus
        let line = lineStyle(isFocused, context)
        canvas.box(slot.rect, borders: slot.borders, style: line)
        let pieces = slot.borders.pieces
        let rule: Unicode.Scalar = theme.borders == .ascii || theme.glyphs == .ascii ? "-" : pieces.horizontal
        if slot.borders == .none {
            canvas.hline(x: slot.rect.x, y: slot.rect.y, width: slot.rect.width, scalar: rule, style: line)
            if slot.hasLeftRule {
                let bar: Unicode.Scalar = theme.borders == .ascii || theme.glyphs == .ascii ? "|" : "│"
                canvas.vline(
                    x: slot.rect.x, y: slot.rect.y + 1, height: slot.rect.height - 1, scalar: bar, style: theme[.border]
                )
            }
        }
        drawTitles(slot, isFocused, into: &canvas, context)
    }

    /// Real money colours every line but that of the focused pane.
    private static func lineStyle(_ isFocused: Bool, _ context: PaneContext) -> Style {
        let theme = context.theme
        let border = theme[.border]
        if isFocused { return theme[.borderFocus] }
        guard context.snapshot.mode == .live else { return border }
        let live = theme[.modeLive]
        // A badge is told by its ground; a line has none, so it takes that colour itself.
        let colour = live.background == .terminalDefault ? live.foreground : live.background
        return border.with(foreground: colour).adding(.bold)
    }

    private static func drawTitles(
        _ slot: Layout.Slot, _ isFocused: Bool, into canvas: inout Canvas, _ context: PaneContext
    ) {
        let theme = context.theme
        let inset = slot.borders == .none ? 1 : 2
        let y = slot.rect.y
        var x = slot.rect.x + inset
        let end = slot.rect.maxX - inset
        guard end - x > 3 else { return }
        let title = PaneRegistry.pane(slot.shown)?.title(context).plain(theme) ?? ""
        var note = note(slot.shown, context).plain(theme)
        // Beside other tabs a title would read as theirs: it goes to the right, with the note.
        if slot.panes.count > 1, !title.isEmpty {
            let both = note.isEmpty ? title : "\(title)  \(note)"
            let names = DisplayWidth.columns(of: label(slot.shown, context)) + 3
            if DisplayWidth.columns(of: both) + names + 2 <= end - x { note = both }
        }
        let noteWidth = note.isEmpty ? 0 : DisplayWidth.columns(of: note) + 2
        var room = end - x
        var tabs = slot.panes
        // Tabs that do not fit beside the shown one are reached by [ and ]; the shown one always has its name.
        while tabs.count > 1, width(tabs, context) > room - noteWidth - 1 {
            guard let index = tabs.lastIndex(where: { $0 != slot.shown }) else { break }
            tabs.remove(at: index)
        }
        for pane in tabs {
            x += drawTab(pane, slot, isFocused, x: x, y: y, maxWidth: end - x, into: &canvas, context)
        }
        room = end - x
        if noteWidth > 0, noteWidth + 1 <= room {
            canvas.put(" \(note) ", endingAt: end, y: y, style: theme[isFocused ? .titleFocus : .title].removing(.bold))
            room -= noteWidth
        }
        guard slot.panes.count == 1, !title.isEmpty, room > 6 else { return }
        let shown = DisplayWidth.truncated(title, to: room - 4, ellipsis: theme.glyphs == .ascii ? "~" : "…")
        canvas.put(" \(shown) ", x: x, y: y, style: theme[.title].removing(.bold))
    }

    private static func width(_ tabs: [PaneID], _ context: PaneContext) -> Int {
        tabs.reduce(0) { $0 + DisplayWidth.columns(of: label($1, context)) + 2 }
    }

    /// Number, name and what counts: `7 Alerts !2`.
    private static func label(_ pane: PaneID, _ context: PaneContext) -> String {
        let number = pane.number.map { "\($0) " } ?? ""
        let badge = badge(pane, context)
        return number + pane.name + (badge.isEmpty ? "" : " \(badge)")
    }

    private static func drawTab(
        _ pane: PaneID, _ slot: Layout.Slot, _ isFocused: Bool, x: Int, y: Int, maxWidth: Int,
        into canvas: inout Canvas, _ context: PaneContext
    ) -> Int {
        let theme = context.theme
        let isShown = pane == slot.shown
        let isAlone = slot.panes.count == 1
        let key: ThemeKey = isShown ? (isFocused ? .titleFocus : isAlone ? .title : .tabActive) : .tab
        var spans: [(String, Style)] = [(" ", theme[key])]
        if let number = pane.number { spans.append(("\(number) ", theme[isShown ? .titleNumber : .tab])) }
        spans.append((pane.name, theme[key]))
        let badge = badge(pane, context)
        if !badge.isEmpty { spans.append((" " + badge, theme[badge.hasPrefix("!") ? .alertUnacked : .tabBadge])) }
        spans.append((" ", theme[key]))
        return ItemRow.Item(spans.map { (text: $0.0, style: $0.1) }, rank: 0).draw(
            into: &canvas, x: x, y: y, maxWidth: maxWidth)
    }

    /// What counts in a pane that may be hidden behind another.
    private static func badge(_ pane: PaneID, _ context: PaneContext) -> String {
        let snapshot = context.snapshot
        switch pane {
        case .positions: return snapshot.positions.isEmpty ? "" : "\(snapshot.positions.count)"
        case .orders:
            let working = snapshot.orders.filter { !$0.order.state.isClosed }.count
            return working == 0 ? "" : "\(working)"
        case .strategies:
            let halted = snapshot.strategies.filter { $0.registration.status == .halted }.count
            return halted > 0 ? "!\(halted)" : ""
        case .alerts: return AlertsPane.badge(snapshot)
        case .backtests:
            let running = BacktestsPane.runningCount(snapshot)
            return running == 0 ? "" : "\(running)"
        default: return ""
        }
    }

    private static func note(_ pane: PaneID, _ context: PaneContext) -> String {
        PaneRegistry.pane(pane)?.note(context) ?? ""
    }
}
