import Market
import StandIn
import Testing

@Suite("what market streams send", .serialized)
struct StreamShapeTests {
    private let rig: ServerRig

    init() throws { rig = try ServerRig() }

    @Test(
        "a message has the documented name and members",
        arguments: [
            ("btcusdt@aggTrade", "aggTrade", "EMTaeflmpqs"), ("btcusdt@trade", "trade", "EMTempqst"),
            ("btcusdt@kline_1s", "kline", "Eeks"), ("btcusdt@kline_1m", "kline", "Eeks"),
            ("btcusdt@kline_1d@+08:00", "kline", "Eeks"), ("btcusdt@miniTicker", "24hrMiniTicker", "Ecehloqsv"),
            ("btcusdt@ticker", "24hrTicker", "ABCEFLOPQabcehlnopqsvwx"),
            ("btcusdt@ticker_1h", "1hTicker", "CEFLOPcehlnopqsvw"),
            ("btcusdt@ticker_4h", "4hTicker", "CEFLOPcehlnopqsvw"),
            ("btcusdt@ticker_1d", "1dTicker", "CEFLOPcehlnopqsvw"), ("btcusdt@avgPrice", "avgPrice", "ETeisw"),
            ("btcusdt@depth", "depthUpdate", "EUabesu"), ("btcusdt@depth@100ms", "depthUpdate", "EUabesu"),
            ("btcusdt@bookTicker", nil, "ABabsu"),
        ] as [(String, String?, String)])
    func members(_ stream: String, _ event: String?, _ names: String) throws {
        let socket = try rig.socket("/ws/" + stream)
        let message = try #require(socket.receive { _ in true })
        #expect(message["e"].string == event)
        #expect(message.names == names.map(String.init))
        #expect(message["s"].string == "BTCUSDT")
    }

    @Test(
        "the best levels come without the symbol, as many as were asked for",
        arguments: [
            ("depth5", 5), ("depth10@100ms", 10), ("depth20", 20),
        ])
    func levels(_ name: String, _ count: Int) throws {
        let socket = try rig.socket("/ws/btcusdt@" + name)
        let message = try #require(socket.receive { _ in true })
        #expect(message.names == ["asks", "bids", "lastUpdateId"])
        #expect([message["bids"].elements.count, message["asks"].elements.count] == [count, count])
    }

    @Test(
        "of all symbols there is a list",
        arguments: [
            ("!miniTicker@arr", "24hrMiniTicker"), ("!ticker_1h@arr", "1hTicker"), ("!ticker_4h@arr", "4hTicker"),
            ("!ticker_1d@arr", "1dTicker"),
        ])
    func all(_ stream: String, _ event: String) throws {
        let socket = try rig.socket("/ws/" + stream)
        let list = try #require(socket.receive { _ in true }).elements
        #expect(list.map { $0["s"].string } == ["BTCUSDT", "ETHUSDT"])
        #expect(list.allSatisfy { $0["e"].string == event })
    }

    @Test("candles of another zone begin with its day")
    func zone() throws {
        let socket = try rig.socket("/stream?streams=btcusdt@kline_1d@+08:00")
        let candle = try #require(socket.receive { _ in true })["data"]["k"]
        #expect(((candle["t"].integer ?? 0) + 28_800_000) % 86_400_000 == 0)
    }

    @Test(
        "streams of what there is none of are taken, listed, and stay silent",
        arguments: [
            "btcusdt@blockTrade", "btcusdt@referencePrice",
        ])
    func silent(_ stream: String) throws {
        let socket = try rig.socket("/ws")
        socket.send("{\"method\":\"SUBSCRIBE\",\"params\":[\"\(stream)\"],\"id\":\"a1\"}")
        #expect(try #require(socket.receive { _ in true })["result"].isNull)
        socket.send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":null}")
        let listed = try #require(socket.receive { _ in true })
        #expect(listed["result"].elements.map(\.string) == [stream])
        #expect(listed["id"].isNull)
    }
}
