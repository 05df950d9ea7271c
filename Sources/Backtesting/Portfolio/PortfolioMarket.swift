import Market
import Trading

/// The candles of a portfolio in the order in which they are given out within one instant.
///
/// Of the series of an instrument the shortest is its **base**: orders meet it and it marks. A longer timeframe that a
/// strategy asks for is a series of its own where one is given, otherwise it is derived from the base.
struct PortfolioMarket {
    /// A series that candles are given out of.
    struct Stream {
        let instrument: InstrumentID
        let timeframe: Timeframe
        let candles: [Candle]
        let use: Use
    }

    /// What a stream is there for.
    enum Use {
        /// Orders meet it, and nothing else does.
        case detail
        /// It marks its instrument, and orders meet it where there is no detail inside it.
        case base
        /// Strategies see it alone.
        case shown
    }

    /// The base series, one an instrument; the place of an instrument is its number: they are numbered by their names.
    let bases: [CandleSeries]
    /// The shorter candles of each base; `nil` where orders meet those of the base.
    let details: [CandleSeries?]
    /// Everything that is given out, shorter timeframes first, then by the instrument's number.
    let streams: [Stream]
    /// The open of the first candle of a base.
    let from: Timestamp
    /// The close of the last candle of a base.
    let to: Timestamp

    /// The market of strategies that can run over `series`: see `PortfolioConfiguration.problems`. Series of instruments
    /// that nobody trades are left out. O(candles).
    init(_ series: [CandleSeries], _ strategies: [PortfolioStrategy], details: [CandleSeries]) {
        let bases = PortfolioMarket.bases(series, strategies)
        self.bases = bases
        self.details = bases.map { base in
            details.first { $0.instrument.name == base.instrument.name }?.within(base)
        }
        from = bases.compactMap(\.candles.first?.openTime).min() ?? .epoch
        let end = bases.compactMap(\.closeOfLast).max() ?? .epoch
        to = end
        var streams: [Stream] = []
        for (index, base) in bases.enumerated() {
            let id = InstrumentID(index)
            let name = base.instrument.name
            if let detail = self.details[index] {
                streams.append(
                    Stream(instrument: id, timeframe: detail.timeframe, candles: detail.candles, use: .detail))
            }
            streams.append(Stream(instrument: id, timeframe: base.timeframe, candles: base.candles, use: .base))
            for timeframe in Timeframe.all where timeframe > base.timeframe {
                guard strategies.contains(where: { $0.instrument == name && $0.timeframe == timeframe }) else {
                    continue
                }
                let stored = series.first { $0.instrument.name == name && $0.timeframe == timeframe }
                let longer = stored?.candles ?? LongerCandles.derive(base, to: timeframe)
                // What has not ended when the data do is never seen.
                let ended = longer.prefix { $0.closeTime(timeframe) <= end }
                streams.append(Stream(instrument: id, timeframe: timeframe, candles: Array(ended), use: .shown))
            }
        }
        self.streams = streams.sorted { ($0.timeframe, $0.instrument) < ($1.timeframe, $1.instrument) }
    }

    /// The base series of every instrument that is traded, by name.
    static func bases(_ series: [CandleSeries], _ strategies: [PortfolioStrategy]) -> [CandleSeries] {
        series.map(\.instrument.name).unique.sorted().compactMap { name in
            strategies.contains { $0.instrument == name } ? base(of: name, in: series) : nil
        }
    }

    /// The shortest series of an instrument.
    static func base(of name: String, in series: [CandleSeries]) -> CandleSeries? {
        series.filter { $0.instrument.name == name }.min { $0.timeframe < $1.timeframe }
    }

    /// The length of the candles that an instrument's orders meet.
    func fills(_ index: Int) -> Timeframe { details[index]?.timeframe ?? bases[index].timeframe }

    /// The number of an instrument.
    func number(of name: String) -> InstrumentID? {
        bases.firstIndex { $0.instrument.name == name }.map(InstrumentID.init)
    }
}

extension CandleSeries {
    /// When the last candle closes; `nil` without one.
    var closeOfLast: Timestamp? { candles.last?.closeTime(timeframe) }
}

extension Array where Element: Equatable {
    /// The elements without those that stand there already. O(n²), for lists as long as people write.
    var unique: [Element] {
        var result: [Element] = []
        for element in self where !result.contains(element) { result.append(element) }
        return result
    }
}

/// Longer candles of shorter ones of any timeframe that goes into theirs.
enum LongerCandles {
    /// Whether candles of one timeframe can be made of those of another.
    static func canDerive(_ longer: Timeframe, from shorter: Timeframe) -> Bool {
        longer >= shorter && longer.seconds % shorter.seconds == 0
    }

    /// The candles of a longer timeframe: an interval without a candle gives none, one with fewer than it holds, or with
    /// partial ones, is marked as partial. Of minutes it makes what `CandleResampler` makes. O(n).
    static func derive(_ series: CandleSeries, to timeframe: Timeframe) -> [Candle] {
        let whole = Int(timeframe.seconds / series.timeframe.seconds)
        var candles: [Candle] = []
        var count = 0
        var isPartial = false
        func end() {
            guard let last = candles.indices.last else { return }
            if count < whole || isPartial { candles[last].flags.insert(.isPartial) }
        }
        for candle in series.candles {
            let start = candle.openTime.floored(to: timeframe)
            if let last = candles.indices.last, candles[last].openTime == start {
                candles[last].merge(candle)
                count += 1
            } else {
                end()
                var first = candle
                first.openTime = start
                first.flags.remove(.isPartial)
                candles.append(first)
                count = 1
                isPartial = false
            }
            if candle.flags.contains(.isPartial) { isPartial = true }
        }
        end()
        return candles
    }
}
