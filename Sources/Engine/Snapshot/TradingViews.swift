public import Market
public import Trading

/// The account as the screen shows it.
public struct AccountView: Sendable {
    /// The currency everything is settled in.
    public var currency: Currency
    /// Cash plus positions at their marks.
    public var equity: Money
    /// Cash.
    public var cash: Money
    /// What of the cash no working order has been promised: what may be spent.
    public var freeCash: Money
    /// The day's profit and loss (UTC day), fees included.
    public var dayProfit: Money
    /// The equity the day began with.
    public var dayStartEquity: Money
    /// How far below its peak the equity stands.
    public var drawdown: Ratio
    /// The notional of all positions.
    public var exposure: Money
    /// All fees paid.
    public var fees: Money
    /// What the venue charges orders that rest, as a share of the notional; `nil` when unknown.
    public var makerFee: Ratio?
    /// What the venue charges orders that take, as a share of the notional; `nil` when unknown.
    public var takerFee: Ratio?
    /// The account's limits.
    public var limits: RiskLimits
    /// The equity by the minute, oldest first, at most two days.
    public var equityHistory: [EquityPoint]

    /// An account with nothing.
    public init(currency: Currency) {
        self.currency = currency
        equity = .zero(currency)
        cash = .zero(currency)
        freeCash = .zero(currency)
        dayProfit = .zero(currency)
        dayStartEquity = .zero(currency)
        drawdown = .zero
        exposure = .zero(currency)
        fees = .zero(currency)
        makerFee = nil
        takerFee = nil
        limits = .none
        equityHistory = []
    }
}

/// The equity at an instant.
public struct EquityPoint: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// How much.
    public var equity: Money

    /// A point of its parts.
    public init(time: Timestamp, equity: Money) {
        self.time = time
        self.equity = equity
    }
}

/// A position as the screen shows it; every number is the engine's own.
public struct PositionView: Sendable, Hashable {
    /// The position.
    public var position: Position
    /// The owner's name, `manual` for the person at the keyboard.
    public var ownerName: String
    /// The average entry price.
    public var entry: Price
    /// The price it is marked at.
    public var mark: Price
    /// Profit and loss of the open quantity at the mark, before fees.
    public var unrealized: Money
    /// The working protective stop's trigger, if any.
    public var stop: Price?
    /// The working target's trigger or limit, if any.
    public var target: Price?
    /// Its fills, oldest first, since it was opened.
    public var fills: [FillRecord]

    /// A position of its parts.
    public init(
        position: Position, ownerName: String, entry: Price, mark: Price, unrealized: Money, stop: Price? = nil,
        target: Price? = nil, fills: [FillRecord] = []
    ) {
        self.position = position
        self.ownerName = ownerName
        self.entry = entry
        self.mark = mark
        self.unrealized = unrealized
        self.stop = stop
        self.target = target
        self.fills = fills
    }
}

/// An order as the screen shows it.
public struct OrderView: Sendable, Hashable {
    /// The order.
    public var order: Order
    /// The owner's name, `manual` for the person at the keyboard.
    public var ownerName: String
    /// The number that its venue knows it by; `nil` until it is sent.
    public var clientID: ClientOrderID?
    /// What the risk gate said, once it did.
    public var verdict: Verdict?
    /// What happened to it, oldest first: time and words.
    public var history: [OrderStep]

    /// An order of its parts.
    public init(
        order: Order, ownerName: String, clientID: ClientOrderID? = nil, verdict: Verdict?, history: [OrderStep]
    ) {
        self.order = order
        self.ownerName = ownerName
        self.clientID = clientID
        self.verdict = verdict
        self.history = history
    }
}

/// One step in an order's life, in words.
public struct OrderStep: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// What.
    public var text: String

    /// A step of its parts.
    public init(time: Timestamp, text: String) {
        self.time = time
        self.text = text
    }
}

/// A strategy as the screen shows it.
public struct StrategyView: Sendable, Hashable {
    /// How it is registered.
    public var registration: StrategyRegistration
    /// Why it is halted or was changed last, in words; empty when there is nothing to say.
    public var statusReason: String
    /// What it holds.
    public var position: Position
    /// The day's profit and loss, fees included.
    public var dayProfit: Money
    /// Profit and loss since registration, fees included, open position marked.
    public var totalProfit: Money
    /// Round trips closed.
    public var tripCount: Int
    /// Those with a profit after fees.
    public var winCount: Int
    /// Gross profit ÷ gross loss of closed trips, or `nil` without a loss.
    public var profitFactor: Double?
    /// The last signal, if any.
    public var lastSignal: SignalRecord?
    /// Candles it must still see before it can signal.
    public var warmUpRemaining: Int
    /// Its orders that work now.
    public var openOrderCount: Int
    /// What the file of its rules says that it does not run; `nil` where it runs them, and for classes.
    public var rules: RulesNotice?

    /// A strategy that has done nothing.
    public init(registration: StrategyRegistration, position: Position, currency: Currency) {
        self.registration = registration
        statusReason = ""
        self.position = position
        dayProfit = .zero(currency)
        totalProfit = .zero(currency)
        tripCount = 0
        winCount = 0
        profitFactor = nil
        lastSignal = nil
        warmUpRemaining = 0
        openOrderCount = 0
        rules = nil
    }
}
