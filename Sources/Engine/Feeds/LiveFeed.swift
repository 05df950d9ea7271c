import Ingestion
import Market
import Trading

/// A venue's market, in step with the clock: what its source has heard since the last look.
final class LiveFeed: MarketFeed {
    let instruments: [Instrument]
    let timeframe = Timeframe.oneMinute
    let missing: String? = nil
    let startTime: Timestamp
    let followsWallClock = true
    let goesOnUnheard = true
    private(set) var time: Timestamp

    private let live: any LiveSource
    private let meetsBooks: Bool
    private let historyMinutes: Int
    /// The number of each instrument of the source.
    private let numbers: [InstrumentID]
    /// The place in the source of each instrument; `nil` for one that is known from earlier and has no data now.
    private let places: [Int?]
    private var link = LinkState.connecting
    private var waiting: [LiveUpdate] = []

    /// A feed of what a source says from now on.
    ///
    /// - Parameters:
    ///   - known: the instruments whose numbers are given already; they keep them, those of the source that are not among
    ///     them come behind.
    ///   - meetsBooks: whether orders meet its books.
    ///   - wake: called when something waits.
    init(
        _ options: LiveFeedOptions, known: [Instrument], start: Timestamp, meetsBooks: Bool = true,
        wake: @escaping @Sendable () -> Void
    ) {
        live = options.source
        self.meetsBooks = meetsBooks
        historyMinutes = options.historyMinutes
        startTime = start
        time = start
        let told = live.instruments
        // What the venue says of an instrument now counts, in the place that it had.
        var instruments = known.map { old in told.first { $0.name == old.name } ?? old }
        instruments += told.filter { new in !known.contains { $0.name == new.name } }
        self.instruments = instruments
        lastBooks = Array(repeating: .epoch, count: instruments.count)
        places = instruments.map { instrument in told.firstIndex { $0.name == instrument.name } }
        numbers = told.map { instrument in
            // Every instrument of the source was put among them just now.
            InstrumentID(instruments.firstIndex { $0.name == instrument.name }!)
        }
        live.open(wake: wake)
    }

    var source: FeedSource {
        switch link {
        case .connecting: .live(venue: live.venue, problem: "connecting")
        case .live: .live(venue: live.venue, problem: nil)
        case .lost(let reason): .live(venue: live.venue, problem: reason)
        }
    }

    func history(_ index: Int) throws(EngineError) -> [Candle] {
        guard let place = places[index] else { return [] }
        do {
            return try live.history(place, minutes: historyMinutes)
        } catch {
            throw .store(reason: "the history of \(instruments[index].pair) can't be read: \(error)")
        }
    }

    func stretch(until now: Timestamp, into updates: inout [MarketUpdate]) {
        if time < now { time = now }
        waiting.removeAll(keepingCapacity: true)
        live.take(into: &waiting)
        for update in waiting {
            if case .link(let state) = update { link = state }
            MarketUpdate.append(update, numbers, inOrder: inOrder, meetsBook: meetsBook, to: &updates)
        }
    }

    /// When orders met a book of each instrument last.
    private var lastBooks: [Timestamp]

    /// Every book would be written down: orders meet one a second, and each that says that nothing is known any more.
    private func meetsBook(_ id: InstrumentID, _ depth: BookDepth) -> Bool {
        guard meetsBooks else { return false }
        if depth.bids.isEmpty && depth.asks.isEmpty {
            lastBooks[id.index] = .epoch
            return true
        }
        guard depth.time.nanoseconds(since: lastBooks[id.index]) >= 1_000_000_000 else { return false }
        lastBooks[id.index] = depth.time
        return true
    }

    /// Where the clock was set back, time stands still until it has caught up: it never goes back. A message can't have
    /// arrived after the look at the clock that found it either.
    private var lastHeard = Timestamp.epoch

    private func inOrder(_ heard: Timestamp) -> Timestamp {
        lastHeard = max(lastHeard, min(heard, time))
        return lastHeard
    }

    func control(_ control: ReplayControl, now: Timestamp) -> Bool { false }
}
