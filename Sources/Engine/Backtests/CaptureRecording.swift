public import Backtesting
import Ingestion
public import Market

/// A captured market as a backtest takes it: its minutes as candles, its books, best prices and trades to fill on.
public enum CapturedMarket {
    /// How many levels a side of a book fills reach to.
    public static let levels = 100

    /// One instrument's minutes of a capture, as they were told: oldest first, those that were asked for later among them.
    public struct Minutes: Sendable {
        /// The candles.
        public var series: CandleSeries
        /// The place of the instrument in the capture.
        public var place: Int
    }

    /// The minutes of an instrument. O(capture).
    ///
    /// - Parameters:
    ///   - name: chooses among its instruments: one is chosen when it is the only one for which it is true.
    ///   - known: instruments with their rules, for a recording in plain text, which names none.
    ///   - progress: called now and then with the share done, 0…1.
    /// - Throws: `IngestionError` when there is nothing that can be played, `RecordingError` when no instrument or several
    ///   are meant.
    public static func minutes(
        _ path: String, known: [Instrument], where name: (Instrument) -> Bool, progress: (Double) -> Void
    ) throws -> Minutes {
        let playback = try CapturePlayback(path, known: known, levels: 1)
        let all = playback.instruments.map(\.name).joined(separator: ", ")
        let meant = playback.instruments.indices.filter { name(playback.instruments[$0]) }
        guard let place = meant.first else {
            throw RecordingError("the capture is of \(all), not of what is asked for")
        }
        guard meant.count == 1 else {
            throw RecordingError("the capture is of \(all); name the one that is meant with --symbol")
        }
        var candles: [Candle] = []
        var updates: [LiveUpdate] = []
        let span = max(1, playback.end.nanoseconds(since: playback.begin))
        while let next = playback.nextTime {
            progress(Double(next.nanoseconds(since: playback.begin)) / Double(span))
            updates.removeAll(keepingCapacity: true)
            try playback.play(before: next.adding(seconds: 1), into: &updates)
            for update in updates {
                switch update {
                case .minute(place, let candle): append([candle], to: &candles)
                case .missed(place, let minutes): append(minutes, to: &candles)
                default: break
                }
            }
        }
        return Minutes(
            series: CandleSeries(instrument: playback.instruments[place], timeframe: .oneMinute, candles: candles),
            place: place)
    }

    private static func append(_ minutes: [Candle], to candles: inout [Candle]) {
        for minute in minutes where minute.openTime > candles.last?.openTime ?? .epoch { candles.append(minute) }
    }

    /// The fills of an instrument by its place in a capture.
    public static func fills(_ path: String, known: [Instrument], place: Int) -> RecordedFills {
        RecordedFills(name: path.split(separator: "/").last.map(String.init) ?? path) { () throws(RecordingError) in
            do throws(IngestionError) {
                return CaptureRecording(
                    try CapturePlayback(path, known: known, levels: CapturedMarket.levels), place: place)
            } catch {
                throw RecordingError(error.description)
            }
        }
    }
}

/// One instrument of a capture, message by message: what is told at one instant stays in its order.
final class CaptureRecording: MarketRecording {
    /// How many messages are played before the run goes on.
    private static let chunk = 64

    private let playback: CapturePlayback
    private let place: Int
    private var updates: [LiveUpdate] = []

    init(_ playback: CapturePlayback, place: Int) {
        self.playback = playback
        self.place = place
    }

    func next(into events: inout [RecordedEvent]) throws(RecordingError) -> Bool {
        let count = events.count
        var messages = 0
        while messages < CaptureRecording.chunk || events.count == count {
            guard let time = playback.nextTime else { return false }
            updates.removeAll(keepingCapacity: true)
            do throws(IngestionError) {
                try playback.play(before: time.adding(nanoseconds: 1), into: &updates)
            } catch {
                throw RecordingError(error.description)
            }
            for update in updates { append(update, at: time, to: &events) }
            messages += 1
        }
        return true
    }

    private func append(_ update: LiveUpdate, at time: Timestamp, to events: inout [RecordedEvent]) {
        func add(_ content: RecordedEvent.Content) { events.append(RecordedEvent(time: time, content: content)) }
        switch update {
        case .quote(place, var quote):
            quote.time = time
            add(.quote(quote))
        case .print(place, var print, _):
            print.time = time
            add(.print(print))
        case .depth(place, var depth):
            depth.time = time
            add(.book(depth))
        case .minute(place, let candle): add(.minute(candle.openTime))
        case .missed(place, let minutes): for minute in minutes { add(.minute(minute.openTime)) }
        case .link(.lost): add(.lost)
        case .remark(_, let text, _): add(.remark(text))
        // Late trades met nobody's orders when they were told.
        case .quote, .print, .late, .depth, .minute, .missed, .filled, .revised, .link: break
        }
    }
}
