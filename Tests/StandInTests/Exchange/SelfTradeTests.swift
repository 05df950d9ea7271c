import Market
import Testing

@testable import StandIn

@Suite("orders that meet their own account")
struct SelfTradeTests {
    private let rig = ExchangeRig()

    private func limit(_ side: String, _ quantity: String, _ price: String, _ more: String = "") throws -> Order {
        try rig.place("side=\(side) type=LIMIT timeInForce=GTC quantity=\(quantity) price=\(price) \(more)")
    }

    /// The texts of an object's members, `-` for those that are not there.
    private func texts(_ value: JSONValue?, _ names: String...) -> [String] {
        names.map { value?[$0].map { $0.string ?? $0.text } ?? "-" }
    }

    private func preventions() -> [JSONValue] {
        var found: [JSONValue] = []
        for case .user(_, let event) in rig.exchange.takeEvents() where event["x"]?.string == "TRADE_PREVENTION" {
            found.append(event)
        }
        return found
    }

    @Test(
        "DECREMENT takes what would have traded from both, and the larger one stays",
        arguments: [
            // Resting, coming, what is left of each, their states, what stays locked: BTC of the sale, USDT of the purchase.
            ("3", "1", "2", "0", "NEW", "EXPIRED_IN_MATCH", "2", "0"),
            ("1", "3", "0", "2", "EXPIRED_IN_MATCH", "NEW", "0", "200"),
            ("2", "2", "0", "0", "EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH", "0", "0"),
        ])
    func decrement(
        _ resting: String, _ coming: String, _ makerRest: String, _ takerRest: String, _ makerState: String,
        _ takerState: String, _ btc: String, _ usdt: String
    ) throws {
        let maker = try limit("SELL", resting, "100")
        let taker = try limit("BUY", coming, "100", "selfTradePreventionMode=DECREMENT")
        #expect(maker.remaining == ExchangeRig.quantity(makerRest))
        #expect(taker.remaining == ExchangeRig.quantity(takerRest))
        #expect([maker.status.rawValue, taker.status.rawValue] == [makerState, takerState])
        #expect(rig.balance(ExchangeRig.btc)[1] == btc)
        #expect(rig.balance(.usdt)[1] == usdt)
        #expect(rig.tape.isEmpty)
    }

    @Test("the mode of the order that comes decides, whatever the one that rests says")
    func takerDecides() throws {
        let maker = try limit("SELL", "2", "100", "selfTradePreventionMode=EXPIRE_BOTH")
        let taker = try limit("BUY", "1", "100", "selfTradePreventionMode=DECREMENT")
        #expect(maker.status == .new)
        #expect(taker.status == .expiredInMatch)
    }

