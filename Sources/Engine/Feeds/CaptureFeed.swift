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
    private let meetsBooks: Bool
    private let store: Store
    private let playback: CapturePlayback
    private let numbers: [InstrumentID]
    private var clock: ReplayClock
    private var isFinished = false
    /// Up to where a step plays while it is paused.
    private var stepEnd: Timestamp?
    private var lastTold: Timestamp
    private var waiting: [LiveUpdate] = []

    /// A replay of a file, which begins to play at `start` of the wall clock.
    ///
    /// - Parameters:
    ///   - store: the minutes before the beginning, and the rules of instruments that the file does not name.
    ///   - meetsBooks: whether orders meet its books.
    /// - Throws: `EngineError.noRecording` when there is nothing in it to play.
    init(
        _ path: String, _ options: ReplayOptions, store: Store, start: Timestamp, meetsBooks: Bool = true
    ) throws(EngineError) {
        self.path = path
        self.meetsBooks = meetsBooks
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
        startTime = playback.begin
        time = playback.begin
        lastTold = playback.begin
        // The last slice ends behind the last message.
        clock = ReplayClock(
            from: playback.begin, to: playback.end.adding(nanoseconds: 2 * CaptureFeed.slice), speed: options.speed,
            isPaused: options.isPaused, wall: start)
    }

    var source: FeedSource {
        .replay(
            ReplayView(
                series: path.split(separator: "/").last.map(String.init) ?? path, speed: clock.speed,
                isPaused: clock.isPaused, from: playback.begin, to: playback.end, isFinished: isFinished))
    }

    /// The stored minutes before what is played, as far as they join it.
    func history(_ index: Int) throws(EngineError) -> [Candle] {
        let (instrument, end) = (instruments[index], playback.historyEnd(index))
        do {
            let candles = try store.newestRun(CaptureFeed.historyMinutes, of: instrument, .oneMinute, before: end)
            return candles.last?.closeTime(.oneMinute) == end ? candles : []
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
            clock.reach(end, at: now)
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
        for update in waiting {
            MarketUpdate.append(
                update, numbers, inOrder: inOrder, meetsBook: { _, _ in meetsBooks }, to: &updates)
        }
    }

    /// Whether a slice may be told now.
    private func isDue(_ next: Timestamp, _ end: Timestamp, _ now: Timestamp) -> Bool {
        if clock.isPaused {
            guard let stepEnd, next < stepEnd else {
                stepEnd = nil
                return false
            }
            return true
        }
        return clock.speed == nil || end <= clock.time(at: now)
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
        clock.control(control, at: now)
        switch control {
        case .pause(let pauses): if !pauses { stepEnd = nil }
        case .step:
            let next = max(playback.nextTime ?? time, stepEnd ?? .epoch)
            stepEnd = Timestamp(seconds: next.seconds + 1)
        case .speed: break
        }
        return true
    }
}
