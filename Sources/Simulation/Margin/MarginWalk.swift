import Market
import Trading

// Where a walk comes by what a margin no longer carries.
extension SimulatedVenue {
    /// The next owner with a position where that is before the next with an order: positions on margin walk too.
    func nextHolder(before next: StrategyID?) -> StrategyID? {
        var next = next
        for holding in holdings[walk.instrument] where !holding.quantity.isZero {
            if let owner = walk.owner, holding.owner <= owner { continue }
            if next == nil || holding.owner < next! { next = holding.owner }
        }
        return next
    }

    /// Liquidates what the prices of the instant leave without margin, before any order meets them.
    ///
    /// - Returns: whether something was.
    mutating func liquidateAtPoint() -> Bool {
        let point = walk.point
        let mark = point.traded ?? Price(mantissa: point.bid.mantissa + (point.ask - point.bid).mantissa / 2)
        guard let (owner, price) = liquidated(walk.instrument, at: mark) else { return false }
        liquidate(owner, walk.instrument, at: price, time: walk.time)
        return true
    }

    /// Liquidates what the leg leaves without margin before it reaches an order, or where it reaches one.
    ///
    /// - Returns: whether something was.
    mutating func liquidateOnLeg(before order: Price?) -> Bool {
        guard let (owner, price) = nextLiquidation() else { return false }
        let end = walk.leg == 0 ? walk.ends.0 : walk.leg == 1 ? walk.ends.1 : walk.ends.2
        if let order, end < walk.cursor ? order > price : order < price { return false }
        walk.cursor = price
        liquidate(owner, walk.instrument, at: price, time: walk.time)
        return true
    }
}
