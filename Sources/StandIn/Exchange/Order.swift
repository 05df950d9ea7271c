import Market

/// The types of orders.
enum OrderType: String, CaseIterable, Sendable {
    case limit = "LIMIT"
    case limitMaker = "LIMIT_MAKER"
    case market = "MARKET"
    case stopLoss = "STOP_LOSS"
    case stopLossLimit = "STOP_LOSS_LIMIT"
    case takeProfit = "TAKE_PROFIT"
    case takeProfitLimit = "TAKE_PROFIT_LIMIT"

    /// Whether it waits for a price first.
    var isContingent: Bool {
        switch self {
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: return true
        case .limit, .limitMaker, .market: return false
        }
    }

    /// Whether it has a limit price.
    var hasLimit: Bool {
        switch self {
        case .limit, .limitMaker, .stopLossLimit, .takeProfitLimit: return true
        case .market, .stopLoss, .takeProfit: return false
        }
    }

    /// Whether its trigger stands above the market for a side: a stop of a buyer, a target of a seller.
    func triggersAbove(_ side: Side) -> Bool {
        let isStop = self == .stopLoss || self == .stopLossLimit
        return isStop == (side == .buy)
    }
}

/// How long an order works.
enum TimeInForce: String, CaseIterable, Sendable {
    case goodTillCancelled = "GTC"
    case immediateOrCancel = "IOC"
    case fillOrKill = "FOK"
}

/// What happens when an order would trade with another of the same account.
enum SelfTradePrevention: String, CaseIterable, Sendable {
    case none = "NONE"
    case expireMaker = "EXPIRE_MAKER"
    case expireTaker = "EXPIRE_TAKER"
    case expireBoth = "EXPIRE_BOTH"
    case decrement = "DECREMENT"
}

/// Where an order stands.
enum OrderStatus: String, Sendable {
    case new = "NEW"
    case pendingNew = "PENDING_NEW"
    case partiallyFilled = "PARTIALLY_FILLED"
    case filled = "FILLED"
    case canceled = "CANCELED"
    case rejected = "REJECTED"
    case expired = "EXPIRED"
    case expiredInMatch = "EXPIRED_IN_MATCH"

    var isOpen: Bool {
        switch self {
        case .new, .pendingNew, .partiallyFilled: return true
        case .filled, .canceled, .rejected, .expired, .expiredInMatch: return false
        }
    }
}

/// What a client asked for.
struct OrderTerms: Sendable {
    var side: Side
    var type: OrderType
    var timeInForce = TimeInForce.goodTillCancelled
    var price = Price.zero
    var quantity = Quantity.zero
    /// What a market order is to spend or bring in, in units of 10^−8 of the quote currency.
    var quoteQuantity: Int64 = 0
    var stopPrice = Price.zero
    /// In basis points; 0 for none.
    var trailingDelta: Int64 = 0
    var icebergQuantity = Quantity.zero
    var prevention = SelfTradePrevention.expireMaker
    var clientID = ""
    var strategyID: Int64?
    var strategyType: Int64?
    /// Whether it takes through the smart order routing.
    var isRouted = false
    /// `ACK`, `RESULT` or `FULL`.
    var responseType = "ACK"
}

/// An order at the exchange.
final class Order {
    let id: Int64
    /// The places of its account and its symbol.
    let account: Int
    let market: Int
    let terms: OrderTerms
    /// Its list, −1 for none.
    var listID: Int64 = -1
    var clientID: String
    var quantity: Quantity
    var executed = Quantity.zero
    /// What its fills came to, in units of 10^−16 of the quote currency.
    var executedQuote: Int128 = 0
    var status = OrderStatus.new
    var created: Int64
    var updated: Int64
    /// Since when it is on the book or was executed, −1 while it waits.
    var workingTime: Int64 = -1
    /// What is locked for it, in units of 10^−16 of what it pays with.
    var locked: Int128 = 0
    /// Another order of its list holds what is locked for both.
    var sharesLock = false
    var isTriggered = false
    /// What the market had resting at its price before it, and has not traded since.
    var queueAhead = Quantity.zero
    /// The best price since its trailing began; `nil` while that has not begun.
    var trailingExtreme: Price?
    var trailingTime: Int64?
    /// What it can't fill any more because it met orders of its own account.
    var prevented = Quantity.zero
    /// What that would have cost, of an amount to spend; in units of 10^−16 of the quote currency.
    var preventedQuote: Int128 = 0
    /// The last match that was prevented for it.
    var lastPrevention: PreventedMatch?
    /// What was prevented while it took, for the answer to the request that placed it.
    var preventedMatches: [PreventedMatch] = []
    var expiryReason: String?
    /// Where a routed order was last at work: `SOR` while it takes, `EXCHANGE` once it stands in its symbol's book.
    var floor = "SOR"
    var amendments: [OrderAmendment] = []
    /// The fills of the request that placed it, for its answer.
    var fills: [OrderFill] = []

