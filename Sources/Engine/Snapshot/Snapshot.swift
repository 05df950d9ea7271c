public import Market
public import Trading
public import Venues

/// Everything the screen shows, at one instant: an immutable value that the engine publishes and nobody shares a lock for.
///
/// Arrays are copy-on-write, so publishing costs a few retains; the screen may keep a snapshot as long as it likes.
public struct Snapshot: Sendable {
    /// Counts up with every snapshot that differs from the one before.
    public var generation: UInt64
    /// The market's time: the newest event seen (the recorded time in a replay).
    public var time: Timestamp
    /// What money is at stake.
    public var mode: TradingMode
    /// Where the market data come from.
    public var source: FeedSource
    /// How the connection to the venue is made to misbehave, `silent`, `on a bad day`; `nil` when it is not.
    public var rehearsal: String?
    /// Why nothing opens at a venue over a network; `nil` when the account is compared with it, and on paper.
    public var venueProblem: String?
    /// How near the limits of a venue over a network are; `nil` on paper.
    public var venueLimits: VenueLimits?
    /// How near the limits of the server are that a followed market's books and minutes are asked of; `nil` for a market
    /// that asks for nothing.
    public var dataLimits: VenueLimits?
    /// Every instrument, in the order of the watch list.
    public var markets: [MarketView]
    /// The account.
    public var account: AccountView
    /// Positions that are open, oldest first.
    public var positions: [PositionView]
    /// Orders, newest first: all that work, and the recently closed.
    public var orders: [OrderView]
    /// Open orders of other clients of the account; none on paper.
    public var externalOrders: [ExternalOrderView]
    /// Registered strategies, by number.
    public var strategies: [StrategyView]
    /// Names of strategies that were removed in this session, oldest first: the store may list them for a while.
    public var removedStrategies: [String]
    /// Alerts, newest first.
    public var alerts: [AlertView]
    /// Backtests, newest first.
    public var backtests: [BacktestView]
    /// Searches over parameters, newest first.
    public var searches: [SearchView]
    /// What the kernel lets through.
    public var tradingState: TradingState
    /// Instruments whose positions do not agree with their venue: nothing opens in them.
    public var blocks: [InstrumentBlock]
    /// The last emergency stop's receipt, when there was one in this session.
    public var receipt: EmergencyReceipt?
    /// How the engine itself is doing.
    public var health: HealthView
    /// The newest lines of the log, oldest first.
    public var log: [LogLine]
    /// Short messages for toasts, oldest first; `number` tells new ones from seen ones.
    public var notices: [Notice]

    /// An empty snapshot of an account with nothing.
    public init(mode: TradingMode, source: FeedSource, currency: Currency) {
        generation = 0
        time = .epoch
        self.mode = mode
        self.source = source
        markets = []
        account = AccountView(currency: currency)
        positions = []
        orders = []
        externalOrders = []
        strategies = []
        removedStrategies = []
        alerts = []
        backtests = []
        searches = []
        tradingState = .active
        blocks = []
        receipt = nil
        health = HealthView()
        log = []
        notices = []
    }

    /// The market of an instrument, or `nil`. O(1).
    public func market(_ id: InstrumentID) -> MarketView? {
        markets.indices.contains(id.index) ? markets[id.index] : nil
    }

    /// Why nothing opens in an instrument; `nil` where it may.
    public func block(_ id: InstrumentID) -> InstrumentBlock? { blocks.first { $0.instrument == id } }

    /// The strategy numbered `id`, or `nil`. O(strategies).
    public func strategy(_ id: StrategyID) -> StrategyView? { strategies.first { $0.registration.id == id } }
}

/// What money is at stake.
public enum TradingMode: String, Sendable, Hashable, Codable {
    /// None: orders fill in the simulated venue.
    case paper
    /// A venue's play money.
    case testnet
    /// Real money.
    case live
}

/// Where market data come from.
public enum FeedSource: Sendable, Hashable {
    /// The synthetic market of a seed.
    case synthetic(seed: UInt64)
    /// Stored candles played back.
    case replay(ReplayView)
    /// A venue's market as it happens; `problem` says what keeps its data from coming, `nil` while they do.
    case live(venue: String, problem: String?)
}

extension FeedSource {
    /// The source in words.
    var text: String {
        switch self {
        case .synthetic(let seed): return "synthetic market, seed \(seed)"
        case .replay(let view): return "replay of \(view.series)"
        case .live(let venue, _): return venue
        }
    }
}

/// How a replay stands.
public struct ReplayView: Sendable, Hashable {
    /// What is played, `BINANCE:BTCUSDT`.
    public var series: String
    /// Recorded seconds per second; `nil` is as fast as possible.
    public var speed: Double?
    /// Whether it waits for a step or a resume.
    public var isPaused: Bool
    /// Where it began.
    public var from: Timestamp
    /// Where it ends.
    public var to: Timestamp
    /// Whether the recording is over.
    public var isFinished: Bool

    /// A replay of its parts.
    public init(
        series: String, speed: Double?, isPaused: Bool, from: Timestamp, to: Timestamp, isFinished: Bool = false
    ) {
        self.series = series
        self.speed = speed
        self.isPaused = isPaused
        self.from = from
        self.to = to
        self.isFinished = isFinished
    }
}
