/// `myPreventedMatches`: the trades with itself that an account was kept from.
enum PreventedMatches {
    static var endpoint: Endpoint {
        .signed(
            "GET /api/v3/myPreventedMatches", "myPreventedMatches",
            weight: { parameters, exchange in
                let isCheap = parameters.has("preventedMatchId") || (try? exchange.index(parameters)) == nil
                return isCheap ? 2 : 20
            }, list)
    }

    /// One match by its number, or those of an order from a number on: nothing else may be asked.
    private static func list(
        _ exchange: Exchange, _ parameters: Parameters, _ account: Account
    ) throws(APIError) -> JSONValue {
        let index = try exchange.index(parameters)
        let id = try parameters.integer("preventedMatchId")
        let order = try parameters.integer("orderId")
        let from = try parameters.integer("fromPreventedMatchId")
        let limit = try parameters.limit(500, most: 1_000)
        guard (id == nil) != (order == nil), from == nil || order != nil else { throw .combination }
        let matches = account.preventedMatches.filter { match in
            match.market == index && (id == nil || match.id == id)
                && (order == nil || match.taker == order || match.maker == order) && match.id >= from ?? 0
        }
        return .array(matches.prefix(limit).map(exchange.told))
    }
}
