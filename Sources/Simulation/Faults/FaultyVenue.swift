public import Market
public import Trading

/// A simulated venue behind a bad connection: it fills as ever, but requests and reports get lost, late, doubled or out of
/// order, by a plan.
///
/// What it holds is the truth that a kernel must come to agree with, however badly it was told. The wrapped venue should
/// remember closed orders and fills, or it can't answer questions about them.
public struct FaultyVenue: OrderVenue {
    /// The venue itself, which makes no mistakes.
    public internal(set) var venue: SimulatedVenue
    /// How the connection misbehaves from now on.
    public var plan: FaultPlan
    /// How many times each order arrived at the venue: more than once would be an order sent twice.
    public private(set) var arrivals: [(order: OrderID, count: Int)] = []

    /// Whether arrivals are counted; not in a session without an end.
    let countsArrivals: Bool
    /// The newest instant heard of.
    var now = Timestamp.epoch
    var draws: UInt64 = 0
    var externals: UInt64 = 0
    var silentUntil = Timestamp.epoch
    /// Requests on their way, in the order they arrive.
    var requests: [Late<VenueRequest>] = []
    /// Reports on their way, in the order they arrive.
    var reports: [Late<OrderReport>] = []

    /// Something on its way.
    struct Late<Content: Sendable>: Sendable {
        var due: Timestamp
        var content: Content
    }

    /// What is asked of the venue.
    enum VenueRequest: Sendable {
        case submit(Order, reference: Price?)
        case cancel(OrderID)
        case amend(OrderID, OrderAmendment, reference: Price?)
        case query(OrderID)

        var order: OrderID {
            switch self {
            case .submit(let order, _): return order.id
            case .cancel(let id), .amend(let id, _, _), .query(let id): return id
            }
        }

        /// What is heard when nobody answers; nothing for a question, which is asked again anyway.
        var unanswered: OrderReport.Kind? {
            switch self {
            case .submit: return .unanswered
            case .cancel: return .cancelUnanswered
            case .amend: return .amendUnanswered
            case .query: return nil
            }
        }
    }

    /// A venue and how its connection misbehaves.
    ///
    /// - Parameter countsArrivals: whether `arrivals` are kept.
    public init(_ venue: SimulatedVenue, plan: FaultPlan, countsArrivals: Bool = true) {
        self.venue = venue
        self.plan = plan
        self.countsArrivals = countsArrivals
    }

    /// Whether anything is still on its way.
    public var isBusy: Bool { !requests.isEmpty || !reports.isEmpty }

    /// Whether everything goes straight through: no faults, and nothing on its way.
    public var isTransparent: Bool { plan.isSound && !isBusy }

    // MARK: - Requests

    /// Sends an order on its way.
    public mutating func submit(_ order: Order, at time: Timestamp, reference: Price?) {
        send(.submit(order, reference: reference), at: time)
    }

    /// Sends a cancel on its way.
    public mutating func cancel(_ order: OrderID, at time: Timestamp) { send(.cancel(order), at: time) }

    /// Sends an amendment on its way.
    public mutating func amend(
        _ order: OrderID, _ amendment: OrderAmendment, at time: Timestamp, reference: Price?
    ) {
        send(.amend(order, amendment, reference: reference), at: time)
    }

    /// Sends a question on its way.
    public mutating func query(_ order: OrderID, at time: Timestamp) { send(.query(order), at: time) }

    private mutating func send(_ request: VenueRequest, at time: Timestamp) {
        now = max(now, time)
        if isTransparent { return pass(request, at: time) }
        if happens(plan.lostRequests) { return goUnanswered(request) }
        if happens(plan.lateRequests) {
            return insert(request, after: delay(), into: \.requests)
        }
        arrive(request)
    }

    private mutating func pass(_ request: VenueRequest, at time: Timestamp) {
        switch request {
        case .submit(let order, let reference):
            note(order.id)
            venue.submit(order, at: time, reference: reference)
        case .cancel(let order): venue.cancel(order, at: time)
        case .amend(let order, let amendment, let reference):
            venue.amend(order, amendment, at: time, reference: reference)
        case .query(let order): venue.query(order, at: time)
        }
    }

    /// Somebody else places an order on the account, past the kernel. It shows on the venue's lists and in its positions;
    /// nobody is told of it.
    public mutating func placeExternal(_ request: OrderRequest, at time: Timestamp) {
        now = max(now, time)
        collect()
        externals += 1
        let order = Order(
            id: OrderID(rawValue: OrderID.firstExternal.rawValue + externals), owner: StrategyID(rawValue: -1),
            request: request, quote: venue.cash.currency, decisionPrice: .zero, createdAt: time)
        venue.submit(order, at: now)
        collect()
    }

    /// A request arrives at the venue.
    private mutating func arrive(_ request: VenueRequest) {
        collect()
        if happens(plan.refusals), let refusal = refusal(of: request) {
            return tell(OrderReport(order: request.order, time: now, kind: refusal))
        }
        switch request {
        case .submit(let order, let reference):
            note(order.id)
            venue.submit(order, at: now, reference: reference)
        case .cancel(let order): venue.cancel(order, at: now)
        case .amend(let order, let amendment, let reference):
            venue.amend(order, amendment, at: now, reference: reference)
        case .query(let order): return answer(order)
        }
        if happens(plan.lostAnswers) {
            while venue.nextReport() != nil {}
            goUnanswered(request)
        } else {
            collect()
        }
    }

