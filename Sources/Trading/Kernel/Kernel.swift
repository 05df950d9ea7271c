public import Market

/// The trading core: a pure function of the events it is given.
///
/// `step` takes one event and appends what follows from it: orders to send, things to write down, alerts. There is no
/// clock, no randomness, no I/O and no suspension in here; time is what the events say. The same events give the same
/// effects, bit for bit, which is why backtest, paper and live share it and a recorded session can be replayed.
///
/// A kernel belongs to one thread.
public final class Kernel {
    let catalog: StrategyCatalog
    let options: KernelOptions
    // A kernel belongs to one thread and calls nobody who could call it back while it changes, so that overlapping
    // access can't happen; the check would cost more than a whole quiet candle.
    @exclusivity(unchecked) var instruments: [InstrumentSlot]
    @exclusivity(unchecked) var slots: [StrategySlot] = []
    @exclusivity(unchecked) var ledger: OrderLedger
    /// Where the gate writes what it looked at, order after order.
    @exclusivity(unchecked) var outcomes: [CheckOutcome] = []
    var nextGroup: UInt64 = 1
    /// Orders that are being asked about, by number; none most of the time.
    @exclusivity(unchecked) public internal(set) var inquiries: [Inquiry] = []
    /// Instruments in which nothing opens, by number; none most of the time.
    @exclusivity(unchecked) public internal(set) var blocks: [InstrumentBlock] = []
    /// Entries of a person's that carry their protection, in the order they were placed; none most of the time.
    @exclusivity(unchecked) var brackets: [Bracket] = []
    @exclusivity(unchecked) var isFlattening = false
    /// Exits that are still wanted, in the order in which they came to be owed; none most of the time.
    @exclusivity(unchecked) var owedExits: [OwedExit] = []
    /// How many positions are not flat.
    @exclusivity(unchecked) var openPositionCount = 0
    var hasWordedRefusal = false
    /// Whether any drawdown or loss limit is set, so that the hot path may skip the breakers.
    @exclusivity(unchecked) var hasBreakers = false

    /// The newest instant seen.
    @exclusivity(unchecked) public internal(set) var now: Timestamp
    /// The account.
    @exclusivity(unchecked) public internal(set) var account: Account
    /// Every position, open or with a history, in the order they were first needed.
    @exclusivity(unchecked) public internal(set) var positions: [Position] = []
    /// What is let through.
    @exclusivity(unchecked) public internal(set) var tradingState: TradingState
    /// The account's limits.
    @exclusivity(unchecked) public internal(set) var limits: RiskLimits
    /// Strategies that came back from an image without having seen anything: their class can't write its state down, or
    /// writes another form by now.
    public internal(set) var strategiesWithoutState: [StrategyID] = []

    /// A kernel that begins with cash and nothing else.
    ///
    /// - Precondition: every instrument is priced in the currency of `cash`.
    public convenience init(
        cash: Money, instruments: [Instrument], catalog: StrategyCatalog, limits: RiskLimits = .none,
        options: KernelOptions = KernelOptions()
    ) {
        self.init(
            KernelState(cash: cash), instruments: instruments, catalog: catalog, limits: limits, options: options)
    }

    /// A kernel that goes on from a state.
    ///
    /// Strategies whose class is no longer in the catalogue, or whose parameters it refuses, come back as nothing: their
    /// positions and orders stay, and the caller finds them missing in `registrations`.
    ///
    /// - Precondition: every instrument is priced in the account's currency.
    public init(
        _ state: KernelState, instruments: [Instrument], catalog: StrategyCatalog, limits: RiskLimits = .none,
        options: KernelOptions = KernelOptions()
    ) {
        precondition(
            instruments.allSatisfy { $0.quote == state.account.currency },
            "every instrument is priced in the account's currency")
        self.catalog = catalog
        self.options = options
        self.instruments = instruments.map(InstrumentSlot.init)
        self.limits = limits
        ledger = OrderLedger(nextID: state.nextOrder.rawValue, closedKept: options.closedOrdersKept)
        now = state.now
        account = state.account
        tradingState = state.tradingState
        restore(state)
        updateBreakerFlag()
    }

