public import Market

/// The equity marked at the close of every candle of a run, exact.
public struct EquityCurve: Sendable {
    /// What the equity is in.
    public let currency: Currency
    private let candles: [Candle]
    private let timeframe: Timeframe
    private let units: [Int128]

    /// A curve of one amount (`Money.units`) for each candle.
    init(currency: Currency, candles: [Candle], timeframe: Timeframe, units: [Int128]) {
        precondition(candles.count == units.count, "one amount a candle")
        self.currency = currency
        self.candles = candles
        self.timeframe = timeframe
        self.units = units
    }

    /// How many points there are.
    public var count: Int { units.count }

    /// When the point `index` was marked: the close of its candle.
    public func time(_ index: Int) -> Timestamp { candles[index].closeTime(timeframe) }

    /// The equity at the point `index`.
    public func equity(_ index: Int) -> Money { Money(units: units[index], currency) }

    /// The curve with at most about `limit` points, for the screen: of each stretch the lowest and the highest mark, in
    /// their order, so that no drawdown disappears. O(n).
    public func thinned(to limit: Int) -> [(time: Timestamp, value: Double)] {
        func point(_ index: Int) -> (time: Timestamp, value: Double) { (time(index), equity(index).approximation) }
        guard count > limit, limit >= 4 else { return (0..<count).map(point) }
        let stretches = (limit - 2) / 2
        var points = [point(0)]
        for stretch in 0..<stretches {
            let range = (1 + (count - 2) * stretch / stretches)..<(1 + (count - 2) * (stretch + 1) / stretches)
            guard let lowest = range.min(by: { units[$0] < units[$1] }),
                let highest = range.max(by: { units[$0] < units[$1] })
            else { continue }
            points.append(point(min(lowest, highest)))
            if lowest != highest { points.append(point(max(lowest, highest))) }
        }
        points.append(point(count - 1))
        return points
    }
}
