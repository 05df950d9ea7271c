import Engine
import Terminal

/// Lines about one thing, made anew from every snapshot while they are open.
struct DetailLayer: Layer {
    private let model: any DetailModel
    private var offset = 0

    init(_ model: any DetailModel) { self.model = model }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        let page = max(1, context.view.size.height - 8)
        let last = max(0, model.lines(context.snapshot).count - page)
        switch chord.key {
        case .escape, .enter, .character("q"): return .close([])
        case .character("c") where chord.modifiers == .control: return .close([])
        case .up, .character("k"): offset = max(0, offset - 1)
        case .down, .character("j"): offset = min(last, offset + 1)
        case .pageUp: offset = max(0, offset - page)
        case .pageDown, .character(" "): offset = min(last, offset + page)
        case .character("u") where chord.modifiers == .control: offset = max(0, offset - page / 2)
        case .character("d") where chord.modifiers == .control: offset = min(last, offset + page / 2)
        case .home, .character("g"): offset = 0
        case .end, .character("G"): offset = last
        case .character("y"):
            let text = model.lines(context.snapshot).map(\.plainText).joined(separator: "\n")
            return .stay([.copy(text)])
        default: break
        }
        return .stay([])
    }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let lines = model.lines(context.snapshot)
        let labels =
            lines.map { line in
                if case .pair(let label, _) = line { return DisplayWidth.columns(of: label) }
                return 0
            }.max() ?? 0
        let widest = lines.map { $0.width(labels: labels) }.max() ?? 0
        let size = Size(
            width: min(canvas.size.width, max(60, min(widest + 6, 110))),
            height: min(canvas.size.height, max(8, lines.count + 2)))
        let footer = "↑↓ scroll  y copy  Esc close".plain(theme)
        let inside = canvas.dialog(size, title: model.title(context.snapshot), footer: footer, theme)
        let first = min(offset, max(0, lines.count - inside.height))
        for (row, line) in lines.dropFirst(first).prefix(inside.height).enumerated() {
            draw(line, labels, x: inside.x, y: inside.y + row, width: inside.width, into: &canvas, theme)
        }
        if lines.count > inside.height, inside.height > 0 {
            let note = " \(first + 1)-\(min(lines.count, first + inside.height)) of \(lines.count) "
            let corner = canvas.bounds.centered(size)
            canvas.put(note, endingAt: corner.maxX - 2, y: corner.y, style: theme[.dialogBorder])
        }
    }

    private func draw(
        _ line: DetailLine, _ labels: Int, x: Int, y: Int, width: Int, into canvas: inout Canvas, _ theme: Theme
    ) {
        let ground = theme[.dialog].background
        let ellipsis: Unicode.Scalar = theme.glyphs == .ascii ? "~" : "…"
        func put(_ text: String, _ column: Int, _ style: Style) {
            let shown = DisplayWidth.truncated(text.plain(theme), to: width - column, ellipsis: ellipsis)
            canvas.put(shown, x: x + column, y: y, style: style.on(ground))
        }
        switch line {
        case .heading(let text): put(text, 0, theme[.textStrong])
        case .pair(let label, let value):
            put(label, 1, theme[.textDim])
            put(value, labels + 3, theme[.dialog])
        case .text(let text): put(text, 1, theme[.dialog])
        case .check(let isPassed, let text):
            put(isPassed ? "ok  " : "NO  ", 1, theme[isPassed ? .statusOk : .statusBad])
            put(text, 5, isPassed ? theme[.dialog] : theme[.statusBad])
        case .blank: break
        }
    }
}

extension DetailLine {
    /// The line without its looks.
    var plainText: String {
        switch self {
        case .heading(let text), .text(let text): text
        case .pair(let label, let value): "\(label): \(value)"
        case .check(let isPassed, let text): (isPassed ? "ok " : "NO ") + text
        case .blank: ""
        }
    }

    /// Columns it takes with labels of this width.
    func width(labels: Int) -> Int {
        switch self {
        case .heading(let text): DisplayWidth.columns(of: text)
        case .text(let text): DisplayWidth.columns(of: text) + 1
        case .pair(_, let value): labels + 3 + DisplayWidth.columns(of: value)
        case .check(_, let text): 5 + DisplayWidth.columns(of: text)
        case .blank: 0
        }
    }
}
