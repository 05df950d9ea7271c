import Market
import Storage
import Trading

/// Plays stored candles as if they were live: each comes out whole at the instant it closed, at a speed of its own.
///
/// Nothing of a candle is shown before its close, so that an order placed between two candles is decided with what a
/// trader could know and fills at the next open, exactly as in a backtest. Candles are read a stretch at a time.
final class ReplayFeed: MarketFeed {
    /// Candles read from the store at once.
    private static let chunkCandles: Int64 = 10_000
    /// Candles before the beginning, for the chart and for warming up.
    private static let historyCandles = 5_000

    let instruments: [Instrument]
    let timeframe: Timeframe
    let missing: String? =
        "the recording holds candles only: no order book, no trades. Orders fill at the next candle's open and path."

    private let store: Store
    private let series: String
    private let from: Timestamp
    private let to: Timestamp
    private var clock: ReplayClock
    private var isFinished = false
    private var stepsAllowed = 0

    private var chunk: [Candle] = []
    private var place = 0
    private var chunkEnd: Timestamp

    /// A replay of what `store` holds, which begins to play at `start` of the wall clock.
    ///
    /// - Throws: `EngineError.noRecording` when there is nothing to play under that name and in that time.
    init(_ options: ReplayOptions, store: Store, start: Timestamp) throws(EngineError) {
        let parts = options.series.uppercased().split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw .noRecording(series: options.series, reason: "expected VENUE:SYMBOL, as BINANCE:BTCUSDT")
        }
        let stored: [SeriesRecord]
        do { stored = try store.series(venue: parts[0], symbol: parts[1]) } catch {
            throw .store(reason: error.description)
        }
        guard let record = stored.first else {
            throw .noRecording(series: options.series, reason: "no such series is stored")
        }
        let from = max(options.from ?? record.firstOpen, record.firstOpen).floored(to: record.timeframe)
        let to = min(options.to ?? record.end, record.end)
        guard from < to else {
            throw .noRecording(
                series: options.series,
                reason: "it holds \(record.firstOpen) to \(record.end), and none of that was asked for")
        }
        self.store = store
        series = record.instrument.name
        instruments = [record.instrument]
        timeframe = record.timeframe
        self.from = from
        self.to = to
        clock = ReplayClock(from: from, to: to, speed: options.speed, isPaused: options.isPaused, wall: start)
        chunkEnd = from
        time = from
    }

    var startTime: Timestamp { from }
    let followsWallClock = false
    private(set) var time: Timestamp

    var source: FeedSource {
        .replay(
            ReplayView(
                series: series, speed: clock.speed, isPaused: clock.isPaused, from: from, to: to, isFinished: isFinished
            ))
    }

    func history(_ index: Int) throws(EngineError) -> [Candle] {
        let instrument = instruments[index]
        do {
            return try store.lastCandles(
                ReplayFeed.historyCandles, venue: instrument.venue, symbol: instrument.symbol, timeframe, before: from
            ).candles.map(sized)
        } catch {
            throw .store(reason: error.description)
        }
    }

    func stretch(until now: Timestamp, into updates: inout [MarketUpdate]) throws(EngineError) {
        if let update = try next(until: now) { updates.append(update) }
    }

    private func next(until now: Timestamp) throws(EngineError) -> MarketUpdate? {
        if isFinished { return nil }
        if place == chunk.count { try readChunk() }
        guard place < chunk.count else {
            isFinished = true
            return .finished(clock.recorded)
        }
        let candle = chunk[place]
        let close = candle.closeTime(timeframe)
        if clock.isPaused {
            guard stepsAllowed > 0 else { return nil }
            stepsAllowed -= 1
        } else if clock.speed != nil {
            guard close <= clock.time(at: now) else { return nil }
        }
        clock.reach(close, at: now)
        place += 1
        time = close
        return .bar(InstrumentID(0), candle)
    }

    func control(_ control: ReplayControl, now: Timestamp) -> Bool {
        guard !isFinished else { return false }
        clock.control(control, at: now)
        switch control {
        case .pause(let pauses): if !pauses { stepsAllowed = 0 }
        case .step: stepsAllowed += 1
        case .speed: break
        }
        return true
    }

    /// Reads the next stretch with candles in it; leaves `chunk` empty at the end.
    private func readChunk() throws(EngineError) {
        chunk = []
        place = 0
        let instrument = instruments[0]
        while chunk.isEmpty && chunkEnd < to {
            let start = chunkEnd
            let span = timeframe.nanoseconds * ReplayFeed.chunkCandles
            chunkEnd = min(to, start.adding(nanoseconds: span))
            do {
                chunk = try store.candles(
                    venue: instrument.venue, symbol: instrument.symbol, timeframe, from: start, to: chunkEnd
                ).candles.map(sized)
            } catch {
                throw .store(reason: error.description)
            }
        }
    }

    /// The candle with the number of minutes it stands for, which longer timeframes count.
    private func sized(_ candle: Candle) -> Candle {
        var candle = candle
        candle.minutes = UInt32(timeframe.minutes)
        return candle
    }
}