    @Test("each of the two is reported with what was prevented of it and with the other's number")
    func reports() throws {
        let maker = try limit("SELL", "3", "100")
        _ = rig.exchange.takeEvents()
        let taker = try limit("BUY", "1", "100", "selfTradePreventionMode=DECREMENT")
        let reports = preventions()
        #expect(reports.map { $0["i"]?.text } == ["\(maker.id)", "\(taker.id)"])
        #expect(
            texts(reports[0], "X", "A", "B", "u", "U", "Cs", "pl", "pL", "pY", "t", "l") == [
                "NEW", "1.00000000", "1.00000000", "-1", "\(taker.id)", "BTCUSDT", "1.00000000", "100.00000000",
                "100.00000000", "-1", "0.00000000",
            ])
        #expect(
            texts(reports[1], "X", "A", "U", "v") == [
                "EXPIRED_IN_MATCH", "1.00000000", "\(maker.id)", reports[0]["v"]?.text ?? "",
            ])
        // A second match adds up in A; B is of the last one alone.
        _ = try limit("BUY", "0.5", "100", "selfTradePreventionMode=DECREMENT")
        #expect(texts(preventions().first, "A", "B") == ["1.50000000", "0.50000000"])
        // And A stays with the order.
        rig.trade("101", "9", .buy)
        var fill: JSONValue?
        for case .user(_, let event) in rig.exchange.takeEvents() where event["x"]?.string == "TRADE" { fill = event }
        #expect(texts(fill, "X", "l", "A", "B") == ["FILLED", "1.50000000", "1.50000000", "-"])
    }

    @Test(
        "the modes that expire an order expire all that is left of it",
        arguments: [
            ("EXPIRE_MAKER", "-", "3.00000000"), ("EXPIRE_TAKER", "1.00000000", "-"),
            ("EXPIRE_BOTH", "1.00000000", "3.00000000"), ("DECREMENT", "1.00000000", "1.00000000"),
        ])
    func record(_ mode: String, _ taken: String, _ made: String) throws {
        _ = try limit("SELL", "3", "100")
        _ = try limit("BUY", "1", "100", "selfTradePreventionMode=\(mode)")
        let match = try #require(rig.account.preventedMatches.last)
        let told = rig.exchange.told(match)
        #expect(texts(told, "takerPreventedQuantity", "makerPreventedQuantity") == [taken, made])
        #expect(
            texts(told, "selfTradePreventionMode", "price", "makerSymbol", "tradeGroupId") == [
                mode, "100.00000000", "BTCUSDT", "-1",
            ])
    }

    @Test("the answer to the order that came lists what was prevented, and queries keep the sum")
    func answers() throws {
        let maker = try limit("SELL", "0.4", "100")
        let text = "side=BUY type=LIMIT timeInForce=GTC quantity=1 price=100 selfTradePreventionMode=DECREMENT"
        let terms = try OrderReading(parameters: ExchangeRig.parameters(text)).terms()
        let answer = try rig.exchange.placeChecked(terms, 0, rig.account)
        let matches = try #require(answer["preventedMatches"]?.elements)
        #expect(matches.count == 1)
        #expect(
            texts(matches[0], "makerOrderId", "price", "takerPreventedQuantity", "makerPreventedQuantity") == [
                "\(maker.id)", "100.00000000", "0.40000000", "0.40000000",
            ])
        #expect(texts(answer, "status", "origQty", "preventedQuantity") == ["NEW", "1.00000000", "0.40000000"])
        let taker = try #require(rig.account.orders.last)
        #expect(texts(rig.exchange.queried(taker), "preventedQuantity", "executedQty") == ["0.40000000", "0.00000000"])
    }

    @Test("what is left after a prevented match goes on to the market")
    func goesOn() throws {
        _ = try limit("SELL", "0.4", "100")
        let taker = try limit("BUY", "1", "100.01", "selfTradePreventionMode=DECREMENT")
        #expect(taker.status == .filled)
        #expect(taker.executedText == "0.6")
        #expect(rig.tape == ["0.6@100.01"])
    }

    @Test("an amount to spend is made smaller by what a prevented match would have cost")
    func amount() throws {
        _ = try limit("SELL", "0.4", "100")
        let taker = try rig.place("side=BUY type=MARKET quoteOrderQty=100 selfTradePreventionMode=DECREMENT")
        // 40 of 100 are prevented at 100; 60 buy 0.59994 at 100.01.
        #expect(taker.executedText == "0.59994")
        #expect(taker.prevented == ExchangeRig.quantity("0.4"))
        #expect(taker.status == .filled)
    }

    @Test("an order that must fill wholly or not at all does not count on its own account's orders")
    func allOrNothing() throws {
        let maker = try limit("SELL", "0.5", "100")
        let text = "side=BUY type=LIMIT timeInForce=FOK quantity=1.2 price=100.01"
        let taker = try rig.place(text + " selfTradePreventionMode=EXPIRE_MAKER")
        #expect(taker.status == .expired)
        #expect(taker.executedText == "0")
        #expect(maker.status == .new)
    }

    @Test("a decremented one of a pair leaves locked what the other needs")
    func pair() throws {
        let text =
            "side=SELL quantity=1 aboveType=LIMIT_MAKER abovePrice=100.005 belowType=STOP_LOSS belowStopPrice=99"
        rig.exchange.markets[0].filters.tick = Price(mantissa: 100_000)
        let list = try rig.exchange.placeOCO(ExchangeRig.parameters(text), rig.account)
        _ = try limit("BUY", "0.4", "100.005", "selfTradePreventionMode=DECREMENT")
        #expect(list.pair.map(\.status) == [.new, .new])
        #expect(list.pair[0].remaining == ExchangeRig.quantity("0.6"))
        #expect(rig.balance(ExchangeRig.btc) == ["4", "1"])
        rig.trade("101", "9", .buy)
        #expect(list.pair.map(\.status) == [.filled, .expired])
        #expect(rig.balance(ExchangeRig.btc) == ["4.4", "0"])
    }

    @Test("with one of a pair that expires in a match the other expires as any order does")
    func expiredPair() throws {
        let text =
            "side=SELL quantity=1 aboveType=LIMIT_MAKER abovePrice=100.005 belowType=STOP_LOSS belowStopPrice=99"
        rig.exchange.markets[0].filters.tick = Price(mantissa: 100_000)
        let list = try rig.exchange.placeOCO(ExchangeRig.parameters(text), rig.account)
        _ = rig.reports()
        _ = try limit("BUY", "0.4", "100.005", "selfTradePreventionMode=EXPIRE_MAKER")
        #expect(list.pair.map(\.status) == [.expiredInMatch, .expired])
        #expect(rig.reports() == ["NEW/NEW", "TRADE_PREVENTION/EXPIRED_IN_MATCH", "EXPIRED/EXPIRED"])
    }
}
