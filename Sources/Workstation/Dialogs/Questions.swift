import Engine
import Terminal

/// A question of tier 1: one line at the bottom. Only `y` confirms; every other key that means anything declines.
struct LineQuestion: Layer {
    /// What is asked.
    let confirmation: Confirmation

    init(_ confirmation: Confirmation) { self.confirmation = confirmation }

    var isDimming: Bool { false }
    var isQuestion: Bool { true }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        switch chord.key {
        case .character("y") where chord.modifiers.isEmpty: .close([.request(confirmation.request)])
        case .character("n") where chord.modifiers.isEmpty: declined
        case .character("c") where chord.modifiers == .control: declined
        case .escape, .enter: declined
        default: .stay([])
        }
    }

    private var declined: LayerResult { .close([.toast(.info, "Not done: \(confirmation.title)")]) }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let layout = context.view.layout
        let row = layout.hints.isEmpty ? layout.status : layout.hints
        let facts = confirmation.facts.map { "\($0.label) \($0.value)" }.joined(separator: " · ")
        let text = facts.isEmpty ? confirmation.title : "\(confirmation.title)  (\(facts))"
        let answer = " ? y/N"
        let style = context.theme[.toastWarn].adding(.bold)
        canvas.fill(Rect(x: row.x, y: row.maxY - 1, width: row.width, height: 1), Cell(" ", style: style))
        let room = max(0, row.width - 2 - answer.utf8.count)
        let lines = TextLines.wrapped(text, width: room)
        // Longer questions grow upwards: what will happen is never cut off.
        let shown = lines.suffix(max(1, canvas.size.height))
        for (index, line) in shown.enumerated() {
            let y = row.maxY - shown.count + index
            canvas.fill(Rect(x: row.x, y: y, width: row.width, height: 1), Cell(" ", style: style))
            let used = canvas.put(line, x: row.x + 1, y: y, style: style, maxWidth: room)
            if index == shown.count - 1 { canvas.put(answer, x: row.x + 1 + used, y: y, style: style) }
        }
    }
}

/// A question of tier 2: a dialog that names everything, and a word to type. Enter with anything else declines nothing
/// and sends nothing.
struct TypedQuestion: Layer {
    /// What is asked.
    let confirmation: Confirmation
    private var editor = TextField()

    init(_ confirmation: Confirmation) { self.confirmation = confirmation }

    var isQuestion: Bool { true }
    var takesText: Bool { true }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        switch chord.key {
        case .enter:
            if let request = confirmation.request(typed: editor.text) { return .close([.request(request)]) }
            return .stay([.toast(.info, "Type \(expected) to confirm, Esc cancels")])
        case .escape: return .close([.toast(.info, "Not done: \(confirmation.title)")])
        case .character("c") where chord.modifiers == .control:
            return .close([.toast(.info, "Not done: \(confirmation.title)")])
        default:
            _ = editor.handle(chord)
            return .stay([])
        }
    }

    private var expected: String { confirmation.word + (confirmation.reasoned == nil ? "" : " and why") }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let width = min(64, canvas.size.width)
        let rows = confirmation.facts.reduce(0) { $0 + max(1, TextLines.wrapped($1.value, width: width - 20).count) }
        let inside = canvas.dialog(
            Size(width: width, height: rows + 6), title: confirmation.title, footer: "Enter confirm  Esc cancel",
            isDanger: true, theme)
        let used = canvas.facts(confirmation.facts, in: inside.inset(top: 1), theme)
        let y = min(inside.y + used + 2, inside.maxY - 1)
        let prompt = "Type \(expected)\(confirmation.reasoned == nil ? " to confirm" : ""): "
        let columns = canvas.put(prompt, x: inside.x, y: y, style: theme[.dialogDanger])
        let matches =
            confirmation.word.hasPrefix(editor.text)
            || confirmation.reasoned != nil && editor.text.hasPrefix(confirmation.word + " ")
        editor.draw(
            into: &canvas, x: inside.x + columns, y: y, width: max(1, inside.width - columns), theme: theme,
            hasError: !matches)
    }
}
