public import Market
public import Trading

/// A venue made of rules: it takes orders, meets them with bars, quotes or prints, and answers as a real one does.
///
/// The rules are written out in `docs/fill-rules.md`. The venue is deterministic: the same calls give the same reports.
/// Reports collect in order and are taken one at a time with `nextReport`, so that whoever drives it can let the kernel
/// answer each before the next thing happens. An instrument without working orders costs one comparison a candle.
public struct SimulatedVenue: Sendable {
    /// Fees and fill rules.
    public let options: SimulatedVenueOptions
    /// What a backtest assumes of the market.
    public let conditions: MarketConditions
    /// What trading has cost so far, by its causes.
    public internal(set) var costs: TradingCosts
    /// The cash at the venue; the proceeds of shorts count.
    public internal(set) var cash: Money
    /// The trade id of the next fill; give it to the venue of the next run to keep trade ids unique.
    public internal(set) var nextTradeID: UInt64

    let instruments: [Instrument]
    /// Working orders by instrument, oldest first.
    var books: [[WorkingOrder]]
    /// Holdings by instrument, in order of first fill.
    var holdings: [[VenueHolding]]
    /// What is known of each instrument's prices.
    var markets: [MarketState]
    /// Recorded books by instrument; none is known where none is told.
    var displays: [VenueBook]
    /// The print that orders meet, while they do.
    var tape: TapeEvent?
    /// How many fills were made from what.
    public internal(set) var fillCounts = FillCounts()
    /// What is under way between two calls of `advance`.
    var walk = MarketWalk()
    var reports: [OrderReport] = []
    /// Where the instrument's rules write what they looked at, order after order.
    var outcomes: [CheckOutcome] = []
    /// What it can still tell of orders and fills that are over.
    var memory: VenueMemory
    var takenReports = 0
    var hasEnded = false
    /// The margin terms with what is computed once; `nil` on a cash account.
    let marginRules: MarginRules?
    /// Whether positions are looked at that no order works for.
    let isMargined: Bool
    /// Whether bars are measured for the impact of orders.
    let isMeasuring: Bool
    /// What positions were opened with, by instrument; empty on a cash account.
    var margins: [[MarginEntry]] = []
    /// What bars must keep within to liquidate nothing, by instrument, as of the last bar that was walked: positions change in
    /// walked bars alone.
    var liquidationRanges: [(low: Int64, high: Int64)] = []
    /// What the venue did to positions of its own accord, not taken yet.
    var settlements: [TimedSettlement] = []
    /// Where each instrument stands in the funding schedule; empty without one.
    var fundings: [FundingCursor] = []
    /// The earliest instant at which any instrument exchanges funding.
    var nextFunding = FundingCursor.never
    var volatility: [VolatilityWindow] = []
    var standing: FeeStanding?
    /// Cancels that have not come in yet, in the order they were sent.
    var delayedCancels: [DelayedCancel] = []
    /// How the price of the taking fill at hand came to be.
    var takenPrice: TakenPrice?

    /// A venue with an account.
    ///
    /// - Parameters:
    ///   - instruments: the instruments, in the order of the kernel's table.
    ///   - cash: the cash, in the quote currency of every instrument.
    ///   - holdings: what owners hold already.
    ///   - openOrders: orders that work already, after a restart.
    ///   - nextTradeID: the trade id of the next fill.
    ///   - remembered: how many closed orders and how many fills it can still tell of when asked; 0 for a run in which
    ///     nobody asks.
    ///   - conditions: what a backtest assumes of the market.
    ///   - start: the instant from which on funding is exchanged.
    /// - Precondition: the options and the conditions have no `problems`.
    public init(
        instruments: [Instrument], cash: Money, options: SimulatedVenueOptions = SimulatedVenueOptions(),
        holdings: [VenueHolding] = [], openOrders: [Order] = [], nextTradeID: UInt64 = 1, remembered: Int = 0,
        conditions: MarketConditions = .none, start: Timestamp = .epoch
    ) {
        precondition(options.problems.isEmpty, "options in range: \(options.problems)")
        precondition(conditions.problems.isEmpty, "conditions in range: \(conditions.problems)")
        self.instruments = instruments
        self.conditions = conditions
        marginRules = conditions.margin.map(MarginRules.init)
        isMargined = conditions.margin != nil
        isMeasuring = conditions.slippage?.impact != nil
        costs = TradingCosts(cash.currency)
        self.cash = cash
        self.options = options
        self.nextTradeID = nextTradeID
        memory = VenueMemory(kept: remembered)
        books = Array(repeating: [], count: instruments.count)
        self.holdings = Array(repeating: [], count: instruments.count)
        markets = Array(repeating: MarketState(), count: instruments.count)
        displays = Array(repeating: VenueBook(), count: instruments.count)
        for holding in holdings { self.holdings[holding.instrument.index].append(holding) }
        for order in openOrders.sorted(by: { $0.id < $1.id }) where !order.state.isClosed {
            books[order.request.instrument.index].append(WorkingOrder(restoring: order))
        }
        prepareConditions(from: start)
    }

