import Market

/// `exchangeInfo`: what is listed and which rules hold.
enum ExchangeInfo {
    /// What a symbol's status can be.
    static let statuses = ["TRADING", "END_OF_DAY", "HALT", "BREAK", "CANCEL_ONLY"]

    /// The status that a request wants symbols to have, or `nil` for any.
    static func status(_ parameters: Parameters) throws(APIError) -> String? {
        guard let status = try parameters.text("symbolStatus") else { return nil }
        guard statuses.contains(status) else { throw .badStatus }
        return status
    }

    static func json(_ exchange: Exchange, _ parameters: Parameters) throws(APIError) -> JSONValue {
        var chosen = Array(exchange.markets.indices)
        let names = try parameters.symbols()
        guard !parameters.has("permissions") || names == nil && !parameters.has("symbol") else { throw .combination }
        if try parameters.text("symbol") != nil {
            guard names == nil else { throw .combination }
            chosen = [try exchange.index(parameters)]
        } else if let names {
            chosen = []
            for name in names { chosen.append(try exchange.index(name)) }
        } else if let permissions = try parameters.text("permissions"), !permissions.contains("SPOT") {
            chosen = []
        }
        if let status = try status(parameters) {
            guard try parameters.text("symbol") == nil, names == nil else { throw .combination }
            chosen = chosen.filter { exchange.markets[$0].status == status }
        }
        let showsPermissions = try parameters.flag("showPermissionSets", true)
        return .object {
            $0.add("timezone", "UTC")
            $0.add("serverTime", time: exchange.serverTime)
            $0.add("rateLimits", exchange.limits.json)
            $0.add("exchangeFilters", .array([]))
            $0.add("symbols", .array(chosen.map { symbol(exchange.markets[$0], showsPermissions) }))
            $0.add("sors", .array(Allocations.routings(exchange)))
        }
    }

    private static func symbol(_ market: SymbolMarket, _ showsPermissions: Bool) -> JSONValue {
        .object {
            $0.add("symbol", market.symbol)
            $0.add("status", market.status)
            $0.add("baseAsset", market.instrument.base.code)
            $0.add("baseAssetPrecision", 8)
            $0.add("quoteAsset", market.instrument.quote.code)
            $0.add("quotePrecision", 8)
            $0.add("quoteAssetPrecision", 8)
            $0.add("baseCommissionPrecision", 8)
            $0.add("quoteCommissionPrecision", 8)
            let types: [OrderType] = [
                .limit, .limitMaker, .market, .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit,
            ]
            $0.add("orderTypes", .array(types.map { .string($0.rawValue) }))
            $0.add("icebergAllowed", true)
            $0.add("ocoAllowed", true)
            $0.add("otoAllowed", market.allowsSequences)
            $0.add("opoAllowed", market.allowsPaying)
            $0.add("quoteOrderQtyMarketAllowed", true)
            $0.add("allowTrailingStop", true)
            $0.add("cancelReplaceAllowed", true)
            $0.add("amendAllowed", true)
            $0.add("pegInstructionsAllowed", false)
            $0.add("isSpotTradingAllowed", true)
            $0.add("isMarginTradingAllowed", false)
            $0.add("filters", market.filters.json)
            $0.add("permissions", .array([]))
            $0.add("permissionSets", .array(showsPermissions ? [.array([.string("SPOT")])] : []))
            $0.add("defaultSelfTradePreventionMode", SelfTradePrevention.expireMaker.rawValue)
            $0.add(
                "allowedSelfTradePreventionModes",
                .array(SelfTradePrevention.allCases.map { .string($0.rawValue) }))
        }
    }
}
