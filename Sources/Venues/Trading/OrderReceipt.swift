public import Market
public import Trading

/// What a venue says when it has taken an order.
public struct OrderReceipt: Sendable, Hashable {
    /// The order as it is: it may have ended already.
    public var order: StandingOrder
    /// What it filled with at once; `nil` when the venue did not tell, or told less than what it says has filled.
    public var executions: [VenueExecution]?

    /// A receipt of its parts.
    public init(order: StandingOrder, executions: [VenueExecution]?) {
        self.order = order
        self.executions = executions
    }

    /// The kernel's reports: that it was taken, its fills, and its end where it has ended.
    ///
    /// - Parameter value: what a fee in a third currency is worth; see `VenueExecution.fill`.
    /// - Returns: where fills are missing or can't be valued, the status with what has filled follows, and the kernel asks.
    public func reports(as id: OrderID, valuing value: (VenueExecution) -> Money? = { _ in nil }) -> [OrderReport] {
        let status = order.status
        if status.state == .rejected {
            return [OrderReport(order: id, time: order.time, kind: .rejected(status.reason))]
        }
        var reports = [OrderReport(order: id, time: order.time, kind: .accepted)]
        let fills = (executions ?? []).map { $0.report(as: id, valuing: value) }
        reports += fills.compactMap { $0 }
        let isWhole = executions != nil && !fills.contains { $0 == nil }
        guard isWhole else { return reports + [order.report(as: id)] }
        switch status.state {
        case .canceled: reports.append(OrderReport(order: id, time: order.time, kind: .canceled(status.reason)))
        case .expired: reports.append(OrderReport(order: id, time: order.time, kind: .expired(status.reason)))
        case .triggered: reports.append(OrderReport(order: id, time: order.time, kind: .triggered))
        // One to spend an amount has no quantity that would tell its last fill.
        case .filled where order.type == .market: reports.append(order.report(as: id))
        default: break
        }
        return reports
    }
}

/// What a venue says of a list of orders.
public struct OrderListReceipt: Sendable, Hashable {
    /// The venue's own number.
    public var venueID: String
    /// The number it was placed with.
    public var clientListID: String
    /// Whether nothing more happens to it.
    public var isDone: Bool
    /// Its orders as they are, where the venue tells them.
    public var orders: [StandingOrder]

    /// A receipt of its parts.
    public init(venueID: String, clientListID: String, isDone: Bool, orders: [StandingOrder]) {
        self.venueID = venueID
        self.clientListID = clientListID
        self.isDone = isDone
        self.orders = orders
    }
}

/// What became of an order that was to be replaced by another.
public struct OrderReplacement: Sendable {
    /// The cancel; `nil` when it was never begun.
    public var cancelled: RequestOutcome<StandingOrder>?
    /// The new order; `nil` when it was never begun.
    public var placed: RequestOutcome<OrderReceipt>?

    /// A replacement of its halves.
    public init(cancelled: RequestOutcome<StandingOrder>?, placed: RequestOutcome<OrderReceipt>?) {
        self.cancelled = cancelled
        self.placed = placed
    }
}

/// What became of an order that nobody answered for.
public enum OrderFate: Sendable, Hashable {
    /// It is there, as its receipt says.
    case found(OrderReceipt)
    /// The venue proved that it never took it.
    case absent
    /// It can't be found out now; why, in words. It stays unknown.
    case undecided(String)

    /// The kernel's reports.
    ///
    /// - Parameter time: when that was known, by the venue's clock.
    public func reports(
        as id: OrderID, at time: Timestamp, valuing value: (VenueExecution) -> Money? = { _ in nil }
    ) -> [OrderReport] {
        switch self {
        case .found(let receipt): return receipt.reports(as: id, valuing: value)
        case .absent: return [OrderReport(order: id, time: time, kind: .notFound)]
        case .undecided: return []
        }
    }
}

extension RequestOutcome<OrderReceipt> {
    /// The kernel's reports of a placement with this outcome.
    ///
    /// What was not done is reported as rejected: the intent ends, and whoever still wants it makes a new one.
    /// - Parameter time: when the answer came, by the venue's clock.
    public func reports(
        as id: OrderID, at time: Timestamp, valuing value: (VenueExecution) -> Money? = { _ in nil }
    ) -> [OrderReport] {
        switch self {
        case .confirmed(let receipt): return receipt.reports(as: id, valuing: value)
        case .refused(let refusal):
            return [OrderReport(order: id, time: time, kind: .rejected(refusal.orderReason))]
        case .denied: return [OrderReport(order: id, time: time, kind: .rejected(.notSent))]
        case .unknown: return [OrderReport(order: id, time: time, kind: .unanswered)]
        }
    }
}

extension RequestOutcome<StandingOrder> {
    /// The kernel's reports of a cancel with this outcome.
    ///
    /// - Parameter time: when the answer came, by the venue's clock.
    public func cancelReports(as id: OrderID, at time: Timestamp) -> [OrderReport] {
        switch self {
        // The fills come first; the status says how many there are.
        case .confirmed(let order): return [order.report(as: id)]
        case .refused, .denied: return [OrderReport(order: id, time: time, kind: .cancelRejected)]
        case .unknown: return [OrderReport(order: id, time: time, kind: .cancelUnanswered)]
        }
    }

    /// The kernel's reports of an amendment with this outcome.
    ///
    /// - Parameter time: when the answer came, by the venue's clock.
    public func amendReports(as id: OrderID, at time: Timestamp) -> [OrderReport] {
        switch self {
        case .confirmed(let order):
            let amendment = OrderAmendment(quantity: order.status.quantity)
            return [OrderReport(order: id, time: order.time, kind: .amended(amendment))]
        case .refused, .denied: return [OrderReport(order: id, time: time, kind: .amendRejected)]
        case .unknown: return [OrderReport(order: id, time: time, kind: .amendUnanswered)]
        }
    }
}

extension VenueRefusal {
    /// The kernel's reason of a rejection.
    public var orderReason: OrderReason {
        switch reason {
        case .insufficientBalance: return .insufficientBalance
        case .wouldTake: return .wouldTake
        case .wouldTrigger: return .overtaken
        case .filter, .parameters, .symbol, .unsupported: return .invalidTerms
        case .noSuchOrder, .archived, .conditionNotMet, .notAmendable, .marketClosed, .noLiquidity, .notPermitted,
            .credentials, .notServed, .other:
            return .venue
        }
    }
}
