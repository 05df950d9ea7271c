import Market
import Testing

@testable import Venues

@Suite("the venue's rules of orders")
struct OrderJudgeTests {
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

    private var rules: SymbolRules
    private let btc = SpotExamples.btc

    init() throws { rules = try #require(try SymbolRules.read(exchangeInfo: Self.info())["BTCUSDT"]) }

    private static let reference = SpotExamples.price("35000")

    private func order(
        _ side: Side = .buy, _ quantity: String = "0.01", _ terms: SpotTerms = .limit(reference),
        iceberg: String? = nil, mode: SelfTradePrevention? = nil, id: String = "my-1"
    ) -> NewSpotOrder {
        NewSpotOrder(
            btc, side, .quantity(SpotExamples.quantity(quantity)), terms, clientOrderID: id,
            icebergQuantity: iceberg.map { SpotExamples.quantity($0) }, selfTradePrevention: mode)
    }

    private func limit(_ price: String) -> SpotTerms { .limit(SpotExamples.price(price)) }

    private func broken(
        _ order: NewSpotOrder, _ circumstances: OrderCircumstances? = nil,
        _ change: (inout SymbolRules) -> Void = { _ in }
    ) -> [String] {
        var rules = rules
        change(&rules)
        return rules.violations(of: order, given: circumstances ?? OrderCircumstances(referencePrice: Self.reference))
            .map(\.rule)
    }

    @Test("all twenty kinds of rules are known")
    func kinds() throws {
        let asset = #",{"filterType":"MAX_ASSET","asset":"BTC","limit":"2.00000000"}"#
        let older =
            #",{"filterType":"PERCENT_PRICE","multiplierUp":"5","multiplierDown":"0.2","avgPriceMins":5},{"filterType":"MIN_NOTIONAL","minNotional":"7.0","applyToMarket":true,"avgPriceMins":5}"#
        let all = try #require(
            try SymbolRules.read(exchangeInfo: Self.info(Self.filters + asset + older))["BTCUSDT"])
        #expect(all.filters.unknownKinds.isEmpty)
        let filters = all.filters
        #expect(filters.assets[btc.base] == 20_000_000_000_000_000 && filters.notional?.kind == "MIN_NOTIONAL")
        #expect(filters.notional?.maximum == 9_000_000 * Money.unitsPerWhole && filters.bandKind == "PERCENT_PRICE")
        #expect(filters.symbolCounts == .init(orders: 3, triggered: 2, icebergs: 1, lists: 1))
        #expect(filters.accountCounts == .init(orders: 5, triggered: 4, icebergs: 3, lists: 2))
        #expect(filters.icebergParts == 10 && filters.amendments == 2 && filters.trailingBelow == 20...1_000)
        #expect(filters.position == 10 * Money.unitsPerWhole && filters.marketLot?.step == nil)
    }

    @Test("a kind that nobody knows is named, and the others hold")
    func unknownKind() throws {
        let more = Self.filters + #",{"filterType":"SOMETHING_NEW","limit":7}"#
        let rules = try #require(try SymbolRules.read(exchangeInfo: Self.info(more))["BTCUSDT"])
        #expect(rules.filters.unknownKinds == ["SOMETHING_NEW"] && rules.filters.lot != nil)
    }

