public import Market
import Network
public import Storage
import Synchronization
public import Venues

/// Fetches the candles of a venue that the store does not have, several symbols side by side.
///
/// Pages are fetched in parallel and each is stored in a transaction of its own, so a process that is killed leaves whole
/// candles only, and the same download again fetches what is still missing and nothing else. How fast it may be is the
/// venue's to say: see `RequestGate`.
public final class CandleDownload: Sendable {
    private let venue: any HistoricalVenue
    private let store: Store
    private let options: DownloadOptions
    private let listings: [String: Listing]
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    private struct State {
        /// By the place of the symbol; `nil` until it is planned.
        var symbols: [SymbolDownload?] = []
        var failures: [(any Error)?] = []
        var pages: [(symbol: Int, span: Gap)] = []
        var nextPage = 0
        /// The first trouble that no symbol can go on after.
        var stopped: (any Error)?
        var wanted = 0
        var answered = 0
        var start: ContinuousClock.Instant?
        var pause: RequestPause?
    }

    /// A download that has not begun.
    ///
    /// - Parameters:
    ///   - listings: what the venue said of symbols already; it is not asked for those again.
    ///   - now: the wall clock, which changes of the store are dated with.
    public init(
        from venue: any HistoricalVenue, into store: Store, _ options: DownloadOptions,
        listings: [String: Listing] = [:],
        at now: @escaping @Sendable () -> Timestamp
    ) {
        self.venue = venue
        self.store = store
        self.options = options
        self.listings = listings
        self.now = now
    }

    /// How far it has come; for any thread.
    public var progress: DownloadProgress {
        state.withLock { state in
            var progress = DownloadProgress(wanted: state.wanted, answered: state.answered)
            progress.seconds = state.start?.duration(to: .now).seconds ?? 0
            progress.pause = state.pause.flatMap { $0.until > .now ? $0 : nil }
            return progress
        }
    }

    /// Downloads everything that is missing.
    ///
    /// - Returns: what came of each symbol, in the order asked for; trouble stands in `DownloadSummary.failure`.
    public func run() async -> [DownloadSummary] {
        let begin = ContinuousClock.now
        PauseMemory(store, venue, now).recall()
        await plan()
        await fetch()
        planAgain()
        await fetch()
        return summaries(seconds: begin.duration(to: .now).seconds)
    }

    private func fetch() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, options.concurrency) { group.addTask { await self.work() } }
            // What is under way is of no use to anybody once one has found that nobody can go on.
            for await _ in group where state.withLock({ $0.stopped != nil }) { group.cancelAll() }
        }
    }

    // MARK: - What is missing

    /// What was asked for and is missing all the same is asked for once more.
    private func planAgain() {
        guard !Task.isCancelled else { return }
        state.withLock { state in
            guard state.stopped == nil else { return }
            for index in state.symbols.indices where state.failures[index] == nil {
                do throws(StoreError) {
                    let holes = try state.symbols[index]?.planAgain(store, size: venue.pageSize) ?? []
                    state.pages += holes.map { (index, $0) }
                    state.wanted += holes.reduce(0) { $0 + $1.count(of: options.timeframe) }
                } catch {
                    state.failures[index] = error
                }
            }
        }
    }

    private func plan() async {
        let count = options.symbols.count
        guard count > 0 else { return }
        state.withLock { state in
            state.symbols = Array(repeating: nil, count: count)
            state.failures = Array(repeating: nil, count: count)
        }
        // The first alone: where there is no way to the venue, nobody else needs to find it out.
        await plan(0)
        if state.withLock({ $0.stopped == nil }) {
            await withTaskGroup(of: Void.self) { group in
                for index in 1..<count { group.addTask { await self.plan(index) } }
            }
        }
        state.withLock { state in
            // In turn, so that all symbols come on alike.
            let longest = state.symbols.map { $0?.pages.count ?? 0 }.max() ?? 0
            for place in 0..<longest {
                for (index, symbol) in state.symbols.enumerated() {
                    if let symbol, place < symbol.pages.count { state.pages.append((index, symbol.pages[place])) }
                }
            }
            state.wanted = state.pages.reduce(0) { $0 + $1.span.count(of: options.timeframe) }
            state.start = .now
        }
    }

    private func plan(_ index: Int) async {
        do {
            let symbol = try await SymbolDownload.plan(
                options.symbols[index], options, venue, store, listing: listings[options.symbols[index]], pausing: note)
            state.withLock { $0.symbols[index] = symbol }
        } catch {
            fail(index, error)
        }
    }

    // MARK: - Pages

    private func work() async {
        while let (index, span, instrument) = nextPage() {
            let query = CandleQuery(
                options.timeframe, from: span.from, to: span.to, limit: span.count(of: options.timeframe))
            do {
                let page = try await venue.candles(query, of: instrument, pausing: note)
                // One writer at a time; the store has but one anyway.
                try state.withLock { state in
                    try state.symbols[index]?.take(page, into: store, at: now())
                    state.answered += query.limit
                }
            } catch {
                fail(index, error)
            }
        }
    }

    private func nextPage() -> (symbol: Int, span: Gap, instrument: Instrument)? {
        state.withLock { state in
            while state.stopped == nil, state.nextPage < state.pages.count {
                let (index, span) = state.pages[state.nextPage]
                state.nextPage += 1
                if state.failures[index] == nil, let symbol = state.symbols[index] {
                    return (index, span, symbol.instrument)
                }
            }
            return nil
        }
    }

    private func fail(_ index: Int, _ error: any Error) {
        state.withLock { state in
            switch (error as? VenueError)?.kind {
            // Of one symbol only.
            case .unknownSymbol, .refused, .malformed: state.failures[index] = state.failures[index] ?? error
            default: state.stopped = state.stopped ?? error
            }
        }
    }

    @Sendable private func note(_ pause: RequestPause) {
        state.withLock { state in
            if let known = state.pause, known.until >= pause.until { return }
            state.pause = pause
        }
    }

    // MARK: - What came of it

    private func summaries(seconds: Double) -> [DownloadSummary] {
        state.withLock { state in
            options.symbols.indices.map { index in
                guard var symbol = state.symbols[index] else {
                    var summary = DownloadSummary(
                        symbol: "\(venue.name):\(options.symbols[index])", timeframe: options.timeframe,
                        from: options.from, to: options.to ?? options.from)
                    summary.failure = state.failures[index] ?? state.stopped
                    return summary
                }
                symbol.summary.failure = state.failures[index] ?? state.stopped
                do throws(StoreError) {
                    try symbol.verify(in: store)
                } catch {
                    symbol.summary.failure = symbol.summary.failure ?? error
                }
                symbol.summary.seconds = seconds
                return symbol.summary
            }
        }
    }
}
