import Market
import Trading

/// What the tape pane remembers between frames.
struct TapeState: Sendable {
    /// Smaller prints are left out, by symbol; symbols without an entry show all.
    var minimums: [InstrumentID: Quantity] = [:]
    /// Which aggressors are shown; `nil` shows both.
    var aggressor: Side?
    /// The prints shown while frozen; `nil` while following.
    var frozen: Frozen?

    /// A tape that stands still.
    struct Frozen: Sendable {
        /// Of what.
        var symbol: InstrumentID
        /// The prints, oldest first, as they were.
        var prints: [TradePrint]
        /// How many of the newest are scrolled out of sight.
        var offset = 0
    }
}
