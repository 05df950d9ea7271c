public import Market
public import Trading

/// What a screen or a command needs of an engine: the newest snapshot, a wake-up, and a way to ask for things.
///
/// Both directions are non-blocking. The engine never waits for whoever watches; what is asked is answered by the next
/// snapshots (a notice, an alert, the changed state itself) and, for those who want it, by the reply.
public protocol EnginePort: AnyObject, Sendable {
    /// The newest snapshot. Any thread.
    var snapshot: Snapshot { get }

    /// A descriptor that becomes readable when a newer snapshot is out; `drainWake` makes it quiet again.
    var wakeDescriptor: Int32 { get }

    /// Makes the wake descriptor quiet until the next snapshot.
    func drainWake()

    /// Asks for something; `reply` is called once, on the engine's thread, and must return quickly.
    func send(_ request: EngineRequest, reply: (@Sendable (EngineReply) -> Void)?)

    /// The strategy classes that can be registered, with their parameters.
    var strategyClasses: [StrategyDescriptor] { get }

    /// The series that the store holds, for replays and backtests. May read the disk; not for every frame.
    func storedSeries() -> [StoredSeries]

    /// How the screen stands to the engine: whether it is heard, and what the screen may do.
    var link: ScreenLink { get }

    /// What the last screen looked like, in bytes that only screens understand; `nil` when there was none.
    var keptView: [UInt8]? { get }

    /// Says what the next screen is to look like.
    func keepView(_ bytes: [UInt8])
}

extension EnginePort {
    /// In control of an engine that is heard.
    public var link: ScreenLink { ScreenLink() }

    /// Nothing.
    public var keptView: [UInt8]? { nil }

    /// Kept nowhere.
    public func keepView(_ bytes: [UInt8]) {}

    /// Asks for something whose reply nobody waits for.
    public func send(_ request: EngineRequest) { send(request, reply: nil) }
}

/// A series in the store.
public struct StoredSeries: Sendable, Hashable {
    /// `BINANCE:BTCUSDT`.
    public var name: String
    /// The shortest timeframe stored.
    public var timeframe: Timeframe
    /// The first open time.
    public var from: Timestamp
    /// The last close time.
    public var to: Timestamp
    /// How many candles.
    public var count: Int

    /// A series of its parts.
    public init(name: String, timeframe: Timeframe, from: Timestamp, to: Timestamp, count: Int) {
        self.name = name
        self.timeframe = timeframe
        self.from = from
        self.to = to
        self.count = count
    }
}

/// What can be asked of an engine.
public enum EngineRequest: Sendable {
    /// Enables a strategy.
    case enableStrategy(StrategyID)
    /// Enables a strategy without the evidence that real money asks for; the reason goes into journal and audit.
    case enableWaived(StrategyID, reason: String)
    /// Disables a strategy.
    case disableStrategy(StrategyID)
    /// Registers a strategy; the engine gives it its number (`id` of the registration is ignored).
    case addStrategy(StrategyRegistration)
    /// Changes a strategy's parameters, sizing, protection, limits, instrument or timeframe.
    case changeStrategy(StrategyRegistration)
    /// Removes a strategy that holds nothing.
    case removeStrategy(StrategyID)
    /// Places an order by hand.
    case placeOrder(OrderRequest)
    /// Cancels an order.
    case cancelOrder(OrderID)
    /// Claims an open order of another client of the account by its venue's number, and cancels it where that is wanted.
    case claimOrder(String, cancels: Bool)
    /// Cancels all orders of an instrument, or all there are.
    case cancelAll(InstrumentID?)
    /// Closes a position at market.
    case closePosition(StrategyID, InstrumentID)
    /// First stage of the emergency stop: blocks every opening order.
    case halt(origin: String)
    /// Second stage: cancels the open orders, protective ones too unless they are to be kept.
    case emergencyStop(keepsProtection: Bool, origin: String)
    /// Third stage: cancels, and closes every position.
    case emergencyFlatten(origin: String)
    /// Ends the emergency stop.
    case rearm
    /// Takes peak and day start of the breakers anew.
    case resetBreakers
    /// Takes the venue's word for what is held of an instrument that is blocked.
    case acceptPosition(InstrumentID)
    /// Takes the venue's word for the cash.
    case acceptCash
    /// Acknowledges alerts.
    case acknowledge([Int64])
    /// Hides an alert until then.
    case shelve(Int64, seconds: Int64)
    /// Raises an alert when an instrument's price crosses a level.
    case addPriceAlert(InstrumentID, Price)
    /// Starts a backtest in the background.
    case runBacktest(BacktestRequest)
    /// Cancels a running backtest.
    case cancelBacktest(Int64)
    /// Starts a search over parameters in the background, or goes on with one.
    case runSearch(SearchRequest)
    /// Cancels a search that waits or runs; its trials are kept.
    case cancelSearch(Int64)
    /// Pauses or resumes a replay.
    case pauseReplay(Bool)
    /// Plays one candle of a paused replay.
    case stepReplay
    /// Sets a replay's speed; `nil` is as fast as possible.
    case setReplaySpeed(Double?)
}

/// The answer to a request.
public enum EngineReply: Sendable {
    /// Done, with a sentence for people.
    case done(String)
    /// Not done, with the reason.
    case refused(String)
    /// An order was judged and, where it filled or was refused at once, finished: the order as it is now.
    case order(Order, Verdict)
}
