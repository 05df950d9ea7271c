import Market
import Testing

@testable import StandIn

@Suite("requests that mean no good")
struct HostileRequestTests {
    private let names = [
        "symbol", "symbols", "side", "type", "timeInForce", "quantity", "quoteOrderQty", "price", "stopPrice",
        "trailingDelta", "icebergQty", "newClientOrderId", "orderId", "origClientOrderId", "limit", "startTime",
        "endTime", "fromId", "interval", "timeZone", "windowSize", "cancelReplaceMode", "cancelOrderId", "newQty",
        "orderListId", "aboveType", "abovePrice", "belowType", "belowStopPrice", "workingType", "workingSide",
        "workingPrice", "workingQuantity", "workingTimeInForce", "pendingType", "pendingSide", "pendingQuantity",
        "pendingAboveType", "pendingBelowType", "selfTradePreventionMode", "computeCommissionRates", "status",
    ]
    private let values = [
        "", "0", "1", "-1", "9223372036854775807", "92233720368547758079223372036854775807", "0.00000001",
        "90000000000.12345678", "99999999999.99999999", "1e308", "NaN", "BTCUSDT", "btcusdt", "[\"BTCUSDT\"]", "[[[[",
        "BUY", "SELL", "LIMIT", "MARKET", "STOP_LOSS", "LIMIT_MAKER", "TAKE_PROFIT_LIMIT", "GTC", "FOK", "100.01", "99",
        "1M", "1s", "3d", "+14:59", "-12", "59m", "true", "ALLOW_FAILURE", "\u{0}", "ä€😀", "%00", "1700000000000",
        "1700000000000000", "4102444800000", "1000000",
    ]

    @Test("no request of any endpoint ends the server, and balances stay whole", arguments: 0..<4)
    func anyEndpoint(_ seed: UInt64) {
        let rig = ExchangeRig()
        let endpoints = MarketEndpoints.all + Tickers.endpoints + OrderEndpoints.all + AccountEndpoints.all
        var random = SeededGenerator(seed: seed)
        var refused = 0
        var answered = 0
        for _ in 0..<6_000 {
            var parameters = Parameters()
            if random.next() % 4 > 0 { parameters.add("symbol", "BTCUSDT") }
            for _ in 0..<(random.next() % 12) {
                parameters.add(
                    names[Int(random.next() % UInt64(names.count))], values[Int(random.next() % UInt64(values.count))])
            }
            let endpoint = endpoints[Int(random.next() % UInt64(endpoints.count))]
            #expect(endpoint.weight(parameters, rig.exchange) >= 0)
            do throws(APIError) {
                let answer = try endpoint.run(rig.exchange, Call(parameters: parameters, account: rig.account))
                // Long candles are another test's.
                if case .now(let json) = answer { #expect(!json.text.isEmpty) }
                answered += 1
            } catch {
                refused += 1
                #expect(error.code < 0)
                #expect(!error.message.isEmpty)
            }
        }
        #expect(refused > 1_000)
        #expect(answered > 300)
        for asset in [ExchangeRig.btc, Currency.usdt] {
            let locked = rig.account.orders.filter { $0.status.isOpen && rig.exchange.paying($0) == asset }
                .reduce(Int128(0)) { $0 + $1.locked }
            #expect(rig.account[asset].locked == locked)
        }
    }

    @Test("bytes that are no request end at most their connection")
    func bytes() throws {
        let rig = try ServerRig()
        var random = SeededGenerator(seed: 3)
        for round in 0..<60 {
            guard let socket = Socket(port: rig.port) else { continue }
            let bytes = (0..<400).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            socket.send(round % 2 == 0 ? bytes : Array("GET /ws HTTP/1.1\r\nHost: x\r\n".utf8) + bytes)
        }
        for _ in 0..<20 {
            let socket = try rig.socket("/ws-api/v3")
            socket.send(
                opcode: UInt8(random.next() % 16), (0..<90).map { _ in UInt8(truncatingIfNeeded: random.next()) })
            socket.send(String(repeating: "[", count: 50_000))
        }
        #expect(rig.get("/api/v3/ping")?.status == 200)
    }

    @Test(
        "candles are refused or answered for any span",
        arguments: [
            "startTime=0", "endTime=0", "endTime=9223372036854775807", "startTime=9223372036854775807",
            "startTime=1700000000000&endTime=1600000000000", "limit=1", "limit=0",
        ])
    func spans(_ text: String) throws {
        let rig = try ServerRig()
        let reply = try #require(rig.get("/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=3&" + text))
        #expect([200, 400].contains(reply.status))
    }
}
