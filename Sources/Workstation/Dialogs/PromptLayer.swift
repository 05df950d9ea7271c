import Engine
import Market
import Terminal

/// A prompt of one line at the bottom: a timeframe, a filter, a speed, a price.
struct PromptLayer: Layer {
    /// What is asked for.
    enum Purpose: Sendable, Hashable {
        /// The length of candles.
        case timeframe
        /// The filter of a list, in force while it is typed.
        case filter(PaneID)
        /// The speed of a replay.
        case replaySpeed
    }

    /// What is asked for.
    let purpose: Purpose
    private var editor: TextField
    private let before: String

    init(_ purpose: Purpose, text: String = "") {
        self.purpose = purpose
        editor = TextField(text)
        before = text
    }

    var isDimming: Bool { false }
    var takesText: Bool { true }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        switch chord.key {
        case .enter: return finish(context)
        case .escape: return cancelled
        case .character("c") where chord.modifiers == .control: return cancelled
        default:
            _ = editor.handle(chord)
            if case .filter(let pane) = purpose { return .stay([.setFilter(pane, editor.text)]) }
            return .stay([])
        }
    }

    mutating func paste(_ text: String, _ context: LayerContext) -> Bool {
        editor.insert(text)
        return true
    }

    private var cancelled: LayerResult {
        if case .filter(let pane) = purpose { return .close([.setFilter(pane, before)]) }
        return .close([])
    }

    private func finish(_ context: LayerContext) -> LayerResult {
        let text = editor.text.filter { $0 != " " }
        switch purpose {
        case .timeframe:
            // A bare number means minutes, as on other platforms.
            let wanted = Timeframe(text) ?? Timeframe(text + "m")
            guard let timeframe = wanted else { return .stay([.toast(.error, PromptLayer.timeframeError(text))]) }
            return .close([.timeframe(timeframe)])
        case .filter(let pane): return .close([.setFilter(pane, editor.text)])
        case .replaySpeed:
            guard case .replay = context.snapshot.source else {
                return .close([.toast(.info, "This is no replay: it has no speed")])
            }
            if text == "max" { return .close([.request(.setReplaySpeed(nil))]) }
            guard let speed = Double(text), speed > 0, speed <= 1_000_000 else {
                return .stay([.toast(.error, "\"\(text)\" is no speed: a number up to 1000000, or max")])
            }
            return .close([.request(.setReplaySpeed(speed))])
        }
    }

    /// Says which timeframes there are.
    static func timeframeError(_ text: String) -> String {
        "\"\(text)\" is no timeframe: \(Timeframe.all.map(\.description).joined(separator: " "))"
    }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let layout = context.view.layout
        let row = layout.hints.isEmpty ? layout.status : layout.hints
        let y = row.maxY - 1
        let theme = context.theme
        canvas.fill(Rect(x: row.x, y: y, width: row.width, height: 1), Cell(" ", style: theme[.field]))
        let label =
            switch purpose {
            case .timeframe: "timeframe: "
            case .filter(let pane): "filter \(pane.name.lowercased()): "
            case .replaySpeed: "speed (1, 120, max): "
            }
        let used = canvas.put(" " + label, x: row.x, y: y, style: theme[.field].adding(.bold), maxWidth: row.width)
        editor.draw(into: &canvas, x: row.x + used, y: y, width: max(0, row.width - used - 1), theme: theme)
    }
}
