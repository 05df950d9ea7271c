import FoundationEssentials
import Market

/// The venue's rules for the orders of a symbol, all of its kinds of them; a kind that the symbol does not have is
/// `nil`.
///
/// Its numbers are kept exactly, whatever the scales of an instrument; zero in a rule of the venue means that the bound
/// is off, and is `nil` here.
public struct SymbolFilters: Sendable, Hashable {
    /// `PRICE_FILTER`: bounds and tick of limit and trigger prices.
    var price: Grid?
    /// `LOT_SIZE`: bounds and step of quantities.
    var lot: Grid?
    /// `MARKET_LOT_SIZE`: the same for market orders, besides.
    var marketLot: Grid?
    /// `PERCENT_PRICE` and `PERCENT_PRICE_BY_SIDE`: how far a price may be from the reference, by side.
    var buyBand: Band?
    var sellBand: Band?
    /// The venue's name of the one that holds.
    var bandKind = "PERCENT_PRICE"
    /// `MIN_NOTIONAL` and `NOTIONAL`: bounds of price times quantity.
    var notional: Notional?
    /// `ICEBERG_PARTS`: the most parts of an iceberg order.
    var icebergParts: Int?
    /// `MAX_NUM_ORDERS`, `MAX_NUM_ALGO_ORDERS`, `MAX_NUM_ICEBERG_ORDERS`, `MAX_NUM_ORDER_LISTS`: of the symbol.
    var symbolCounts = Counts()
    /// The same with `EXCHANGE_` before: of the account as a whole.
    var accountCounts = Counts()
    /// `MAX_NUM_ORDER_AMENDS`: how often an order may be made smaller.
    var amendments: Int?
    /// `MAX_POSITION`: the most of the base asset, what is being bought included.
    var position: Int128?
    /// `TRAILING_DELTA`: bounds of how far a trailing order trails, above and below the market.
    var trailingAbove: ClosedRange<Int>?
    var trailingBelow: ClosedRange<Int>?
    /// `MAX_ASSET`: the most of an asset in one order, by asset.
    var assets: [Currency: Int128] = [:]
    /// Kinds that nobody here knows: the venue checks them, and may refuse what passes here.
    public internal(set) var unknownKinds: [String] = []

    /// Bounds and a step, in units of 10^−16.
    struct Grid: Sendable, Hashable {
        var minimum: Int128?
        var maximum: Int128?
        var step: Int128?
    }

    /// Shares of the reference price, in units of 10^−8.
    struct Band: Sendable, Hashable {
        var up: Int64
        var down: Int64
    }

    /// Bounds of a notional, in units of 10^−16 of the quote currency.
    struct Notional: Sendable, Hashable {
        /// The venue's name of the rule.
        var kind: String
        var minimum: Int128?
        var maximum: Int128?
        var isMinimumForMarket = false
        var isMaximumForMarket = false
    }

    /// The most orders that may be open.
    struct Counts: Sendable, Hashable {
        var orders: Int?
        var triggered: Int?
        var icebergs: Int?
        var lists: Int?
    }
}

/// A rule on the wire; which fields it has depends on its type.
struct FilterWire: Decodable {
    var filterType: String
    var minPrice: String?
    var maxPrice: String?
    var tickSize: String?
    var minQty: String?
    var maxQty: String?
    var stepSize: String?
    var multiplierUp: String?
    var multiplierDown: String?
    var bidMultiplierUp: String?
    var bidMultiplierDown: String?
    var askMultiplierUp: String?
    var askMultiplierDown: String?
    var minNotional: String?
    var maxNotional: String?
    var applyToMarket: Bool?
    var applyMinToMarket: Bool?
    var applyMaxToMarket: Bool?
    var maxPosition: String?
    var asset: String?
    var minTrailingAboveDelta: Int?
    var maxTrailingAboveDelta: Int?
    var minTrailingBelowDelta: Int?
    var maxTrailingBelowDelta: Int?
    var maxNumOrders: Int?
    var maxNumAlgoOrders: Int?
    var maxNumIcebergOrders: Int?
    var maxNumOrderLists: Int?
    var maxNumOrderAmends: Int?
    /// A number in `ICEBERG_PARTS`, a text in `MAX_ASSET`.
    var limit: Limit?

    /// A whole number or a decimal.
    enum Limit: Decodable {
        case count(Int)
        case amount(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let count = try? container.decode(Int.self) {
                self = .count(count)
            } else {
                self = .amount(try container.decode(String.self))
            }
        }
    }
}

extension SymbolFilters {
    /// The rules of their forms on the wire.
    init(_ wires: [FilterWire]) throws(UnreadableAnswer) {
        self.init()
        try take(wires)
    }

    /// Takes further rules, those of the account: what they say stands above what was said.
    mutating func take(_ wires: [FilterWire]) throws(UnreadableAnswer) {
        for wire in wires {
            if try takePrices(wire) { continue }
            if try takeCounts(wire) { continue }
            if !unknownKinds.contains(wire.filterType) { unknownKinds.append(wire.filterType) }
        }
    }