    init(id: Int64, account: Int, market: Int, terms: OrderTerms, time: Int64) {
        self.id = id
        self.account = account
        self.market = market
        self.terms = terms
        clientID = terms.clientID
        quantity = terms.quantity
        created = time
        updated = time
    }

    var side: Side { terms.side }
    var type: OrderType { terms.type }
    var price: Price { terms.price }
    var remaining: Quantity { quantity - executed - prevented }

    /// What is left of an amount to spend or bring in, in units of 10^−16 of the quote currency.
    var unspent: Int128 { Int128(terms.quoteQuantity) * 100_000_000 - executedQuote - preventedQuote }

    /// Whether its quantity is what another order of its list will have received.
    var isUndecided: Bool { quantity.isZero && terms.quoteQuantity == 0 }

    /// Whether it waits for its trigger.
    var isWaiting: Bool { type.isContingent && !isTriggered && status == .new }

    /// Whether it stands in the book.
    var isResting: Bool { workingTime >= 0 && type.hasLimit && status.isOpen && remaining.mantissa > 0 }

    /// What the public sees of it.
    var shown: Quantity {
        terms.icebergQuantity.isZero ? remaining : min(terms.icebergQuantity, remaining)
    }
}

/// A fill as its order's answer tells it.
struct OrderFill: Sendable {
    var price: Price
    var quantity: Quantity
    /// In units of 10^−8.
    var commission: Int64
    var commissionAsset: Currency
    /// The trade, −1 where the routing traded and passed it on.
    var tradeID: Int64
    /// The number under which the routing passed it on.
    var allocationID: Int64?
}

/// A quantity that was made smaller.
struct OrderAmendment: Sendable {
    var executionID: Int64
    var oldClientID: String
    var newClientID: String
    var oldQuantity: Quantity
    var newQuantity: Quantity
    var time: Int64
}

/// Orders that depend on each other.
final class OrderList {
    let id: Int64
    /// `OCO`, or `OTO` for the lists whose later orders follow a first one.
    let contingency: String
    let clientID: String
    let account: Int
    let market: Int
    /// The order that the others wait for.
    let first: Order?
    /// The orders that come in once the first has filled.
    let pending: [Order]
    /// The two of which one cancels the other.
    let pair: [Order]
    /// Whether what the first order receives is what the later ones sell.
    let isPaidByFirst: Bool
    /// What the first order has received for the later ones and keeps locked, in units of 10^−16 of the base currency.
    var reserved: Int128 = 0
    var isDone = false
    var time: Int64

    init(
        id: Int64, contingency: String, clientID: String, account: Int, market: Int, first: Order?, pending: [Order],
        pair: [Order], isPaidByFirst: Bool = false, time: Int64
    ) {
        self.id = id
        self.contingency = contingency
        self.clientID = clientID
        self.account = account
        self.market = market
        self.first = first
        self.pending = pending
        self.pair = pair
        self.isPaidByFirst = isPaidByFirst
        self.time = time
    }

    /// All its orders in their order.
    var orders: [Order] { first.map { [$0] + pending } ?? pair }

    /// The other of the pair that an order belongs to.
    func sibling(of order: Order) -> Order? {
        guard pair.contains(where: { $0 === order }) else { return nil }
        return pair.first { $0 !== order }
    }
}
