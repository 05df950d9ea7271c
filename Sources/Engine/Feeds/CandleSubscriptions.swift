import Bytes
import Market
import Trading

/// Derives the candles of the timeframes that strategies listen to from the candles that a feed closes.
///
/// Nothing unfinished ever comes out: a longer candle is given out when its last minute is there, or when a later minute
/// proves that it has ended.
struct CandleSubscriptions {
    private struct Entry {
        var timeframe: Timeframe
        var resampler: CandleResampler
    }

    /// The length of the candles that come in.
    let base: Timeframe
    /// By instrument, shortest timeframe first.
    private var entries: [[Entry]]

    /// No subscriptions yet.
    init(instrumentCount: Int, base: Timeframe) {
        self.base = base
        entries = Array(repeating: [], count: instrumentCount)
    }

    /// Whether candles of `timeframe` don't come out yet.
    func needs(_ instrument: InstrumentID, _ timeframe: Timeframe) -> Bool {
        timeframe > base && !entries[instrument.index].contains { $0.timeframe == timeframe }
    }

    /// Sees to it that candles of `timeframe` come out; one that is new begins with the candles of its running interval.
    mutating func subscribe(_ instrument: InstrumentID, _ timeframe: Timeframe, recent: [Candle]) {
        guard timeframe > base, !entries[instrument.index].contains(where: { $0.timeframe == timeframe }) else {
            return
        }
        var entry = Entry(timeframe: timeframe, resampler: CandleResampler(to: timeframe))
        if let last = recent.last,
            last.closeTime(base)
                != last.openTime.floored(to: timeframe).adding(
                    nanoseconds: timeframe.nanoseconds)
        {
            let start = last.openTime.floored(to: timeframe)
            let first = recent.lastIndex { $0.openTime < start }.map { $0 + 1 } ?? 0
            for candle in recent[first...] { _ = entry.resampler.add(candle) }
        }
        let place = entries[instrument.index].firstIndex { $0.timeframe > timeframe } ?? entries[instrument.index].count
        entries[instrument.index].insert(entry, at: place)
    }

    /// Takes a closed candle of the base timeframe; calls `body` with every longer one that it ends, shortest first.
    mutating func take(_ instrument: InstrumentID, _ candle: Candle, _ body: (Timeframe, Candle) -> Void) {
        let index = instrument.index
        for place in entries[index].indices {
            let timeframe = entries[index][place].timeframe
            if let ended = entries[index][place].resampler.add(candle) { body(timeframe, ended) }
            let end = candle.openTime.floored(to: timeframe).adding(nanoseconds: timeframe.nanoseconds)
            if candle.closeTime(base) == end, let complete = entries[index][place].resampler.finish() {
                body(timeframe, complete)
            }
        }
    }

    /// The closed candles of `timeframe` within closed candles of the base timeframe: what a strategy may have seen by
    /// now. A first candle that is only partly there is left out.
    static func history(_ candles: [Candle], base: Timeframe, timeframe: Timeframe) -> [Candle] {
        guard timeframe > base, let last = candles.last else { return candles }
        var resampler = CandleResampler(to: timeframe)
        var result: [Candle] = []
        for candle in candles {
            if let ended = resampler.add(candle) { result.append(ended) }
        }
        if let final = resampler.finish(), last.closeTime(base) == final.closeTime(timeframe) { result.append(final) }
        if let first = candles.first, let leading = result.first, leading.openTime != first.openTime {
            result.removeFirst()
        }
        return result
    }
}

extension CandleSubscriptions: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(base)
        writer.count(entries.count)
        for list in entries { writer.array(list.map(\.resampler)) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        base = try reader.value()
        entries = []
        for _ in 0..<(try reader.count()) {
            let resamplers = try reader.array(CandleResampler.self)
            entries.append(resamplers.map { Entry(timeframe: $0.timeframe, resampler: $0) })
        }
    }

    /// The same subscriptions over a table that has grown since they were written down.
    mutating func grow(to instrumentCount: Int) {
        while entries.count < instrumentCount { entries.append([]) }
    }
}
