import Synchronization
import Terminal

/// What the heatmap pane remembers between frames.
struct HeatmapState: Sendable {
    /// The shares of resting quantity, in percent, below which all is cold and above which all is hot.
    var percentiles: ClosedRange<Double> = 5...95
    /// Seconds a column, as asked for; `nil` fits ten minutes into the pane.
    var columnSeconds: Int64?
    /// Ticks a band of price, as asked for; `nil` fits the book into the pane.
    var bandTicks: Int64?
    /// The levels shown last, for steadiness.
    let memo = HeatMemo()
}

/// Remembers the levels and the price range a heat map showed, so that noise around a border doesn't flicker and the
/// picture moves by jumps.
final class HeatMemo: Sendable {
    /// What was shown.
    struct Shown: Sendable {
        /// The instrument's name, the size and the resolution it was shown at.
        var key = ""
        /// The upper end of the highest band.
        var top: Int64 = 0
        /// The number of the first column since the epoch.
        var firstColumn: Int64 = 0
        /// The cut-offs.
        var scale: HeatScale?
        /// The level of each cell, column after column; 255 where nothing was known.
        var cells: [UInt8] = []
    }

    private let shown = Mutex(Shown())

    /// Looks at and changes what was shown.
    func update<Result: Sendable>(_ change: (inout sending Shown) -> sending Result) -> Result {
        shown.withLock { change(&$0) }
    }
}
