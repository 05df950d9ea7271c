import Market
import Testing

@testable import Venues

@Suite("answers of Binance Spot")
struct SpotAnswerTests {
    private let btc = SpotExamples.btc

    private static let start =
        #""symbol":"BTCUSDT","orderId":77,"orderListId":-1,"clientOrderId":"my-1","transactTime":1700000000999"#
    private static let rest =
        #","price":"35000.00000000","origQty":"0.01000000","executedQty":"0.00400000","origQuoteOrderQty":"0.000000","cummulativeQuoteQty":"140.00000000","status":"PARTIALLY_FILLED","timeInForce":"GTC","type":"LIMIT","side":"BUY","workingTime":1700000000998,"selfTradePreventionMode":"EXPIRE_MAKER""#
    private static let fills =
        #","fills":[{"price":"35000.00000000","qty":"0.00300000","commission":"0.00000300","commissionAsset":"BTC","tradeId":555},{"price":"35000.00000000","qty":"0.00100000","commission":"0.00010000","commissionAsset":"BNB","tradeId":556}]"#

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("an order that was taken and told whole")
    func full() throws {
        let receipt = try SpotAnswers.receipt(bytes("{\(Self.start)\(Self.rest)\(Self.fills)}"), btc)
        #expect(receipt.id == 77 && receipt.listID == nil && receipt.clientOrderID == "my-1")
        let order = try #require(receipt.order)
        #expect(order.price == SpotExamples.price("35000") && order.quantity == SpotExamples.quantity("0.01"))
        #expect(order.executed == SpotExamples.quantity("0.004") && order.executedQuote == SpotExamples.usdt("140"))
        #expect(order.side == .buy && order.type == .limit && order.timeInForce == .goodTilCancelled)
        #expect(order.status == .partiallyFilled && !order.status.isFinal && order.quoteQuantity == nil)
        #expect(order.time == Timestamp(milliseconds: 1_700_000_000_999))
        #expect(order.workingSince == Timestamp(milliseconds: 1_700_000_000_998))
        #expect(order.selfTradePrevention == .expireMaker)
    }

    @Test("fees come in whatever currency they were taken in")
    func fees() throws {
        let order = try #require(try SpotAnswers.receipt(bytes("{\(Self.start)\(Self.rest)\(Self.fills)}"), btc).order)
        #expect(order.fills.map(\.tradeID) == [555, 556])
        #expect(try order.fills.map(\.commission) == [Money("0.000003", btc.base), Money("0.0001", Currency("BNB")!)])
        #expect(order.fills.map(\.quantity) == [SpotExamples.quantity("0.003"), SpotExamples.quantity("0.001")])
    }

    @Test("an order that was taken and told with its numbers only")
    func acknowledgement() throws {
        let receipt = try SpotAnswers.receipt(bytes("{\(Self.start)}"), btc)
        #expect(receipt.id == 77 && receipt.order == nil)
    }

    @Test("what was paid for an old order is not known when the venue says so below zero")
    func unknownQuote() throws {
        let text = Self.rest.replacingOccurrences("140.00000000", "-1.00000000")
        let order = try SpotAnswers.order(bytes("{\(Self.start)\(text)}"), btc)
        #expect(order.executedQuote == nil)
    }

    @Test("a cancelled order is known by the number it was placed with")
    func cancelled() throws {
        let text =
            Self.start.replacingOccurrences("my-1", "cancel-9") + #","origClientOrderId":"my-1""#
            + Self.rest.replacingOccurrences("PARTIALLY_FILLED", "CANCELED")
        let order = try SpotAnswers.order(bytes("{\(text)}"), btc)
        #expect(order.clientOrderID == "my-1" && order.changeID == "cancel-9")
        #expect(order.status == .cancelled && order.status.isFinal && order.executed > .zero)
    }

