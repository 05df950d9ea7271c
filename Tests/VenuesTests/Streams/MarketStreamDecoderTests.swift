import Market
import Testing

@testable import Venues

@Suite("reading market streams")
struct MarketStreamDecoderTests {
    private func level(_ price: Int64, _ quantity: Int64) -> BookLevel {
        BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: quantity))
    }

    private func damage(_ message: String) -> StreamDamage? {
        do { _ = try StreamSamples.decode(message) } catch { return error as? StreamDamage }
        return nil
    }

    @Test("a change of depth, bare or wrapped, becomes levels with exact numbers")
    func depth() throws {
        let expected = DepthDiff(
            instrument: 0, time: Timestamp(milliseconds: 1_700_000_000_123), firstID: 1_001, lastID: 1_004,
            bids: [level(3_499_999_000_000, 50_000_000), level(3_499_000_000_000, 0)],
            asks: [level(3_500_001_000_000, 0)])
        for message in [StreamSamples.depth, StreamSamples.wrapped(StreamSamples.depth)] {
            let (kind, diff) = try StreamSamples.decode(message)
            #expect(kind == .depth)
            #expect(diff == expected)
        }
    }

    @Test("levels of one message are gone when the next is read")
    func reused() throws {
        var decoder = MarketStreamDecoder(StreamSamples.instruments)
        _ = try StreamSamples.decode(StreamSamples.depth, with: &decoder)
        _ = try StreamSamples.decode(
            #"{"e":"depthUpdate","E":1700000000223,"s":"BNBBTC","U":5,"u":5,"b":[],"a":[["1","2"]]}"#, with: &decoder)
        #expect(decoder.depth.instrument == 1)
        #expect(decoder.depth.bids.isEmpty)
        #expect(decoder.depth.asks == [level(100_000_000, 200_000_000)])
    }

    @Test("a best bid and ask has no name and no time")
    func ticker() throws {
        let (message, _) = try StreamSamples.decode(StreamSamples.ticker)
        let ticker = BookTicker(
            instrument: 0, updateID: 400_900_217, bid: Price(mantissa: 2_535_190_000),
            bidSize: Quantity(mantissa: 3_121_000_000), ask: Price(mantissa: 2_536_520_000),
            askSize: Quantity(mantissa: 4_066_000_000))
        #expect(message == .bookTicker(ticker))
        #expect(ticker.quote(at: .epoch)?.ask == ticker.ask)
    }

    @Test("a side without orders makes a ticker without a quote")
    func emptySide() throws {
        let (message, _) = try StreamSamples.decode(
            #"{"u":1,"s":"BTCUSDT","b":"0.00000000","B":"0.00000000","a":"25.3","A":"40"}"#)
        guard case .bookTicker(let ticker) = message else {
            Issue.record("\(message)")
            return
        }
        #expect(ticker.quote(at: .epoch) == nil)
    }

    @Test("a trade whose buyer is the maker was made by a seller")
    func trade() throws {
        let print = TradePrint(
            time: Timestamp(milliseconds: 1_672_515_782_135), price: Price(mantissa: 100_000),
            quantity: Quantity(mantissa: 10_000_000_000), aggressor: .sell, id: 12_345)
        let (message, _) = try StreamSamples.decode(StreamSamples.trade)
        #expect(
            message
                == .trade(
                    StreamTrade(instrument: 1, eventTime: Timestamp(milliseconds: 1_672_515_782_136), print: print)))
    }

    @Test("an aggregate names its trades")
    func aggregate() throws {
        let (message, _) = try StreamSamples.decode(StreamSamples.aggregate)
        guard case .aggregateTrade(let event) = message else {
            Issue.record("\(message)")
            return
        }
        #expect(event.trade.trades == 100...105)
        #expect(event.trade.print.id == 12_345)
        #expect(event.trade.print.aggressor == .buy)
    }

    @Test("a candle comes whole")
    func kline() throws {
        let (message, _) = try StreamSamples.decode(StreamSamples.kline)
        let candle = Candle(
            openTime: Timestamp(milliseconds: 1_699_999_980_000), open: Price(mantissa: 3_500_000_000_000),
            high: Price(mantissa: 3_501_000_000_000), low: Price(mantissa: 3_499_000_000_000),
            close: Price(mantissa: 3_500_500_000_000), volume: Quantity(mantissa: 1_250_000_000))
        #expect(
            message
                == .kline(
                    StreamKline(
                        instrument: 0, eventTime: Timestamp(milliseconds: 1_700_000_040_005), timeframe: .oneMinute,
                        candle: candle, isClosed: true, trades: 1...321, tradeCount: 321,
                        quoteVolume: try Money("437512.5", .usdt), takerBuyVolume: Quantity(mantissa: 620_000_000),
                        takerBuyQuoteVolume: try Money("217031", .usdt))))
    }

    @Test("a candle whose prices contradict each other is told as it is")
    func inconsistent() throws {
        let (message, _) = try StreamSamples.decode(StreamSamples.kline.replacing("34990.00", with: "35001.00"))
        guard case .kline(let kline) = message else {
            Issue.record("\(message)")
            return
        }
        #expect(!kline.candle.isConsistent)
    }

    @Test("a candle in which nothing traded has no trades")
    func emptyKline() throws {
        let text = StreamSamples.kline.replacing(#""f":1,"L":321"#, with: #""f":-1,"L":-1"#)
            .replacing(#""n":321"#, with: #""n":0"#)
        let (message, _) = try StreamSamples.decode(text)
        guard case .kline(let kline) = message else {
            Issue.record("\(message)")
            return
        }
        #expect(kline.trades == nil && kline.tradeCount == 0)
    }

    @Test(
        "lengths of candles that are not used are passed over, months not taken for minutes",
        arguments: ["1s", "1M", "1w"])
    func otherLengths(_ name: String) throws {
        #expect(try StreamSamples.decode(StreamSamples.kline.replacing("\"1m\"", with: "\"\(name)\"")).0 == .other)
    }

    @Test("a shutdown is told, bare and wrapped")
    func shutdown() throws {
        let expected = MarketMessage.serverShutdown(Timestamp(milliseconds: 1_770_123_456_789))
        #expect(try StreamSamples.decode(StreamSamples.shutdown).0 == expected)
        #expect(
            try StreamSamples.decode(StreamSamples.wrapped(StreamSamples.shutdown, "!serverShutdown")).0 == expected)
    }

    @Test("symbols beyond ASCII and hundreds of them are found")
    func symbols() throws {
        let names = (0..<300).map { "COIN\($0)USDT" } + ["币安人生USDT", "A", "1000SATSUSDT"]
        var decoder = MarketStreamDecoder(
            names.map { name in
                var instrument = StreamSamples.bitcoin
                instrument.symbol = name
                return instrument
            })
        for (index, name) in names.enumerated() {
            let message = try StreamSamples.decode(
                StreamSamples.ticker.replacing("BTCUSDT", with: name), with: &decoder)
            guard case .bookTicker(let ticker) = message else {
                Issue.record("\(name): \(message)")
                return
            }
            #expect(ticker.instrument == index)
        }
        #expect(try StreamSamples.decode(StreamSamples.ticker, with: &decoder) == .other)
        var empty = MarketStreamDecoder([])
        #expect(try StreamSamples.decode(StreamSamples.ticker, with: &empty) == .other)
    }

    @Test("each instrument's numbers are at its own decimals")
    func scales() throws {
        var cheap = StreamSamples.coin
        (cheap.priceScale, cheap.quantityScale) = (12, 4)
        var decoder = MarketStreamDecoder([StreamSamples.bitcoin, cheap])
        guard case .trade(let trade) = try StreamSamples.decode(StreamSamples.trade, with: &decoder) else {
            Issue.record("no trade")
            return
        }
        #expect(trade.print.price.mantissa == 1_000_000_000 && trade.print.quantity.mantissa == 1_000_000)
        #expect(throws: StreamDamage.self) {
            try StreamSamples.decode(StreamSamples.trade.replacing("\"100\"", with: "\"0.00001\""), with: &decoder)
        }
    }

    @Test("fields may come in any order, with others among them")
    func order() throws {
        let plain = try StreamSamples.decode(StreamSamples.depth)
        let (kind, diff) = try StreamSamples.decode(
            #" { "a" : [["35000.01","0.00000"]] , "x":{"b":[1,{"a":null}]},"u":1004,"U":1001,"pu":7,"b":[["34999.99","0.50000",[]],["34990.00","0.00000000"]],"s":"BTCUSDT","E":1700000000123,"T":"ä\u00e9","e":"depthUpdate"} "#
        )
        #expect(kind == .depth && diff == plain.1)
        let wrapped = #"{"data":\#(StreamSamples.trade),"more":[[]],"stream":"bnbbtc@trade"}"#
        #expect(try StreamSamples.decode(wrapped).0 == StreamSamples.decode(StreamSamples.trade).0)
    }

    @Test(
        "what is not used is passed over",
        arguments: [
            "[{}]", "{}", "null", "[]", "7", #"{"e":"24hrMiniTicker","E":1672515782136,"s":"BNBBTC","c":"x"}"#,
            #"{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}"#,
            #"{"stream":"!miniTicker@arr","data":[{"e":"24hrMiniTicker"}]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"ETHUSDT","U":1,"u":1,"b":"nonsense","a":[]}"#,
            #"{"e":"trade","s":"ETHUSDT"}"#, #"{"result":5}"#, #"{"id":5}"#, #"{"e":7}"#, #"{"e":["trade"]}"#,
        ])
    func other(_ message: String) throws {
        #expect(try StreamSamples.decode(message).0 == .other)
    }

    @Test("answers to requests say what came of them")
    func answers() throws {
        func answer(_ text: String) throws -> StreamAnswer? {
            if case .answer(let answer) = try StreamSamples.decode(text).0 { return answer }
            return nil
        }
        #expect(try answer(StreamSamples.answer) == StreamAnswer(id: .number(1), outcome: .done))
        #expect(
            try answer(#"{"result":["btcusdt@aggTrade","a"],"id":"x"}"#)
                == StreamAnswer(id: .text("x"), outcome: .streams(["btcusdt@aggTrade", "a"])))
        #expect(try answer(#"{"result":true,"id":2}"#) == StreamAnswer(id: .number(2), outcome: .value("true")))
        #expect(
            try answer(StreamSamples.refusal)
                == StreamAnswer(
                    id: .text("a1"), outcome: .refused(code: 2, message: "Invalid request: unknown \"x\"")))
        #expect(
            try answer(#"{"error":{"code":3,"msg":"Invalid JSON \u00e9\ud83d\ude00"},"id":null}"#)
                == StreamAnswer(id: .none, outcome: .refused(code: 3, message: "Invalid JSON é😀")))
        #expect(
            try answer(#"{"code":0,"msg":"x"}"#) == StreamAnswer(id: .none, outcome: .refused(code: 0, message: "x")))
    }

    @Test(
        "numbers that are not exact at the instrument's decimals refuse the message",
        arguments: [
            "34999.999999999", "-1", "+1", "1e3", "1.", ".5", "", " 1", "1 ", "0x1", "1,5", "92233720368.54775808",
            "NaN",
            "99999999999999999999999999999999999999999999", "0", "0.00000000",
        ])
    func inexact(_ text: String) {
        let found = damage(StreamSamples.depth.replacing("34999.99", with: text))
        #expect(found?.kind == .number)
        #expect(damage(StreamSamples.trade.replacing("\"0.001\"", with: "\"\(text)\""))?.kind != nil)
    }

    @Test("trailing zeros beyond the instrument's decimals are no decimals")
    func trailingZeros() throws {
        let (_, diff) = try StreamSamples.decode(
            StreamSamples.depth.replacing("34999.99", with: "34999.99000000000000"))
        #expect(diff.bids[0].price.mantissa == 3_499_999_000_000)
        let (_, most) = try StreamSamples.decode(
            StreamSamples.depth.replacing("34999.99", with: "92233720368.54775807"))
        #expect(most.bids[0].price.mantissa == .max)
    }

    @Test(
        "a field that is needed and missing, twice there or of another type refuses the message",
        arguments: [
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"b":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"b":[],"a":[]}"#,
            #"{"e":"depthUpdate","s":"BTCUSDT","U":1,"u":1,"b":[],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"U":1,"u":1,"b":[],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"u":2,"b":[],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":"1","u":1,"b":[],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1.0,"u":1,"b":[],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":-1,"u":1,"b":[],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"b":{},"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"b":[[1,2]],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"b":[["1"]],"a":[]}"#,
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"b":null,"a":[]}"#,
            #"{"e":"trade","E":1672515782136,"s":"BNBBTC","t":1,"p":"1","q":"1","T":1672515782135,"m":1}"#,
            #"{"e":"serverShutdown"}"#, #"{"data":{},"data":{}}"#,
        ])
    func fields(_ message: String) {
        #expect(damage(message)?.kind == .field)
    }

    @Test("what can't be is refused, though every field is there")
    func contradictions() {
        let backwards = StreamSamples.depth.replacing("\"U\":1001", with: "\"U\":1005")
        #expect(damage(backwards)?.kind == .contradiction)
        // Microseconds, or a time of another century.
        #expect(
            damage(StreamSamples.depth.replacing("1700000000123", with: "1700000000123000"))?.kind == .contradiction)
        #expect(damage(StreamSamples.kline.replacing("1700000039999", with: "1700000040000"))?.kind == .contradiction)
        #expect(damage(StreamSamples.aggregate.replacing("\"l\":105", with: "\"l\":99"))?.kind == .contradiction)
    }

    @Test(
        "what is no JSON is refused, also where nobody looks",
        arguments: [
            "", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "[1,]", "nul", "truee", "{\"x\":01}", "{\"x\":1.}",
            "{\"x\":-}", "{\"x\":1e}", "{\"x\":+1}", "{\"x\":.5}", "{\"x\":\"\\q\"}", "{\"x\":\"\\u12G4\"}",
            "{\"x\":\"\\ud800\"}", "{\"x\":\"\\udc00\\ud800\"}", "{\"x\":\"\u{1}\"}", "{} {}", "{}x", "\u{FEFF}{}",
            "{\"x\":\"abc", "{'x':1}", "{\"x\":NaN}", "{\"x\":1 2}",
        ])
    func notJSON(_ message: String) {
        #expect(damage(message)?.kind == .notJSON)
    }

    @Test("bytes that are no UTF-8 are refused wherever they stand")
    func encoding() {
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
            for (head, tail) in [("{\"x\":\"", "\"}"), ("{\"", "\":1}"), ("{\"s\":\"", "\"}"), ("{\"e\":\"", "\"}")] {
                var decoder = MarketStreamDecoder(StreamSamples.instruments)
                #expect(throws: StreamDamage.self) {
                    try StreamSamples.decode(Array(head.utf8) + bytes + Array(tail.utf8), with: &decoder)
                }
            }
        }
    }

    @Test("nesting beyond any message's is refused before it costs anything")
    func nesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(damage(deep)?.kind == .notJSON)
        #expect(damage("{\"x\":\(String(repeating: "{\"y\":", count: 100_000))")?.kind == .notJSON)
        #expect(damage(StreamSamples.wrapped(deep))?.kind == .notJSON)
    }

    @Test("more levels than any message has are refused")
    func tooMany() {
        let levels = (1...DepthDiff.mostLevels + 1).map { "[\"\($0)\",\"1\"]" }.joined(separator: ",")
        let found = damage(#"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"b":[\#(levels)],"a":[]}"#)
        #expect(found?.kind == .tooLarge)
    }

    @Test("damage says what was expected and where, with anything like a key masked")
    func excerpt() throws {
        let key = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
        let found = try #require(damage(#"{"apiKey":"\#(key)","x":tru,"signature":"\#(key)"}"#))
        #expect(found.kind == .notJSON)
        #expect(!found.description.contains(key.prefix(24)) && !found.description.contains(key.suffix(24)))
        #expect(found.description.contains("tru") && found.description.contains("•••"))
        for start in stride(from: 0, to: 200, by: 7) {
            let text = String(repeating: "[", count: start % 30) + key + String(repeating: ",", count: start)
            let shown = damage(text)?.description ?? ""
            #expect(!shown.contains(key.prefix(24)) && !shown.contains(key.suffix(24)))
        }
    }
}
