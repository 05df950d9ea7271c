import Market

/// What the smart order routing passes on to accounts, and which books it goes to.
///
/// A routing is there to join the books of quote currencies that are worth the same. Everything here is quoted in one, so
/// that each has one book to go to; what it takes there is told as it is told at the venue.
enum Allocations {
    /// How a fill is told that was not a trade of the account's own.
    static let matchType = "ONE_PARTY_TRADE_REPORT"

    /// The routings that `exchangeInfo` lists: the symbols of each base asset.
    static func routings(_ exchange: Exchange) -> [JSONValue] {
        var bases: [Currency] = []
        for market in exchange.markets where !bases.contains(market.instrument.base) {
            bases.append(market.instrument.base)
        }
        return bases.map { base in
            let symbols = exchange.markets.filter { $0.instrument.base == base }.map { JSONValue.string($0.symbol) }
            return .object {
                $0.add("baseAsset", base.code)
                $0.add("symbols", .array(symbols))
            }
        }
    }

    /// `myAllocations`
    static var endpoint: Endpoint {
        .signed("GET /api/v3/myAllocations", "myAllocations", weight: { _, _ in 20 }, list)
    }

    private static func list(
        _ exchange: Exchange, _ parameters: Parameters, _ account: Account
    ) throws(APIError) -> JSONValue {
        let index = try exchange.index(parameters)
        let limit = try parameters.limit(500, most: 1_000)
        let order = try parameters.integer("orderId")
        let from = try parameters.integer("fromAllocationId")
        let isTimed = parameters.has("startTime") || parameters.has("endTime")
        guard !isTimed || order == nil && from == nil else { throw .combination }
        let span = try AccountEndpoints.span(parameters)
        let all = account.allocations.filter {
            $0.market == index && (order == nil || $0.order == order) && span.contains($0.time.milliseconds)
                && $0.id >= from ?? 0
        }
        let isFromStart = from != nil || parameters.has("startTime")
        return .array((isFromStart ? all.prefix(limit) : all.suffix(limit)).map(exchange.passedOn))
    }
}
