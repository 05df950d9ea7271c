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
    let exchange: SimulatedExchange
    let feed: any MarketFeed
    let recorder: Recorder
    let inbox: Inbox
    let log: EngineLog
    let instruments: [Instrument]
    /// Called with every new snapshot.
    let publish: (Snapshot) -> Void

    var markets: [MarketViewBuilder]
    var subscriptions: CandleSubscriptions
    var book: TradeBook
    var alerts: AlertBook
    var priceAlerts: PriceAlerts
    var notices = NoticeBoard()
    var health: HealthMeter
    var equityHistory: [EquityPoint]
    var dayTotals: DayTotals
    var receipt: EmergencyReceipt?
    var backtests: [BacktestView] = []
    var runBacktest: ((BacktestRequest) -> Int64?)?
    var cancelBacktest: ((Int64) -> Bool)?

    /// What the kernel recorded since the last batch went to the recorder.
    var records: [Record] = []
    /// What the kernel said to the last command.
    var lastRefusal: String?
    var lastVerdicts: [Verdict] = []
    var isWarmingUp = false
    /// Orders whose fate somebody waits for.
    var waiting: [WaitingOrder] = []
    var removals: [StrategyID] = []

    var now = Timestamp.epoch
    var isFeedFinished = false
    private var lastSecond: Int64 = .min
    private var lastMinute: Timestamp?

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
        configuration: EngineConfiguration, publish: @escaping (Snapshot) -> Void
    ) {
        self.configuration = configuration
        self.feed = feed
        self.recorder = recorder
        self.inbox = inbox
        self.log = log
        self.publish = publish
        isEphemeral = session.isEphemeral
        instruments = session.instruments
        exchange = SimulatedExchange(kernel: session.kernel, venue: session.venue)
        book = session.book
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
        subscriptions = CandleSubscriptions(instrumentCount: session.instruments.count, base: feed.timeframe)
        snapshot = Snapshot(mode: .paper, source: feed.source, currency: session.kernel.account.currency)
    }

    var kernel: Kernel { exchange.kernel }

    /// The time that a command carries: the clock's, or in a replay the recording's.
    var commandTime: Timestamp {
        if case .replay = configuration.feed { return max(kernel.now, feed.startTime) }
        return max(now, kernel.now)
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
        // Time alone moves the market's clock only when nothing that happened before it still waits.
        if !isBehind, case .synthetic = configuration.feed { tick(now) }
        everySecond()
        finishBatch()
        answerWaiting()
        return isBehind
    }

    private func takeUpdates() throws(EngineError) -> Bool {
        if isFeedFinished { return false }
        if isEphemeral && recorder.backlog > EngineCore.replayBacklog { return false }
        for _ in 0..<EngineCore.updatesPerSlice {
            guard let update = try feed.next(until: now) else { return false }
            take(update)
        }
        return true
    }

    /// Notes that time has come to `time` in the market: a timer for the kernel once a second, a point of the equity
    /// curve once a minute.
    func tick(_ time: Timestamp) {
        let second = time.seconds
        guard second > lastSecond else { return }
        let isFirst = lastSecond == .min
        lastSecond = second
        if !isFirst {
            exchange.timer(Timestamp(seconds: second))
            settle()
        }
        let minute = time.floored(to: .oneMinute)
        guard let lastMinute, minute > lastMinute else {
            if lastMinute == nil { lastMinute = minute }
            return
        }
        self.lastMinute = minute
        closeMinute(minute)
    }

    private func closeMinute(_ minute: Timestamp) {
        equityHistory.append(EquityPoint(time: minute, equity: kernel.account.equity))
        if equityHistory.count > 2_880 + 240 { equityHistory.removeFirst(equityHistory.count - 2_880) }
        if dayTotals.begin(day: minute.day, totals: { totals() }) { store(dayTotals.text, for: DayTotals.key) }
        storePeaks()
        finishBatch(isEquityPoint: true, at: minute)
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
        isChanged = true
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

    /// Takes what kernel and venue have brought forth since the last call.
    func settle() {
        guard !exchange.output.isEmpty else { return }
        for effect in exchange.takeOutput() {
            switch effect {
            case .record(let record): take(record)
            case .alert(let alert): raise(alert)
            case .submit, .cancel, .amend, .query: break
            }
        }
        isChanged = true
    }

    private func take(_ record: Record) {
        switch record {
        case .refusal(let text):
            lastRefusal = text
            return
        case .verdict(let verdict): lastVerdicts.append(verdict)
        case .strategy(let registration, let reason):
            if isWarmingUp { return }
            log.write(.info, "strategy \(registration.name): \(reason.isEmpty ? "changed" : reason)", at: kernel.now)
            subscribe(registration)
        case .fill(let fill): announce(fill)
        case .tradingState(let state, _): log.write(.warning, "trading state: \(state)", at: kernel.now)
        case .order: areOrdersChanged = true
        default: break
        }
        book.take(record)
        records.append(record)
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

    /// Hands what was recorded to the recorder, with the account as it is now.
    func finishBatch(isEquityPoint: Bool = false, at time: Timestamp? = nil) {
        if !records.isEmpty { retryRemovals() }
        defer { records.removeAll(keepingCapacity: true) }
        guard !isEphemeral, isEquityPoint || !records.isEmpty else { return }
        recorder.add(
            .records(records, account: kernel.account, isEquityPoint: isEquityPoint, at: time ?? kernel.now))
    }

    /// Keeps a value in the store.
    func store(_ value: String?, for key: String) {
        if !isEphemeral { recorder.add(.value(value, key: key, at: now)) }
    }
}
