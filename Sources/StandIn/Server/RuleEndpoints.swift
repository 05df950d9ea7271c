import Market

/// What the venue tells of rules and prices that no symbol here has: rules of execution, reference prices, block trades.
///
/// Clients ask for them all the same. They get what the venue answers for a symbol that has none.
enum RuleEndpoints {
    static var all: [Endpoint] {
        [
            Endpoint(rest: "GET /api/v3/executionRules", method: "executionRules", weight: weight) {
                exchange, call throws(APIError) in
                .now(try rules(exchange, call.parameters))
            },
            .open("GET /api/v3/referencePrice", "referencePrice", weight: 2) { exchange, call throws(APIError) in
                _ = try exchange.index(call.parameters)
                throw noReference
            },
            .open("GET /api/v3/referencePrice/calculation", "referencePrice.calculation", weight: 2) {
                exchange, call throws(APIError) in
                let market = exchange.markets[try exchange.index(call.parameters)]
                if let status = try ExchangeInfo.status(call.parameters), status != market.status { throw .otherStatus }
                throw noReference
            },
            .open("GET /api/v3/historicalBlockTrades", "blockTrades.historical", weight: 25) {
                exchange, call throws(APIError) in
                _ = try exchange.index(call.parameters)
                guard try call.parameters.integer("fromId") != nil else { throw .mandatory("fromId") }
                _ = try call.parameters.limit(500, most: 1_000)
                return .array([])
            },
        ]
    }

    private static var noReference: APIError { APIError(-2043, "This symbol doesn't have a reference price.") }

    private static func weight(_ parameters: Parameters, _ exchange: Exchange) -> Int64 {
        if parameters.has("symbol") { return 2 }
        guard let symbols = try? parameters.symbols() else { return 40 }
        return Int64(min(2 * symbols.count, 40))
    }

    private static func rules(_ exchange: Exchange, _ parameters: Parameters) throws(APIError) -> JSONValue {
        let names = try parameters.symbols()
        let status = try ExchangeInfo.status(parameters)
        let isNamed = parameters.has("symbol")
        guard [isNamed, names != nil, status != nil].count(where: { $0 }) <= 1 else { throw .combination }
        var markets = exchange.markets
        if isNamed {
            markets = [exchange.markets[try exchange.index(parameters)]]
        } else if let names {
            markets = []
            for name in names { markets.append(exchange.markets[try exchange.index(name)]) }
        }
        return .object {
            let rows = markets.filter { status == nil || status == $0.status }.map { market in
                JSONValue.object {
                    $0.add("symbol", market.symbol)
                    $0.add("rules", .array([]))
                }
            }
            $0.add("symbolRules", .array(rows))
        }
    }
}
