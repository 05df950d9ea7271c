import Engine
import Market
import Terminal

/// A few choices in a dialog, the safest one selected at first.
struct MenuLayer: Layer {
    /// One choice.
    struct Choice: Sendable {
        /// The key that takes it at once.
        var key: Unicode.Scalar
        /// What it says.
        var text: String
        /// What follows.
        var consequences: [Consequence]
    }

    /// The title.
    let title: String
    /// Explains the choices; empty for nothing.
    let text: String
    /// The choices, the safest first.
    let choices: [Choice]
    /// Whether a mistake could hurt.
    let isQuestion: Bool
    private var selected = 0

    init(title: String, text: String = "", choices: [Choice], isQuestion: Bool = false) {
        self.title = title
        self.text = text
        self.choices = choices
        self.isQuestion = isQuestion
    }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        if let scalar = chord.text, let choice = choices.first(where: { $0.key == scalar }) {
            return .close(choice.consequences)
        }
        switch chord.key {
        case .up, .left, .backtab, .character("k"): selected = (selected + choices.count - 1) % choices.count
        case .down, .right, .tab, .character("j"): selected = (selected + 1) % choices.count
        case .enter: return .close(choices[selected].consequences)
        case .escape: return .close([])
        case .character("q") where !isQuestion: return .close([])
        case .character("c") where chord.modifiers == .control: return .close([])
        default: break
        }
        return .stay([])
    }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let longest = choices.map { DisplayWidth.columns(of: $0.text) }.max() ?? 0
        let width = min(canvas.size.width, max(longest + 12, 48))
        let lines = text.isEmpty ? [] : TextLines.wrapped(text, width: width - 4) + [""]
        let inside = canvas.dialog(
            Size(width: width, height: lines.count + choices.count + 4), title: title,
            footer: "Enter choose  Esc cancel",
            isDanger: isQuestion, theme
        ).inset(top: 1)
        for (row, line) in lines.enumerated() where row < inside.height {
            canvas.put(line, x: inside.x, y: inside.y + row, style: theme[.dialog], maxWidth: inside.width)
        }
        for (index, choice) in choices.enumerated() {
            let y = inside.y + lines.count + index
            guard y < inside.maxY else { break }
            let style = theme[index == selected ? .buttonFocus : .button]
            canvas.fill(Rect(x: inside.x, y: y, width: inside.width, height: 1), Cell(" ", style: style))
            canvas.put(" \(choice.key)  \(choice.text)", x: inside.x, y: y, style: style, maxWidth: inside.width)
        }
    }

    /// Asks for how long an alert is to be out of sight.
    static func shelve(_ alert: AlertView) -> MenuLayer {
        func choice(_ key: Unicode.Scalar, _ text: String, _ seconds: Int64) -> Choice {
            Choice(
                key: key, text: text,
                consequences: [
                    .request(.shelve(alert.id, seconds: seconds)), .toast(.info, "Shelved: \(alert.alert.text)"),
                ])
        }
        return MenuLayer(
            title: "Shelve", text: alert.alert.text,
            choices: [
                choice("1", "15 minutes", 900), choice("2", "1 hour", 3_600),
                // Long enough for any session; a new start begins a new one.
                choice("3", "until the end of this session", 10 * 365 * 86_400),
            ])
    }
}