    /// What `owner` holds of `instrument`; short below zero. O(owners of the instrument).
    public func holding(_ owner: StrategyID, _ instrument: InstrumentID) -> Quantity {
        for holding in holdings[instrument.index] where holding.owner == owner { return holding.quantity }
        return .zero
    }

    /// Everything held, by instrument.
    public var allHoldings: [VenueHolding] { holdings.flatMap { $0 }.filter { !$0.quantity.isZero } }

    /// The numbers of the working orders, oldest first. O(n log n).
    public var openOrderIDs: [OrderID] { books.joined().map(\.id).sorted() }

    /// Whether no order of the instrument works.
    @inline(__always)
    public func isQuiet(_ instrument: InstrumentID) -> Bool { books[instrument.index].isEmpty }

    /// The oldest report not taken yet.
    public mutating func nextReport() -> OrderReport? {
        if takenReports < reports.count {
            takenReports += 1
            return reports[takenReports - 1]
        }
        if takenReports > 0 {
            reports.removeAll(keepingCapacity: true)
            takenReports = 0
        }
        return nil
    }

    /// What the venue did to a position of its own accord, and when; the oldest not taken yet. To be taken before the
    /// reports: they follow from it.
    mutating func nextSettlement() -> TimedSettlement? { settlements.isEmpty ? nil : settlements.removeFirst() }

    private mutating func prepareConditions(from start: Timestamp) {
        if isMargined {
            margins = Array(repeating: [], count: instruments.count)
            liquidationRanges = Array(repeating: (.min, .max), count: instruments.count)
        }
        if conditions.isFunded {
            fundings = instruments.map { instrument in
                FundingCursor(conditions.payments[instrument.name] ?? conditions.funding ?? .recorded([]), from: start)
            }
            nextFunding = fundings.map(\.due).min() ?? FundingCursor.never
        }
        if let model = conditions.slippage, model.impact != nil {
            volatility = instruments.map { _ in VolatilityWindow(model.window) }
        }
        standing = conditions.fees.map(FeeStanding.init)
    }

    mutating func report(_ order: OrderID, _ kind: OrderReport.Kind, at time: Timestamp) {
        reports.append(OrderReport(order: order, time: time, kind: kind))
    }

    // MARK: - Requests

    /// Takes an order in, or rejects it. When prices are known now (a quote, or the point of a bar that is being
    /// walked) the order meets them at once.
    ///
    /// - Parameter reference: the last price, for the instrument checks; the last that the venue saw when `nil`.
    public mutating func submit(_ order: Order, at time: Timestamp, reference: Price? = nil) {
        if hasEnded { return reject(order, .endOfData, at: time) }
        let index = order.request.instrument.index
        guard instruments.indices.contains(index), isValid(order.request, reference: reference ?? markets[index].last)
        else { return reject(order, .invalidTerms, at: time) }
        if order.request.isReduceOnly && reducible(order.owner, order.request.side, index).isZero {
            return reject(order, .nothingToReduce, at: time)
        }
        var working = WorkingOrder(order)
        working.due = arrival(.entry, order.id, sentAt: time)
        if walk.stage == .point { working.metEvent = walk.event }
        if walk.isInsideBar && options.path == .pessimistic && working.isTarget { working.isAsleep = true }
        report(order.id, .accepted, at: time)
        books[index].append(working)
        markets[index].quietLow = .max
        if !working.isAsleep, hasArrived(working), let point = currentPoint(index) {
            meet(books[index].count - 1, of: index, at: point, time: time)
        }
    }

