public import Market

// Orders that follow the market: what sets them off, and what they are reckoned at.
//
// A trailing stop follows the best price since it began (the highest for a sale, the lowest for a buy) and goes off when the
// market has come back from that by its distance, in basis points. With a trigger price besides it begins to follow only once
// the market has come to that price, from the side that a stop waits for.
extension OrderRequest {
    /// How many basis points a trailing order may follow behind: from 0.01 to 99.99 percent.
    public static let trailingRange = 1...9_999

    /// The price that sets off a trailing order whose best price is `best`; `nil` for other orders.
    ///
    /// Trades are on the tick, so that the first tick at or behind the distance is exact.
    public func trailingTrigger(behind best: Price, tick: Price) -> Price? {
        guard let trailed = trailed(behind: best) else { return nil }
        let trigger = trailed.rounded(toTick: tick, side == .sell ? .down : .up)
        return max(trigger, tick)
    }

    /// The price, on no tick, by which a trailing order lags behind `best`.
    private func trailed(behind best: Price) -> Price? {
        guard let trailing else { return nil }
        let part = Int128(10_000 + (side == .sell ? -trailing : trailing))
        let product = (Int128(best.mantissa) * part).divided(by: 10_000, rounding: side == .sell ? .floor : .ceiling)
        return Price(mantissa: Int64(clamping: product))
    }

    /// The price that would set off a trailing order if it followed nothing better than where it begins: its trigger price, or
    /// the mark. `nil` for other orders, and without either price.
    public func firstTrigger(at mark: Price?) -> Price? {
        (triggerPrice ?? mark).flatMap { trailed(behind: $0) }
    }

    /// The price that an order is reckoned at: its limit, its trigger, the mark.
    ///
    /// A trailing buy counts at the most that it can cost by its terms: the higher of mark and trigger price, and its distance
    /// above. A trailing sale may go off at any higher price, and counts at the higher of mark and trigger price.
    public func reckonedPrice(at mark: Price?) -> Price? {
        guard trailing != nil else { return limitPrice ?? triggerPrice ?? mark }
        guard let start = [triggerPrice, mark].compactMap({ $0 }).max() else { return nil }
        return side == .sell ? start : trailed(behind: start)
    }

    /// The price at which an order is held against the smallest notional: for a trailing sale the first that could set it off,
    /// for a trailing buy where it begins.
    func smallestPrice(at reference: Price?) -> Price? {
        guard trailing != nil else { return limitPrice ?? triggerPrice ?? reference }
        return side == .sell ? firstTrigger(at: reference) : triggerPrice ?? reference
    }

    /// `trailing 50 bps`; `nil` for orders that don't follow.
    public var trailingText: String? { trailing.map { "trailing \($0) bps" } }
}
