public import Market
import Network

extension SpotRequest {
    /// Asks what became of an order.
    public static func order(_ key: SpotOrderKey, of instrument: Instrument) -> SpotRequest {
        var parameters = SpotParameters(instrument)
        parameters.add(key)
        return query("/api/v3/order", parameters.list, weight: 4)
    }

    /// Asks for the open orders of a symbol.
    public static func openOrders(of instrument: Instrument) -> SpotRequest {
        query("/api/v3/openOrders", SpotParameters(instrument).list, weight: 6)
    }

    /// Asks for the open orders of all symbols. Dear: one symbol costs a thirteenth.
    public static var openOrders: SpotRequest { query("/api/v3/openOrders", [], weight: 80) }

    /// Asks for orders of a symbol, open or done.
    ///
    /// - Parameters:
    ///   - id: from this number on; the latest without it.
    ///   - limit: the most, 1…1000.
    public static func allOrders(of instrument: Instrument, from id: Int64? = nil, limit: Int = 1_000) -> SpotRequest {
        var parameters = SpotParameters(instrument)
        parameters.add("orderId", id.map { "\($0)" })
        parameters.add("limit", "\(limit)")
        return query("/api/v3/allOrders", parameters.list, weight: 20)
    }

    /// Asks for trades of the account in a symbol.
    ///
    /// - Parameters:
    ///   - id: from this number on, oldest first; the latest without it.
    ///   - limit: the most, 1…1000.
    public static func trades(of instrument: Instrument, from id: Int64? = nil, limit: Int = 1_000) -> SpotRequest {
        var parameters = SpotParameters(instrument)
        parameters.add("fromId", id.map { "\($0)" })
        parameters.add("limit", "\(limit)")
        return query("/api/v3/myTrades", parameters.list, weight: 20)
    }

    /// Asks for the trades of one order.
    public static func trades(ofOrder id: Int64, of instrument: Instrument) -> SpotRequest {
        var parameters = SpotParameters(instrument)
        parameters.add("orderId", "\(id)")
        // Without it an order of more than 500 trades would never add up.
        parameters.add("limit", "1000")
        return query("/api/v3/myTrades", parameters.list, weight: 5)
    }

    /// Asks for balances, rates and rights of the account.
    public static var account: SpotRequest {
        query("/api/v3/account", [.init("omitZeroBalances", "true")], weight: 20)
    }

    /// Asks what trading a symbol costs the account.
    public static func commission(of instrument: Instrument) -> SpotRequest {
        query("/api/v3/account/commission", SpotParameters(instrument).list, weight: 20)
    }

    /// Asks how many orders count against the account's limits.
    public static var orderCounts: SpotRequest { query("/api/v3/rateLimit/order", [], weight: 40) }

    /// Asks for the rules that hold for the account besides the symbol's own.
    public static func accountFilters(of instrument: Instrument) -> SpotRequest {
        query("/api/v3/myFilters", SpotParameters(instrument).list, weight: 40)
    }

    /// Asks for what the key may do; there is an answer where the money is real only.
    static var keyRestrictions: SpotRequest { query("/sapi/v1/account/apiRestrictions", [], weight: 1) }

    private static func query(_ path: String, _ parameters: [HTTPRequest.Parameter], weight: Int64) -> SpotRequest {
        SpotRequest(.get, path, parameters, weight: weight, .query)
    }
}
