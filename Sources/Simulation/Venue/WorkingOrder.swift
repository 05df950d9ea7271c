public import Market
public import Trading

/// An order as the simulated venue keeps it while it works.
struct WorkingOrder: Sendable {
    let id: OrderID
    let owner: StrategyID
    /// The terms in force: those asked, as amended.
    var request: OrderRequest
    var filled: Quantity
    /// What an order to spend an amount has spent so far, fees included.
    var spent: Money
    /// It has not met a price yet: a limit that crosses the market now takes instead of resting.
    var isArriving: Bool
    /// Its trigger has traded.
    var isTriggered: Bool
    /// The best price since it began to follow the market; `nil` while it has not, and for orders that don't trail.
    var best: Price?
    /// A target that came up inside a bar walked pessimistically: it waits for the next bar.
    var isAsleep = false
    /// Where it stands at its price in a recorded book; `nil` where none was known while it rested.
    var queue: QueuePlace?
    /// When it comes in: when it was sent, plus its way.
    var due: Timestamp
    /// The market event that it has met last, so that one event is met once.
    var metEvent: UInt64 = 0

    /// An order that comes in now.
    init(_ order: Order) {
        id = order.id
        owner = order.owner
        request = order.request
        filled = order.filled
        spent = order.filledNotional + order.quoteFees
        isTriggered = order.request.type.hasTrigger && (order.state == .triggered || !order.filled.isZero)
        isArriving = true
        due = .epoch
    }

    /// An order that worked before a restart: it has met the market long since.
    init(restoring order: Order) {
        self.init(order)
        isArriving = false
    }

    var leaves: Quantity { request.quantity > filled ? request.quantity - filled : .zero }

    /// Whether it takes whatever price there is.
    var isAtMarket: Bool {
        switch request.type {
        case .market: return true
        case .stop, .takeProfit, .trailingStop: return isTriggered
        case .limit, .stopLimit, .takeProfitLimit: return false
        }
    }

    /// Whether it waits for a trigger.
    var isWaitingForTrigger: Bool { request.type.hasTrigger && !isTriggered }

    /// Whether it closes a position at a profit, so that a pessimist lets it wait after an entry inside a bar.
    var isTarget: Bool { request.isReduceOnly && (request.type.isTarget || request.type == .limit) }

    /// The price that something happens to it at while it waits for its trigger: a trailing order begins to follow at its
    /// trigger price, and goes off behind its best.
    func wakingPrice(tick: Price) -> Price? {
        best.flatMap { request.trailingTrigger(behind: $0, tick: tick) } ?? request.triggerPrice
    }

    /// Follows the market to a price: its best gets better, or begins.
    mutating func follow(_ price: Price) {
        let isSell = request.side == .sell
        if let best {
            self.best = isSell ? max(best, price) : min(best, price)
        } else if let start = request.triggerPrice, isSell ? price > start : price < start {
            return
        } else {
            best = price
        }
    }
}

/// What one owner holds of one instrument at the venue.
public struct VenueHolding: Sendable, Hashable {
    /// Whose.
    public var owner: StrategyID
    /// Of what.
    public var instrument: InstrumentID
    /// How much; short below zero.
    public var quantity: Quantity

    /// A holding of its parts.
    public init(owner: StrategyID, instrument: InstrumentID, quantity: Quantity) {
        self.owner = owner
        self.instrument = instrument
        self.quantity = quantity
    }
}

/// The prices that orders meet at one instant.
struct MarketPoint: Sendable, Hashable {
    /// What a seller gets.
    var bid: Price
    /// What a buyer pays.
    var ask: Price
    /// What traded at this instant, if anything did.
    var traded: Price?

    /// A point of a bar: what traded is all that is known.
    init(traded price: Price) {
        bid = price
        ask = price
        traded = price
    }

    /// A quote, with the print that came with it, if one did.
    init(bid: Price, ask: Price, traded: Price?) {
        self.bid = bid
        self.ask = ask
        self.traded = traded
    }

    /// The price that an order of `side` takes.
    func taking(_ side: Side) -> Price { side == .buy ? ask : bid }
    /// The lowest price seen.
    var lowest: Price { min(bid, traded ?? bid) }
    /// The highest price seen.
    var highest: Price { max(ask, traded ?? ask) }
}
