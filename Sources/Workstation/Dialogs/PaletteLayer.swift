import Engine
import Market
import Terminal

/// The command palette: what can be done, found by a few letters or said outright, `close sol`, `btc 5m`.
struct PaletteLayer: Layer {
    private var editor: TextField
    private var selection = 0
    /// How far back in the history the line was taken from; 0 for none.
    private var recalled = 0

    init(text: String = "") { editor = TextField(text) }

    var takesText: Bool { true }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        switch chord.key {
        case .escape: return .close([])
        case .character("c") where chord.modifiers == .control: return .close([])
        case .enter: return choose(context)
        case .up where selection == 0: recall(1, context)
        case .down where recalled > 0: recall(-1, context)
        case .up: selection -= 1
        case .down: selection = min(selection + 1, max(0, entries(context).count - 1))
        case .tab:
            let found = entries(context)
            if found.indices.contains(selection) { editor = TextField(found[selection].line) }
            selection = 0
        default:
            if editor.handle(chord) {
                selection = 0
                recalled = 0
            }
        }
        return .stay([])
    }

    mutating func paste(_ text: String, _ context: LayerContext) -> Bool {
        editor.insert(text)
        selection = 0
        return true
    }

    private mutating func recall(_ step: Int, _ context: LayerContext) {
        let history = context.view.paletteHistory
        guard editor.text.isEmpty || recalled > 0 else { return }
        recalled = max(0, min(recalled + step, history.count))
        editor = TextField(recalled == 0 ? "" : history[history.count - recalled])
        selection = 0
    }

    private func entries(_ context: LayerContext) -> [PaletteEntry] {
        PaletteCommands.entries(for: editor.text, context.snapshot, context.view, context.table)
    }

    private func choose(_ context: LayerContext) -> LayerResult {
        let found = entries(context)
        guard found.indices.contains(selection) else {
            return .stay([.toast(.error, "\"\(editor.text)\" is no command; ? in a pane lists keys")])
        }
        let entry = found[selection]
        return .close([.remember(editor.text.isEmpty ? entry.line : editor.text)] + entry.consequences)
    }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let found = PaletteCommands.entries(for: editor.text, context.snapshot, context.view, table)
        let size = Size(width: min(84, canvas.size.width), height: min(20, canvas.size.height))
        let inside = canvas.dialog(
            size, title: "Command", footer: "↑↓ select  Tab complete  Enter do  Esc cancel".plain(theme), theme)
        guard inside.height > 0 else { return }
        let ground = theme[.dialog].background
        canvas.put(":", x: inside.x, y: inside.y, style: theme[.hintKey].on(ground))
        editor.draw(into: &canvas, x: inside.x + 1, y: inside.y, width: inside.width - 1, theme: theme)
        let rows = inside.inset(top: 1)
        let chosen = min(selection, max(0, found.count - 1))
        let first = max(0, min(chosen - rows.height + 1, found.count - rows.height))
        for (row, index) in (first..<min(found.count, first + rows.height)).enumerated() {
            draw(found[index], isSelected: index == chosen, y: rows.y + row, rows, into: &canvas, theme)
        }
        if found.isEmpty {
            let text = "no such command; try btc 5m, close sol, alert btc < 63000, disable NAME, theme night"
            canvas.paragraph(text, in: rows, style: theme[.textDim].on(ground))
        }
    }

    private func draw(
        _ entry: PaletteEntry, isSelected: Bool, y: Int, _ rows: Rect, into canvas: inout Canvas, _ theme: Theme
    ) {
        let style = isSelected ? theme[.select] : theme[.dialog]
        let dim = isSelected ? style : theme[.textDim].on(theme[.dialog].background)
        canvas.fill(Rect(x: rows.x, y: y, width: rows.width, height: 1), Cell(" ", style: style))
        let tier = entry.tierText
        let tierStyle = isSelected || entry.tier == .immediate ? dim : theme[.statusWarn].on(theme[.dialog].background)
        canvas.put(tier, endingAt: rows.maxX - 1, y: y, style: tierStyle)
        var room = rows.width - DisplayWidth.columns(of: tier) - 4
        let ellipsis: Unicode.Scalar = theme.glyphs == .ascii ? "~" : "…"
        let used = canvas.put(
            DisplayWidth.truncated(entry.line, to: min(30, room), ellipsis: ellipsis), x: rows.x + 1, y: y, style: style
        )
        let start = max(used + 2, 24)
        room -= start
        guard room > 8 else { return }
        let keys = entry.keys.isEmpty ? "" : "  \(entry.keys)".plain(theme)
        let help = DisplayWidth.truncated(entry.help, to: room - DisplayWidth.columns(of: keys), ellipsis: ellipsis)
        let width = canvas.put(help.plain(theme), x: rows.x + 1 + start, y: y, style: dim)
        canvas.put(
            keys, x: rows.x + 1 + start + width, y: y, style: isSelected ? style : theme[.hintKey].on(style.background))
    }
}

/// One line that the palette offers.
struct PaletteEntry: Sendable {
    /// What it is called; what Tab completes to.
    var line: String
    /// What it does.
    var help: String
    /// Its keys, if it has any.
    var keys: String = ""
    /// How it is confirmed.
    var tier: ConfirmationTier = .immediate
    /// Whether it opens a form or dialog that asks in its turn.
    var isOpening = false
    /// What follows.
    var consequences: [Consequence]

    /// The tier in words, shown before Enter.
    var tierText: String {
        if isOpening { return "opens" }
        return switch tier {
        case .immediate: "at once"
        case .line: "asks y/N"
        case .typed: "asks for a word"
        }
    }
}
