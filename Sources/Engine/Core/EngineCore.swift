import Journal
import Market
import Simulation
import Storage
import Trading

/// The engine without its thread: takes what the feed and the inbox bring, drives kernel and venue, keeps what the screen
/// shows. It reads no clock and never blocks; whoever owns it says what time it is.
///
/// A core belongs to one thread.
final class EngineCore {
    /// Market updates taken in one call of `advance`, so that requests never wait for a replay at full speed.
    static let updatesPerSlice = 5_000
    /// Records that may wait for the store before a replay waits for it.
    private static let replayBacklog = 50_000

    let configuration: EngineConfiguration
    let isEphemeral: Bool
    let exchange: JournaledExchange
    let feed: any MarketFeed
    let recorder: Recorder
    let inbox: Inbox
    let log: EngineLog
    let instruments: [Instrument]
    /// Called with every new snapshot.
    let publish: (Snapshot) -> Void

    var markets: [MarketViewBuilder]
    var book: TradeBook
    var alerts: AlertBook
    var priceAlerts: PriceAlerts
    var notices = NoticeBoard()
    var health: HealthMeter
    var equityHistory: [EquityPoint]
    var dayTotals: DayTotals
    var receipt: EmergencyReceipt?
    var emergency: EmergencyWatch?
    let latchThread = SerialThread()
    var backtests: [BacktestView] = []
    var runBacktest: ((BacktestRequest) -> Int64?)?
    var cancelBacktest: ((Int64) -> Bool)?

    /// What the kernel said to the last command.
    var lastRefusal: String?
    /// The gate's first verdict since the last command.
    var firstVerdict: Verdict?
    var isWarmingUp = false
    /// Orders whose fate somebody waits for.
    var waiting: [WaitingOrder] = []
    var removals: [StrategyID] = []

    var now = Timestamp.epoch
    var isFeedFinished = false
    /// What the feed told and has not acted yet.
    private var stretch: [MarketUpdate] = []
    private var timed: [MarketUpdate] = []
    /// Whether the stretch could not be written down yet.
    private var isStretchWaiting = false
    let gate: OpeningGate
    /// Whether the session goes on from a journal.
    let isResumed: Bool
    /// What plans the return of strategies that a fault took out; shared by the cores of one process.
    let supervisor: SupervisorBox
    /// What is stored of strategies and the trading state when the session begins; `nil` when the store lags.
    var comparesWithStore = false
    let recovery: Recovery
    /// Called when the market has come to its end.
    var marketFinished: (() -> Void)?
    /// What writes checkpoints, in a session that has a journal.
    var checkpoints: Checkpointer?
    var lastCheckpoint = JournalCheckpoint(decision: 0, market: 0, position: 0, time: 0, beginsSession: false)
    var lastCheckpointAt: Int64 = 0
    var sessionNumber: UInt64 = 0
    /// When old records are removed next, by the monotonic clock; 0 before the first look.
    var nextPruning: Int64 = 0
    private var wasStalled = false
    /// Whether what came forth is being handed on, and what the engine has to note about it when that is done.
    private var isSettling = false
    private var notesOfSettling: [(EngineCore) -> Void] = []
    /// What comparisons with the venue have seen.
    var comparison = ComparisonState()

    /// What was published last, and whether anything changed since.
    var snapshot: Snapshot
    var isChanged = true
    var areOrdersChanged = true
    var lastPublished: Int64 = 0
    var lastLogGeneration: UInt64 = .max
    private var lastHealth: Int64 = 0
    private var wasOverfull = false

    /// A core that goes on from a session.
    init(
        _ session: Session, feed: any MarketFeed, recorder: Recorder, inbox: Inbox, log: EngineLog,
        configuration: EngineConfiguration, supervisor: SupervisorBox = SupervisorBox(),
        publish: @escaping (Snapshot) -> Void
    ) {
        self.supervisor = supervisor
        isResumed = session.isResumed
        recovery = session.recovery
        self.configuration = configuration
        self.feed = feed
        self.recorder = recorder
        self.inbox = inbox
        self.log = log
        self.publish = publish
        isEphemeral = session.isEphemeral
        instruments = session.instruments
        exchange = session.exchange
        gate = session.gate
        book = session.book
        book.identify { session.exchange.clientOrderID($0) }
        alerts = session.alerts
        priceAlerts = session.priceAlerts
        equityHistory = session.equityHistory
        dayTotals = session.dayTotals
        health = HealthMeter(monotonic: EngineClock.monotonic())
        let fed = feed.instruments.count
        markets = session.instruments.enumerated().map { index, instrument in
            MarketViewBuilder(
                id: InstrumentID(index), instrument: instrument,
                missing: index < fed ? feed.missing : "this session has no data of \(instrument.name)")
        }
        snapshot = Snapshot(mode: .paper, source: feed.source, currency: session.exchange.kernel.account.currency)
    }

