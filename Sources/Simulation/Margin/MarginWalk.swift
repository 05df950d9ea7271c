import Market
import Trading

extension MarketWalk {
    /// One of the ends of legs.
    func place(in ends: (Price, Price, Price), _ leg: Int) -> Price {
        leg == 0 ? ends.0 : leg == 1 ? ends.1 : ends.2
    }
}

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
        let price = point.traded ?? Price(mantissa: point.bid.mantissa + (point.ask - point.bid).mantissa / 2)
        let mark = walk.bar == nil ? nil : markets[walk.instrument].mark?.open
        guard let (owner, _) = liquidated(walk.instrument, at: mark ?? price) else { return false }
        liquidate(owner, walk.instrument, at: price, time: walk.time)
        return true
    }

    /// Liquidates what the leg leaves without margin before it reaches an order, or where it reaches one.
    ///
    /// - Returns: whether something was.
    mutating func liquidateOnLeg(before order: Price?) -> Bool {
        guard let (owner, price) = nextLiquidation() else { return false }
        let end = walk.place(in: walk.ends, walk.leg)
        if let order, end < walk.cursor ? order > price : order < price { return false }
        walk.cursor = price
        liquidate(owner, walk.instrument, at: price, time: walk.time)
        return true
    }

    /// Where the price stands on the leg when what marks the instrument comes to `price`, at which a position is liquidated;
    /// `nil` when it does not come there.
    ///
    /// Both are taken to go from one end of the leg to the other in the same time, each evenly; rounded against the
    /// position. Where the bar's own prices mark, that is the price itself.
    func reached(_ price: Price, isLong: Bool) -> Price? {
        let end = walk.place(in: walk.ends, walk.leg)
        func nearest(_ price: Price) -> Price { isLong ? min(price, walk.cursor) : max(price, walk.cursor) }
        guard let ends = walk.markEnds, let mark = markets[walk.instrument].mark, let bar = walk.bar else {
            guard isLong ? end <= price && end <= walk.cursor : end >= price && end >= walk.cursor else { return nil }
            return nearest(price)
        }
        let (from, to) = (
            walk.leg == 0 ? mark.open : walk.place(in: ends, walk.leg - 1), walk.place(in: ends, walk.leg)
        )
        guard isLong ? to <= price && to <= from : to >= price && to >= from else { return nil }
        let start = walk.leg == 0 ? bar.open : walk.place(in: walk.ends, walk.leg - 1)
        // A mark that is there already when the leg begins has gone no part of it.
        let isThere = isLong ? price >= from : price <= from
        if isThere { return nearest(start) }
        let (done, way) = (Int128(abs((price - from).mantissa)), Int128(abs((to - from).mantissa)))
        let moved = (Int128((end - start).mantissa) * done).divided(by: way, rounding: isLong ? .floor : .ceiling)
        return nearest(Price(mantissa: start.mantissa + Int64(moved)))
    }
}
