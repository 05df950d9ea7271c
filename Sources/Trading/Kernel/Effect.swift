public import Market

/// Everything the kernel asks of the world.
public enum Effect: Sendable {
    /// Send an order to its venue.
    case submit(Order)
    /// Cancel an order at its venue.
    case cancel(OrderID)
    /// Change a working order's terms at its venue.
    case amend(OrderID, OrderAmendment)
    /// Ask an order's venue what became of it: its fills, then `OrderReport.Kind.status` or `notFound`.
    case query(OrderID)
    /// Write something down.
    case record(Record)
    /// Tell a person.
    case alert(Alert)
}

/// What is written down of a step.
public enum Record: Sendable {
    /// A strategy's signal and what became of it.
    case signal(SignalRecord)
    /// The risk gate's answer to an order.
    case verdict(Verdict)
    /// An order as it is now.
    case order(Order)
    /// An execution.
    case fill(FillRecord)
    /// A position as it is now.
    case position(Position)
    /// A round trip that ended.
    case trip(RoundTrip)
    /// A strategy as registered now, with the reason where a breaker or a person changed it.
    case strategy(StrategyRegistration, reason: String)
    /// A strategy was removed.
    case strategyRemoved(StrategyID)
    /// The trading state changed.
    case tradingState(TradingState, at: Timestamp)
    /// A command was not carried out, with the reason in words.
    case refusal(String)
}

/// A signal with where and when it arose.
public struct SignalRecord: Sendable, Hashable {
    /// Which strategy.
    public var strategy: StrategyID
    /// Of what.
    public var instrument: InstrumentID
    /// The close of the candle that it arose on.
    public var time: Timestamp
    /// The close price of that candle.
    public var price: Price
    /// What the strategy said.
    public var signal: Signal
    /// What became of it, in words: `order 12`, `already long`, `denied: …`.
    public var outcome: String

    /// A record of its parts.
    public init(
        strategy: StrategyID, instrument: InstrumentID, time: Timestamp, price: Price, signal: Signal, outcome: String
    ) {
        self.strategy = strategy
        self.instrument = instrument
        self.time = time
        self.price = price
        self.signal = signal
        self.outcome = outcome
    }
}

/// An execution with its order and time.
public struct FillRecord: Sendable, Hashable {
    /// Which order.
    public var order: OrderID
    /// Whose.
    public var owner: StrategyID
    /// Of what.
    public var instrument: InstrumentID
    /// Bought or sold.
    public var side: Side
    /// When, by the venue's clock.
    public var time: Timestamp
    /// The execution.
    public var fill: Fill
    /// Why the order existed.
    public var purpose: OrderPurpose

    /// A record of its parts.
    public init(
        order: OrderID, owner: StrategyID, instrument: InstrumentID, side: Side, time: Timestamp, fill: Fill,
        purpose: OrderPurpose
    ) {
        self.order = order
        self.owner = owner
        self.instrument = instrument
        self.side = side
        self.time = time
        self.fill = fill
        self.purpose = purpose
    }
}

/// What the kernel lets through.
public enum TradingState: Sendable, Hashable {
    /// Everything that passes the gate.
    case active
    /// Reductions only, by a breaker, with its reason.
    case reducing(BreakerReason)
    /// Reductions only, by the emergency stop; survives a restart.
    case halted
}

/// Which breaker allows reductions only.
public enum BreakerReason: UInt8, Sendable, Hashable, Codable {
    /// The account's drawdown.
    case drawdown = 0
    /// The day's loss.
    case dailyLoss = 1

    /// The reason in words.
    public var text: String { self == .drawdown ? "maximum drawdown reached" : "maximum daily loss reached" }
}

/// How much an alert matters.
public enum AlertPriority: UInt8, Sendable, Hashable, Comparable, Codable, CaseIterable {
    /// Good to know.
    case info = 0
    /// Look at it soon.
    case warning = 1
    /// Act now.
    case critical = 2

    /// Whether the first matters less.
    public static func < (a: AlertPriority, b: AlertPriority) -> Bool { a.rawValue < b.rawValue }

    /// `info`, `warning` or `critical`.
    public var name: String {
        switch self {
        case .info: return "info"
        case .warning: return "warning"
        case .critical: return "critical"
        }
    }
}

/// Something a person should know.
public struct Alert: Sendable, Hashable {
    /// When it arose.
    public var time: Timestamp
    /// How much it matters.
    public var priority: AlertPriority
    /// What kind it is, a stable key: equal kinds about the same thing collapse with a counter.
    public var kind: String
    /// What happened, in words.
    public var text: String
    /// The instrument it is about.
    public var instrument: InstrumentID?
    /// The strategy it is about.
    public var strategy: StrategyID?
    /// The order it is about.
    public var order: OrderID?

    /// The kind of an alert that a breaker halted a strategy.
    public static let strategyHalted = "strategy-halted"
    /// The kind of an alert that a strategy failed and was halted for it.
    public static let strategyFault = "strategy-fault"
    /// The kinds of alerts that an order was refused: by the risk gate, by its venue.
    static let (denied, rejected) = ("denied", "rejected")

    /// Whether it says that an order was refused.
    public var isRefusal: Bool { kind == Alert.denied || kind == Alert.rejected }

    /// An alert of its parts.
    public init(
        time: Timestamp, priority: AlertPriority, kind: String, text: String, instrument: InstrumentID? = nil,
        strategy: StrategyID? = nil, order: OrderID? = nil
    ) {
        self.time = time
        self.priority = priority
        self.kind = kind
        self.text = text
        self.instrument = instrument
        self.strategy = strategy
        self.order = order
    }
}
