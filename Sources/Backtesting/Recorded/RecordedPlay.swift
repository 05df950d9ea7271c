import Market
import Simulation
import Trading

/// Plays a recording beside the candles of a run: what came until a candle was known meets the orders, then the candle
/// closes.
///
/// A candle in whose time no price came is met as a bar, before anything later is: the recording has a gap there.
struct RecordedPlay {
    /// How long after its end a candle that nobody told of closes, in nanoseconds of the recording's time.
    static let patience: Int64 = 5_000_000_000

    /// How many remarks are kept at most.
    private static let mostRemarks = 20

    private let recording: any MarketRecording
    private var events: [RecordedEvent] = []
    private var place = 0
    private var isOver = false
    /// When a price came last.
    private var lastPrice = Timestamp.epoch
    private var lastSecond = Int64.min
    /// Why it can't be played on.
    private(set) var problem: String?
    /// What is the matter with the recording, each once.
    private(set) var remarks: [String] = []
    /// How many candles were met as bars.
    private(set) var barCount = 0

    init(_ recording: any MarketRecording) { self.recording = recording }

    /// The next event, which stays the next.
    private mutating func peek() -> RecordedEvent? {
        if place < events.count { return events[place] }
        if isOver { return nil }
        events.removeAll(keepingCapacity: true)
        place = 0
        do throws(RecordingError) {
            isOver = try !recording.next(into: &events)
        } catch {
            problem = error.description
            isOver = true
        }
        return events.first
    }

    /// Plays what came until a candle was known, and lets it close.
    mutating func play(
        _ candle: Candle, _ timeframe: Timeframe, of instrument: InstrumentID, on exchange: SimulatedExchange
    ) {
        let close = candle.closeTime(timeframe)
        let end = close.adding(nanoseconds: RecordedPlay.patience)
        var isMet = lastPrice >= candle.openTime
        while let event = peek() {
            if event.time >= close, !isMet {
                trade(candle, of: instrument, on: exchange)
                isMet = true
            }
            if event.time >= end { break }
            if case .minute(let open) = event.content, open.adding(seconds: 60) >= close {
                // A later one says as well that this one is over, and is looked at again for its own candle.
                if open < close { place += 1 }
                break
            }
            place += 1
            take(event, instrument, exchange)
            if event.isPrice, event.time >= candle.openTime, event.time < close { isMet = true }
        }
        if !isMet { trade(candle, of: instrument, on: exchange) }
        exchange.candle(instrument, timeframe, candle)
    }

    /// Reads on behind the last candle, for what is said of the recording at its end: how it breaks off is known there. What comes
    /// later than that says nothing of the run.
    mutating func readOut() {
        guard problem == nil else { return }
        let end = lastPrice.adding(seconds: 600)
        while let event = peek(), event.time < end {
            place += 1
            if case .remark(let text) = event.content { note(text) }
        }
        // Nothing of the run rests on what can't be read there.
        if let problem { note(problem) }
        problem = nil
    }

    private mutating func note(_ remark: String) {
        if !remarks.contains(remark), remarks.count < RecordedPlay.mostRemarks { remarks.append(remark) }
    }

    private mutating func trade(_ candle: Candle, of instrument: InstrumentID, on exchange: SimulatedExchange) {
        barCount += 1
        exchange.trade(instrument, candle)
    }

    private mutating func take(_ event: RecordedEvent, _ instrument: InstrumentID, _ exchange: SimulatedExchange) {
        if event.isPrice {
            lastPrice = event.time
            // As on paper: a second begins before what belongs to it.
            if event.time.seconds > lastSecond {
                lastSecond = event.time.seconds
                exchange.timer(Timestamp(seconds: lastSecond))
            }
        }
        switch event.content {
        case .quote(let quote): exchange.quote(instrument, quote)
        case .print(let print): exchange.print(instrument, print)
        case .book(let depth): exchange.book(instrument, depth)
        case .minute: break
        case .lost: exchange.forgetPrices(instrument)
        case .remark(let text): note(text)
        }
    }
}
