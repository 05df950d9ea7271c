public import Market

/// How a kernel is run. Of what is in here the fee estimate, the kind of account and how its capital is shared change
/// decisions.
public struct KernelOptions: Sendable {
    /// The taker fee that sizing and balance checks reckon with.
    public var feeEstimate: Ratio
    /// How much is recorded.
    public var recording: Recording
    /// How many closed orders are remembered for late reports.
    public var closedOrdersKept: Int

    /// When an order that nobody answered for is asked about, and when it is given up.
    public var inquiry: InquiryOptions

    /// Whether an order to sell locks what it sells, as on the spot account of a venue: a position can then be closed only
    /// once its protective orders are gone, and a stop and a target are placed and withdrawn together.
    public var locksHoldings: Bool

    /// Whether each strategy sizes its entries by its capital share and what it has made of it, as if it were alone on an
    /// account of that size; otherwise all size by the whole account, and whoever comes first takes what is free.
    public var splitsCapital: Bool

    /// How many times the equity positions may be worth together, on an account with margin; `nil` is a cash account, on
    /// which they may be worth the equity once and entries that sell are sized at the mark.
    public var leverage: Int?

    /// Where the kernel says which strategy runs, for a thread that watches over it; `nil` says it nowhere.
    public var probe: StrategyProbe?

    /// How much of a step is recorded.
    public enum Recording: Sendable {
        /// Signals, verdicts, orders, fills, positions, trips.
        case everything
        /// Trips, changes of state and refusals, of which the first alone is put into words: for backtests over years.
        case results
    }

    /// Options of their parts.
    public init(
        feeEstimate: Ratio = .zero, recording: Recording = .everything, closedOrdersKept: Int = 2_000,
        inquiry: InquiryOptions = InquiryOptions(), locksHoldings: Bool = false,
        splitsCapital: Bool = false, leverage: Int? = nil, probe: StrategyProbe? = nil
    ) {
        self.feeEstimate = feeEstimate
        self.recording = recording
        self.closedOrdersKept = closedOrdersKept
        self.inquiry = inquiry
        self.locksHoldings = locksHoldings
        self.splitsCapital = splitsCapital
        self.leverage = leverage
        self.probe = probe
    }
}

/// All that a kernel knows, for building one that goes on where another stopped.
public struct KernelState: Sendable {
    /// The account.
    public var account: Account
    /// Positions, open or with a history.
    public var positions: [Position]
    /// Orders that are not closed, oldest first.
    public var openOrders: [Order]
    /// Registered strategies with the equity peaks of their drawdown breakers.
    public var strategies: [(registration: StrategyRegistration, peak: Money?)]
    /// Orders that are being asked about, by number.
    public var inquiries: [Inquiry]
    /// Instruments in which nothing opens, by number.
    public var blocks: [InstrumentBlock]
    /// Entries that carry their protection, in the order they were placed.
    var brackets: [Bracket]
    /// What the kernel lets through.
    public var tradingState: TradingState
    /// The number of the next order.
    public var nextOrder: OrderID
    /// The newest instant seen.
    public var now: Timestamp

    /// The state of an account that has done nothing.
    public init(cash: Money) {
        account = Account(cash: cash)
        positions = []
        openOrders = []
        strategies = []
        inquiries = []
        blocks = []
        brackets = []
        tradingState = .active
        nextOrder = OrderID(rawValue: 1)
        now = .epoch
    }
}
