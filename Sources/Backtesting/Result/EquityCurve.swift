public import Market

/// The equity marked at the close of every candle of a run, exact; of a portfolio, at every instant at which one closes.
public struct EquityCurve: Sendable {
    /// What the equity is in.
    public let currency: Currency
    private let instants: Instants
    private let units: [Int128]

    /// When the points were marked.
    private enum Instants {
        /// At the closes of candles, which are there anyway.
        case closes([Candle], Timeframe)
        case times([Timestamp])
    }

    /// A curve of one amount (`Money.units`) for each candle.
    init(currency: Currency, candles: [Candle], timeframe: Timeframe, units: [Int128]) {
        precondition(candles.count == units.count, "one amount a candle")
        self.currency = currency
        instants = .closes(candles, timeframe)
        self.units = units
    }

    /// A curve of one amount (`Money.units`) for each instant.
    init(currency: Currency, times: [Timestamp], units: [Int128]) {
        precondition(times.count == units.count, "one amount an instant")
        self.currency = currency
        instants = .times(times)
        self.units = units
    }

    /// How many points there are.
    public var count: Int { units.count }

    /// When the point `index` was marked: the close of its candle.
    public func time(_ index: Int) -> Timestamp {
        switch instants {
        case .closes(let candles, let timeframe): return candles[index].closeTime(timeframe)
        case .times(let times): return times[index]
        }
    }

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
