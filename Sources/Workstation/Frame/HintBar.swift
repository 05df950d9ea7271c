import Engine
import Market
import Terminal

/// The row above the last: what keys do here, straight from the binding table.
enum HintBar {
    /// Draws the row: the focused pane's keys, a bar, the keys that work everywhere.
    static func draw(_ rect: Rect, into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let focus = context.view.focus
        var row = ItemRow()
        var rank = 1
        let own = table.lines.filter { $0.binding.context == .pane(focus) && !$0.binding.hint.isEmpty }
        for word in verbs(focus) {
            row.add(item(table.label(word.0), word.1, theme, rank: rank))
            rank += 1
        }
        for line in own where !line.keys.isEmpty {
            row.add(item(line.keys[0].label, line.binding.hint, theme, rank: rank))
            rank += 1
        }
        var global = table.lines.filter { $0.binding.context == .everywhere && !$0.binding.hint.isEmpty }
        // Help first: it leads to all the others.
        global.sort { order($0.binding.action) < order($1.binding.action) }
        for (index, line) in global.enumerated() where !line.keys.isEmpty {
            var item = item(line.keys[0].label, line.binding.hint, theme, rank: index == 0 ? 0 : rank)
            if index == 0, !row.items.isEmpty {
                let bar = theme.glyphs == .ascii ? "| " : "│ "
                item.spans.insert((bar, theme[.rule]), at: 0)
            }
            row.add(item)
            rank += 1
        }
        row.draw(into: &canvas, rect.inset(left: 1, right: 1), ground: theme[.hint])
    }

    private static func order(_ action: Action) -> Int {
        let order: [Action] = [.help, .palette, .nextPane, .enlarge, .symbol, .timeframe, .nextPreset]
        return order.firstIndex(of: action) ?? order.count
    }

    private static func item(_ key: String, _ text: String, _ theme: Theme, rank: Int) -> ItemRow.Item {
        .init([(key.plain(theme), theme[.hintKey]), (" " + text, theme[.hint])], rank: rank)
    }

    /// What the shared verbs mean in a pane.
    private static func verbs(_ pane: PaneID) -> [(Action, String)] {
        switch pane {
        case .strategies: [(.toggle, "on/off"), (.open, "detail")]
        case .positions, .orders: [(.open, "detail")]
        case .alerts: [(.open, "go to cause")]
        case .watchlist: [(.open, "show")]
        case .backtests: [(.open, "open")]
        case .chart, .heatmap, .book, .tape, .log: []
        }
    }
}
