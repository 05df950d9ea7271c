import Market
import Network
import Testing

@testable import Venues

@Suite("requests of Binance Spot")
struct SpotRequestTests {
    private static let quantity = SpotExamples.quantity("0.01")
    private static let price = SpotExamples.price("35000.5")
    private static let trigger = SpotTrigger.at(SpotExamples.price("36000"))

    private func text(_ request: SpotRequest) -> String {
        "\(request.method.rawValue) \(request.path) \(HTTPRequest.encoded(request.parameters))"
    }

    private func order(_ terms: SpotTerms, _ side: Side = .buy) -> NewSpotOrder {
        NewSpotOrder(SpotExamples.btc, side, .quantity(Self.quantity), terms, clientOrderID: "my-1")
    }

    @Test(
        "each type of order says what the venue wants of it, and nothing else",
        arguments: [
            (SpotTerms.market, "type=MARKET"),
            (.limit(price), "type=LIMIT&timeInForce=GTC&price=35000.5"),
            (.limit(price, .immediateOrCancel), "type=LIMIT&timeInForce=IOC&price=35000.5"),
            (.limit(price, .fillOrKill), "type=LIMIT&timeInForce=FOK&price=35000.5"),
            (.limitMaker(price), "type=LIMIT_MAKER&price=35000.5"),
            (.stopLoss(trigger), "type=STOP_LOSS&stopPrice=36000"),
            (.stopLossLimit(price, trigger), "type=STOP_LOSS_LIMIT&timeInForce=GTC&price=35000.5&stopPrice=36000"),
            (.stopLoss(.trailing(150)), "type=STOP_LOSS&trailingDelta=150"),
            (
                .stopLoss(.trailing(150, from: SpotExamples.price("36000"))),
                "type=STOP_LOSS&stopPrice=36000&trailingDelta=150"
            ),
            (.takeProfit(.trailing(150)), "type=TAKE_PROFIT&trailingDelta=150"),
            (
                .takeProfitLimit(price, .trailing(150, from: SpotExamples.price("36000")), .fillOrKill),
                "type=TAKE_PROFIT_LIMIT&timeInForce=FOK&price=35000.5&stopPrice=36000&trailingDelta=150"
            ),
        ])
    func types(_ terms: SpotTerms, _ expected: String) {
        #expect(
            text(.place(order(terms, .sell)))
                == "POST /api/v3/order symbol=BTCUSDT&side=SELL&\(expected)&quantity=0.01&newClientOrderId=my-1"
                + "&newOrderRespType=FULL")
    }

    @Test("a market order can say what to spend, cut to the decimals that the venue takes")
    func spending() {
        let amount = Money(units: 100_123_456_789_000_000, .usdt)
        let order = NewSpotOrder(SpotExamples.btc, .buy, .spending(amount), .market, clientOrderID: "my-1")
        #expect(text(.place(order)).contains("&type=MARKET&quoteOrderQty=10.01234567&"))
    }

    @Test("the part that is shown and the mode of self-trades are said where they are wanted")
    func extras() {
        var order = order(.limit(Self.price))
        order.icebergQuantity = SpotExamples.quantity("0.001")
        order.selfTradePrevention = .expireBoth
        let words = text(.place(order))
        #expect(words.contains("&icebergQty=0.001&") && words.contains("&selfTradePreventionMode=EXPIRE_BOTH&"))
    }

    @Test("an order is only checked at another path")
    func check() {
        #expect(text(.test(order(.market))).hasPrefix("POST /api/v3/order/test "))
        #expect(!SpotRequest.test(order(.market)).asked.changesOrders)
    }

    @Test("a cancel names the order by either number")
    func cancel() {
        #expect(
            text(.cancel(.id(7), of: SpotExamples.btc)) == "DELETE /api/v3/order symbol=BTCUSDT&orderId=7")
        #expect(
            text(.cancel(.clientOrderID("my-1"), of: SpotExamples.btc, cancelID: "c-1", only: .onlyNew))
                == "DELETE /api/v3/order symbol=BTCUSDT&origClientOrderId=my-1&newClientOrderId=c-1"
                + "&cancelRestrictions=ONLY_NEW")
        #expect(text(.cancelAll(of: SpotExamples.btc)) == "DELETE /api/v3/openOrders symbol=BTCUSDT")
        #expect(
            text(.cancelList("l-1", of: SpotExamples.btc))
                == "DELETE /api/v3/orderList symbol=BTCUSDT&listClientOrderId=l-1")
    }

    @Test("a replacement names what goes and says what comes")
    func replace() {
        #expect(
            text(.replace(.clientOrderID("my-0"), by: order(.limit(Self.price)), mode: .allowFailure, cancelID: "c-1"))
                == "POST /api/v3/order/cancelReplace symbol=BTCUSDT&cancelReplaceMode=ALLOW_FAILURE"
                + "&cancelOrigClientOrderId=my-0&cancelNewClientOrderId=c-1&side=BUY&type=LIMIT&timeInForce=GTC"
                + "&price=35000.5&quantity=0.01&newClientOrderId=my-1&newOrderRespType=FULL")
    }

    @Test("an amendment always says the number that the order has afterwards")
    func amend() {
        #expect(
            text(.amend(.id(7), of: SpotExamples.btc, to: Self.quantity, clientOrderID: "my-1"))
                == "PUT /api/v3/order/amend/keepPriority symbol=BTCUSDT&orderId=7&newQty=0.01&newClientOrderId=my-1")
    }

    private static let pair = SpotPair(
        .sell, quantity, above: SpotLeg(.limitMaker(SpotExamples.price("40000")), clientOrderID: "up"),
        below: SpotLeg(
            .stopLossLimit(SpotExamples.price("30000"), .at(SpotExamples.price("30100"))), clientOrderID: "down"))

    @Test("a pair says its two orders by where they lie")
    func pair() {
        let list = NewSpotOrderList(SpotExamples.btc, .pair(Self.pair), clientListID: "l-1")
        #expect(
            text(.place(list))
                == "POST /api/v3/orderList/oco symbol=BTCUSDT&listClientOrderId=l-1&side=SELL&quantity=0.01"
                + "&aboveType=LIMIT_MAKER&abovePrice=40000&aboveClientOrderId=up&belowType=STOP_LOSS_LIMIT"
                + "&belowTimeInForce=GTC&belowPrice=30000&belowStopPrice=30100&belowClientOrderId=down"
                + "&newOrderRespType=FULL")
    }

    @Test("an entry with its pair says the entry first")
    func entryWithPair() {
        let entry = SpotOrderOfList(.buy, Self.quantity, SpotLeg(.limit(Self.price), clientOrderID: "in"))
        let list = NewSpotOrderList(
            SpotExamples.btc, .entryWithPair(entry, Self.pair), clientListID: "l-1", selfTradePrevention: .expireMaker)
        #expect(
            text(.place(list))
                == "POST /api/v3/orderList/otoco symbol=BTCUSDT&listClientOrderId=l-1&workingSide=BUY"
                + "&workingQuantity=0.01&workingType=LIMIT&workingTimeInForce=GTC&workingPrice=35000.5"
                + "&workingClientOrderId=in&pendingSide=SELL&pendingQuantity=0.01&pendingAboveType=LIMIT_MAKER"
                + "&pendingAbovePrice=40000&pendingAboveClientOrderId=up&pendingBelowType=STOP_LOSS_LIMIT"
                + "&pendingBelowTimeInForce=GTC&pendingBelowPrice=30000&pendingBelowStopPrice=30100"
                + "&pendingBelowClientOrderId=down&selfTradePreventionMode=EXPIRE_MAKER&newOrderRespType=FULL")
    }

    @Test("an entry with one order after it")
    func entry() {
        let first = SpotOrderOfList(.buy, Self.quantity, SpotLeg(.limit(Self.price), clientOrderID: "in"))
        let second = SpotOrderOfList(.sell, Self.quantity, SpotLeg(.stopLoss(Self.trigger), clientOrderID: "out"))
        let words = text(.place(NewSpotOrderList(SpotExamples.btc, .entry(first, then: second), clientListID: "l-1")))
        #expect(words.hasPrefix("POST /api/v3/orderList/oto symbol=BTCUSDT&listClientOrderId=l-1&workingSide=BUY"))
        #expect(
            words.contains(
                "&pendingSide=SELL&pendingQuantity=0.01&pendingType=STOP_LOSS&pendingStopPrice=36000&pendingClientOrderId=out"
            ))
    }

    @Test("questions name what they ask for")
    func questions() {
        let btc = SpotExamples.btc
        #expect(
            text(.order(.clientOrderID("my-1"), of: btc)) == "GET /api/v3/order symbol=BTCUSDT&origClientOrderId=my-1")
        #expect(text(.openOrders(of: btc)) == "GET /api/v3/openOrders symbol=BTCUSDT")
        #expect(
            text(.allOrders(of: btc, from: 5, limit: 10)) == "GET /api/v3/allOrders symbol=BTCUSDT&orderId=5&limit=10")
        #expect(text(.trades(of: btc, from: 6)) == "GET /api/v3/myTrades symbol=BTCUSDT&fromId=6&limit=1000")
        #expect(text(.trades(ofOrder: 7, of: btc)) == "GET /api/v3/myTrades symbol=BTCUSDT&orderId=7&limit=1000")
        #expect(text(.account) == "GET /api/v3/account omitZeroBalances=true")
        #expect(text(.commission(of: btc)) == "GET /api/v3/account/commission symbol=BTCUSDT")
        #expect(text(.orderCounts) == "GET /api/v3/rateLimit/order ")
        #expect(text(.accountFilters(of: btc)) == "GET /api/v3/myFilters symbol=BTCUSDT")
    }

    @Test("numbers of coins with other scales are written at their scales")
    func scales() {
        let cheap = Instrument(
            venue: "BINANCE", symbol: "PEPEUSDT", base: Currency("PEPE")!, quote: .usdt, priceScale: 14,
            quantityScale: 2,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        let order = NewSpotOrder(
            cheap, .buy, .quantity(Quantity(mantissa: 123_400)), .limit(Price(mantissa: 1_230_000)), clientOrderID: "a")
        #expect(text(.place(order)).contains("price=0.0000000123&quantity=1234&"))
    }
}
