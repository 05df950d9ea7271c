import FoundationEssentials

/// What the venue says of a symbol's orders: its state, what it offers, and its filters.
public struct SymbolRules: Sendable, Hashable {
    /// The symbol.
    public var symbol: String
    /// Its state: `TRADING`, `HALT`, `BREAK`, `END_OF_DAY`, `CANCEL_ONLY`.
    public var status: String
    /// The types of orders that it takes.
    public var orderTypes: Set<SpotOrderType>
    /// Whether orders may show a part of themselves only.
    public var allowsIceberg: Bool
    /// Whether market orders may say what to spend.
    public var allowsSpending: Bool
    /// Whether triggers may trail.
    public var allowsTrailing: Bool
    /// Whether pairs of orders (OCO) may be placed.
    public var allowsPairs: Bool
    /// Whether orders with others after them (OTO, OTOCO) may be placed.
    public var allowsSequences: Bool
    /// Whether an order may be replaced in one request.
    public var allowsReplacing: Bool
    /// Whether an order may be made smaller in its place.
    public var allowsAmending: Bool
    /// Whether Spot accounts may trade it.
    public var isSpotAllowed: Bool
    /// The ways of preventing self-trades that it takes.
    public var preventions: Set<SelfTradePrevention>
    /// The rules of its orders' numbers.
    public var filters: SymbolFilters
    /// What the symbol is and how its orders are rounded and bounded, as it was told with these rules; `nil` where it was not.
    public var listing: Listing?

    /// The rules of symbols out of the body of `/api/v3/exchangeInfo`, by symbol.
    ///
    /// - Throws: `VenueError` of the kind `malformed` when a rule can't be read: what is not understood is not traded.
    public static func read(exchangeInfo body: [UInt8]) throws(VenueError) -> [String: SymbolRules] {
        do throws(UnreadableAnswer) {
            let wire: InfoWire = try Answer.decode(body)
            var rules: [String: SymbolRules] = [:]
            for symbol in wire.symbols { rules[symbol.symbol] = try symbol.rules(wire.exchangeFilters ?? []) }
            return rules
        } catch {
            throw VenueError(.malformed, "BINANCE", "the rules of symbols can't be read: \(error)")
        }
    }

    /// Takes the rules that hold for the account besides, out of the body of `/api/v3/myFilters`.
    mutating func takeAccount(_ body: [UInt8]) throws(UnreadableAnswer) {
        struct Wire: Decodable {
            var exchangeFilters: [FilterWire]?
            var symbolFilters: [FilterWire]?
            var assetFilters: [FilterWire]?
        }
        let wire: Wire = try Answer.decode(body)
        try filters.take((wire.exchangeFilters ?? []) + (wire.symbolFilters ?? []) + (wire.assetFilters ?? []))
    }

    private struct InfoWire: Decodable {
        var exchangeFilters: [FilterWire]?
        var symbols: [SymbolWire]
    }

    private struct SymbolWire: Decodable {
        var symbol: String
        var status: String
        var orderTypes: [String]
        var icebergAllowed: Bool?
        var ocoAllowed: Bool?
        var otoAllowed: Bool?
        var quoteOrderQtyMarketAllowed: Bool?
        var allowTrailingStop: Bool?
        var cancelReplaceAllowed: Bool?
        var amendAllowed: Bool?
        var isSpotTradingAllowed: Bool?
        var allowedSelfTradePreventionModes: [String]?
        var filters: [FilterWire]

        func rules(_ exchangeFilters: [FilterWire]) throws(UnreadableAnswer) -> SymbolRules {
            let modes = allowedSelfTradePreventionModes ?? []
            return SymbolRules(
                symbol: symbol, status: status,
                // A type that is not known here is not placed here either.
                orderTypes: Set(orderTypes.compactMap { SpotOrderType(rawValue: $0) }),
                allowsIceberg: icebergAllowed ?? false, allowsSpending: quoteOrderQtyMarketAllowed ?? false,
                allowsTrailing: allowTrailingStop ?? false, allowsPairs: ocoAllowed ?? false,
                allowsSequences: otoAllowed ?? false, allowsReplacing: cancelReplaceAllowed ?? false,
                allowsAmending: amendAllowed ?? false, isSpotAllowed: isSpotTradingAllowed ?? false,
                preventions: Set(modes.compactMap { SelfTradePrevention(rawValue: $0) }),
                filters: try SymbolFilters(exchangeFilters + filters))
        }
    }
}
