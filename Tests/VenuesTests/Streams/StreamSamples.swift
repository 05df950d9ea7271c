import Market

@testable import Venues

/// Instruments and messages to read, in the forms that the venue documents.
enum StreamSamples {
    static let bitcoin = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
    static let coin = Instrument(
        venue: "BINANCE", symbol: "BNBBTC", base: Currency("BNB")!, quote: Currency("BTC")!,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
    static let instruments = [bitcoin, coin]

    static let depth =
        #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1001,"u":1004,"b":[["34999.99","0.50000"],["34990.00","0.00000000"]],"a":[["35000.01","0.00000"]]}"#
    static let ticker =
        #"{"u":400900217,"s":"BTCUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"}"#
    static let trade =
        #"{"e":"trade","E":1672515782136,"s":"BNBBTC","t":12345,"p":"0.001","q":"100","T":1672515782135,"m":true,"M":true}"#
    static let aggregate =
        #"{"e":"aggTrade","E":1672515782136,"s":"BNBBTC","a":12345,"p":"0.001","q":"100","f":100,"l":105,"T":1672515782136,"m":false,"M":true}"#
    static let kline =
        #"{"e":"kline","E":1700000040005,"s":"BTCUSDT","k":{"t":1699999980000,"T":1700000039999,"s":"BTCUSDT","i":"1m","f":1,"L":321,"o":"35000.00","c":"35005.00","h":"35010.00","l":"34990.00","v":"12.50000","n":321,"x":true,"q":"437512.50","V":"6.20000","Q":"217031.00","B":"0"}}"#
    static let shutdown = #"{"e":"serverShutdown","E":1770123456789}"#
    static let answer = #"{"result":null,"id":1}"#
    static let refusal = #"{"code":2,"msg":"Invalid request: unknown \"x\"","id":"a1"}"#
    static let all = [depth, ticker, trade, aggregate, kline, shutdown, answer, refusal]

    static func wrapped(_ message: String, _ stream: String = "btcusdt@depth@100ms") -> String {
        #"{"stream":"\#(stream)","data":\#(message)}"#
    }

    static func decode(
        _ message: String, with decoder: inout MarketStreamDecoder
    ) throws(StreamDamage) -> MarketMessage {
        try decode(Array(message.utf8), with: &decoder)
    }

    static func decode(
        _ bytes: [UInt8], with decoder: inout MarketStreamDecoder
    ) throws(StreamDamage) -> MarketMessage {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(StreamDamage) in try decoder.decode(bytes) }
        }
        return try result.get()
    }

    static func decode(_ message: String) throws -> (MarketMessage, DepthDiff) {
        var decoder = MarketStreamDecoder(instruments)
        return (try decode(message, with: &decoder), decoder.depth)
    }
}

/// Numbers that are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
