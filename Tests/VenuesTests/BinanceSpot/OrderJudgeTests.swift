import Market
import Testing

@testable import Venues

@Suite("the venue's rules of an order's numbers")
struct OrderJudgeTests {
    private let examples: RuleExamples
    private let btc = SpotExamples.btc

    init() throws { examples = try RuleExamples() }

    @Test("an order that keeps every rule is not objected to")
    func fine() {
        for side in Side.allCases { #expect(examples.broken(examples.order(side)) == []) }
        #expect(examples.broken(examples.order(.buy, "0.01", .market)) == [])
        let amount = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("5")), .market, clientOrderID: "a")
        #expect(examples.broken(amount) == [])
        #expect(examples.broken(examples.order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000"))))) == [])
    }

    @Test(
        "prices lie within their bounds and on the tick",
        arguments: [
            ("0.01", true), ("0.001", false), ("35000.01", true), ("35000.015", false), ("1000000", true),
            ("1000000.01", false),
        ])
    func prices(_ price: String, _ isFine: Bool) {
        let found = examples.broken(examples.order(.buy, "10", examples.limit(price)), OrderCircumstances())
        #expect(found.contains("PRICE_FILTER") == !isFine)
    }

    @Test("trigger prices, too")
    func triggers() {
        #expect(
            examples.broken(examples.order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000.005"))))) == [
                "PRICE_FILTER"
            ])
        let both = SpotTerms.stopLossLimit(SpotExamples.price("34000.001"), .at(SpotExamples.price("34000.002")))
        #expect(examples.broken(examples.order(.sell, "0.01", both)) == ["PRICE_FILTER", "PRICE_FILTER"])
    }

    @Test(
        "quantities lie within their bounds and on the step",
        arguments: [
            ("0.00001", true), ("0.000001", false), ("0.01", true), ("0.010001", false), ("9000", true),
            ("9000.00001", false), ("0", false), ("-1", false),
        ])
    func quantities(_ quantity: String, _ isFine: Bool) {
        #expect(examples.broken(examples.order(.sell, quantity), OrderCircumstances()).contains("LOT_SIZE") == !isFine)
    }

    @Test("market orders have a bound of their own besides", arguments: [("120", true), ("120.00001", false)])
    func marketLot(_ quantity: String, _ isFine: Bool) {
        #expect(examples.broken(examples.order(.sell, quantity, .market)).contains("MARKET_LOT_SIZE") == !isFine)
        #expect(!examples.broken(examples.order(.sell, quantity)).contains("MARKET_LOT_SIZE"))
    }

    @Test(
        "a limit is not too far from the reference, each side in its own band",
        arguments: [
            (Side.buy, "42000", true), (.buy, "42000.01", false), (.buy, "7000", true), (.buy, "6999.99", false),
            (.sell, "28000", true), (.sell, "27999.99", false), (.sell, "175000", true), (.sell, "175000.01", false),
        ])
    func bands(_ side: Side, _ price: String, _ isFine: Bool) {
        #expect(
            examples.broken(examples.order(side, "0.01", examples.limit(price)))
                == (isFine ? [] : ["PERCENT_PRICE_BY_SIDE"]))
    }

    @Test("without a reference the bands are the venue's to judge")
    func noReference() {
        #expect(examples.broken(examples.order(.buy, "0.01", examples.limit("100000")), OrderCircumstances()) == [])
    }

    @Test(
        "an order is worth something, and not too much",
        arguments: [
            ("0.00014", false), ("0.00015", true), ("257", true), ("257.2", false),
        ])
    func notional(_ quantity: String, _ isFine: Bool) {
        #expect(examples.broken(examples.order(.sell, quantity)).contains("NOTIONAL") == !isFine)
    }

    @Test("a market order is valued at the reference, and only the lower bound holds for it here")
    func marketNotional() {
        #expect(examples.broken(examples.order(.sell, "0.00014", .market)) == ["NOTIONAL"])
        #expect(examples.broken(examples.order(.sell, "0.00014", .market), OrderCircumstances()) == [])
        #expect(
            !examples.broken(
                examples.order(.sell, "119", .market), OrderCircumstances(referencePrice: SpotExamples.price("90000"))
            )
            .contains("NOTIONAL"))
        #expect(
            examples.broken(examples.order(.sell, "0.00014", .market)) {
                $0.filters.notional?.isMinimumForMarket = false
            } == [])
        let small = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("4.99")), .market, clientOrderID: "a")
        #expect(examples.broken(small, OrderCircumstances()) == ["NOTIONAL"])
    }

    @Test(
        "an iceberg has not too many parts, and its part keeps the step",
        arguments: [("0.001", []), ("0.00099", ["ICEBERG_PARTS"]), ("0.002001", ["LOT_SIZE"])] as [(String, [String])])
    func iceberg(_ part: String, _ expected: [String]) {
        #expect(examples.broken(examples.order(.sell, "0.01", iceberg: part)) == expected)
    }

    @Test("an iceberg works until it is cancelled")
    func icebergTime() {
        let terms = SpotTerms.limit(RuleExamples.reference, .immediateOrCancel)
        #expect(examples.broken(examples.order(.sell, "0.01", terms, iceberg: "0.002")) == ["icebergQty"])
    }

    @Test(
        "a trailing order trails within the bounds of its side of the market",
        arguments: [
            (Side.buy, true, 10, true), (.buy, true, 9, false), (.buy, true, 2_001, false), (.sell, true, 20, true),
            (.sell, true, 19, false), (.sell, true, 1_001, false), (.sell, false, 10, true), (.buy, false, 19, false),
        ])
    func trailing(_ side: Side, _ isStop: Bool, _ delta: Int, _ isFine: Bool) {
        let terms: SpotTerms = isStop ? .stopLoss(.trailing(delta)) : .takeProfit(.trailing(delta))
        #expect(examples.broken(examples.order(side, "0.01", terms)) == (isFine ? [] : ["TRAILING_DELTA"]))
    }

    @Test("a trigger has something that wakes it")
    func noTrigger() {
        #expect(examples.broken(examples.order(.sell, "0.01", .stopLoss(SpotTrigger()))) == ["stopPrice"])
    }

    @Test("what the symbol does not offer is named")
    func offers() {
        #expect(examples.broken(examples.order()) { $0.status = "HALT" } == ["status"])
        #expect(examples.broken(examples.order()) { $0.isSpotAllowed = false } == ["isSpotTradingAllowed"])
        #expect(examples.broken(examples.order()) { $0.orderTypes = [.market] } == ["orderTypes"])
        #expect(examples.broken(examples.order(mode: .decrement)) == ["selfTradePreventionMode"])
        #expect(examples.broken(examples.order(mode: .expireTaker)) == [])
        #expect(examples.broken(examples.order(iceberg: "0.002")) { $0.allowsIceberg = false } == ["icebergAllowed"])
        let trailing = examples.order(.sell, "0.01", .stopLoss(.trailing(100)))
        #expect(examples.broken(trailing) { $0.allowsTrailing = false } == ["allowTrailingStop"])
        let amount = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("50")), .market, clientOrderID: "a")
        #expect(examples.broken(amount) { $0.allowsSpending = false } == ["quoteOrderQty"])
    }

    @Test("only a market order says what to spend")
    func spendingLimit() {
        let order = NewSpotOrder(
            btc, .buy, .spending(SpotExamples.usdt("50")), .limit(RuleExamples.reference), clientOrderID: "a")
        #expect(examples.broken(order) == ["quoteOrderQty"])
    }

    @Test(
        "numbers that the venue does not take",
        arguments: [
            ("", false), ("a.b", false), ("a:b", false), ("ü", false), ("a_b-C9", true),
            (String(repeating: "a", count: 36), true),
            (String(repeating: "a", count: 37), false),
        ])
    func numbers(_ id: String, _ isFine: Bool) {
        #expect(examples.broken(examples.order(id: id)) == (isFine ? [] : ["newClientOrderId"]))
    }

    @Test("all that is wrong is said at once, in words with what was expected")
    func words() {
        let found = examples.rules.violations(
            of: examples.order(.buy, "0.000001", examples.limit("50000.005")),
            given: OrderCircumstances(referencePrice: RuleExamples.reference))
        #expect(found.map(\.rule) == ["PRICE_FILTER", "LOT_SIZE", "PERCENT_PRICE_BY_SIDE", "NOTIONAL"])
        #expect(found[0].description == "PRICE_FILTER: the price 50000.005 is no multiple of 0.01")
        #expect(found[1].words == "the quantity 0.000001 is below 0.00001")
        #expect(
            found[2].words
                == "the price 50000.005 of a buy is too far from 35000.00; expected 7000 to 42000")
        #expect(found[3].words == "it is worth 0.050000005 USDT; expected 5 USDT at least")
    }
}
