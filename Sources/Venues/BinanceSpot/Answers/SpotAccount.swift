import FoundationEssentials
public import Market

/// An account as the venue tells it.
public struct SpotAccount: Sendable, Hashable {
    /// Whether it may trade.
    public var canTrade: Bool
    /// What it holds.
    public var balances: [SpotBalance]
    /// Assets with a name that no currency here can have; they can't be traded here.
    public var unreadableAssets: [String]
    /// What trading costs, without discounts.
    public var rates: SpotRates
    /// What it may trade: `SPOT`.
    public var permissions: [String]
    /// The venue's number of the account.
    public var number: Int64?
    /// When it changed last.
    public var time: Timestamp?
}

/// What an account holds of an asset.
public struct SpotBalance: Sendable, Hashable {
    /// What can be used.
    public var free: Money
    /// What open orders hold.
    public var locked: Money

    /// A balance of its parts.
    ///
    /// - Precondition: both are of one currency.
    public init(free: Money, locked: Money) {
        precondition(free.currency == locked.currency, "a balance is of one currency")
        self.free = free
        self.locked = locked
    }

    /// The asset.
    public var currency: Currency { free.currency }
}

/// What trading costs, as shares of what is traded.
public struct SpotRates: Sendable, Hashable {
    /// For whoever was there first.
    public var maker: Ratio
    /// For whoever came to it.
    public var taker: Ratio
    /// For the buyer besides.
    public var buyer: Ratio
    /// For the seller besides.
    public var seller: Ratio
}

/// What trading a symbol costs an account.
public struct SpotCommission: Sendable, Hashable {
    /// The usual rates.
    public var standard: SpotRates
    /// Rates of the symbol besides.
    public var special: SpotRates
    /// Taxes besides.
    public var tax: SpotRates
    /// The share of the usual rates that is left when fees are paid in the venue's coin; `nil` when they are not.
    public var discount: Ratio?
    /// The venue's coin, in which fees may be paid.
    public var discountAsset: String?
}

/// How many orders count against a limit.
public struct SpotOrderCount: Sendable, Hashable {
    /// The length of the window.
    public var window: Duration
    /// The most orders in it.
    public var limit: Int
    /// How many there are.
    public var count: Int
}

/// A trade of the account.
public struct SpotTrade: Sendable, Hashable {
    /// The venue's number, unique within the symbol.
    public var id: Int64
    /// The venue's number of the order.
    public var orderID: Int64
    /// The price.
    public var price: Price
    /// How much.
    public var quantity: Quantity
    /// What was paid or received, fees apart.
    public var quote: Money
    /// The fee, in whatever currency it was taken.
    public var commission: Money
    /// When.
    public var time: Timestamp
    /// Buy or sell.
    public var side: Side
    /// Whether the account was there first.
    public var isMaker: Bool
}

struct AccountWire: Decodable {
    var canTrade: Bool
    var updateTime: Int64?
    var commissionRates: RatesWire
    var balances: [BalanceWire]
    var permissions: [String]?
    var uid: Int64?

    struct BalanceWire: Decodable {
        var asset: String
        var free: String
        var locked: String
    }

    func account() throws(UnreadableAnswer) -> SpotAccount {
        var readable: [SpotBalance] = []
        var unreadable: [String] = []
        for balance in balances {
            guard let currency = Currency(balance.asset) else {
                unreadable.append(balance.asset)
                continue
            }
            readable.append(
                SpotBalance(
                    free: try Answer.need(Answer.money(balance.free, "free", currency), "free"),
                    locked: try Answer.need(Answer.money(balance.locked, "locked", currency), "locked")))
        }
        return SpotAccount(
            canTrade: canTrade, balances: readable, unreadableAssets: unreadable,
            rates: try commissionRates.rates("commissionRates"), permissions: permissions ?? [], number: uid,
            time: try Answer.time(updateTime, "updateTime"))
    }
}

struct RatesWire: Decodable {
    var maker: String
    var taker: String
    var buyer: String?
    var seller: String?

    func rates(_ name: String) throws(UnreadableAnswer) -> SpotRates {
        SpotRates(
            maker: try Answer.rate(maker, name), taker: try Answer.rate(taker, name),
            buyer: try Answer.rate(buyer ?? "0", name), seller: try Answer.rate(seller ?? "0", name))
    }
}

struct CommissionWire: Decodable {
    var standardCommission: RatesWire?
    var specialCommission: RatesWire?
    var taxCommission: RatesWire?
    /// The same in the answer to an order that is only checked.
    var standardCommissionForOrder: RatesWire?
    var specialCommissionForOrder: RatesWire?
    var taxCommissionForOrder: RatesWire?
    var discount: DiscountWire?

    struct DiscountWire: Decodable {
        var enabledForAccount: Bool
        var enabledForSymbol: Bool
        var discountAsset: String?
        var discount: String
    }

    /// The rates; `nil` when the answer has none.
    func commission() throws(UnreadableAnswer) -> SpotCommission? {
        guard let standard = standardCommission ?? standardCommissionForOrder else { return nil }
        let none = RatesWire(maker: "0", taker: "0")
        let isDiscounted = discount.map { $0.enabledForAccount && $0.enabledForSymbol } ?? false
        let share = try discount.map { (wire) throws(UnreadableAnswer) in try Answer.rate(wire.discount, "discount") }
        return SpotCommission(
            standard: try standard.rates("standardCommission"),
            special: try (specialCommission ?? specialCommissionForOrder ?? none).rates("specialCommission"),
            tax: try (taxCommission ?? taxCommissionForOrder ?? none).rates("taxCommission"),
            discount: isDiscounted ? share : nil, discountAsset: discount?.discountAsset)
    }
}

struct OrderCountWire: Decodable {
    var rateLimitType: String
    var interval: String
    var intervalNum: Int64
    var limit: Int
    var count: Int

    func orderCount() throws(UnreadableAnswer) -> SpotOrderCount? {
        guard rateLimitType == "ORDERS" else { return nil }
        let lengths: [String: Int64] = ["SECOND": 1, "MINUTE": 60, "HOUR": 3_600, "DAY": 86_400]
        guard let length = lengths[interval], (1...366).contains(intervalNum) else {
            throw UnreadableAnswer("'interval' is none of those that are known")
        }
        return SpotOrderCount(window: .seconds(length * intervalNum), limit: limit, count: count)
    }
}

struct TradeWire: Decodable {
    var symbol: String
    var id: Int64
    var orderId: Int64
    var price: String
    var qty: String
    var quoteQty: String
    var commission: String
    var commissionAsset: String
    var time: Int64
    var isBuyer: Bool
    var isMaker: Bool

    func trade(_ instrument: Instrument) throws(UnreadableAnswer) -> SpotTrade {
        guard symbol == instrument.symbol else {
            throw UnreadableAnswer("it is about another symbol than \(instrument.symbol)")
        }
        return SpotTrade(
            id: id, orderID: orderId, price: try Answer.need(Answer.price(price, "price", instrument), "price"),
            quantity: try Answer.need(Answer.quantity(qty, "qty", instrument), "qty"),
            quote: try Answer.need(Answer.money(quoteQty, "quoteQty", instrument.quote), "quoteQty"),
            commission: try Answer.commission(commission, commissionAsset),
            time: try Answer.need(Answer.time(time, "time"), "time"), side: isBuyer ? .buy : .sell, isMaker: isMaker)
    }
}
