public import Market

/// What a venue says of an order.
public struct OrderReport: Sendable, Hashable {
    /// Which order.
    public var order: OrderID
    /// When, by the venue's clock.
    public var time: Timestamp
    /// What happened.
    public var kind: Kind

    /// What can happen to an order at a venue.
    public enum Kind: Sendable, Hashable {
        /// It works.
        case accepted
        /// It was refused.
        case rejected(OrderReason)
        /// It filled, in part or wholly.
        case filled(Fill)
        /// It was cancelled.
        case canceled(OrderReason)
        /// A cancel was refused; it goes on as before.
        case cancelRejected
        /// Its terms changed: a new quantity or prices, or the quantity that an amount to spend came to.
        case amended(OrderAmendment)
        /// An amendment was refused; it goes on as before.
        case amendRejected
        /// Its trigger traded.
        case triggered
        /// It ended by its time in force.
        case expired(OrderReason)
        /// No answer came: nobody knows whether it arrived.
        case unanswered
        /// The venue proved that it does not know the order.
        case notFound
        /// No answer came to a cancel: nobody knows whether it arrived.
        case cancelUnanswered
        /// No answer came to an amendment: nobody knows whether it arrived.
        case amendUnanswered
        /// Where the order stands, as the answer to a question. The fills that it counts were reported before it.
        case status(OrderStatus)
    }

    /// A report of its parts.
    @inlinable
    public init(order: OrderID, time: Timestamp, kind: Kind) {
        self.order = order
        self.time = time
        self.kind = kind
    }
}

/// An order as its venue sees it: the answer to a question, or an entry of a list of orders.
public struct OrderStatus: Sendable, Hashable {
    /// Where it is in its life; never a state that only the kernel knows (initialized, denied, submitting, unknown, lost).
    public var state: OrderState
    /// Why it ended, where it did.
    public var reason: OrderReason
    /// Its total quantity; zero for an order to spend an amount whose quantity is not known yet.
    public var quantity: Quantity
    /// The limit price in force.
    public var limitPrice: Price?
    /// The trigger price in force.
    public var triggerPrice: Price?
    /// How much has filled.
    public var filled: Quantity
    /// The notional of what has filled, where the venue tells.
    public var filledNotional: Money?

    /// A status of its parts.
    public init(
        state: OrderState, reason: OrderReason = .none, quantity: Quantity, limitPrice: Price? = nil,
        triggerPrice: Price? = nil, filled: Quantity = .zero, filledNotional: Money? = nil
    ) {
        self.state = state
        self.reason = reason
        self.quantity = quantity
        self.limitPrice = limitPrice
        self.triggerPrice = triggerPrice
        self.filled = filled
        self.filledNotional = filledNotional
    }
}
