public import Market
import Network
public import Storage
import Synchronization
public import Venues

/// A venue's market as it happens: connects, keeps books and minutes, fetches what was missed, and stores closed minutes.
///
/// Messages are taken in on the network's threads; what they lead to waits until `take`. Books are kept by the venue's
/// recipe and asked for anew on any gap; minutes come from the venue's own candles, each once and in order, what closed
/// while nothing was heard being fetched.
public final class LiveMarket: LiveSource {
    /// The name of the account that trades on it.
    public let account: String
    /// The venue's name in capitals.
    public let venue: String
    /// What is followed.
    public let instruments: [Instrument]

    private let source: any StreamingVenue
    private let store: Store
    private let options: LiveOptions
    private let now: @Sendable () -> Timestamp
    private let writer: MinuteWriter
    private let features: FeatureWriter?
    private let gapLog: GapWriter
    private let state: Mutex<LiveMarketState>
    private let life = Mutex(Life())

    private struct Life {
        var wake: (@Sendable () -> Void)?
        var task: Task<Void, Never>?
        var demands: AsyncStream<LiveMarketState.Demand>.Continuation?
        var isClosed = false
        var isCaptureEnded = false
        var captureParts = 1
        var storeProblem: String?
    }

    /// The market of instruments that are known; nothing is connected yet, see `open`.
    ///
    /// - Parameters:
    ///   - account: the name of the account that trades on it, `binance-spot`.
    ///   - store: where closed minutes are kept, and where the past is.
    ///   - pauses: where it is kept that the venue wants to be left alone, so that the next process knows; `nil` for `store`.
    ///   - now: the wall clock.
    /// - Throws: `StoreError` when the store can't be read.
    public init(
        _ source: any StreamingVenue, account: String, _ instruments: [Instrument], store: Store, pauses: Store? = nil,
        _ options: LiveOptions = LiveOptions(), now: @escaping @Sendable () -> Timestamp
    ) throws(StoreError) {
        self.source = source
        self.account = account
        venue = source.name
        self.instruments = instruments
        self.store = store
        self.options = options
        self.now = now
        writer = MinuteWriter(store, now: now)
        let time = now()
        var next: [Timestamp?] = []
        for instrument in instruments {
            let last = try store.newestRun(1, of: instrument, .oneMinute).last
            // Without a past the line begins with as much as is wanted of it.
            let begin = time.adding(seconds: -60 * Int64(options.historyMinutes)).floored(to: .oneMinute)
            next.append(max(last?.closeTime(.oneMinute) ?? begin, begin))
        }
        gapLog = GapWriter(store)
        features = options.featureDays.map { FeatureWriter(store, days: $0, now: now) }
        var begun = LiveMarketState(instruments, next: next, options)
        if let tape = options.capture {
            tape.begin(
                CaptureHead(
                    venue: source.name, account: account, instruments: instruments,
                    next: next.map { $0?.nanoseconds }, begin: time.nanoseconds))
            begun.tape = tape
        }
        state = Mutex(begun)
        PauseMemory(pauses ?? store, source, now).recall()
    }

    deinit { close() }

    // MARK: LiveSource

    /// Connects; called again, it tells another listener what comes.
    public func open(wake: @escaping @Sendable () -> Void) {
        let begins = life.withLock { life -> AsyncStream<LiveMarketState.Demand>? in
            life.wake = wake
            guard life.task == nil, !life.isClosed else { return nil }
            let (stream, continuation) = AsyncStream<LiveMarketState.Demand>.makeStream()
            life.demands = continuation
            return stream
        }
        guard let demands = begins else { return wake() }
        gapLog.begin(instruments, at: now())
        let keeper = StreamKeeper(
            stream: source.stream(of: instruments), lifetime: source.connectionLifetime, time: options.time,
            listener: Listener(market: self))
        let clocks = ClockWatch(venue: source, time: options.time, now: now)
        let task = Task { [weak self, options] in
            await withDiscardingTaskGroup { group in
                group.addTask { await keeper.run() }
                group.addTask { [weak self] in
                    while !Task.isCancelled {
                        try? await options.time.wait(options.time.now() + .seconds(1))
                        self?.tick()
                    }
                }
                group.addTask { [weak self] in
                    await clocks.run { [weak self] words in
                        self?.change { $0.queue.append(.remark(kind: "venue-clock", text: words)) }
                    }
                }
                for await demand in demands {
                    group.addTask { [weak self] in await self?.carryOut(demand) }
                }
                group.cancelAll()
            }
        }
        life.withLock { $0.task = task }
    }