    /// Takes one event and appends its effects in the order they must happen.
    ///
    /// A candle that leads to nothing costs tens of nanoseconds and allocates nothing.
    public func step(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .candle(let instrument, let timeframe, let candle):
            candleClosed(instrument, timeframe, candle, &effects)
        case .quote(let instrument, let quote):
            quoted(instrument, quote, &effects)
        case .report(let report):
            reported(report, &effects)
        case .command(let command, let time):
            advance(to: time, &effects)
            commanded(command, &effects)
        case .timer(let time):
            advance(to: time, &effects)
            continueFlattening(&effects)
            inquire(&effects)
            retryOwed(&effects)
            retryBrackets(&effects)
        }
    }

    /// Takes a closed candle: `step` with `Event.candle`, without making an event of it.
    public func close(
        _ candle: Candle, of instrument: InstrumentID, _ timeframe: Timeframe, into effects: inout [Effect]
    ) {
        candleClosed(instrument, timeframe, candle, &effects)
    }

    /// Takes what a venue says of an order: `step` with `Event.report`, without making an event of it.
    public func take(_ report: OrderReport, into effects: inout [Effect]) { reported(report, &effects) }

    // MARK: What others may see

    /// The account's equity at the newest marks; the same as `account.equity`, without a copy of the account.
    public var equity: Money { account.equity }

    /// Whether any position is open.
    public var isHolding: Bool { openPositionCount > 0 }

    /// The registered strategies, by number.
    public var registrations: [StrategyRegistration] { slots.map(\.registration) }

    /// The order numbered `id`, or `nil` when it is unknown or long closed.
    public func order(_ id: OrderID) -> Order? { ledger[id] }

    /// Whether a fill is booked on an order, as just this: told once more, it says nothing new.
    public func hasBooked(_ fill: Fill, of order: OrderID) -> Bool { ledger.hasBooked(fill, of: order) }

    /// Orders that are not closed, oldest first.
    public var openOrders: [Order] { ledger.open.compactMap { ledger[$0] } }

    /// How many orders are not closed.
    public var openOrderCount: Int { ledger.open.count }

    /// The number that the next order gets.
    public var nextOrderID: OrderID { ledger.nextID }

    /// The instrument of a number.
    public func instrument(_ id: InstrumentID) -> Instrument { instruments[id.index].instrument }

    /// How much of what is held of an instrument can't be sold, as it was told last.
    public func bound(_ id: InstrumentID) -> Quantity { instruments[id.index].bound }

    /// The price an instrument is marked at, once there is one.
    public func mark(_ id: InstrumentID) -> Price? { instruments[id.index].mark }

    /// What of the cash may be spent: nothing of it is promised to a working order or bound by a short. On margin it is what may
    /// be opened. Below zero where more is promised than there is. O(working orders).
    public var spendableCash: Money { freeCash }

    /// An owner's position in an instrument; flat when there never was one. O(positions).
    public func position(_ owner: StrategyID, _ instrument: InstrumentID) -> Position {
        knownPositionIndex(owner, instrument).map { positions[$0] }
            ?? Position(owner: owner, instrument: instrument, quote: account.currency)
    }

    /// How much an owner holds of an instrument; short below zero. O(positions).
    func quantity(of owner: StrategyID, _ instrument: InstrumentID) -> Quantity {
        knownPositionIndex(owner, instrument).map { positions[$0].quantity } ?? .zero
    }

    /// Candles a strategy must still see before its first signal can be right.
    public func warmUpRemaining(_ id: StrategyID) -> Int {
        guard let slot = slot(id) else { return 0 }
        return max(0, slot.strategy.warmUp - slot.candleCount)
    }

    /// All that the kernel knows, for building one that goes on from here.
    public var state: KernelState {
        var state = KernelState(cash: account.cash)
        state.account = account
        state.positions = positions
        state.openOrders = openOrders
        state.strategies = slots.map { ($0.registration, $0.peak) }
        state.inquiries = inquiries
        state.blocks = blocks
        state.brackets = brackets
        state.tradingState = tradingState
        state.nextOrder = nextOrderID
        state.now = now
        return state
    }

    /// Keeps a strategy out of the steps to come, or lets it take part again: for one step in which it is known to get
    /// stuck. Nothing is recorded and nothing else changes.
    public func suspend(_ id: StrategyID, _ isSuspended: Bool) { slot(id)?.isSuspended = isSuspended }

    // MARK: Shared by the parts

    func slot(_ id: StrategyID) -> StrategySlot? {
        for index in slots.indices where slots[index].id == id { return slots[index] }
        return nil
    }

    /// The place of an owner's position in the table; made when there is none.
    func positionIndex(_ owner: StrategyID, _ instrument: InstrumentID) -> Int {
        if let index = knownPositionIndex(owner, instrument) { return index }
        positions.append(Position(owner: owner, instrument: instrument, quote: account.currency))
        return positions.count - 1
    }

    /// The place of an owner's position in the table, where there is one.
    private func knownPositionIndex(_ owner: StrategyID, _ instrument: InstrumentID) -> Int? {
        for index in positions.indices
        where positions[index].owner == owner && positions[index].instrument == instrument { return index }
        return nil
    }

    func record(_ record: Record, _ effects: inout [Effect]) { effects.append(.record(record)) }

    func alert(
        _ priority: AlertPriority, _ kind: String, _ text: String, instrument: InstrumentID? = nil,
        strategy: StrategyID? = nil, order: OrderID? = nil, _ effects: inout [Effect]
    ) {
        effects.append(
            .alert(
                Alert(
                    time: now, priority: priority, kind: kind, text: text, instrument: instrument, strategy: strategy,
                    order: order)))
    }

    /// What an alert says of a refused order. Where results alone are recorded only the first has words: a run over years
    /// may be refused thousands of times for one reason.
    func refusalText(_ text: () -> String) -> String {
        guard options.recording == .everything || !hasWordedRefusal else { return "" }
        hasWordedRefusal = true
        return text()
    }

    /// What any other alert says that may come as often. It must not use up the words of the first refusal.
    func eventText(_ text: () -> String) -> String { options.recording == .everything ? text() : "" }

    func updateBreakerFlag() {
        hasBreakers =
            limits.maximumDrawdown != nil || limits.maximumDailyLoss != nil
            || slots.contains { $0.registration.limits.maximumDrawdown != nil }
    }
}
