import Engine
import Market
import Terminal

/// A dialog or prompt over the panes. The one on top gets every key but the emergency stop, which nothing can take.
protocol Layer: Sendable {
    /// Whether what lies under it is dimmed; prompts of one line leave it as it is.
    var isDimming: Bool { get }
    /// Whether it asks for something that must not be answered by mistake: keys are guarded more strictly.
    var isQuestion: Bool { get }
    /// Whether characters are text for it at the moment: bursts of them are then no paste.
    var takesText: Bool { get }

    /// Takes a key.
    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult

    /// Takes pasted text.
    ///
    /// - Returns: whether there was a field for it.
    mutating func paste(_ text: String, _ context: LayerContext) -> Bool

    /// Draws itself over the screen.
    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable)
}

extension Layer {
    var isDimming: Bool { true }
    var isQuestion: Bool { false }
    var takesText: Bool { false }
    mutating func paste(_ text: String, _ context: LayerContext) -> Bool { false }
}

/// What a layer may look at while it handles a key.
struct LayerContext: Sendable {
    /// The newest state of the engine.
    var snapshot: Snapshot
    /// The view below, as it is.
    var view: ViewState
    /// The wall clock.
    var now: Timestamp
    /// The keys in force.
    var table: BindingTable
}

/// What became of a key.
enum LayerResult: Sendable {
    /// The layer stays.
    case stay([Consequence])
    /// The layer goes.
    case close([Consequence])
}
