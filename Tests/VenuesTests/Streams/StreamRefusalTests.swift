import Market
import Testing

@testable import Venues

@Suite("refusing what is no message")
struct StreamRefusalTests {
    private func damage(_ message: String) -> StreamDamage? {
        do { _ = try StreamSamples.decode(message) } catch { return error as? StreamDamage }
        return nil
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