    @Test("an order with a trigger that waits")
    func waiting() throws {
        let text =
            Self.start.replacingOccurrences(#""transactTime":1700000000999"#, #""time":1,"updateTime":1700000000001"#)
            + Self.rest.replacingOccurrences("\"LIMIT\"", "\"STOP_LOSS_LIMIT\"").replacingOccurrences(
                "1700000000998", "-1")
            + #","stopPrice":"34000.00000000","icebergQty":"0.00000000","isWorking":false,"trailingDelta":25"#
        let order = try SpotAnswers.order(bytes("{\(text)}"), btc)
        #expect(order.type == .stopLossLimit && order.triggerPrice == SpotExamples.price("34000"))
        #expect(order.trailingDelta == 25 && order.isWorking == false && order.workingSince == nil)
        #expect(order.icebergQuantity == nil && order.time == Timestamp(milliseconds: 1_700_000_000_001))
    }

    @Test("fields that nobody knows change nothing")
    func more() throws {
        let plain = try SpotAnswers.order(bytes("{\(Self.start)\(Self.rest)}"), btc)
        let rich = try SpotAnswers.order(bytes("{\"new\":{\"a\":[1,null]},\(Self.start)\(Self.rest),\"x\":1.5e3}"), btc)
        #expect(plain == rich)
    }

    @Test(
        "an answer in which something needed is missing or no such thing is not read",
        arguments: [
            ("\"orderId\":77", "\"orderId\":\"77\""), ("\"orderId\":77,", ""), ("BTCUSDT", "ETHUSDT"),
            ("\"LIMIT\"", "\"NEW_KIND\""), ("PARTIALLY_FILLED", "SOMETHING"), ("\"BUY\"", "\"HOLD\""),
            ("0.01000000", "0.010000001"), ("0.01000000", "abc"), ("0.00400000", "-1"), ("35000.00000000", "1e99"),
            ("\"executedQty\":\"0.00400000\",", ""), ("1700000000999", "99999999999999999"),
            ("140.00000000", "1.4.0"), ("\"origQty\":\"0.01000000\"", "\"origQty\":0.01"), ("GTC", "GTX"),
        ])
    func damaged(_ from: String, _ to: String) throws {
        let whole = "{\(Self.start)\(Self.rest)}"
        #expect(throws: Never.self) { try SpotAnswers.order(bytes(whole), btc) }
        #expect(throws: UnreadableAnswer.self) {
            try SpotAnswers.order(bytes(whole.replacingOccurrences(from, to)), btc)
        }
    }

    @Test("every cut of an answer is no answer")
    func cuts() {
        let whole = bytes("{\(Self.start)\(Self.rest)\(Self.fills)}")
        for count in 0..<whole.count {
            #expect(throws: UnreadableAnswer.self, "\(count)") { try SpotAnswers.receipt(Array(whole[..<count]), btc) }
        }
    }

