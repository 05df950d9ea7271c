/// Counts for how long the venue's running candle of a market has been ahead of the trades that are heard of it: it names the
/// last trade that it is made of.
///
/// A candle is told every second or two and a trade at once, so that trades that stay behind do not come at all. Only numbers
/// that grew while this connection was heard count: the first candle may be made of trades from before it.
struct TradeSilence {
    /// For how many seconds trades may stay behind at first.
    static let patience = 10
    /// The longest they may, for when it is not the connection's fault.
    static let longestPatience = 3_600

    /// For how many seconds they may stay behind now: twice as long after each time in a row.
    private var patience = TradeSilence.patience
    /// The last trade of the first candle that was heard.
    private var first: UInt64?
    /// The first trade that a candle told of and that has not been heard, and the last.
    private var awaited: ClosedRange<UInt64>?
    private var seconds = 0

    /// The last trade that candles tell of and that is not heard.
    var newest: UInt64? { awaited?.upperBound }

    /// The venue's candle is made of trades up to one; `last` is the last that was heard.
    mutating func note(candle id: UInt64, last: UInt64?) {
        guard let first else { return first = id }
        guard id > max(first, last ?? 0) else { return }
        if let awaited {
            self.awaited = awaited.lowerBound...max(awaited.upperBound, id)
        } else {
            (awaited, seconds) = (id...id, 0)
        }
    }

    /// A trade was heard.
    mutating func note(trade id: UInt64) {
        patience = TradeSilence.patience
        guard let awaited, id >= awaited.lowerBound else { return }
        self.awaited = id < awaited.upperBound ? id + 1...awaited.upperBound : nil
        seconds = 0
    }

    /// A second has passed.
    ///
    /// - Returns: whether trades have been behind for too long; it takes twice as long until that is said again.
    mutating func tick() -> Bool {
        guard awaited != nil else { return false }
        seconds += 1
        guard seconds > patience else { return false }
        patience = min(patience * 2, TradeSilence.longestPatience)
        (awaited, seconds) = (nil, 0)
        return true
    }

    /// The connection was lost: what comes on the next one begins anew.
    mutating func lost() { (first, awaited, seconds) = (nil, nil, 0) }
}
