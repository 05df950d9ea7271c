import Market
import Network
import Testing

@testable import Venues

@Suite("spoilt answers of Binance Spot")
struct SpotAnswerFuzzTests {
    private static let order =
        #"{"symbol":"BTCUSDT","orderId":77,"orderListId":-1,"clientOrderId":"my-1","transactTime":1700000000999,"price":"35000.00000000","origQty":"0.01000000","executedQty":"0.00400000","origQuoteOrderQty":"0.000000","cummulativeQuoteQty":"140.00000000","status":"PARTIALLY_FILLED","timeInForce":"GTC","type":"LIMIT","side":"BUY","workingTime":-1,"fills":[{"price":"35000.0","qty":"0.004","commission":"0.1","commissionAsset":"BNB","tradeId":5}],"selfTradePreventionMode":"NONE"}"#

    /// Bytes of an answer with some of them changed, taken away or put in; the same for the same seed.
    private struct Spoiler {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }

        mutating func spoilt(_ whole: [UInt8]) -> [UInt8] {
            let marks = Array("[]{}\",:0123456789.-eE \\nulltrueABC\u{0}\u{7f}".utf8)
            var bytes = whole
            for _ in 0...next(3) {
                switch next(4) {
                case 0: bytes[next(bytes.count)] = marks[next(marks.count)]
                case 1: bytes.insert(marks[next(marks.count)], at: next(bytes.count))
                case 2: bytes.remove(at: next(bytes.count))
                default: bytes.insert(contentsOf: Array("9999999999".utf8), at: next(bytes.count))
                }
            }
            return bytes
        }
    }

    @Test(
        "an order is read as it was or changed where it was changed, or not at all; nothing falls over",
        arguments: 0..<6)
    func orders(_ seed: UInt64) throws {
        var spoiler = Spoiler(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        let whole = Array(Self.order.utf8)
        var readable = 0
        for _ in 0..<1_500 {
            let bytes = spoiler.spoilt(whole)
            guard let order = try? SpotAnswers.receipt(bytes, SpotExamples.btc).order else { continue }
            readable += 1
            #expect(order.executed.mantissa >= 0 && (order.price?.mantissa ?? 1) > 0)
            #expect(order.executedQuote.map { $0.units >= 0 } ?? true)
            // Whatever it says it said in its own symbol.
            #expect(String(decoding: bytes, as: UTF8.self).contains("BTCUSDT"))
        }
        #expect(readable > 50)
    }

    @Test("rules are read or not at all, and judge an order without falling over", arguments: 0..<4)
    func rules(_ seed: UInt64) throws {
        var spoiler = Spoiler(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 2)
        let whole = RuleExamples.info()
        let order = SpotExamples.limit(.buy, "9000", at: "1000000")
        var readable = 0
        for _ in 0..<400 {
            guard let rules = try? SymbolRules.read(exchangeInfo: spoiler.spoilt(whole))["BTCUSDT"] else { continue }
            readable += 1
            let found = rules.violations(
                of: order, given: OrderCircumstances(referencePrice: SpotExamples.price("90000000000")))
            #expect(found.allSatisfy { !$0.words.isEmpty })
        }
        #expect(readable > 20)
    }

    @Test("what the venue answers to anything at all is judged", arguments: 0..<4)
    func judged(_ seed: UInt64) {
        var spoiler = Spoiler(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 3)
        let whole = Array(
            "{\"code\":-2021,\"msg\":\"no\",\"data\":{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"NOT_ATTEMPTED\",\"cancelResponse\":\(Self.order)}}"
                .utf8)
        for _ in 0..<500 {
            let response = HTTPResponse.of([200, 400, 409, 500][spoiler.next(4)], "")
            var spoilt = response
            spoilt.body = spoiler.spoilt(whole)
            let outcome: RequestOutcome<SpotReplacement> = SpotAccountClient.judge(spoilt, .replace) {
                (response) throws(UnreadableAnswer) in
                response.status == 500 ? nil : try SpotAnswers.replacement(response.body, SpotExamples.btc)
            }
            // A failure of the server decides nothing, whatever stands in its body.
            if spoilt.status == 500 {
                guard case .unknown = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
            }
        }
    }

    // MARK: - Everything else that is private

    /// An answer and what reads it: `nil` when it is refused, else whether what was read makes sense.
    struct Private: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let read: @Sendable ([UInt8]) -> Bool?
    }

    private static let privates = [
        Private(
            testDescription: "trades",
            body:
                #"[{"symbol":"BTCUSDT","id":555,"orderId":77,"orderListId":-1,"price":"35000.0","qty":"0.004","quoteQty":"140.0","commission":"0.0001","commissionAsset":"BNB","time":1700000000999,"isBuyer":false,"isMaker":true,"isBestMatch":true}]"#
        ) { body in
            (try? SpotAnswers.trades(body, SpotExamples.btc)).map { trades in
                trades.allSatisfy { $0.price.mantissa > 0 && $0.quantity.mantissa > 0 }
            }
        },
        Private(
            testDescription: "account",
            body:
                #"{"commissionRates":{"maker":"0.001","taker":"0.0015","buyer":"0.0","seller":"0.0"},"canTrade":true,"updateTime":1700000000000,"balances":[{"asset":"BTC","free":"1.00000001","locked":"0.5"}],"permissions":["SPOT"],"uid":7}"#
        ) { body in
            (try? SpotAnswers.account(body)).map { account in
                account.balances.allSatisfy { $0.free.units >= 0 && $0.locked.units >= 0 }
            }
        },
        Private(
            testDescription: "commission",
            body:
                #"{"symbol":"BTCUSDT","standardCommission":{"maker":"0.001","taker":"0.002","buyer":"0.0","seller":"0.00000001"},"specialCommission":{"maker":"0.01","taker":"0.02","buyer":"0.0","seller":"0.0"},"taxCommission":{"maker":"0.00000112","taker":"0.00000114","buyer":"0.0","seller":"0.0"},"discount":{"enabledForAccount":true,"enabledForSymbol":true,"discountAsset":"BNB","discount":"0.75"}}"#
        ) { body in (try? SpotAnswers.commission(body)).map { _ in true } },
        Private(
            testDescription: "counts of orders",
            body: #"[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50,"count":3}]"#
        ) { body in
            (try? SpotAnswers.orderCounts(body)).map { counts in counts.allSatisfy { $0.window > .zero } }
        },
        Private(
            testDescription: "list",
            body:
                #"{"orderListId":5,"contingencyType":"OCO","listStatusType":"EXEC_STARTED","listOrderStatus":"EXECUTING","listClientOrderId":"l-1","transactionTime":1700000001000,"symbol":"BTCUSDT","orders":[{"symbol":"BTCUSDT","orderId":2,"clientOrderId":"up"}]}"#
        ) { body in (try? SpotAnswers.list(body, SpotExamples.btc)).map { _ in true } },
        Private(
            testDescription: "amendment",
            body:
                #"{"transactTime":1700000002000,"executionId":75,"amendedOrder":{"symbol":"BTCUSDT","orderId":77,"orderListId":-1,"origClientOrderId":"my-1","clientOrderId":"my-2","price":"35000.0","qty":"0.005","executedQty":"0.0","preventedQty":"0.0","quoteOrderQty":"0.0","cumulativeQuoteQty":"0.0","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","workingTime":1700000000999,"selfTradePreventionMode":"NONE"}}"#
        ) { body in (try? SpotAnswers.amendment(body, SpotExamples.btc)).map { _ in true } },
        Private(
            testDescription: "rights of a key",
            body:
                #"{"ipRestrict":true,"enableWithdrawals":false,"enableInternalTransfer":false,"permitsUniversalTransfer":false,"enableSpotAndMarginTrading":true,"enableReading":true}"#
        ) { body in
            // Whatever is spoilt in it, a right to withdraw is never read out of an answer that can't be read.
            (try? KeyPermissions.live(body)).map { _ in true }
        },
    ]

    @Test("a private answer that was spoilt is read or refused, and what is read makes sense", arguments: privates)
    func anyPrivate(_ answer: Private) {
        let whole = Array(answer.body.utf8)
        #expect(answer.read(whole) == true)
        var spoiler = Spoiler(state: UInt64(whole.count) &* 0x9E37_79B9_7F4A_7C15 &+ 4)
        var refused = 0
        for _ in 0..<1_000 {
            switch answer.read(spoiler.spoilt(whole)) {
            case true?: break
            case false?: Issue.record("\(answer.testDescription) makes no sense")
            case nil: refused += 1
            }
        }
        #expect(refused > 100)
        for count in 0..<whole.count { _ = answer.read(Array(whole[..<count])) }
    }

    @Test("an answer of a hundred thousand brackets, or of a megabyte of digits, is refused", arguments: privates)
    func hostile(_ answer: Private) {
        #expect(answer.read([UInt8](repeating: UInt8(ascii: "["), count: 100_000)) == nil)
        #expect(answer.read(Array("[{\"id\":\"".utf8) + [UInt8](repeating: UInt8(ascii: "9"), count: 1 << 20)) == nil)
        let deep = String(repeating: "{\"a\":", count: 20_000) + "1" + String(repeating: "}", count: 20_000)
        #expect(answer.read(Array(deep.utf8)) == nil)
    }
}
