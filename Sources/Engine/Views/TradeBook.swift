import Market
import Trading

/// Keeps what the screen shows of orders, fills and strategies, from the kernel's records.
struct TradeBook {
    /// Closed orders kept for the screen.
    static let closedCapacity = 200

    private let instruments: [Instrument]
    private var orders: [OrderID: OrderView] = [:]
    /// The numbers of `orders`, ascending.
    private var numbers: [OrderID] = []
    private var verdicts: [OrderID: Verdict] = [:]
    private var openFills: [Holder: [FillRecord]] = [:]
    private(set) var results: [StrategyID: StrategyResults] = [:]
    private var names: [StrategyID: String] = [:]
    private var closedCount = 0

    private struct Holder: Hashable {
        var owner: StrategyID
        var instrument: InstrumentID
    }

    /// An empty book of these instruments.
    init(instruments: [Instrument]) { self.instruments = instruments }

    // MARK: Names

    /// Remembers a strategy's name; positions may outlive the strategy.
    mutating func name(_ id: StrategyID, _ name: String) { names[id] = name }

    /// The name of an owner.
    func ownerName(_ id: StrategyID) -> String {
        id.isManual ? "manual" : names[id] ?? "strategy \(id.rawValue)"
    }

    // MARK: Taking in

    /// Takes in what the kernel recorded.
    mutating func take(_ record: Record) {
        switch record {
        case .order(let order): take(order)
        case .verdict(let verdict): verdicts[verdict.order] = verdict
        case .fill(let fill): take(fill)
        // What no order can close is no position: its fills are over.
        case .position(let position) where position.isDust(instruments[position.instrument.index]):
            openFills[Holder(owner: position.owner, instrument: position.instrument)] = nil
        case .trip(let trip): results[trip.owner, default: StrategyResults()].count(trip)
        case .signal(let signal): results[signal.strategy, default: StrategyResults()].lastSignal = signal
        case .strategy(let registration, let reason):
            name(registration.id, registration.name)
            results[registration.id, default: StrategyResults()].statusReason = reason
        case .strategyRemoved, .tradingState, .position, .refusal: break
        }
    }

    /// Notes the numbers that venues know orders by, where they are not known yet.
    mutating func identify(_ order: OrderID? = nil, _ number: (OrderID) -> ClientOrderID?) {
        for id in order.map({ [$0] }) ?? numbers where orders[id]?.clientID == nil { orders[id]?.clientID = number(id) }
    }

    /// Takes in an order of an earlier session.
    mutating func restore(_ order: Order) { take(order) }

    /// Takes in a fill of an earlier session that belongs to a position still open.
    mutating func restore(_ fill: FillRecord) {
        openFills[Holder(owner: fill.owner, instrument: fill.instrument), default: []].append(fill)
    }

    /// Takes in a round trip of an earlier session.
    mutating func restore(_ trip: RoundTrip) { results[trip.owner, default: StrategyResults()].count(trip) }

    /// Sets what was known of a strategy in an earlier session.
    mutating func restore(_ id: StrategyID, lastSignal: SignalRecord?, statusReason: String) {
        results[id, default: StrategyResults()].lastSignal = lastSignal
        results[id, default: StrategyResults()].statusReason = statusReason
    }

    private mutating func take(_ order: Order) {
        let verdict = verdicts.removeValue(forKey: order.id)
        if var view = orders[order.id] {
            let step = describe(order, after: view.order)
            let wasClosed = view.order.state.isClosed
            view.order = order
            if let step { view.history.append(step) }
            orders[order.id] = view
            if order.state.isClosed && !wasClosed { closed() }
            return
        }
        var history = [OrderStep(time: order.createdAt, text: "placed by \(ownerName(order.owner))")]
        if let verdict { history.append(OrderStep(time: verdict.time, text: "risk gate: \(verdict.text)")) }
        if order.state != .initialized, order.state != .submitting, order.state != .denied {
            history.append(OrderStep(time: order.updatedAt, text: describe(order)))
        }
        orders[order.id] = OrderView(
            order: order, ownerName: ownerName(order.owner), verdict: verdict, history: history)
        let place = numbers.lastIndex { $0 < order.id }.map { $0 + 1 } ?? 0
        numbers.insert(order.id, at: place)
        if order.state.isClosed { closed() }
    }

    /// Forgets the oldest closed order when there are too many.
    private mutating func closed() {
        closedCount += 1
        guard closedCount > TradeBook.closedCapacity,
            let place = numbers.firstIndex(where: { orders[$0]?.order.state.isClosed ?? true })
        else { return }
        orders[numbers[place]] = nil
        numbers.remove(at: place)
        closedCount -= 1
    }

    private mutating func take(_ fill: FillRecord) {
        openFills[Holder(owner: fill.owner, instrument: fill.instrument), default: []].append(fill)
    }

    private func describe(_ order: Order, after before: Order) -> OrderStep? {
        if order.isCancelPending && !before.isCancelPending {
            return OrderStep(time: order.updatedAt, text: "cancel asked: \(order.reason.text)")
        }
        let isUnchanged =
            order.state == before.state && order.filled == before.filled
            && order.request == before.request
        return isUnchanged ? nil : OrderStep(time: order.updatedAt, text: describe(order))
    }

    private func describe(_ order: Order) -> String {
        let instrument = instruments[order.request.instrument.index]
        var text = order.state.name
        if !order.filled.isZero {
            let average = instrument.averagePrice(order.filledNotional, order.filled, rounding: .halfEven)
            text += ", \(instrument.text(order.filled)) at \(instrument.text(average))"
        }
        if order.state.isClosed && order.reason != .none { text += ": \(order.reason.text)" }
        return text
    }

    // MARK: Giving out

    /// The orders, newest first.
    var orderViews: [OrderView] { numbers.reversed().compactMap { orders[$0] } }

    /// The order numbered `id`, or `nil`.
    func order(_ id: OrderID) -> OrderView? { orders[id] }

    /// The fills of an open position, oldest first.
    func fills(_ position: Position) -> [FillRecord] {
        openFills[Holder(owner: position.owner, instrument: position.instrument)] ?? []
    }
}

/// What a strategy has brought so far.
struct StrategyResults {
    var tripCount = 0
    var winCount = 0
    private var grossProfit = 0.0
    private var grossLoss = 0.0
    var lastSignal: SignalRecord?
    var statusReason = ""

    /// Counts a round trip that ended.
    mutating func count(_ trip: RoundTrip) {
        tripCount += 1
        let profit = trip.profit.approximation
        if profit > 0 {
            winCount += 1
            grossProfit += profit
        } else {
            grossLoss -= profit
        }
    }

    /// Gross profit ÷ gross loss, or `nil` without a loss.
    var profitFactor: Double? { grossLoss > 0 ? grossProfit / grossLoss : nil }
}