    /// Moves what waits, in order, behind `updates`.
    public func take(into updates: inout [LiveUpdate]) { state.withLock { $0.queue.take(into: &updates) } }

    /// The stored minutes of an instrument, the newest of them, without a gap among them.
    ///
    /// - Throws: `StoreError`.
    public func history(_ index: Int, minutes: Int) throws -> [Candle] {
        // What has just closed is in it, too.
        writer.flush()
        return try store.newestRun(minutes, of: instruments[index], .oneMinute)
    }

    /// Ends connections and questions; what has closed is stored.
    public func close() {
        let (task, demands) = life.withLock { life in
            life.isClosed = true
            defer { (life.task, life.demands, life.wake) = (nil, nil, nil) }
            return (life.task, life.demands)
        }
        demands?.finish()
        task?.cancel()
        writer.flush()
        features?.flush()
        gapLog.flush()
        options.capture?.close()
    }

    /// How near the venue's limits are, and whether books and minutes are not asked for meanwhile.
    public var limits: VenueLimits? {
        VenueLimits(of: source.gate, .data, at: options.time.now(), wall: now())
    }

    // MARK: What has to be done

    /// Changes the state, and does what follows from it.
    fileprivate func change<Result>(_ body: (inout sending LiveMarketState) -> sending Result) -> Result {
        let (result, demands, stored, seen, missed, late, waits) = state.withLock { state in
            let wasEmpty = state.queue.isEmpty
            let result = body(&state)
            return (
                result, state.takeDemands(), state.takeStored(), state.takeFeatures(), state.takeTradeGaps(),
                state.takeCandleGaps(), wasEmpty && !state.queue.isEmpty
            )
        }
        for (place, candles) in stored { writer.write(candles, of: instruments[place]) }
        for (place, feature) in seen { features?.write(feature, of: instruments[place]) }
        for gap in missed { gapLog.write(gap) }
        for gap in late { gapLog.write(gap) }
        guard waits || !demands.isEmpty else { return result }
        let (wake, continuation) = life.withLock { ($0.wake, $0.demands) }
        for demand in demands { continuation?.yield(demand) }
        if waits { wake?() }
        return result
    }

    private func tick() {
        let now = now()
        change { $0.tick(at: now) }
        tellOfStore()
        guard let progress = options.capture?.progress else { return }
        let isNewPart = life.withLock { life in
            defer { life.captureParts = progress.parts }
            return progress.parts > life.captureParts
        }
        if isNewPart { state.withLock { $0.captureBooks(at: now) } }
        guard let problem = progress.problem else { return }
        let isNew = life.withLock { life in
            defer { life.isCaptureEnded = true }
            return !life.isCaptureEnded
        }
        if isNew { change { $0.queue.append(.remark(kind: "capture-ended", text: problem)) } }
    }

    /// Tells when what closes can't be stored, once for each reason.
    private func tellOfStore() {
        let problem = writer.problem ?? features?.problem ?? gapLog.problem
        let isNew = life.withLock { life in
            defer { life.storeProblem = problem }
            return problem != nil && problem != life.storeProblem
        }
        if isNew, let problem { change { $0.queue.append(.remark(kind: "minutes-not-stored", text: problem)) } }
    }

    /// How often updates of a book were missing or a connection was lost so far.
    public var gaps: Int { state.withLock { $0.gaps } }

