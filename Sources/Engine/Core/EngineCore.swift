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
    static let replayBacklog = 50_000

    let configuration: EngineConfiguration
    let isEphemeral: Bool
    let exchange: JournaledExchange
    let feed: any MarketFeed
    let recorder: Recorder
    let inbox: Inbox
    let log: EngineLog
    var instruments: [Instrument]
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
    /// Files of rules that are not what their strategies run.
    var rulesNotices: [StrategyID: RulesNotice] = [:]
    var searches: [SearchView] = []
    var runSearch: ((SearchRequest) -> Int64?)?
    var cancelSearch: ((Int64) -> Bool)?
    /// Where evidence for strategies is looked up.
    var evidence: EvidenceStore?

    /// What the kernel said to the last command.
    var lastRefusal: String?
    /// The gate's first verdict since the last command.
    var firstVerdict: Verdict?
    var isWarmingUp = false
    /// Orders whose fate somebody waits for.
    var waiting: [WaitingOrder] = []
    var removals: [StrategyID] = []

    var now: Timestamp
    var isFeedFinished = false
    /// Whether the connection to the market is lost, and was told of.
    var isLinkLost = false
    /// What the feed told and has not acted yet.
    var stretch: [MarketUpdate] = []
    /// The same with the beginnings of seconds among it.
    var timed: [MarketUpdate] = []
    /// Whether the stretch could not be written down yet.
    var isStretchWaiting = false
    /// What opening orders pass on their last step.
    let gate: OpeningGate
    /// Whether the session goes on from a journal.
    let isResumed: Bool
    /// What plans the return of strategies that a fault took out; shared by the cores of one process.
    let supervisor: SupervisorBox
    /// Whether the store was up to the journal when the session began, so that what differs was changed by somebody else.
    var comparesWithStore = false
    /// What the store held when the session began.
    let recovery: Recovery
    /// Called when the market has come to its end.
    var marketFinished: (() -> Void)?
    /// What writes checkpoints, in a session that has a journal.
    var checkpoints: Checkpointer?
    var lastCheckpoint = JournalCheckpoint(decision: 0, market: 0, position: 0, time: 0, bordersSession: false)
    var lastCheckpointAt: Int64 = 0
    var sessionNumber: UInt64 = 0
    /// When old records are removed next, by the monotonic clock; 0 before the first look.
    var nextPruning: Int64 = 0
    /// Whether a journal that can't be written was told of.
    var wasStalled = false
    /// Whether what came forth is being handed on, and what the engine has to note about it when that is done.
    var isSettling = false
    var notesOfSettling: [(EngineCore) -> Void] = []
    /// What comparisons with the venue have seen.
    var comparison = ComparisonState()
    /// What brings orders to a venue over a network.
    var desk: VenueDesk?

    /// What was published last, and whether anything changed since.
    var snapshot: Snapshot
    var isChanged = true
    var areOrdersChanged = true
    var lastPublished: Int64 = 0
    var lastLogGeneration: UInt64 = .max
    var lastHealth: Int64 = 0
    var wasOverfull = false

    /// A core that goes on from a session.
    init(
        _ session: Session, feed: any MarketFeed, recorder: Recorder, inbox: Inbox, log: EngineLog,
        configuration: EngineConfiguration, supervisor: SupervisorBox = SupervisorBox(),
        at time: Timestamp, publish: @escaping (Snapshot) -> Void
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
        comparison.paidElsewhere = session.paidElsewhere
        // One of an earlier release counts from now on: its trades went by outside the books.
        comparison.claims = OrderClaims(text: session.claims, now: time)
        comparison.keptClaims = session.claims
        // What is said before the first event has a time, too.
        now = time
        health = HealthMeter(monotonic: EngineClock.monotonic())
        let fed = feed.instruments.count
        markets = session.instruments.enumerated().map { index, instrument in
            MarketViewBuilder(
                id: InstrumentID(index), instrument: instrument,
                missing: index < fed ? feed.missing : "this session has no data of \(instrument.name)")
        }
        snapshot = Snapshot(
            mode: configuration.trading?.mode ?? .paper, source: feed.source,
            currency: session.exchange.kernel.account.currency)
        snapshot.rehearsal = configuration.faults?.summary
    }

    var kernel: Kernel { exchange.kernel }

    /// The time that a command carries: the clock's, or that of a market with a time of its own.
    var commandTime: Timestamp {
        feed.followsWallClock ? max(now, kernel.now) : max(kernel.now, feed.startTime)
    }
}
