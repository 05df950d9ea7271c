public import Market

/// The equity of an account from a candle on, as long as nothing is traded: `base` + close × `perUnit` in money units, the
/// close in price units.
struct EquityLine: Sendable {
    /// The first candle that it holds for.
    var first: Int
    var base: Int128
    var perUnit: Int128

    /// The equity at a close.
    @inline(__always)
    func equity(at close: Int64) -> Int128 { perUnit == 0 ? base : base + Int128(close) * perUnit }
}

/// The equity marked at the close of every candle of a run, exact; of a portfolio, at every instant at which one closes.
///
/// A run keeps what its account came to after each trade, and makes the marks between two trades of the candles, which are
/// there anyway.
public struct EquityCurve: Sendable {
    /// What the equity is in.
    public let currency: Currency
    private let marks: Marks

    private enum Marks {
        /// At the closes of candles, on lines in the order of their candles, the first at the first.
        case lines([EquityLine], [Candle], Timeframe)
        /// One amount an instant.
        case amounts([Timestamp], [Int128])
    }

    /// A curve over candles, of lines in their order.
    ///
    /// - Precondition: the first line holds from the first candle on.
    init(currency: Currency, candles: [Candle], timeframe: Timeframe, lines: [EquityLine]) {
        precondition(candles.isEmpty || lines.first?.first == 0, "a line holds for every candle")
        self.currency = currency
        marks = .lines(lines, candles, timeframe)
    }

    /// A curve of one amount (`Money.units`) for each instant.
    init(currency: Currency, times: [Timestamp], units: [Int128]) {
        precondition(times.count == units.count, "one amount an instant")
        self.currency = currency
        marks = .amounts(times, units)
    }

    /// How many points there are.
    public var count: Int {
        switch marks {
        case .lines(_, let candles, _): return candles.count
        case .amounts(let times, _): return times.count
        }
    }

    /// When the point `index` was marked: the close of its candle.
    public func time(_ index: Int) -> Timestamp {
        switch marks {
        case .lines(_, let candles, let timeframe): return candles[index].closeTime(timeframe)
        case .amounts(let times, _): return times[index]
        }
    }

    /// The equity at the point `index`. O(log trades); `forEach` is quicker for many.
    public func equity(_ index: Int) -> Money { Money(units: units(index), currency) }

    private func units(_ index: Int) -> Int128 {
        switch marks {
        case .lines(let lines, let candles, _):
            return lines[place(of: index, lines)].equity(at: candles[index].close.mantissa)
        case .amounts(_, let units):
            return units[index]
        }
    }

    /// Calls `body` with points one behind the other and their equity in money units. O(points + log trades).
    func forEach<Failure: Error>(
        in range: Range<Int>, _ body: (_ index: Int, _ units: Int128) throws(Failure) -> Void
    ) throws(Failure) {
        switch marks {
        case .lines(let lines, let candles, _):
            guard !range.isEmpty else { return }
            var place = place(of: range.lowerBound, lines)
            for index in range {
                while place + 1 < lines.count, lines[place + 1].first <= index { place += 1 }
                try body(index, lines[place].equity(at: candles[index].close.mantissa))
            }
        case .amounts(_, let units):
            for index in range { try body(index, units[index]) }
        }
    }

    /// The last line that begins at a candle or before it.
    private func place(of index: Int, _ lines: [EquityLine]) -> Int {
        var low = 0
        var high = lines.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lines[middle].first <= index { low = middle } else { high = middle }
        }
        return low
    }

    /// The curve with at most about `limit` points, for the screen: of each stretch the lowest and the highest mark, in
    /// their order, so that no drawdown disappears. O(n).
    public func thinned(to limit: Int) -> [(time: Timestamp, value: Double)] {
        func point(_ index: Int) -> (time: Timestamp, value: Double) { (time(index), equity(index).approximation) }
        guard count > limit, limit >= 4 else { return (0..<count).map(point) }
        let stretches = (limit - 2) / 2
        var points = [point(0)]
        for stretch in 0..<stretches {
            let range = (1 + (count - 2) * stretch / stretches)..<(1 + (count - 2) * (stretch + 1) / stretches)
            guard !range.isEmpty else { continue }
            let (lowest, highest) = extremes(in: range)
            points.append(point(min(lowest, highest)))
            if lowest != highest { points.append(point(max(lowest, highest))) }
        }
        points.append(point(count - 1))
        return points
    }

    /// The first of the lowest and the first of the highest points of a range that is not empty.
    private func extremes(in range: Range<Int>) -> (lowest: Int, highest: Int) {
        var lowest = range.lowerBound
        var highest = range.lowerBound
        var (low, high) = (Int128.max, Int128.min)
        forEach(in: range) { index, units in
            if units < low { (low, lowest) = (units, index) }
            if units > high { (high, highest) = (units, index) }
        }
        return (lowest, highest)
    }
}
