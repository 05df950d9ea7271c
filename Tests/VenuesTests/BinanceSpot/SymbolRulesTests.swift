import Market
import Testing

@testable import Venues

@Suite("reading the venue's rules")
struct SymbolRulesTests {
    private let examples: RuleExamples
    private let btc = SpotExamples.btc

    init() throws { examples = try RuleExamples() }

    @Test("all twenty kinds of rules are known")
    func kinds() throws {
        let asset = #",{"filterType":"MAX_ASSET","asset":"BTC","limit":"2.00000000"}"#
        let older =
            #",{"filterType":"PERCENT_PRICE","multiplierUp":"5","multiplierDown":"0.2","avgPriceMins":5},{"filterType":"MIN_NOTIONAL","minNotional":"7.0","applyToMarket":true,"avgPriceMins":5}"#
        let all = try #require(
            try SymbolRules.read(exchangeInfo: RuleExamples.info(RuleExamples.filters + asset + older))["BTCUSDT"])
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
        let more = RuleExamples.filters + #",{"filterType":"SOMETHING_NEW","limit":7}"#
        let rules = try #require(try SymbolRules.read(exchangeInfo: RuleExamples.info(more))["BTCUSDT"])
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
            try SymbolRules.read(exchangeInfo: RuleExamples.info(RuleExamples.filters.replacingOccurrences(from, to)))
        }
        #expect(error?.kind == .malformed)
    }

    @Test("the account's own rules stand above the symbol's")
    func account() throws {
        var rules = examples.rules
        try rules.takeAccount(
            Array(
                #"{"exchangeFilters":[{"filterType":"EXCHANGE_MAX_NUM_ORDERS","maxNumOrders":1}],"symbolFilters":[{"filterType":"MAX_NUM_ORDER_LISTS","maxNumOrderLists":20}],"assetFilters":[{"filterType":"MAX_ASSET","asset":"BTC","limit":"1.0"}]}"#
                    .utf8))
        let found = rules.violations(of: examples.order(.sell, "1.5"), given: examples.given([examples.open()]))
        #expect(found.map(\.rule) == ["MAX_ASSET", "EXCHANGE_MAX_NUM_ORDERS"])
        #expect(rules.filters.symbolCounts.lists == 20)
    }
}
