import Market
import Testing

@testable import StandIn

@Suite("orders through the smart order routing")
struct RoutingTests {
    private let rig = ExchangeRig()

    private func route(_ text: String) throws(APIError) -> JSONValue {
        let terms = try OrderReading(parameters: ExchangeRig.parameters(text)).routedTerms()
        return try rig.exchange.placeChecked(terms, 0, rig.account)
    }

    private func texts(_ value: JSONValue?, _ names: String...) -> [String] {
        names.map { value?[$0].map { $0.string ?? $0.text } ?? "-" }
    }

    private func reports() -> [JSONValue] {
        var found: [JSONValue] = []
        for case .user(rig.account.id, let event) in rig.exchange.takeEvents()
        where event["e"]?.string == "executionReport" { found.append(event) }
        return found
    }

    @Test("what it takes is passed on as allocations, level by level, and is no trade of the account")
    func takes() throws {
        let answer = try route("side=BUY type=MARKET quantity=1.5")
        #expect(texts(answer, "status", "usedSor", "workingFloor") == ["FILLED", "true", "SOR"])
        let fills = try #require(answer["fills"]?.elements)
        #expect(
            fills.map { texts($0, "matchType", "price", "qty", "tradeId", "allocId") } == [
                ["ONE_PARTY_TRADE_REPORT", "100.01000000", "1.00000000", "-1", "1"],
                ["ONE_PARTY_TRADE_REPORT", "100.02000000", "0.50000000", "-1", "2"],
            ])
        #expect(rig.account.trades.isEmpty)
        #expect(rig.account.allocations.map(\.id) == [1, 2])
        // The routing itself traded, for everybody to see.
        #expect(rig.tape == ["1@100.01", "0.5@100.02"])
        // 1.5 less a thousandth; 100.01 + 50.01 paid.
        #expect(rig.balance(ExchangeRig.btc) == ["6.4985", "0"])
        #expect(rig.balance(.usdt) == ["9849.98", "0"])
    }

    @Test("what is left of a limit stands in the symbol's own book and trades there as any order does")
    func rests() throws {
        let answer = try route("side=BUY type=LIMIT timeInForce=GTC quantity=1.5 price=100.01")
        #expect(
            texts(answer, "status", "executedQty", "workingFloor") == ["PARTIALLY_FILLED", "1.00000000", "EXCHANGE"])
        #expect(rig.book(.buy).first == "0.5@100.01")
        _ = reports()
        rig.trade("100", "2", .sell)
        let fill = try #require(reports().first)
        #expect(texts(fill, "X", "k", "uS", "b", "a") == ["FILLED", "EXCHANGE", "true", "-", "-"])
        #expect(rig.account.trades.count == 1)
        #expect(fill["t"]?.text == "\(rig.account.trades[0].id)")
        #expect(rig.account.allocations.count == 1)
    }

    @Test("its reports say that it was routed, and which allocation a fill is")
    func reporting() throws {
        _ = reports()
        _ = try route("side=SELL type=LIMIT timeInForce=IOC quantity=1.2 price=99.99")
        #expect(
            reports().map { texts($0, "x", "k", "uS", "b", "a", "t", "W") }.map { $0.dropLast() } == [
                ["NEW", "SOR", "true", "-", "-", "-1"],
                ["TRADE", "SOR", "true", "ONE_PARTY_TRADE_REPORT", "1", "-1"],
                ["EXPIRED", "SOR", "true", "-", "-", "-1"],
            ])
        let order = try #require(rig.account.orders.last)
        #expect(
            texts(rig.exchange.queried(order), "usedSor", "workingFloor", "expiryReason") == [
                "true", "SOR", "UNFILLED_IOC_QUANTITY_EXPIRED",
            ])
    }

    @Test("the client that it takes from has an ordinary trade")
    func counterpart() throws {
        let maker = try rig.place("side=SELL type=LIMIT timeInForce=GTC quantity=1 price=100", rig.other)
        _ = try route("side=BUY type=MARKET quantity=0.4")
        #expect(maker.executedText == "0.4")
        #expect(rig.other.trades.count == 1)
        #expect(rig.other.allocations.isEmpty)
    }

    @Test("an order that is not routed says nothing of routings")
    func plain() throws {
        let order = try rig.place("side=BUY type=MARKET quantity=1")
        #expect(texts(rig.exchange.queried(order), "usedSor", "workingFloor") == ["-", "-"])
        #expect(reports().allSatisfy { $0["k"] == nil && $0["uS"] == nil })
    }

    @Test(
        "only limits and market orders of a quantity are routed",
        arguments: [
            ("side=BUY type=LIMIT_MAKER quantity=1 price=99", -1_116),
            ("side=BUY type=STOP_LOSS quantity=1 stopPrice=101", -1_116),
            ("side=BUY type=MARKET quoteOrderQty=100", -1_106),
            ("side=BUY type=LIMIT quantity=1 price=99", -1_102),
            ("side=BUY type=MARKET", -1_102),
        ])
    func refused(_ text: String, _ code: Int) {
        let error = #expect(throws: APIError.self) { try route(text) }
        #expect(error?.code == code)
    }
}
