import Market
import Testing

@testable import Venues

@Suite("the venue's rules of how much and how many")
struct OrderCountTests {
    private let examples: RuleExamples
    private let btc = SpotExamples.btc

    init() throws { examples = try RuleExamples() }

    @Test("orders of a symbol are counted")
    func symbolCount() {
        #expect(examples.broken(examples.order(), examples.given([examples.open(), examples.open()])) == [])
        #expect(
            examples.broken(examples.order(), examples.given([examples.open(), examples.open(), examples.open()])) == [
                "MAX_NUM_ORDERS"
            ])
    }

    @Test("orders with a trigger are counted apart")
    func triggeredCount() {
        let stops = [examples.open(.sell, "1", .stopLoss), examples.open(.sell, "1", .takeProfitLimit)]
        let stop = examples.order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000"))))
        #expect(examples.broken(stop, examples.given([stops[0]])) == [])
        #expect(examples.broken(stop, examples.given(stops)) == ["MAX_NUM_ALGO_ORDERS"])
        #expect(examples.broken(examples.order(), examples.given(stops)) == [])
    }

    @Test("iceberg orders are counted apart")
    func icebergCount() {
        let shown = examples.order(.sell, "0.01", iceberg: "0.002")
        #expect(examples.broken(shown, examples.given([])) == [])
        #expect(examples.broken(shown, examples.given([examples.open(iceberg: "0.1")])) == ["MAX_NUM_ICEBERG_ORDERS"])
    }

    @Test("orders of the whole account are counted, those of other symbols too")
    func accountCounts() {
        #expect(examples.broken(examples.order(), examples.given([], elsewhere: { $0.orders = 4 })) == [])
        #expect(
            examples.broken(examples.order(), examples.given([], elsewhere: { $0.orders = 5 })) == [
                "EXCHANGE_MAX_NUM_ORDERS"
            ])
        let stop = examples.order(.sell, "0.01", .stopLoss(.at(SpotExamples.price("34000"))))
        #expect(
            examples.broken(stop, examples.given([], elsewhere: { $0.triggered = 4 })) == [
                "EXCHANGE_MAX_NUM_ALGO_ORDERS"
            ])
        let shown = examples.order(.sell, "0.01", iceberg: "0.002")
        #expect(
            examples.broken(shown, examples.given([], elsewhere: { $0.icebergs = 3 })) == [
                "EXCHANGE_MAX_NUM_ICEBERG_ORDERS"
            ])
    }

    @Test(
        "what the account would hold is bounded, with what it is buying already",
        arguments: [("1", []), ("1.00001", ["MAX_POSITION"])] as [(String, [String])])
    func position(_ quantity: String, _ expected: [String]) throws {
        // 5 free and 1 locked, 3 of 4 still to be bought: 9.
        let balance = try SpotBalance(free: Money("5", btc.base), locked: Money("1", btc.base))
        var circumstances = examples.given([examples.open(.buy, "4", executed: "1"), examples.open(.sell, "7")])
        circumstances.balances = [balance, try SpotBalance(free: Money("1000000", .usdt), locked: .zero(.usdt))]
        #expect(examples.broken(examples.order(.buy, quantity), circumstances) == expected)
        #expect(examples.broken(examples.order(.sell, quantity), circumstances) == [])
    }

    @Test(
        "what an order locks is free",
        arguments: [
            (Side.sell, "0.5", true), (.sell, "0.50001", false), (.buy, "0.01", true), (.buy, "0.01001", false),
        ])
    func balances(_ side: Side, _ quantity: String, _ isFine: Bool) throws {
        // Half a coin and what a hundredth costs.
        let balances = try [
            SpotBalance(free: Money("0.5", btc.base), locked: Money("9", btc.base)),
            SpotBalance(free: Money("350", .usdt), locked: .zero(.usdt)),
        ]
        let given = OrderCircumstances(referencePrice: RuleExamples.reference, balances: balances)
        #expect(examples.broken(examples.order(side, quantity), given) == (isFine ? [] : ["balance"]))
    }

    @Test("an amount to spend is free, and an account without any of an asset has none")
    func noBalance() {
        let given = OrderCircumstances(referencePrice: RuleExamples.reference, balances: [])
        let order = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("50")), .market, clientOrderID: "a")
        #expect(examples.broken(order, given) == ["balance"])
        // What it costs only the market knows.
        #expect(examples.broken(examples.order(.buy, "0.01", .market), given) == [])
    }

    @Test("of a list only what works from the beginning has to be free")
    func listBalance() throws {
        let balance = try SpotBalance(free: Money("350", .usdt), locked: .zero(.usdt))
        var given = OrderCircumstances(referencePrice: RuleExamples.reference, balances: [balance])
        #expect(examples.broken(examples.list(), given) == [])
        given.balances = []
        #expect(examples.broken(examples.list(), given) == ["balance"])
    }

    @Test("an amount to spend counts with what it buys at the reference")
    func spendingPosition() throws {
        let order = NewSpotOrder(btc, .buy, .spending(SpotExamples.usdt("350035")), .market, clientOrderID: "a")
        #expect(examples.broken(order) == ["MAX_POSITION"])
    }

    @Test("an asset moves in portions", arguments: [("2", []), ("2.00001", ["MAX_ASSET"])] as [(String, [String])])
    func assets(_ quantity: String, _ expected: [String]) {
        #expect(
            examples.broken(examples.order(.sell, quantity)) { $0.filters.assets = [btc.base: 2 * Money.unitsPerWhole] }
                == expected)
        let isBroken = examples.broken(examples.order(.sell, quantity)) {
            $0.filters.assets = [.usdt: 70_000 * Money.unitsPerWhole]
        }
        #expect(isBroken == expected)
    }

    @Test("a list keeps every rule with each of its orders")
    func listOrders() {
        #expect(examples.broken(examples.list(), examples.given([])) == [])
        #expect(examples.broken(examples.list(above: "40000.001"), examples.given([])) == ["PRICE_FILTER"])
    }

    @Test("a list counts with its orders, and as a list")
    func listCounts() {
        #expect(examples.broken(examples.list(), examples.given([examples.open()])) == ["MAX_NUM_ORDERS"])
        #expect(
            examples.broken(examples.list(), examples.given([examples.open(list: 7)])) == [
                "MAX_NUM_ORDERS", "MAX_NUM_ORDER_LISTS",
            ])
        #expect(
            examples.broken(examples.list(), examples.given([], elsewhere: { $0.lists = 2 })) == [
                "EXCHANGE_MAX_NUM_ORDER_LISTS"
            ])
    }

    @Test("lists that the symbol does not take")
    func listOffers() {
        #expect(examples.broken(examples.list(), examples.given([])) { $0.allowsSequences = false } == ["otoAllowed"])
    }

    @Test("an order can only be made smaller, not below what has filled, and not too often")
    func amendments() {
        #expect(examples.amendable("0.5") == [])
        #expect(examples.amendable("1") == ["amend"])
        #expect(examples.amendable("0.2") == ["amend"])
        #expect(examples.amendable("0.500001") == ["LOT_SIZE"])
        #expect(examples.amendable("0.5", times: 2) == ["MAX_NUM_ORDER_AMENDS"])
        #expect(examples.amendable("0.5") { $0.allowsAmending = false } == ["amend"])
    }
}
