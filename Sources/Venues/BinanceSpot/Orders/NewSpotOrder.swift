public import Market
import Network

/// When an order wakes up: at a price, or when the market has come back from its best by so much, or both.
public struct SpotTrigger: Sendable, Hashable {
    /// The price that wakes it, or from which on it trails.
    public var price: Price?
    /// How far the market comes back, in hundredths of a percent.
    public var trailingDelta: Int?

    /// Wakes at a price of the last trade.
    public static func at(_ price: Price) -> SpotTrigger { SpotTrigger(price: price, trailingDelta: nil) }

    /// Wakes when the market has come back by so many hundredths of a percent; at once, or from a price on.
    public static func trailing(_ delta: Int, from price: Price? = nil) -> SpotTrigger {
        SpotTrigger(price: price, trailingDelta: delta)
    }
}

/// How an order meets the market, with what belongs to that.
public enum SpotTerms: Sendable, Hashable {
    /// At once, at the prices that are there.
    case market
    /// At the price or better.
    case limit(Price, SpotTimeInForce = .goodTilCancelled)
    /// At the price, and only if it takes nothing from the book.
    case limitMaker(Price)
    /// A market order after its trigger, on the losing side.
    case stopLoss(SpotTrigger)
    /// A limit order after its trigger, on the losing side.
    case stopLossLimit(Price, SpotTrigger, SpotTimeInForce = .goodTilCancelled)
    /// A market order after its trigger, on the winning side.
    case takeProfit(SpotTrigger)
    /// A limit order after its trigger, on the winning side.
    case takeProfitLimit(Price, SpotTrigger, SpotTimeInForce = .goodTilCancelled)

    /// The venue's type.
    public var type: SpotOrderType {
        switch self {
        case .market: return .market
        case .limit: return .limit
        case .limitMaker: return .limitMaker
        case .stopLoss: return .stopLoss
        case .stopLossLimit: return .stopLossLimit
        case .takeProfit: return .takeProfit
        case .takeProfitLimit: return .takeProfitLimit
        }
    }

    /// The limit price.
    public var price: Price? {
        switch self {
        case .limit(let price, _), .limitMaker(let price), .stopLossLimit(let price, _, _),
            .takeProfitLimit(let price, _, _):
            return price
        case .market, .stopLoss, .takeProfit: return nil
        }
    }

    /// What it waits for.
    public var trigger: SpotTrigger? {
        switch self {
        case .stopLoss(let trigger), .takeProfit(let trigger), .stopLossLimit(_, let trigger, _),
            .takeProfitLimit(_, let trigger, _):
            return trigger
        case .market, .limit, .limitMaker: return nil
        }
    }

    /// How long it works; `nil` where the venue wants nothing said about it.
    public var timeInForce: SpotTimeInForce? {
        switch self {
        case .limit(_, let time), .stopLossLimit(_, _, let time), .takeProfitLimit(_, _, let time): return time
        case .market, .limitMaker, .stopLoss, .takeProfit: return nil
        }
    }
}

/// An order that is to be placed.
public struct NewSpotOrder: Sendable, Hashable {
    /// What is traded.
    public var instrument: Instrument
    /// Buy or sell.
    public var side: Side
    /// How much.
    public var size: Size
    /// How it meets the market.
    public var terms: SpotTerms
    /// The number under which it is looked for when its fate is not known: unique for ever, 1…36 of `A–Z a–z 0–9 - _`.
    public var clientOrderID: String
    /// How much of it the book shows; all of it by default.
    public var icebergQuantity: Quantity?
    /// What happens when it meets an own order; as the symbol's rules say by default.
    public var selfTradePrevention: SelfTradePrevention?

    /// How much.
    public enum Size: Sendable, Hashable {
        /// So much of the base asset.
        case quantity(Quantity)
        /// As much as this amount of the quote currency buys, or brings; market orders only.
        case spending(Money)
    }

    /// An order of its parts.
    public init(
        _ instrument: Instrument, _ side: Side, _ size: Size, _ terms: SpotTerms, clientOrderID: String,
        icebergQuantity: Quantity? = nil, selfTradePrevention: SelfTradePrevention? = nil
    ) {
        self.instrument = instrument
        self.side = side
        self.size = size
        self.terms = terms
        self.clientOrderID = clientOrderID
        self.icebergQuantity = icebergQuantity
        self.selfTradePrevention = selfTradePrevention
    }

    /// Its quantity, where it says one.
    public var quantity: Quantity? {
        if case .quantity(let quantity) = size { return quantity }
        return nil
    }

    /// Whether a text can be a client order number here.
    public static func isClientOrderID(_ text: String) -> Bool {
        (1...36).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    || $0 == 0x5F
            }
    }
}

/// Builds parameters, in the words of the venue.
struct SpotParameters {
    private(set) var list: [HTTPRequest.Parameter] = []
    private let instrument: Instrument

    init(_ instrument: Instrument) {
        self.instrument = instrument
        list.append(.init("symbol", instrument.symbol))
    }

    mutating func add(_ name: String, _ value: String?) {
        if let value { list.append(.init(name, value)) }
    }

    mutating func add(_ name: String, _ price: Price?) {
        add(name, price.map { DecimalText.text(Int128($0.mantissa), scale: instrument.priceScale) })
    }

    mutating func add(_ name: String, _ quantity: Quantity?) {
        add(name, quantity.map { DecimalText.text(Int128($0.mantissa), scale: instrument.quantityScale) })
    }

    /// An amount, cut to the eight decimals that the venue takes: never more is spent than was said.
    mutating func add(_ name: String, _ amount: Money) {
        add(name, DecimalText.text(amount.units.divided(by: 100_000_000, rounding: .floor), scale: 8))
    }

    /// What belongs to how an order meets the market; `prefix` tells the orders of a list apart (`abovePrice`).
    mutating func add(_ terms: SpotTerms, prefix: String = "", iceberg: Quantity? = nil) {
        func name(_ plain: String) -> String {
            prefix.isEmpty ? plain : prefix + plain.prefix(1).uppercased() + plain.dropFirst()
        }
        add(name("type"), terms.type.rawValue)
        add(name("timeInForce"), terms.timeInForce?.rawValue)
        add(name("price"), terms.price)
        add(name("stopPrice"), terms.trigger?.price)
        add(name("trailingDelta"), terms.trigger?.trailingDelta.map { "\($0)" })
        add(name("icebergQty"), iceberg)
    }

    mutating func add(_ order: NewSpotOrder) {
        add("side", order.side.wireName)
        add(order.terms, iceberg: order.icebergQuantity)
        switch order.size {
        case .quantity(let quantity): add("quantity", quantity)
        case .spending(let amount): add("quoteOrderQty", amount)
        }
        add("newClientOrderId", order.clientOrderID)
        add("selfTradePreventionMode", order.selfTradePrevention?.rawValue)
        // Everything that there is to say at once, whatever the type's own default.
        add("newOrderRespType", "FULL")
    }
}

extension Side {
    /// As the venue writes it.
    var wireName: String { self == .buy ? "BUY" : "SELL" }

    init?(wireName: String) {
        switch wireName {
        case "BUY": self = .buy
        case "SELL": self = .sell
        default: return nil
        }
    }
}