    private func carryOut(_ demand: LiveMarketState.Demand) async {
        switch demand {
        case .book(let place, let losses): await fetchBook(place, losses: losses)
        case .minutes(let place, let from, let to): await fetchMinutes(place, from: from, to: to)
        case .trades(let place, let id): await fetchTrades(place, from: id)
        case .replace(let number): state.withLock { $0.replacement(number) }?()
        }
    }

    /// Asks for a book until there is one, or it is not wanted any more, after so many losses of the market.
    private func fetchBook(_ place: Int, losses: Int) async {
        var backoff = Backoff()
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled, state.withLock({ $0.wantsBook(place, losses: losses) }) {
            do throws(VenueError) {
                let book = try await source.depthSnapshot(of: instruments[place]) { _ in }
                let now = now()
                change { $0.answer(place, book: book, losses: losses, at: now) }
            } catch {}
            if state.withLock({ $0.isBookWanted(place, losses: losses) }) {
                try? await options.time.wait(options.time.now() + backoff.next(using: &random) + .milliseconds(200))
            }
        }
    }

    /// Asks for a page of trades.
    private func fetchTrades(_ place: Int, from id: UInt64) async {
        do throws(VenueError) {
            let trades = try await source.trades(from: id, of: instruments[place]) { _ in }
            let (isFull, now) = (trades.count >= source.tradePageSize, now())
            change { $0.answer(place, trades: trades, from: id, isFull: isFull, at: now) }
        } catch {
            let now = now()
            change { $0.answer(place, trades: nil, from: id, isFull: false, at: now) }
        }
    }

    /// Asks for minutes, as many pages as they take.
    private func fetchMinutes(_ place: Int, from: Timestamp, to: Timestamp) async {
        var candles: [Candle] = []
        var begin = from
        do throws(VenueError) {
            while begin < to {
                let query = CandleQuery(.oneMinute, from: begin, to: to, limit: source.pageSize)
                let page = try await source.candles(query, of: instruments[place]) { _ in }
                candles += page.candles
                guard let last = page.candles.last, page.candles.count + page.refusals.count >= source.pageSize else {
                    break
                }
                begin = last.closeTime(.oneMinute)
            }
            let (fetched, now) = (candles, now())
            change { $0.answer(place, minutes: fetched, from: from, to: to, at: now) }
        } catch {
            let now = now()
            change { $0.answer(place, minutes: nil, from: from, to: to, at: now) }
        }
    }
}

/// Hands what connections bring to the market, as long as it is there.
private struct Listener: StreamListener {
    private let market: @Sendable () -> LiveMarket?

    init(market: LiveMarket) { self.market = { [weak market] in market } }

    func opening(_ number: Int) { market()?.opening(number) }
    func failed(_ error: WebSocketError, _ number: Int) { market()?.failed(error, number) }

    func heard(_ bytes: UnsafeRawBufferPointer, _ number: Int, at receivedAt: Int64) {
        market()?.change { $0.heard(bytes, number, at: Timestamp(nanoseconds: receivedAt)) }
    }

    func closed(_ closure: WebSocketClosure, _ number: Int) {
        let words = closure.error?.description ?? "it was closed with \(closure.code) \(closure.reason)"
        market()?.change { $0.closed(number, words) }
    }

    func endings(_ number: Int, _ replace: (@Sendable () -> Void)?) {
        market()?.change { $0.endings(number, replace) }
    }

    func hasHeardAll(_ number: Int) -> Bool { market()?.change { $0.hasHeardAll(number) } ?? true }
}

extension LiveMarket {
    fileprivate func opening(_ number: Int) {
        let decoder = source.decoder(of: instruments)
        let now = now()
        change { $0.opening(number, decoder, at: now) }
    }

    fileprivate func failed(_ error: WebSocketError, _ number: Int) {
        // Requests must wait, too: answers to more would be a longer ban.
        if case .refused(let status, _) = error.kind, status == 418 || status == 429 {
            let reason: RequestPause.Reason = status == 418 ? .banned : .tooMuchAsked
            source.gate.refused(RequestPause(reason: reason, until: options.time.now() + error.pause))
        }
        change { $0.failed(number, error.description) }
    }
}
