import Market

/// What an account may ask about itself.
enum AccountEndpoints {
    /// A day in milliseconds, the longest span of a query.
    private static let longestSpan: Int64 = 86_400_000

    private static func query(
        _ rest: String, _ method: String, weight: @escaping (Parameters) -> Int64,
        _ run: @escaping (Exchange, Parameters, Account) throws(APIError) -> JSONValue
    ) -> Endpoint {
        .signed(rest, method, weight: { parameters, _ in weight(parameters) }, run)
    }

    static var all: [Endpoint] { orders + account }

    private static var orders: [Endpoint] {
        [
            query("GET /api/v3/order", "order.status", weight: { _ in 4 }) {
                exchange, parameters, account throws(APIError) in
                guard let order = try exchange.named(parameters, account) else { throw .unknownOrder }
                return exchange.queried(order)
            },
            query(
                "GET /api/v3/openOrders", "openOrders.status", weight: { $0.has("symbol") ? 6 : 80 }
            ) { exchange, parameters, account throws(APIError) in
                let indices =
                    parameters.has("symbol") ? [try exchange.index(parameters)] : Array(exchange.markets.indices)
                let open = indices.flatMap { exchange.open(account, $0) }.sorted { $0.id < $1.id }
                return .array(open.map(exchange.queried))
            },
            query("GET /api/v3/allOrders", "allOrders", weight: { _ in 20 }) {
                exchange, parameters, account throws(APIError) in
                let index = try exchange.index(parameters)
                let limit = try parameters.limit(500, most: 1_000)
                let from = try parameters.integer("orderId")
                let span = try span(parameters)
                let all = account.orders.filter { $0.market == index && span.contains($0.created) }
                if let from { return .array(all.filter { $0.id >= from }.prefix(limit).map(exchange.queried)) }
                let isFromStart = parameters.has("startTime")
                return .array((isFromStart ? all.prefix(limit) : all.suffix(limit)).map(exchange.queried))
            },
            query("GET /api/v3/myTrades", "myTrades", weight: { $0.has("orderId") ? 5 : 20 }) {
                exchange, parameters, account throws(APIError) in
                let index = try exchange.index(parameters)
                let limit = try parameters.limit(500, most: 1_000)
                let order = try parameters.integer("orderId")
                let from = try parameters.integer("fromId")
                let isTimed = parameters.has("startTime") || parameters.has("endTime")
                guard from == nil || !isTimed else { throw .combination }
                let span = try span(parameters)
                let all = account.trades.filter {
                    $0.market == index && (order == nil || $0.order == order) && span.contains($0.time.milliseconds)
                        && $0.id >= from ?? 0
                }
                let isFromStart = from != nil || parameters.has("startTime")
                return .array((isFromStart ? all.prefix(limit) : all.suffix(limit)).map(exchange.told))
            },
        ]
    }

    /// `startTime` to `endTime`, at most a day apart.
    static func span(_ parameters: Parameters) throws(APIError) -> ClosedRange<Int64> {
        let from = try parameters.time("startTime")
        let to = try parameters.time("endTime")
        guard let from, let to else { return (from ?? 0)...(max(to ?? .max, from ?? 0)) }
        guard from <= to else { throw .combination }
        guard to - from <= longestSpan else {
            throw APIError(-1127, "Lookup interval is too big. More than 24 hours between startTime and endTime.")
        }
        return from...to
    }

    private static var account: [Endpoint] {
        [
            query("GET /api/v3/account", "account.status", weight: { _ in 20 }) {
                exchange, parameters, account throws(APIError) in
                try information(exchange, parameters, account)
            },
            query("GET /api/v3/account/commission", "account.commission", weight: { _ in 20 }) {
                exchange, parameters, account throws(APIError) in
                commission(exchange, account, exchange.markets[try exchange.index(parameters)].symbol)
            },
            query("GET /api/v3/rateLimit/order", "account.rateLimits.orders", weight: { _ in 40 }) {
                exchange, _, account in
                .array(orderLimits(exchange, account))
            },
            query("GET /api/v3/myFilters", "myFilters", weight: { _ in 40 }) {
                exchange, parameters, _ throws(APIError) in
                let filters = exchange.markets[try exchange.index(parameters)].filters.json
                return .object {
                    $0.add("exchangeFilters", .array([]))
                    $0.add("symbolFilters", filters)
                    $0.add("assetFilters", .array([]))
                }
            },
        ]
    }