    private mutating func takePrices(_ wire: FilterWire) throws(UnreadableAnswer) -> Bool {
        let kind = wire.filterType
        switch kind {
        case "PRICE_FILTER": price = try grid(wire.minPrice, wire.maxPrice, wire.tickSize, kind)
        case "LOT_SIZE": lot = try grid(wire.minQty, wire.maxQty, wire.stepSize, kind)
        case "MARKET_LOT_SIZE": marketLot = try grid(wire.minQty, wire.maxQty, wire.stepSize, kind)
        case "PERCENT_PRICE":
            buyBand = try band(wire.multiplierUp, wire.multiplierDown, kind)
            sellBand = buyBand
            bandKind = kind
        case "PERCENT_PRICE_BY_SIDE":
            buyBand = try band(wire.bidMultiplierUp, wire.bidMultiplierDown, kind)
            sellBand = try band(wire.askMultiplierUp, wire.askMultiplierDown, kind)
            bandKind = kind
        case "MIN_NOTIONAL":
            notional = Notional(
                kind: kind, minimum: try bound(wire.minNotional, kind), maximum: notional?.maximum,
                isMinimumForMarket: wire.applyToMarket ?? true,
                isMaximumForMarket: notional?.isMaximumForMarket ?? false)
        case "NOTIONAL":
            notional = Notional(
                kind: kind, minimum: try bound(wire.minNotional, kind), maximum: try bound(wire.maxNotional, kind),
                isMinimumForMarket: wire.applyMinToMarket ?? true, isMaximumForMarket: wire.applyMaxToMarket ?? true)
        case "MAX_POSITION": position = try bound(wire.maxPosition, kind)
        case "MAX_ASSET":
            guard case .amount(let text)? = wire.limit, let asset = wire.asset else {
                throw UnreadableAnswer("MAX_ASSET has no limit")
            }
            // An asset that no currency here can have is in no order here.
            if let currency = Currency(asset) { assets[currency] = try bound(text, kind) }
        default: return false
        }
        return true
    }

    private mutating func takeCounts(_ wire: FilterWire) throws(UnreadableAnswer) -> Bool {
        let kind = wire.filterType
        switch kind {
        case "MAX_NUM_ORDERS": symbolCounts.orders = try count(wire.maxNumOrders, kind)
        case "MAX_NUM_ALGO_ORDERS": symbolCounts.triggered = try count(wire.maxNumAlgoOrders, kind)
        case "MAX_NUM_ICEBERG_ORDERS": symbolCounts.icebergs = try count(wire.maxNumIcebergOrders, kind)
        case "MAX_NUM_ORDER_LISTS": symbolCounts.lists = try count(wire.maxNumOrderLists, kind)
        case "EXCHANGE_MAX_NUM_ORDERS": accountCounts.orders = try count(wire.maxNumOrders, kind)
        case "EXCHANGE_MAX_NUM_ALGO_ORDERS": accountCounts.triggered = try count(wire.maxNumAlgoOrders, kind)
        case "EXCHANGE_MAX_NUM_ICEBERG_ORDERS": accountCounts.icebergs = try count(wire.maxNumIcebergOrders, kind)
        case "EXCHANGE_MAX_NUM_ORDER_LISTS": accountCounts.lists = try count(wire.maxNumOrderLists, kind)
        case "MAX_NUM_ORDER_AMENDS": amendments = try count(wire.maxNumOrderAmends, kind)
        case "ICEBERG_PARTS":
            guard case .count(let parts)? = wire.limit else { throw UnreadableAnswer("ICEBERG_PARTS has no limit") }
            icebergParts = try count(parts, kind)
        case "TRAILING_DELTA":
            trailingAbove = try range(wire.minTrailingAboveDelta, wire.maxTrailingAboveDelta, kind)
            trailingBelow = try range(wire.minTrailingBelowDelta, wire.maxTrailingBelowDelta, kind)
        default: return false
        }
        return true
    }

    private func grid(_ low: String?, _ high: String?, _ step: String?, _ kind: String) throws(UnreadableAnswer) -> Grid
    {
        Grid(minimum: try bound(low, kind), maximum: try bound(high, kind), step: try bound(step, kind))
    }

    private func bound(_ text: String?, _ kind: String) throws(UnreadableAnswer) -> Int128? {
        guard let text else { return nil }
        guard let units = WireDecimal.units(text), units >= 0 else {
            throw UnreadableAnswer("a bound of \(kind) is no number")
        }
        return units == 0 ? nil : units
    }

    private func band(_ up: String?, _ down: String?, _ kind: String) throws(UnreadableAnswer) -> Band {
        func share(_ text: String?) throws(UnreadableAnswer) -> Int64 {
            guard let text, let units = try? DecimalText.mantissa(text, scale: Ratio.scale), units >= 0 else {
                throw UnreadableAnswer("a share of \(kind) is no number")
            }
            return units
        }
        return Band(up: try share(up), down: try share(down))
    }

    private func count(_ count: Int?, _ kind: String) throws(UnreadableAnswer) -> Int {
        guard let count, count >= 0 else { throw UnreadableAnswer("the limit of \(kind) is no number") }
        return count
    }

    private func range(_ low: Int?, _ high: Int?, _ kind: String) throws(UnreadableAnswer) -> ClosedRange<Int> {
        guard let low, let high, low <= high else { throw UnreadableAnswer("the bounds of \(kind) are no bounds") }
        return low...high
    }
}
