import Market

@testable import Venues

/// A symbol with rules of every kind, and orders of it.
struct RuleExamples {
    /// A symbol with every kind of rule.
    static let filters =
        #"{"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},{"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"},{"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"120.00000000","stepSize":"0.00000000"},{"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.00000000","applyMaxToMarket":false,"avgPriceMins":5},{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"1.2","bidMultiplierDown":"0.2","askMultiplierUp":"5","askMultiplierDown":"0.8","avgPriceMins":5},{"filterType":"ICEBERG_PARTS","limit":10},{"filterType":"MAX_NUM_ORDERS","maxNumOrders":3},{"filterType":"MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":2},{"filterType":"MAX_NUM_ICEBERG_ORDERS","maxNumIcebergOrders":1},{"filterType":"MAX_NUM_ORDER_LISTS","maxNumOrderLists":1},{"filterType":"MAX_NUM_ORDER_AMENDS","maxNumOrderAmends":2},{"filterType":"MAX_POSITION","maxPosition":"10.00000000"},{"filterType":"TRAILING_DELTA","minTrailingAboveDelta":10,"maxTrailingAboveDelta":2000,"minTrailingBelowDelta":20,"maxTrailingBelowDelta":1000}"#
    static let exchange =
        #"{"filterType":"EXCHANGE_MAX_NUM_ORDERS","maxNumOrders":5},{"filterType":"EXCHANGE_MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":4},{"filterType":"EXCHANGE_MAX_NUM_ICEBERG_ORDERS","maxNumIcebergOrders":3},{"filterType":"EXCHANGE_MAX_NUM_ORDER_LISTS","maxNumOrderLists":2}"#

    static func info(_ filters: String = filters, _ exchange: String = exchange) -> [UInt8] {
        Array(
            #"{"timezone":"UTC","serverTime":1700000000000,"rateLimits":[],"exchangeFilters":[\#(exchange)],"symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","orderTypes":["LIMIT","LIMIT_MAKER","MARKET","STOP_LOSS","STOP_LOSS_LIMIT","TAKE_PROFIT","TAKE_PROFIT_LIMIT"],"icebergAllowed":true,"ocoAllowed":true,"otoAllowed":true,"quoteOrderQtyMarketAllowed":true,"allowTrailingStop":true,"cancelReplaceAllowed":true,"amendAllowed":true,"isSpotTradingAllowed":true,"filters":[\#(filters)],"defaultSelfTradePreventionMode":"EXPIRE_MAKER","allowedSelfTradePreventionModes":["NONE","EXPIRE_TAKER"]}]}"#
                .utf8)
    }

    var rules: SymbolRules
    let btc = SpotExamples.btc

    init() throws { rules = try SymbolRules.read(exchangeInfo: Self.info())["BTCUSDT"]! }

    static let reference = SpotExamples.price("35000")

    func order(
        _ side: Side = .buy, _ quantity: String = "0.01", _ terms: SpotTerms = .limit(reference),
        iceberg: String? = nil, mode: SelfTradePrevention? = nil, id: String = "my-1"
    ) -> NewSpotOrder {
        NewSpotOrder(
            btc, side, .quantity(SpotExamples.quantity(quantity)), terms, clientOrderID: id,
            icebergQuantity: iceberg.map { SpotExamples.quantity($0) }, selfTradePrevention: mode)
    }

    func limit(_ price: String) -> SpotTerms { .limit(SpotExamples.price(price)) }

    func broken(
        _ order: NewSpotOrder, _ circumstances: OrderCircumstances? = nil,
        _ change: (inout SymbolRules) -> Void = { _ in }
    ) -> [String] {
        var rules = rules
        change(&rules)
        return rules.violations(of: order, given: circumstances ?? OrderCircumstances(referencePrice: Self.reference))
            .map(\.rule)
    }

    func open(
        _ side: Side = .buy, _ quantity: String = "1", _ type: SpotOrderType = .limit, iceberg: String? = nil,
        list: Int64? = nil, executed: String = "0"
    ) -> SpotOrder {
        SpotOrder(
            id: 1, listID: list, clientOrderID: "x", changeID: nil, side: side, type: type,
            timeInForce: .goodTilCancelled, status: .new, price: nil, triggerPrice: nil, trailingDelta: nil,
            quantity: SpotExamples.quantity(quantity), icebergQuantity: iceberg.map { SpotExamples.quantity($0) },
            executed: SpotExamples.quantity(executed), executedQuote: nil, quoteQuantity: nil, prevented: nil,
            time: .epoch, workingSince: nil, isWorking: nil, selfTradePrevention: nil, expiryReason: nil, fills: [])
    }

    func given(_ open: [SpotOrder], elsewhere: (inout OrderCircumstances.OpenCounts) -> Void = { _ in })
        -> OrderCircumstances
    {
        var counts = OrderCircumstances.OpenCounts()
        elsewhere(&counts)
        return OrderCircumstances(referencePrice: Self.reference, openOrders: open, elsewhere: counts)
    }

    func list(above: String = "40000") -> NewSpotOrderList {
        let entry = SpotOrderOfList(
            .buy, SpotExamples.quantity("0.01"), SpotLeg(.limit(Self.reference), clientOrderID: "in"))
        let pair = SpotPair(
            .sell, SpotExamples.quantity("0.01"),
            above: SpotLeg(.limitMaker(SpotExamples.price(above)), clientOrderID: "up"),
            below: SpotLeg(.stopLoss(.at(SpotExamples.price("30000"))), clientOrderID: "down"))
        return NewSpotOrderList(btc, .entryWithPair(entry, pair), clientListID: "l-1")
    }

    func broken(
        _ list: NewSpotOrderList, _ circumstances: OrderCircumstances, _ change: (inout SymbolRules) -> Void = { _ in }
    ) -> [String] {
        var rules = rules
        change(&rules)
        return rules.violations(of: list, given: circumstances).map(\.rule)
    }

    func amendable(_ quantity: String, times: Int = 0, _ change: (inout SymbolRules) -> Void = { _ in })
        -> [String]
    {
        var rules = rules
        change(&rules)
        return rules.violations(
            ofAmending: open(.buy, "1", executed: "0.2"), to: SpotExamples.quantity(quantity), of: btc,
            amendments: times
        ).map(\.rule)
    }
}