    private static func rate(_ units: Int64) -> String { Price(mantissa: units).text }

    private static func information(
        _ exchange: Exchange, _ parameters: Parameters, _ account: Account
    ) throws(APIError) -> JSONValue {
        let omitsZero = try parameters.flag("omitZeroBalances")
        let limits = exchange.limits
        return .object {
            $0.add("makerCommission", limits.makerCommission / 10_000)
            $0.add("takerCommission", limits.takerCommission / 10_000)
            $0.add("buyerCommission", 0)
            $0.add("sellerCommission", 0)
            $0.add(
                "commissionRates",
                .object {
                    $0.add("maker", rate(limits.makerCommission))
                    $0.add("taker", rate(limits.takerCommission))
                    $0.add("buyer", rate(0))
                    $0.add("seller", rate(0))
                })
            $0.add("canTrade", account.canTrade)
            $0.add("canWithdraw", false)
            $0.add("canDeposit", false)
            $0.add("brokered", false)
            $0.add("requireSelfTradePrevention", false)
            $0.add("preventSor", false)
            $0.add("updateTime", time: account.updated)
            $0.add("accountType", "SPOT")
            let shown = account.assets.filter { !omitsZero || account[$0] != Balance() }
            $0.add(
                "balances",
                .array(
                    shown.map { asset in
                        .object {
                            $0.add("asset", asset.code)
                            $0.add("free", notionalText(account[asset].free))
                            $0.add("locked", notionalText(account[asset].locked))
                        }
                    }))
            $0.add("permissions", .array([.string("SPOT")]))
            $0.add("uid", account.uid)
        }
    }

    /// The commission rates, of a symbol or, where it is `nil`, of an order that is tried.
    static func commission(_ exchange: Exchange, _ account: Account, _ symbol: String?) -> JSONValue {
        let limits = exchange.limits
        func rates(_ maker: Int64, _ taker: Int64) -> JSONValue {
            .object {
                $0.add("maker", rate(maker))
                $0.add("taker", rate(taker))
                if symbol != nil {
                    $0.add("buyer", rate(0))
                    $0.add("seller", rate(0))
                }
            }
        }
        let ending = symbol == nil ? "CommissionForOrder" : "Commission"
        return .object {
            if let symbol { $0.add("symbol", symbol) }
            $0.add("standard" + ending, rates(limits.makerCommission, limits.takerCommission))
            $0.add("special" + ending, rates(0, 0))
            $0.add("tax" + ending, rates(0, 0))
            $0.add(
                "discount",
                .object {
                    $0.add("enabledForAccount", account.paysInBNB)
                    $0.add("enabledForSymbol", account.paysInBNB)
                    $0.add("discountAsset", "BNB")
                    $0.add("discount", rate(limits.discount))
                })
        }
    }

    /// The limits of orders with what is counted against them.
    static func orderLimits(_ exchange: Exchange, _ account: Account) -> [JSONValue] {
        let counts = account.counter.counts(at: exchange.serverTime)
        func limit(_ interval: String, _ number: Int, _ limit: Int64, _ count: Int64) -> JSONValue {
            .object {
                $0.add("rateLimitType", "ORDERS")
                $0.add("interval", interval)
                $0.add("intervalNum", number)
                $0.add("limit", limit)
                $0.add("count", count)
            }
        }
        return [
            limit("SECOND", 10, exchange.limits.ordersPerTenSeconds, counts.tenSeconds),
            limit("DAY", 1, exchange.limits.ordersPerDay, counts.day),
        ]
    }
}