    @Test("what can't be read is told without values")
    func words() {
        let text = Self.rest.replacingOccurrences("0.01000000", "9876543210.123456789123")
        let error = #expect(throws: UnreadableAnswer.self) {
            try SpotAnswers.order(bytes("{\(Self.start)\(text)}"), btc)
        }
        #expect(error?.text.contains("9876543210") == false && error?.text.contains("origQty") == true)
    }

    private static let member =
        #"{"symbol":"BTCUSDT","orderId":2,"clientOrderId":"up"},{"symbol":"BTCUSDT","orderId":3,"clientOrderId":"down"}"#
    private static let list =
        #"{"orderListId":5,"contingencyType":"OCO","listStatusType":"EXEC_STARTED","listOrderStatus":"EXECUTING","listClientOrderId":"l-1","transactionTime":1700000001000,"symbol":"BTCUSDT","orders":[\#(member)]"#

    @Test("a list tells its orders")
    func lists() throws {
        let report = "{\(Self.start)\(Self.rest)}".replacingOccurrences(#""orderListId":-1"#, #""orderListId":5"#)
        let list = try SpotAnswers.list(bytes(Self.list + ",\"orderReports\":[\(report)]}"), btc)
        #expect(list.id == 5 && list.clientListID == "l-1" && list.orderIDs == [2, 3] && !list.isDone)
        #expect(list.clientOrderIDs == ["up", "down"] && list.orders.map(\.listID) == [5])
        #expect(try SpotAnswers.list(bytes(Self.list + "}"), btc).orders.isEmpty)
    }

    @Test("a cancel of everything tells orders and lists")
    func cancelledAll() throws {
        let order = "{\(Self.start)\(Self.rest)}"
        let cancelled = try SpotAnswers.cancelled(bytes("[\(order),\(Self.list),\"orderReports\":[]},\(order)]"), btc)
        #expect(cancelled.orders.count == 2 && cancelled.lists.map(\.id) == [5])
        #expect(try SpotAnswers.cancelled(bytes("[]"), btc) == SpotCancelled())
    }

    private func kinds(_ replacement: SpotReplacement) -> [String] {
        func kind<Value>(_ half: SpotReplacement.Half<Value>) -> String {
            switch half {
            case .notTried: return "not tried"
            case .tried(.confirmed): return "confirmed"
            case .tried(.refused(let refusal)): return "refused \(refusal.reason)"
            case .tried(.denied(let denial)): return "denied \(denial.reason)"
            case .tried(.unknown): return "unknown"
            }
        }
        return [kind(replacement.cancelled), kind(replacement.placed)]
    }

    private static let order = "{\(start)\(rest)}"

    @Test(
        "a replacement tells what became of each half",
        arguments: [
            (
                "{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"SUCCESS\",\"cancelResponse\":\(order),\"newOrderResponse\":\(order)}",
                ["confirmed", "confirmed"]
            ),
            (
                "{\"code\":-2022,\"msg\":\"\",\"data\":{\"cancelResult\":\"FAILURE\",\"newOrderResult\":\"NOT_ATTEMPTED\",\"cancelResponse\":{\"code\":-2011,\"msg\":\"Unknown order sent.\"},\"newOrderResponse\":null}}",
                ["refused noSuchOrder", "not tried"]
            ),
            (
                "{\"code\":-2021,\"msg\":\"\",\"data\":{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\",\"cancelResponse\":\(order),\"newOrderResponse\":{\"code\":-2010,\"msg\":\"Order would immediately match and take.\"}}}",
                ["confirmed", "refused wouldTake"]
            ),
            (
                "{\"code\":-2021,\"msg\":\"\",\"data\":{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\",\"cancelResponse\":\(order),\"newOrderResponse\":{\"code\":-1015,\"msg\":\"Too many new orders.\"}}}",
                ["confirmed", "denied tooManyOrders"]
            ),
            (
                "{\"code\":-2021,\"msg\":\"\",\"data\":{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\",\"cancelResponse\":\(order),\"newOrderResponse\":{\"code\":-1007,\"msg\":\"Timeout\"}}}",
                ["confirmed", "unknown"]
            ),
        ])
    func replacements(_ text: String, _ expected: [String]) throws {
        #expect(kinds(try SpotAnswers.replacement(bytes(text), btc)) == expected)
    }

    @Test("a half that contradicts itself is not read")
    func contradiction() {
        let text = "{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"SUCCESS\",\"cancelResponse\":\(Self.order)}"
        #expect(throws: UnreadableAnswer.self) { try SpotAnswers.replacement(bytes(text), btc) }
    }

    @Test("an order that was made smaller is known by its new number")
    func amendment() throws {
        let text =
            #"{"transactTime":1700000002000,"executionId":75,"amendedOrder":{"symbol":"BTCUSDT","orderId":77,"orderListId":-1,"origClientOrderId":"my-1","clientOrderId":"my-2","price":"35000.00000000","qty":"0.00500000","executedQty":"0.00000000","preventedQty":"0.00000000","quoteOrderQty":"0.00000000","cumulativeQuoteQty":"0.00000000","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"SELL","workingTime":1700000000000,"selfTradePreventionMode":"NONE"}}"#
        let amendment = try SpotAnswers.amendment(bytes(text), btc)
        #expect(amendment.order.clientOrderID == "my-2" && amendment.order.quantity == SpotExamples.quantity("0.005"))
        #expect(amendment.time == Timestamp(milliseconds: 1_700_000_002_000) && amendment.order.time == amendment.time)
    }

    @Test("a trade of the account")
    func trade() throws {
        let text =
            #"[{"symbol":"BTCUSDT","id":555,"orderId":77,"orderListId":-1,"price":"35000.00000000","qty":"0.00400000","quoteQty":"140.00000000","commission":"0.00010000","commissionAsset":"BNB","time":1700000000999,"isBuyer":false,"isMaker":true,"isBestMatch":true}]"#
        let trade = try #require(try SpotAnswers.trades(bytes(text), btc).first)
        #expect(trade.id == 555 && trade.orderID == 77 && trade.side == .sell && trade.isMaker)
        #expect(trade.quote == SpotExamples.usdt("140") && trade.commission.currency.code == "BNB")
    }

    @Test("balances of any size are exact, and assets with names that no currency has are told apart")
    func account() throws {
        let text =
            #"{"commissionRates":{"maker":"0.00100000","taker":"0.00150000","buyer":"0.00000000","seller":"0.00000000"},"canTrade":true,"updateTime":1700000000000,"balances":[{"asset":"BTC","free":"1.00000001","locked":"0.50000000"},{"asset":"PEPE","free":"123456789012345678.99000000","locked":"0.00"},{"asset":"币安","free":"1","locked":"0"}],"permissions":["SPOT"],"uid":7}"#
        let account = try SpotAnswers.account(bytes(text))
        #expect(account.canTrade && account.balances.count == 2 && account.unreadableAssets == ["币安"])
        #expect(account.balances[0].free.units == 10_000_000_100_000_000)
        #expect(account.balances[1].free.decimalText == "123456789012345678.99")
        #expect(account.rates.maker == .basisPoints(10) && account.rates.taker == .basisPoints(15))
    }

    @Test("the rates of a symbol, and the discount where both account and symbol have it")
    func commission() throws {
        func text(_ isForSymbol: Bool) -> String {
            #"{"symbol":"BTCUSDT","standardCommission":{"maker":"0.00100000","taker":"0.00200000","buyer":"0.00000000","seller":"0.00000001"},"specialCommission":{"maker":"0.01000000","taker":"0.02000000","buyer":"0.00000000","seller":"0.00000000"},"taxCommission":{"maker":"0.00000112","taker":"0.00000114","buyer":"0.00000000","seller":"0.00000000"},"discount":{"enabledForAccount":true,"enabledForSymbol":\#(isForSymbol),"discountAsset":"BNB","discount":"0.75000000"}}"#
        }
        let commission = try SpotAnswers.commission(bytes(text(true)))
        #expect(commission.standard.taker == .basisPoints(20) && commission.standard.seller == Ratio(units: 1))
        #expect(commission.special.maker == .percent(1) && commission.tax.taker == Ratio(units: 114))
        #expect(commission.discount == .percent(75) && commission.discountAsset == "BNB")
        #expect(try SpotAnswers.commission(bytes(text(false))).discount == nil)
        #expect(try SpotAnswers.check(bytes("{}")) == nil)
    }

    @Test("counts of orders, with their windows")
    func orderCounts() throws {
        let text =
            #"[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50,"count":3},{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":160000,"count":9},{"rateLimitType":"NEW","interval":"X","intervalNum":1,"limit":1,"count":1}]"#
        let counts = try SpotAnswers.orderCounts(bytes(text))
        #expect(
            counts == [
                SpotOrderCount(window: .seconds(10), limit: 50, count: 3),
                SpotOrderCount(window: .seconds(86_400), limit: 160_000, count: 9),
            ])
    }

    @Test("the venue's time is one of today")
    func serverTime() throws {
        #expect(try SpotAnswers.serverTime(bytes(#"{"serverTime":1700000000123}"#)).milliseconds == 1_700_000_000_123)
        for text in [#"{"serverTime":0}"#, #"{"serverTime":1700000000123000}"#, "{}", #"{"serverTime":"1"}"#] {
            #expect(throws: UnreadableAnswer.self) { try SpotAnswers.serverTime(bytes(text)) }
        }
    }

    @Test("open orders of symbols that are not known here are counted")
    func foreign() throws {
        let other = Self.order.replacingOccurrences("BTCUSDT", "XRPUSDT")
        let open = try SpotAnswers.orders(bytes("[\(Self.order),\(other),\(other)]"), ["BTCUSDT": btc])
        #expect(open.orders["BTCUSDT"]?.count == 1 && open.foreign == ["XRPUSDT": 2])
    }

    @Test(
        "decimals of any width",
        arguments: [
            ("0", 0), ("-0.5", -5_000_000_000_000_000), ("1.0000000000000001", 10_000_000_000_000_001),
            ("10", 100_000_000_000_000_000),
        ] as [(String, Int128)])
    func decimals(_ text: String, _ units: Int128) { #expect(WireDecimal.units(text) == units) }

    @Test(
        "what is no decimal",
        arguments: ["", ".", "1.", ".5", "-", "1-", "--1", "1e5", "1.00000000000000001", "+1", " 1"])
    func noDecimal(_ text: String) { #expect(WireDecimal.units(text) == nil) }
}

extension String {
    func replacingOccurrences(_ of: String, _ with: String) -> String { replacing(of, with: with) }
}
