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
    /// What is under way between two calls of `advance`.
    var walk = MarketWalk()
    var reports: [OrderReport] = []
    /// Where the instrument's rules write what they looked at, order after order.
    var outcomes: [CheckOutcome] = []
    /// What it can still tell of orders and fills that are over.
    var memory: VenueMemory
    var takenReports = 0
    var hasEnded = false

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
    /// - Precondition: the options have no `problems`.
    public init(
        instruments: [Instrument], cash: Money, options: SimulatedVenueOptions = SimulatedVenueOptions(),
        holdings: [VenueHolding] = [], openOrders: [Order] = [], nextTradeID: UInt64 = 1, remembered: Int = 0
    ) {
        precondition(options.problems.isEmpty, "options in range: \(options.problems)")
        self.instruments = instruments
        self.cash = cash
        self.options = options
        self.nextTradeID = nextTradeID
        memory = VenueMemory(kept: remembered)
        books = Array(repeating: [], count: instruments.count)
        self.holdings = Array(repeating: [], count: instruments.count)
        markets = Array(repeating: MarketState(), count: instruments.count)
        for holding in holdings { self.holdings[holding.instrument.index].append(holding) }
        for order in openOrders.sorted(by: { $0.id < $1.id }) where !order.state.isClosed {
            books[order.request.instrument.index].append(WorkingOrder(restoring: order))
        }
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
        if walk.stage == .point { working.metEvent = walk.event }
        if walk.isInsideBar && options.path == .pessimistic && working.isTarget { working.isAsleep = true }
        report(order.id, .accepted, at: time)
        books[index].append(working)
        markets[index].quietLow = .max
        if !working.isAsleep, let point = currentPoint(index) {
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
        guard isMoved else { return }
        if request.limitPrice != old.request.limitPrice, !old.isWaitingForTrigger {
            books[index][position].isArriving = true
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
