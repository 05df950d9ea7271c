import Engine
import Market
import Terminal

/// Everything a pane may look at while it draws. Drawing is a pure function of this and the area.
struct PaneContext: Sendable {
    /// The newest state of the engine.
    var snapshot: Snapshot
    /// What is selected, scrolled and switched on.
    var view: ViewState
    /// The look.
    var theme: Theme
    /// Whether the pane has the focus.
    var isFocused: Bool
    /// The wall clock, for flashes, ages and count-downs. Market time is `snapshot.time`.
    var now: Timestamp
    /// How drawing has fared, for the performance overlay and the status bar.
    var statistics: FrameStatistics

    /// The market of the current symbol.
    var market: MarketView? { snapshot.market(view.symbol) }
    /// The glyphs graphs are drawn with: the theme's, or the person's choice.
    var glyphs: GlyphSet { view.glyphs ?? theme.glyphs }
}

/// One pane: a value drawn from state, and the actions it understands.
///
/// Panes have no instances; what they remember between frames lives in `ViewState` and only `handle` and the reducer
/// change it. A pane that is not visible is neither drawn nor asked.
protocol Pane: SendableMetatype {
    /// Which pane this is.
    static var id: PaneID { get }

    /// What stands in the title line after number and name: symbol, settings. Empty for nothing.
    static func title(_ context: PaneContext) -> String

    /// What stands at the right of the title line: a count, `5 of 20`. Empty for nothing; dropped whole when too long.
    static func note(_ context: PaneContext) -> String

    /// The lines this pane adds to the binding table, all with the context `.pane(id)`.
    static var bindings: [Binding] { get }

    /// Draws the content (the frame and title are drawn already) into `area`, which may be as small as 1×1.
    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext)

    /// Does one of its own actions, or one of the verbs and movements that go to the focused pane.
    ///
    /// - Returns: what follows outside of the view state; `nil` when the action means nothing here.
    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]?
}

extension Pane {
    static func title(_ context: PaneContext) -> String { "" }
    static func note(_ context: PaneContext) -> String { "" }
    static var bindings: [Binding] { [] }
}

/// What a handler may look at beside the view state it changes.
struct HandlerContext: Sendable {
    /// The newest state of the engine.
    var snapshot: Snapshot
    /// The wall clock.
    var now: Timestamp
    /// The inside of the pane's area as it was drawn last: pages and cursors are measured by it.
    var area: Rect
}

/// Figures of the drawing itself.
struct FrameStatistics: Sendable, Hashable {
    /// Bytes of the last frame that was written.
    var lastBytes = 0
    /// Bytes written over the last second.
    var bytesPerSecond = 0
    /// Frames over the last second.
    var framesPerSecond = 0
    /// Frames drawn since the start.
    var frames = 0
    /// Frames left out because the terminal had not taken the one before.
    var skipped = 0
    /// Microseconds spent to draw the last frame into its canvas.
    var drawMicroseconds = 0
    /// Microseconds spent to encode and write it.
    var presentMicroseconds = 0
    /// Whether the terminal takes frames slower than they come.
    var isLinkSlow = false
}