    /// Answers a question. An answer is one message: it is lost, late or told in one piece.
    private mutating func answer(_ order: OrderID) {
        let isAbsent = happens(plan.falseAbsences)
        if isAbsent {
            tell(OrderReport(order: order, time: now, kind: .notFound))
            return
        }
        venue.query(order, at: now)
        let isLost = happens(plan.lostAnswers)
        let wait = happens(plan.lateReports) ? delay() : 0
        while let report = venue.nextReport() {
            if !isLost { insert(report, after: wait, into: \.reports) }
        }
    }

    private func refusal(of request: VenueRequest) -> OrderReport.Kind? {
        switch request {
        case .submit: return .rejected(.venue)
        case .cancel: return .cancelRejected
        case .amend: return .amendRejected
        case .query: return nil
        }
    }

    private mutating func goUnanswered(_ request: VenueRequest) {
        guard let kind = request.unanswered, happens(plan.toldUnanswered) else { return }
        insert(OrderReport(order: request.order, time: now, kind: kind), after: delay(), into: \.reports)
    }

    private mutating func note(_ order: OrderID) {
        guard countsArrivals else { return }
        if let place = arrivals.firstIndex(where: { $0.order == order }) {
            arrivals[place].count += 1
        } else {
            arrivals.append((order, 1))
        }
    }

    // MARK: - The market

    /// Never: what is on its way may arrive in any bar.
    public func isUntouched(_ instrument: InstrumentID, by candle: Candle) -> Bool {
        !isBusy && venue.isUntouched(instrument, by: candle)
    }

    /// Starts a bar.
    public mutating func beginBar(_ instrument: InstrumentID, _ candle: Candle) -> Bool {
        elapse(to: candle.openTime)
        return venue.beginBar(instrument, candle)
    }

    /// Ends a bar.
    public mutating func endBar(_ instrument: InstrumentID, close: Price) { venue.endBar(instrument, close: close) }

    /// Takes a quote.
    public mutating func beginQuote(_ instrument: InstrumentID, _ quote: Quote) -> Bool {
        elapse(to: quote.time)
        return venue.beginQuote(instrument, quote)
    }

    /// Takes a book.
    public mutating func beginBook(_ instrument: InstrumentID, _ depth: BookDepth) -> Bool {
        elapse(to: depth.time)
        return venue.beginBook(instrument, depth)
    }

    /// Takes a print.
    public mutating func beginPrint(_ instrument: InstrumentID, _ print: TradePrint) -> Bool {
        elapse(to: print.time)
        return venue.beginPrint(instrument, print)
    }

    /// Goes on to the next thing that happens to an order.
    public mutating func advance() -> Bool { venue.advance() }

    /// Cancels what works.
    public mutating func endOfData(at time: Timestamp) {
        now = max(now, time)
        venue.endOfData(at: time)
    }

    /// Lets time pass: late requests arrive, late reports come due, and the venue may fall silent.
    public mutating func elapse(to time: Timestamp) {
        if isTransparent { return now = max(now, time) }
        if time.nanoseconds / 1_000_000_000 > now.nanoseconds / 1_000_000_000, now >= silentUntil,
            happens(plan.silences)
        {
            silentUntil = time.adding(seconds: 1 + Int64(draw() % max(1, plan.longestSilenceSeconds)))
        }
        now = max(now, time)
        while let first = requests.first, first.due <= now {
            requests.removeFirst()
            arrive(first.content)
        }
    }

    // MARK: - Reports

    /// The oldest report that has come by now.
    public mutating func nextReport() -> OrderReport? {
        if isTransparent {
            while let report = venue.nextReport() {
                if !report.order.isExternal { return report }
            }
            return nil
        }
        collect()
        guard let first = reports.first, first.due <= now else { return nil }
        reports.removeFirst()
        return first.content
    }

    /// Takes what the venue says and sends it on its way.
    private mutating func collect() {
        while let report = venue.nextReport() { tell(report) }
    }

    private mutating func tell(_ report: OrderReport) {
        if report.order.isExternal || happens(plan.lostReports) { return }
        insert(report, after: happens(plan.lateReports) ? delay() : 0, into: \.reports)
        if happens(plan.duplicates) { insert(report, after: delay(), into: \.reports) }
    }

    private mutating func insert<Content>(
        _ content: Content, after seconds: Int64, into list: WritableKeyPath<FaultyVenue, [Late<Content>]>
    ) {
        let due = max(now.adding(seconds: seconds), silentUntil)
        let place = self[keyPath: list].firstIndex { $0.due > due } ?? self[keyPath: list].count
        self[keyPath: list].insert(Late(due: due, content: content), at: place)
    }

    // MARK: - Draws

    private mutating func delay() -> Int64 { 1 + Int64(draw() % max(1, plan.longestDelaySeconds)) }

    private mutating func happens(_ thousandths: UInt64) -> Bool {
        thousandths > 0 && draw() % 1_000 < thousandths
    }

    /// The next draw: a hash of the seed and the number of the draw.
    private mutating func draw() -> UInt64 {
        draws += 1
        return HashedNoise(seed: plan.seed).bits(0, Int64(bitPattern: draws))
    }
}
