import Engine
import Terminal

/// The keys of the focused pane, and on a second `?` all there are: the binding table, read to a person.
struct HelpLayer: Layer {
    private let focus: PaneID
    private var isWhole = false
    private var filter: TextField?
    private var offset = 0

    init(focus: PaneID) { self.focus = focus }

    var takesText: Bool { filter != nil }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        if var editor = filter {
            switch chord.key {
            case .escape: filter = nil
            case .enter, .up, .down, .pageUp, .pageDown: scroll(chord)
            default:
                _ = editor.handle(chord)
                filter = editor
                offset = 0
            }
            return .stay([])
        }
        switch chord.key {
        case .escape, .character("q"): return .close([])
        case .character("c") where chord.modifiers == .control: return .close([])
        case .character("?"), .function(1):
            isWhole.toggle()
            offset = 0
        case .character("/"): filter = TextField()
        default: scroll(chord)
        }
        return .stay([])
    }

    mutating func paste(_ text: String, _ context: LayerContext) -> Bool {
        filter?.insert(text)
        return filter != nil
    }

    private mutating func scroll(_ chord: Chord) {
        switch chord.key {
        case .up, .character("k"): offset = max(0, offset - 1)
        case .down, .character("j"): offset += 1
        case .pageUp: offset = max(0, offset - 15)
        case .pageDown, .character(" "): offset += 15
        case .home, .character("g"): offset = 0
        case .end, .character("G"): offset = .max / 2
        default: break
        }
    }

    /// Headings and lines, filtered.
    private func rows(_ table: BindingTable) -> [(keys: String, text: String)] {
        let query = filter?.text.lowercased() ?? ""
        var rows: [(keys: String, text: String)] = []
        let panes = isWhole ? PaneID.allCases.filter { $0 != focus } : []
        let contexts: [BindingContext] = [.pane(focus), .everywhere] + panes.map { .pane($0) }
        for context in contexts {
            let lines = table.lines.filter { line in
                guard line.binding.context == context, !line.keys.isEmpty || isWhole else { return false }
                return query.isEmpty || line.binding.help.lowercased().contains(query)
                    || line.label.lowercased().contains(query)
            }
            if lines.isEmpty { continue }
            var title = "Everywhere"
            if case .pane(let pane) = context { title = pane.name }
            if !rows.isEmpty { rows.append(("", "")) }
            rows.append(("", title))
            for line in lines {
                let keys = line.keys.isEmpty ? ":" : line.label
                rows.append((keys, line.binding.help + (line.binding.needsTrade ? " (TRADE only)" : "")))
            }
        }
        return rows
    }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let rows = rows(table)
        let width = min(canvas.size.width, 92)
        let height = min(canvas.size.height, max(8, rows.count + 3))
        let title = isWhole ? "All keys" : "Keys: \(focus.name)"
        let footer = isWhole ? "/ filter  Esc close" : "? all keys  / filter  Esc close"
        var inside = canvas.dialog(Size(width: width, height: height), title: title, footer: footer, theme)
        if let filter, inside.height > 0 {
            canvas.put("/", x: inside.x, y: inside.y, style: theme[.hintKey].on(theme[.dialog].background))
            filter.draw(into: &canvas, x: inside.x + 1, y: inside.y, width: inside.width - 1, theme: theme)
            inside = inside.inset(top: 1)
        }
        let first = min(offset, max(0, rows.count - inside.height))
        let keyWidth = min(24, max(8, rows.map { DisplayWidth.columns(of: $0.keys) }.max() ?? 8))
        let ground = theme[.dialog].background
        for (row, line) in rows.dropFirst(first).prefix(inside.height).enumerated() {
            let y = inside.y + row
            if line.keys.isEmpty {
                canvas.put(line.text, x: inside.x, y: y, style: theme[.textStrong].on(ground), maxWidth: inside.width)
                continue
            }
            canvas.put(
                line.keys.plain(theme), x: inside.x + 1, y: y, style: theme[.hintKey].on(ground), maxWidth: keyWidth)
            let x = inside.x + keyWidth + 3
            let text = DisplayWidth.truncated(
                line.text, to: inside.maxX - x, ellipsis: theme.glyphs == .ascii ? "~" : "…")
            canvas.put(text, x: x, y: y, style: theme[.dialog])
        }
    }
}