    private mutating func reject(_ order: Order, _ reason: OrderReason, at time: Timestamp) {
        report(order.id, .rejected(reason), at: time)
        if memory.isKeeping { memory.note(WorkingOrder(order), .rejected, reason, at: time) }
    }

    /// Whether an order's terms fit together and keep to its instrument's rules.
    private mutating func isValid(_ request: OrderRequest, reference: Price?) -> Bool {
        let index = request.instrument.index
        guard InstrumentValidation.terms(request, instruments[index], reference: reference).isPassed else {
            return false
        }
        outcomes.removeAll(keepingCapacity: true)
        InstrumentValidation.check(request, instruments[index], reference: reference, into: &outcomes)
        return outcomes.allSatisfy(\.isPassed)
    }

    /// Cancels an order; refused when it does not work (any more).
    public mutating func cancel(_ order: OrderID, at time: Timestamp) {
        guard let (index, _) = locate(order) else { return report(order, .cancelRejected, at: time) }
        let due = arrival(.cancel, order, sentAt: time)
        guard due > time, due.nanoseconds >= walk.end.nanoseconds || walk.stage == .idle else {
            return cancelNow(order, at: time)
        }
        delayedCancels.append(DelayedCancel(order: order, due: due))
        // The next bar is walked, so that it comes in there.
        markets[index].quietLow = .max
    }

    mutating func cancelNow(_ order: OrderID, at time: Timestamp) {
        guard let (index, position) = locate(order) else { return report(order, .cancelRejected, at: time) }
        close(position, of: index, .canceled(.none), time: time)
    }

    /// Changes an order's terms; refused when it does not work (any more), when the new terms break a rule, or when the
    /// new quantity is not above what has filled. A limit moved to another price meets the market as if it came in anew.
    ///
    /// - Parameter reference: as for `submit`.
    public mutating func amend(
        _ order: OrderID, _ amendment: OrderAmendment, at time: Timestamp, reference: Price? = nil
    ) {
        guard let (index, position) = locate(order) else { return report(order, .amendRejected, at: time) }
        let old = books[index][position]
        var request = old.request
        if let quantity = amendment.quantity {
            request.quantity = quantity
            request.spend = nil
        }
        if let price = amendment.limitPrice { request.limitPrice = price }
        if let price = amendment.triggerPrice { request.triggerPrice = price }
        guard request.spend != nil || request.quantity > old.filled,
            isValid(request, reference: reference ?? markets[index].last)
        else { return report(order, .amendRejected, at: time) }
        books[index][position].request = request
        markets[index].quietLow = .max
        report(order, .amended(amendment), at: time)
        let isMoved =
            request.limitPrice != old.request.limitPrice || request.triggerPrice != old.request.triggerPrice
        guard isMoved else {
            // Who asks for less keeps the place, who asks for more stands behind everybody again.
            if request.quantity > old.request.quantity, old.queue != nil {
                joinQueue(position, of: index, time: time)
            }
            return
        }
        if request.limitPrice != old.request.limitPrice, !old.isWaitingForTrigger {
            books[index][position].isArriving = true
            books[index][position].queue = nil
        }
        if walk.isInsideBar && options.path == .pessimistic && old.isTarget { books[index][position].isAsleep = true }
        if !books[index][position].isAsleep, let point = currentPoint(index) {
            meet(position, of: index, at: point, time: time)
        }
    }

    /// Cancels everything that still works, oldest first, because no more data will come, and refuses what comes after.
    /// Positions stay.
    public mutating func endOfData(at time: Timestamp) {
        hasEnded = true
        delayedCancels = []
        for order in openOrderIDs {
            guard let (index, position) = locate(order) else { continue }
            close(position, of: index, .canceled(.endOfData), time: time)
        }
    }

    /// The instrument and the place in its book where an order works. O(orders).
    func locate(_ order: OrderID) -> (index: Int, position: Int)? {
        for index in books.indices {
            if let position = books[index].firstIndex(where: { $0.id == order }) { return (index, position) }
        }
        return nil
    }
}
