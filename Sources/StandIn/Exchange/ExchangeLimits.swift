/// What the exchange grants and charges.
struct ExchangeLimits: Sendable {
    /// Weight of requests a minute and address.
    var weightPerMinute: Int64 = 6_000
    /// Requests in five minutes and address.
    var rawRequests: Int64 = 300_000
    /// Unfilled orders in ten seconds and account.
    var ordersPerTenSeconds: Int64 = 100
    /// Unfilled orders in a day and account.
    var ordersPerDay: Int64 = 200_000
    /// Connections in five minutes and address.
    var connections = 300
    /// What makers pay, in units of 10^−8 of what they receive.
    var makerCommission: Int64 = 100_000
    /// What takers pay.
    var takerCommission: Int64 = 100_000
    /// What is left of a commission that is paid in BNB, in units of 10^−8 of it.
    var discount: Int64 = 75_000_000
    /// Closed orders and trades that an account can still ask for.
    var remembered = 20_000

    /// The list that `exchangeInfo` shows.
    var json: JSONValue {
        func limit(_ type: String, _ interval: String, _ number: Int, _ limit: Int64) -> JSONValue {
            .object {
                $0.add("rateLimitType", type)
                $0.add("interval", interval)
                $0.add("intervalNum", number)
                $0.add("limit", limit)
            }
        }
        return .array([
            limit("REQUEST_WEIGHT", "MINUTE", 1, weightPerMinute), limit("ORDERS", "SECOND", 10, ordersPerTenSeconds),
            limit("ORDERS", "DAY", 1, ordersPerDay), limit("RAW_REQUESTS", "MINUTE", 5, rawRequests),
        ])
    }
}