    var kernel: Kernel { exchange.kernel }

    /// The time that a command carries: the clock's, or that of a market with a time of its own.
    var commandTime: Timestamp {
        feed.followsWallClock ? max(now, kernel.now) : max(kernel.now, feed.startTime)
    }

    // MARK: Time

    /// Takes in what the feed has brought up to `time`.
    ///
    /// - Returns: whether there is more to take in at once.
    func advance(to time: Timestamp) -> Bool {
        if time > now { now = time }
        var isBehind = false
        do {
            isBehind = try takeUpdates()
        } catch {
            raise(.critical, "feed-failed", error.description)
            finishFeed(at: kernel.now)
        }
        everySecond()
        restartStrategies()
        retryRemovals()
        answerWaiting()
        return isBehind
    }

    private func takeUpdates() throws(EngineError) -> Bool {
        if isFeedFinished { return false }
        if !feed.followsWallClock && recorder.backlog > EngineCore.replayBacklog { return false }
        var taken = 0
        while taken < EngineCore.updatesPerSlice {
            if !isStretchWaiting {
                stretch.removeAll(keepingCapacity: true)
                try feed.stretch(until: now, into: &stretch)
                addTimers()
            }
            let isEmpty = stretch.isEmpty
            // What can't be written down must not act: the market waits for the disk.
            isStretchWaiting = !timed.isEmpty && !exchange.begin(timed, upTo: feed.time)
            if isStretchWaiting { return false }
            for update in timed { take(update) }
            if isEmpty { return false }
            taken += timed.count
            if inbox.hasEmergency { return true }
        }
        return true
    }

    /// Puts the beginnings of seconds among what the feed told: before what belongs to the new second, but behind a
    /// recorded candle, which is over when the second begins.
    private func addTimers() {
        timed.removeAll(keepingCapacity: true)
        var lastSecond = exchange.lastSecond
        func timer(_ time: Timestamp) {
            guard time.seconds > lastSecond else { return }
            lastSecond = time.seconds
            timed.append(.timer(Timestamp(seconds: lastSecond)))
        }
        for update in stretch {
            switch update {
            case .quote(_, let quote): timer(quote.time)
            case .print(_, let print): timer(print.time)
            case .minute(_, let candle): timer(candle.closeTime(.oneMinute))
            case .bar(_, let candle):
                timed.append(update)
                timer(candle.closeTime(feed.timeframe))
                continue
            case .depth, .timer, .finished: break
            }
            timed.append(update)
        }
        // In a market that stands still time goes on, too.
        timer(feed.time)
    }

    /// Lets a stretch act that somebody else took from the feed; `willAct` is called before each update.
    func takeWhole(_ updates: [MarketUpdate], willAct: () -> Void) {
        stretch = updates
        addTimers()
        guard !timed.isEmpty, exchange.begin(timed, upTo: feed.time) else { return }
        for update in timed {
            willAct()
            take(update)
        }
    }

    /// A minute is over: a point of the equity curve, and now and then a new day.
    private func closeMinute(_ minute: Timestamp, _ account: Account) {
        equityHistory.append(EquityPoint(time: minute, equity: account.equity))
        if equityHistory.count > 2_880 + 240 { equityHistory.removeFirst(equityHistory.count - 2_880) }
        if dayTotals.begin(day: minute.day, totals: { totals() }) { store(dayTotals.text, for: DayTotals.key) }
        storePeaks()
        isChanged = true
    }

    /// What is looked at once a second of the clock on the wall, whatever the market does.
    private func everySecond() {
        let monotonic = EngineClock.monotonic()
        guard monotonic - lastHealth >= 1_000_000_000 else { return }
        lastHealth = monotonic
        health.refresh(monotonic: monotonic)
        if alerts.unshelve(now: now) { isChanged = true }
        if recorder.isOverfull && !wasOverfull {
            wasOverfull = true
            raise(
                .critical, "store-backlog",
                "so much waits for the store that nothing opens any more; protective orders and exits go on")
            exchange.command(.halt, at: commandTime)
            settle()
        }
        if !recorder.isOverfull { wasOverfull = false }
        watchJournal()
        reconcileIfDue(monotonic)
        pruneJournalIfDue(monotonic)
        isChanged = true
    }

