import Ingestion
import Market
import Storage
import Trading

/// Plays what was captured of a venue's market as if it happened: books, trades, best prices and minutes, at a speed of its
/// own.
///
/// It is told in slices of recorded time that do not depend on the clock, so that what comes out is the same each time,
/// however fast it is played.
final class CaptureFeed: MarketFeed {
    /// How much recorded time a slice is of: less than a frame of the screen.
    private static let slice: Int64 = 50_000_000
    /// How many empty slices are passed over in one look.
    private static let mostSlices = 1_000

    let instruments: [Instrument]
    let timeframe = Timeframe.oneMinute
    let missing: String? = nil
    let startTime: Timestamp
    let followsWallClock = false
    private(set) var time: Timestamp

    private let path: String
    private let store: Store
    private let playback: CapturePlayback
    private let numbers: [InstrumentID]
    private var speed: Double?
    private var isPaused: Bool
    private var isFinished = false
    /// Up to where a step plays while it is paused.
    private var stepEnd: Timestamp?
    private var lastTold: Timestamp
    private var waiting: [LiveUpdate] = []

    /// Where the recording stands, and the wall clock then; between the two, recorded time passes at `speed`.
    private var anchorRecorded: Timestamp
    private var anchorWall: Timestamp

    /// A replay of a file, which begins to play at `start` of the wall clock.
    ///
    /// - Parameter store: the minutes before the beginning, and the rules of instruments that the file does not name.
    /// - Throws: `EngineError.noRecording` when there is nothing in it to play.
    init(_ path: String, _ options: ReplayOptions, store: Store, start: Timestamp) throws(EngineError) {
        self.path = path
        self.store = store
        do {
            playback = try CapturePlayback(path, known: try store.instruments())
        } catch let error as IngestionError {
            throw .noRecording(series: path, reason: error.detail)
        } catch {
            throw .store(reason: "\(error)")
        }
        instruments = playback.instruments
        numbers = instruments.indices.map { InstrumentID($0) }
        speed = options.speed
        isPaused = options.isPaused
        startTime = playback.begin
        time = playback.begin
        lastTold = playback.begin
        anchorRecorded = playback.begin
        anchorWall = start
    }

    var source: FeedSource {
        .replay(
            ReplayView(
                series: path.split(separator: "/").last.map(String.init) ?? path, speed: speed, isPaused: isPaused,
                from: playback.begin, to: playback.end, isFinished: isFinished))
    }

    /// The stored minutes before what is played, as far as they join it.
    func history(_ index: Int) throws(EngineError) -> [Candle] {
        let (instrument, end) = (instruments[index], playback.historyEnd(index))
        do {
            let stored = try store.series(venue: instrument.venue, symbol: instrument.symbol)
            guard let minutes = stored.first(where: { $0.timeframe == .oneMinute }),
                minutes.instrument.priceScale == instrument.priceScale,
                minutes.instrument.quantityScale == instrument.quantityScale
            else { return [] }
            let candles = try store.lastCandles(
                CaptureFeed.historyMinutes, venue: instrument.venue, symbol: instrument.symbol, .oneMinute, before: end
            ).candles
            guard candles.last?.closeTime(.oneMinute) == end else { return [] }
            let first = candles.indices.dropFirst().last {
                candles[$0].openTime != candles[$0 - 1].closeTime(.oneMinute)
            }
            return Array(candles[(first ?? candles.startIndex)...])
        } catch {
            throw .store(reason: "the history of \(instrument.pair) can't be read: \(error)")
        }
    }

    /// Minutes before the beginning, for the chart and for warming up.
    private static let historyMinutes = 2_880

    func stretch(until now: Timestamp, into updates: inout [MarketUpdate]) throws(EngineError) {
        if isFinished { return }
        for _ in 0..<CaptureFeed.mostSlices {
            guard let next = playback.nextTime else { return try finish(into: &updates) }
            let end = Timestamp(nanoseconds: (next.nanoseconds / CaptureFeed.slice + 1) * CaptureFeed.slice)
            guard isDue(next, end, now) else { return }
            try play(before: end, into: &updates)
            if isPaused || speed == nil { anchor(at: end, now) }
            if !updates.isEmpty { return }
        }
    }

    private func play(before end: Timestamp, into updates: inout [MarketUpdate]) throws(EngineError) {
        waiting.removeAll(keepingCapacity: true)
        do throws(IngestionError) {
            try playback.play(before: end, into: &waiting)
        } catch {
            throw .noRecording(series: path, reason: error.detail)
        }
        time = max(time, end)
        for update in waiting { updates.append(MarketUpdate(update, numbers, inOrder: inOrder)) }
    }

    /// Whether a slice may be told now.
    private func isDue(_ next: Timestamp, _ end: Timestamp, _ now: Timestamp) -> Bool {
        if isPaused {
            guard let stepEnd, next < stepEnd else {
                stepEnd = nil
                return false
            }
            return true
        }
        return speed == nil || end <= recordedTime(now)
    }

    private func finish(into updates: inout [MarketUpdate]) throws(EngineError) {
        // What there is to say of the end of the file.
        try play(before: time, into: &updates)
        isFinished = true
        updates.append(.finished(time))
    }

    /// Receipts on two connections may be out of order by a little; time never goes back.
    private func inOrder(_ heard: Timestamp) -> Timestamp {
        lastTold = max(lastTold, min(heard, time))
        return lastTold
    }

    /// Pauses and resumes, changes the speed; a step plays to the end of the second in which something comes next.
    func control(_ control: ReplayControl, now: Timestamp) -> Bool {
        guard !isFinished else { return false }
        if !isPaused { anchor(at: speed == nil ? anchorRecorded : recordedTime(now), now) }
        switch control {
        case .pause(let pauses):
            anchorWall = now
            isPaused = pauses
            if !pauses { stepEnd = nil }
        case .step:
            isPaused = true
            let next = max(playback.nextTime ?? time, stepEnd ?? .epoch)
            stepEnd = Timestamp(seconds: next.seconds + 1)
        case .speed(let speed): self.speed = speed
        }
        return true
    }

    private func anchor(at recorded: Timestamp, _ now: Timestamp) {
        anchorRecorded = recorded
        anchorWall = now
    }

    /// How far recorded time has come by `now`; never much beyond the end, so that a clock that jumps plays no more than
    /// there is, and never back.
    private func recordedTime(_ now: Timestamp) -> Timestamp {
        guard let speed else { return anchorRecorded }
        let passed = Double(max(0, now.nanoseconds(since: anchorWall))) * speed
        let rest = Double(max(0, playback.end.nanoseconds(since: anchorRecorded) + 2 * CaptureFeed.slice))
        return anchorRecorded.adding(nanoseconds: Int64(min(passed, rest)))
    }
}
