public import Market

/// An order with its number, its owner and its life so far. Its state is derived from reports only.
public struct Order: Sendable, Hashable, Identifiable {
    /// The kernel's number.
    public let id: OrderID
    /// Who placed it.
    public let owner: StrategyID
    /// What was asked; amended terms replace those asked first.
    public var request: OrderRequest
    /// Where it is in its life.
    public var state: OrderState
    /// Why it was denied, rejected, cancelled or expired.
    public var reason: OrderReason
    /// Whether the venue itself said that it took it. A fill implies as much, but where no acceptance came, an earlier fill
    /// may have been lost with it.
    public var isAcknowledged: Bool
    /// Whether a cancel is on its way. A flag, so that a partial fill does not forget it.
    public var isCancelPending: Bool
    /// Whether an amendment is on its way.
    public var isAmendPending: Bool
    /// Whether nobody knows what became of the cancel on its way: it is sent again once the order is known to work.
    public var isCancelUnanswered: Bool
    /// Whether nobody knows what became of the amendment on its way.
    public var isAmendUnanswered: Bool
    /// How much has filled.
    public var filled: Quantity
    /// The notional of what has filled, exact.
    public var filledNotional: Money
    /// Fees paid in the quote currency.
    public var quoteFees: Money
    /// Fees paid in the base asset (venues that charge buys in what was bought).
    public var baseFees: Quantity
    /// The price the decision was made at: the last price known then.
    public let decisionPrice: Price
    /// When it was made.
    public let createdAt: Timestamp
    /// When its state last changed.
    public var updatedAt: Timestamp
    /// When something was last asked of the venue about it: the order itself, a cancel, an amendment.
    public var requestedAt: Timestamp
    /// When its venue last changed its terms, by the venue's clock; the epoch while they are those asked. An older change
    /// that comes late is not taken over.
    public var termsAt: Timestamp

    /// A new order in the state `initialized`.
    public init(
        id: OrderID, owner: StrategyID, request: OrderRequest, quote: Currency, decisionPrice: Price,
        createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.request = request
        state = .initialized
        reason = .none
        isAcknowledged = false
        isCancelPending = false
        isAmendPending = false
        isCancelUnanswered = false
        isAmendUnanswered = false
        filled = .zero
        filledNotional = .zero(quote)
        quoteFees = .zero(quote)
        baseFees = .zero
        self.decisionPrice = decisionPrice
        self.createdAt = createdAt
        updatedAt = createdAt
        requestedAt = createdAt
        termsAt = .epoch
    }

    /// What has not filled yet; zero for an order to spend an amount until its quantity is known.
    @inlinable
    public var leaves: Quantity {
        request.quantity > filled ? request.quantity - filled : .zero
    }

    /// Whether something asked of the venue has neither been answered nor found to be unanswered.
    var awaitsAnswer: Bool {
        state == .submitting || state == .partiallyFilled && !isAcknowledged || isCancelPending && !isCancelUnanswered
            || isAmendPending && !isAmendUnanswered
    }

    /// Whether nobody knows where it stands, or what became of something asked of it.
    var isInDoubt: Bool {
        state == .submitting || state == .unknown || isCancelUnanswered || isAmendUnanswered
    }

    /// Whether its venue may know of it as one that works.
    var mayBeAtVenue: Bool { !state.isClosed && state != .initialized }

    /// Whether all that was asked has filled; never for an order to spend an amount whose quantity is not known yet.
    var isComplete: Bool { request.quantity.mantissa > 0 && filled >= request.quantity }

    /// What filled beyond what was asked; zero as long as nothing did.
    @inlinable
    public var overfill: Quantity {
        request.quantity.mantissa > 0 && filled > request.quantity ? filled - request.quantity : .zero
    }
}

/// New terms of a working order; `nil` leaves a term as it is.
public struct OrderAmendment: Sendable, Hashable {
    /// The new total quantity.
    public var quantity: Quantity?
    /// The new limit price.
    public var limitPrice: Price?
    /// The new trigger price.
    public var triggerPrice: Price?

    /// An amendment of its parts.
    @inlinable
    public init(quantity: Quantity? = nil, limitPrice: Price? = nil, triggerPrice: Price? = nil) {
        self.quantity = quantity
        self.limitPrice = limitPrice
        self.triggerPrice = triggerPrice
    }
}

/// Whether a fill gave or took liquidity.
public enum Liquidity: UInt8, Sendable, Hashable, Codable {
    /// It rested in the book.
    case maker = 0
    /// It took what rested.
    case taker = 1

    /// `maker` or `taker`.
    public var name: String { self == .maker ? "maker" : "taker" }
}

/// One execution of an order.
public struct Fill: Sendable, Hashable {
    /// The venue's trade id, unique within venue, account and instrument.
    public var tradeID: UInt64
    /// The price.
    public var price: Price
    /// The quantity, positive.
    public var quantity: Quantity
    /// The fee in the quote currency; negative for a rebate.
    public var quoteFee: Money
    /// The fee in the base asset, where the venue charges it there; rounded up where the venue counts more decimals than the
    /// instrument has.
    public var baseFee: Quantity
    /// By how much `baseFee` is more than the venue took, in units of 10^−16 of the base asset (`Money.scale`); less than one
    /// unit of quantity.
    public var feeExcess: Int64
    /// Maker or taker.
    public var liquidity: Liquidity

    /// The bit that sets trade ids made here apart from those of venues.
    public static let inferredBit: UInt64 = 1 << 63

    /// Whether nobody reported it: it was inferred from what a venue says that an order or a position came to.
    @inlinable
    public var isInferred: Bool { tradeID & Fill.inferredBit != 0 }

    /// A fill of its parts.
    @inlinable
    public init(
        tradeID: UInt64, price: Price, quantity: Quantity, quoteFee: Money, baseFee: Quantity = .zero,
        feeExcess: Int64 = 0, liquidity: Liquidity
    ) {
        self.tradeID = tradeID
        self.price = price
        self.quantity = quantity
        self.quoteFee = quoteFee
        self.baseFee = baseFee
        self.feeExcess = feeExcess
        self.liquidity = liquidity
    }
}