    @Test(
        "a rule that can't be read is not passed over",
        arguments: [
            ("\"0.01000000\"", "\"abc\""), ("\"bidMultiplierUp\":\"1.2\"", "\"x\":1"),
            ("\"limit\":10", "\"limit\":\"x\""),
            ("\"maxNumOrders\":3", "\"maxNumOrders\":-3"),
            ("\"minTrailingAboveDelta\":10", "\"minTrailingAboveDelta\":9999"),
            ("\"stepSize\":\"0.00001000\"", "\"stepSize\":\"-0.1\""),
        ])
    func unreadable(_ from: String, _ to: String) {
        let error = #expect(throws: VenueError.self) {
            try SymbolRules.read(exchangeInfo: Self.info(Self.filters.replacingOccurrences(from, to)))
        }
        #expect(error?.kind == .malformed)
    }

    @Test("an order that keeps every rule is not objected to")
    func fine() {
        for side in Side.allCases { #expect(broken(order(side)) == []) }
        #expect(broken(order(.buy, "0.01", .market)) == [])
        let amount = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("5")), .market, clientOrderID: "a")
        #expect(broken(amount) == [])
        #expect(broken(order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000"))))) == [])
    }

    @Test(
        "prices lie within their bounds and on the tick",
        arguments: [
            ("0.01", true), ("0.001", false), ("35000.01", true), ("35000.015", false), ("1000000", true),
            ("1000000.01", false),
        ])
    func prices(_ price: String, _ isFine: Bool) {
        let found = broken(order(.buy, "10", limit(price)), OrderCircumstances())
        #expect(found.contains("PRICE_FILTER") == !isFine)
    }

    @Test("trigger prices, too")
    func triggers() {
        #expect(broken(order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000.005"))))) == ["PRICE_FILTER"])
        let both = SpotTerms.stopLossLimit(SpotExamples.price("34000.001"), .at(SpotExamples.price("34000.002")))
        #expect(broken(order(.sell, "0.01", both)) == ["PRICE_FILTER", "PRICE_FILTER"])
    }

    @Test(
        "quantities lie within their bounds and on the step",
        arguments: [
            ("0.00001", true), ("0.000001", false), ("0.01", true), ("0.010001", false), ("9000", true),
            ("9000.00001", false), ("0", false), ("-1", false),
        ])
    func quantities(_ quantity: String, _ isFine: Bool) {
        #expect(broken(order(.sell, quantity), OrderCircumstances()).contains("LOT_SIZE") == !isFine)
    }

    @Test("market orders have a bound of their own besides", arguments: [("120", true), ("120.00001", false)])
    func marketLot(_ quantity: String, _ isFine: Bool) {
        #expect(broken(order(.sell, quantity, .market)).contains("MARKET_LOT_SIZE") == !isFine)
        #expect(!broken(order(.sell, quantity)).contains("MARKET_LOT_SIZE"))
    }

    @Test(
        "a limit is not too far from the reference, each side in its own band",
        arguments: [
            (Side.buy, "42000", true), (.buy, "42000.01", false), (.buy, "7000", true), (.buy, "6999.99", false),
            (.sell, "28000", true), (.sell, "27999.99", false), (.sell, "175000", true), (.sell, "175000.01", false),
        ])
    func bands(_ side: Side, _ price: String, _ isFine: Bool) {
        #expect(broken(order(side, "0.01", limit(price))) == (isFine ? [] : ["PERCENT_PRICE_BY_SIDE"]))
    }

    @Test("without a reference the bands are the venue's to judge")
    func noReference() { #expect(broken(order(.buy, "0.01", limit("100000")), OrderCircumstances()) == []) }

    @Test(
        "an order is worth something, and not too much",
        arguments: [
            ("0.00014", false), ("0.00015", true), ("257", true), ("257.2", false),
        ])
    func notional(_ quantity: String, _ isFine: Bool) {
        #expect(broken(order(.sell, quantity)).contains("NOTIONAL") == !isFine)
    }

    @Test("a market order is valued at the reference, and only the lower bound holds for it here")
    func marketNotional() {
        #expect(broken(order(.sell, "0.00014", .market)) == ["NOTIONAL"])
        #expect(broken(order(.sell, "0.00014", .market), OrderCircumstances()) == [])
        #expect(
            !broken(order(.sell, "119", .market), OrderCircumstances(referencePrice: SpotExamples.price("90000")))
                .contains("NOTIONAL"))
        #expect(broken(order(.sell, "0.00014", .market)) { $0.filters.notional?.isMinimumForMarket = false } == [])
        let small = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("4.99")), .market, clientOrderID: "a")
        #expect(broken(small, OrderCircumstances()) == ["NOTIONAL"])
    }

    private func open(
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

    private func given(_ open: [SpotOrder], elsewhere: (inout OrderCircumstances.OpenCounts) -> Void = { _ in })
        -> OrderCircumstances
    {
        var counts = OrderCircumstances.OpenCounts()
        elsewhere(&counts)
        return OrderCircumstances(referencePrice: Self.reference, openOrders: open, elsewhere: counts)
    }

    @Test("orders of a symbol are counted")
    func symbolCount() {
        #expect(broken(order(), given([open(), open()])) == [])
        #expect(broken(order(), given([open(), open(), open()])) == ["MAX_NUM_ORDERS"])
    }

    @Test("orders with a trigger are counted apart")
    func triggeredCount() {
        let stops = [open(.sell, "1", .stopLoss), open(.sell, "1", .takeProfitLimit)]
        let stop = order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000"))))
        #expect(broken(stop, given([stops[0]])) == [])
        #expect(broken(stop, given(stops)) == ["MAX_NUM_ALGO_ORDERS"])
        #expect(broken(order(), given(stops)) == [])
    }

    @Test("iceberg orders are counted apart")
    func icebergCount() {
        let shown = order(.sell, "0.01", iceberg: "0.002")
        #expect(broken(shown, given([])) == [])
        #expect(broken(shown, given([open(iceberg: "0.1")])) == ["MAX_NUM_ICEBERG_ORDERS"])
    }

    @Test("orders of the whole account are counted, those of other symbols too")
    func accountCounts() {
        #expect(broken(order(), given([], elsewhere: { $0.orders = 4 })) == [])
        #expect(broken(order(), given([], elsewhere: { $0.orders = 5 })) == ["EXCHANGE_MAX_NUM_ORDERS"])
        let stop = order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000"))))
        #expect(broken(stop, given([], elsewhere: { $0.triggered = 4 })) == ["EXCHANGE_MAX_NUM_ALGO_ORDERS"])
        let shown = order(.sell, "0.01", iceberg: "0.002")
        #expect(broken(shown, given([], elsewhere: { $0.icebergs = 3 })) == ["EXCHANGE_MAX_NUM_ICEBERG_ORDERS"])
    }

    @Test(
        "an iceberg has not too many parts, and its part keeps the step",
        arguments: [("0.001", []), ("0.00099", ["ICEBERG_PARTS"]), ("0.002001", ["LOT_SIZE"])] as [(String, [String])])
    func iceberg(_ part: String, _ expected: [String]) {
        #expect(broken(order(.sell, "0.01", iceberg: part)) == expected)
    }

    @Test("an iceberg works until it is cancelled")
    func icebergTime() {
        let terms = SpotTerms.limit(Self.reference, .immediateOrCancel)
        #expect(broken(order(.sell, "0.01", terms, iceberg: "0.002")) == ["icebergQty"])
    }

    @Test(
        "what the account would hold is bounded, with what it is buying already",
        arguments: [("1", []), ("1.00001", ["MAX_POSITION"])] as [(String, [String])])
    func position(_ quantity: String, _ expected: [String]) throws {
        // 5 free and 1 locked, 3 of 4 still to be bought: 9.
        let balance = try SpotBalance(free: Money("5", btc.base), locked: Money("1", btc.base))
        var circumstances = given([open(.buy, "4", executed: "1"), open(.sell, "7")])
        circumstances.balances = [balance]
        #expect(broken(order(.buy, quantity), circumstances) == expected)
        #expect(broken(order(.sell, quantity), circumstances) == [])
    }

    @Test("an amount to spend counts with what it buys at the reference")
    func spendingPosition() throws {
        let order = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("350035")), .market, clientOrderID: "a")
        #expect(broken(order) == ["MAX_POSITION"])
    }

    @Test("an asset moves in portions", arguments: [("2", []), ("2.00001", ["MAX_ASSET"])] as [(String, [String])])
    func assets(_ quantity: String, _ expected: [String]) {
        #expect(broken(order(.sell, quantity)) { $0.filters.assets = [btc.base: 2 * Money.unitsPerWhole] } == expected)
        let isBroken = broken(order(.sell, quantity)) { $0.filters.assets = [.usdt: 70_000 * Money.unitsPerWhole] }
        #expect(isBroken == expected)
    }

    @Test(
        "a trailing order trails within the bounds of its side of the market",
        arguments: [
            (Side.buy, true, 10, true), (.buy, true, 9, false), (.buy, true, 2_001, false), (.sell, true, 20, true),
            (.sell, true, 19, false), (.sell, true, 1_001, false), (.sell, false, 10, true), (.buy, false, 19, false),
        ])
    func trailing(_ side: Side, _ isStop: Bool, _ delta: Int, _ isFine: Bool) {
        let terms: SpotTerms = isStop ? .stopLoss(.trailing(delta)) : .takeProfit(.trailing(delta))
        #expect(broken(order(side, "0.01", terms)) == (isFine ? [] : ["TRAILING_DELTA"]))
    }

    @Test("a trigger has something that wakes it")
    func noTrigger() {
        #expect(broken(order(.sell, "0.01", .stopLoss(SpotTrigger()))) == ["stopPrice"])
    }

    @Test("what the symbol does not offer is named")
    func offers() {
        #expect(broken(order()) { $0.status = "HALT" } == ["status"])
        #expect(broken(order()) { $0.isSpotAllowed = false } == ["isSpotTradingAllowed"])
        #expect(broken(order()) { $0.orderTypes = [.market] } == ["orderTypes"])
        #expect(broken(order(mode: .decrement)) == ["selfTradePreventionMode"])
        #expect(broken(order(mode: .expireTaker)) == [])
        #expect(broken(order(iceberg: "0.002")) { $0.allowsIceberg = false } == ["icebergAllowed"])
        let trailing = order(.sell, "0.01", .stopLoss(.trailing(100)))
        #expect(broken(trailing) { $0.allowsTrailing = false } == ["allowTrailingStop"])
        let amount = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("50")), .market, clientOrderID: "a")
        #expect(broken(amount) { $0.allowsSpending = false } == ["quoteOrderQty"])
    }

    @Test("only a market order says what to spend")
    func spendingLimit() {
        let order = NewSpotOrder(
            btc, .buy, .spending(SpotExamples.usdt("50")), .limit(Self.reference), clientOrderID: "a")
        #expect(broken(order) == ["quoteOrderQty"])
    }

    @Test(
        "numbers that the venue does not take",
        arguments: [
            ("", false), ("a.b", false), ("a:b", false), ("ü", false), ("a_b-C9", true),
            (String(repeating: "a", count: 36), true),
            (String(repeating: "a", count: 37), false),
        ])
    func numbers(_ id: String, _ isFine: Bool) {
        #expect(broken(order(id: id)) == (isFine ? [] : ["newClientOrderId"]))
    }

    @Test("all that is wrong is said at once, in words with what was expected")
    func words() {
        let found = rules.violations(
            of: order(.buy, "0.000001", limit("50000.005")), given: OrderCircumstances(referencePrice: Self.reference))
        #expect(found.map(\.rule) == ["PRICE_FILTER", "LOT_SIZE", "PERCENT_PRICE_BY_SIDE", "NOTIONAL"])
        #expect(found[0].description == "PRICE_FILTER: the price 50000.005 is no multiple of 0.01")
        #expect(found[1].words == "the quantity 0.000001 is below 0.00001")
        #expect(
            found[2].words
                == "the price 50000.005 of a buy is too far from 35000.00; expected 7000 to 42000")
        #expect(found[3].words == "it is worth 0.050000005 USDT; expected 5 USDT at least")
    }

    private func list(above: String = "40000") -> NewSpotOrderList {
        let entry = SpotOrderOfList(
            .buy, SpotExamples.quantity("0.01"), SpotLeg(.limit(Self.reference), clientOrderID: "in"))
        let pair = SpotPair(
            .sell, SpotExamples.quantity("0.01"),
            above: SpotLeg(.limitMaker(SpotExamples.price(above)), clientOrderID: "up"),
            below: SpotLeg(.stopLoss(.at(SpotExamples.price("30000"))), clientOrderID: "down"))
        return NewSpotOrderList(btc, .entryWithPair(entry, pair), clientListID: "l-1")
    }

    private func broken(
        _ list: NewSpotOrderList, _ circumstances: OrderCircumstances, _ change: (inout SymbolRules) -> Void = { _ in }
    ) -> [String] {
        var rules = rules
        change(&rules)
        return rules.violations(of: list, given: circumstances).map(\.rule)
    }

    @Test("a list keeps every rule with each of its orders")
    func listOrders() {
        #expect(broken(list(), given([])) == [])
        #expect(broken(list(above: "40000.001"), given([])) == ["PRICE_FILTER"])
    }

    @Test("a list counts with its orders, and as a list")
    func listCounts() {
        #expect(broken(list(), given([open()])) == ["MAX_NUM_ORDERS"])
        #expect(broken(list(), given([open(list: 7)])) == ["MAX_NUM_ORDERS", "MAX_NUM_ORDER_LISTS"])
        #expect(broken(list(), given([], elsewhere: { $0.lists = 2 })) == ["EXCHANGE_MAX_NUM_ORDER_LISTS"])
    }

    @Test("lists that the symbol does not take")
    func listOffers() {
        #expect(broken(list(), given([])) { $0.allowsSequences = false } == ["otoAllowed"])
    }

    private func amendable(_ quantity: String, times: Int = 0, _ change: (inout SymbolRules) -> Void = { _ in })
        -> [String]
    {
        var rules = rules
        change(&rules)
        return rules.violations(
            ofAmending: open(.buy, "1", executed: "0.2"), to: SpotExamples.quantity(quantity), of: btc,
            amendments: times
        ).map(\.rule)
    }

    @Test("an order can only be made smaller, not below what has filled, and not too often")
    func amendments() {
        #expect(amendable("0.5") == [])
        #expect(amendable("1") == ["amend"])
        #expect(amendable("0.2") == ["amend"])
        #expect(amendable("0.500001") == ["LOT_SIZE"])
        #expect(amendable("0.5", times: 2) == ["MAX_NUM_ORDER_AMENDS"])
        #expect(amendable("0.5") { $0.allowsAmending = false } == ["amend"])
    }

    @Test("the account's own rules stand above the symbol's")
    func account() throws {
        var rules = rules
        try rules.takeAccount(
            Array(
                #"{"exchangeFilters":[{"filterType":"EXCHANGE_MAX_NUM_ORDERS","maxNumOrders":1}],"symbolFilters":[{"filterType":"MAX_NUM_ORDER_LISTS","maxNumOrderLists":20}],"assetFilters":[{"filterType":"MAX_ASSET","asset":"BTC","limit":"1.0"}]}"#
                    .utf8))
        let found = rules.violations(of: order(.sell, "1.5"), given: given([open()]))
        #expect(found.map(\.rule) == ["MAX_ASSET", "EXCHANGE_MAX_NUM_ORDERS"])
        #expect(rules.filters.symbolCounts.lists == 20)
    }
}