    /// Tells when the journal can't be written, and when it can again. Nothing opens in between: the gate sees to it.
    func watchJournal() {
        exchange.tryRecovery()
        let isStalled = exchange.stall != nil
        guard isStalled != wasStalled else { return }
        wasStalled = isStalled
        if let stall = exchange.stall {
            raise(
                .critical, "journal-stalled",
                "the journal can't be written (\(stall)): nothing opens; cancels and exits still leave")
        } else {
            raise(.info, "journal-recovered", "the journal is written again; orders may open")
        }
    }

    /// Brings the status of every market up to date.
    func refreshStatus() {
        for index in markets.indices where index < feed.instruments.count {
            if isFeedFinished {
                markets[index].set(.finished)
            } else if case .replay = configuration.feed {
                markets[index].set(markets[index].view.minutes.isEmpty ? .waiting : .live)
            } else {
                markets[index].refreshStatus(now: now, staleAfter: configuration.staleAfterSeconds)
            }
        }
    }

    // MARK: What steps bring

    /// Takes what kernel and venue have brought forth since the last call, and hands it to the recorder.
    func settle() {
        guard exchange.hasOutput, !isSettling else { return }
        isSettling = true
        for output in exchange.takeOutput() {
            switch output {
            case .record(let record, let sequence):
                take(record, sequence)
            case .alert(let alert, let sequence): raise(alert, sequence: sequence)
            case .account(let point, let time, let sequence):
                if point.isEquityPoint { closeMinute(time, point.account) }
                record(.account(point, at: time), sequence)
            }
        }
        isSettling = false
        isChanged = true
        let notes = notesOfSettling
        notesOfSettling = []
        for note in notes { note(self) }
    }

    /// Writes down what the engine itself does, in its turn: behind everything that came forth before it. The store takes
    /// records in the order of their numbers and notes how far it has come; one that came late would be passed over.
    func inTurn(_ body: @escaping (EngineCore) -> Void) {
        if isSettling { return notesOfSettling.append(body) }
        settle()
        body(self)
    }

    private func take(_ record: Record, _ sequence: UInt64) {
        switch record {
        case .refusal(let text):
            lastRefusal = text
            return
        case .verdict(let verdict): firstVerdict = firstVerdict ?? verdict
        case .strategy(let registration, let reason):
            // Warming up changes nothing, unless the strategy failed at it.
            if isWarmingUp && registration.status != .halted { return }
            log.write(.info, "strategy \(registration.name): \(reason.isEmpty ? "changed" : reason)", at: kernel.now)
            subscribe(registration)
            supervisor.note(registration, at: EngineClock.monotonic())
        case .fill(let fill): announce(fill)
        case .tradingState(let state, _): log.write(.warning, "trading state: \(state)", at: kernel.now)
        case .order: areOrdersChanged = true
        default: break
        }
        book.take(record)
        if case .order(let order) = record { book.identify(order.id) { exchange.clientOrderID($0) } }
        self.record(.record(record, at: kernel.now), sequence)
    }

    /// Hands a job to the recorder. A session that keeps nothing keeps alerts and audits alone, in its own store.
    func record(_ job: RecorderJob, _ sequence: UInt64? = nil) {
        switch job {
        case .record, .account, .value, .candles: if isEphemeral { return }
        default: break
        }
        // Numbers count from 1; a session without a journal numbers nothing.
        recorder.add(job, sequence == 0 ? nil : sequence)
    }

    private func announce(_ fill: FillRecord) {
        let instrument = instruments[fill.instrument.index]
        let verb = fill.side == .buy ? "bought" : "sold"
        let text =
            "\(verb) \(instrument.text(fill.fill.quantity)) \(instrument.pair) at "
            + "\(instrument.text(fill.fill.price)), \(book.ownerName(fill.owner)) \(fill.purpose.name)"
        notices.post(.fill, text)
        log.write(.info, text, at: fill.time)
    }

    /// Keeps a value in the store.
    func store(_ value: String?, for key: String) { note(.value(value, key: key, at: commandTime)) }
}
