import Market
import Testing

@testable import Venues

@Suite("reading market streams")
struct MarketStreamDecoderTests {
    private func level(_ price: Int64, _ quantity: Int64) -> BookLevel {
        BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: quantity))
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
}
