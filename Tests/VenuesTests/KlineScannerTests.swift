import Foundation
import Market
import Testing

@testable import Venues

@Suite("reading klines")
struct KlineScannerTests {
    static let instrument = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
    static let start = Timestamp(milliseconds: 1_700_000_040_000)
    static let query = CandleQuery(.oneMinute, from: start, to: start.adding(seconds: 600), limit: 10)
    /// As the venue's documentation shows it, on a whole minute.
    static let row =
        #"[1700000040000,"35000.00","35010.00","34990.00","35005.00","12.50000",1700000099999,"437512.50",321,"6.20000","217031.00","0"]"#

    private func scan(_ text: String, _ query: CandleQuery = query) throws -> CandlePage {
        try KlineScanner.scan(Array(text.utf8), query, of: Self.instrument)
    }

    private func row(_ minute: Int, _ numbers: String = #""1.5","2","1","1.75","0.001""#, more: String = "") -> String {
        let open = 1_700_000_040_000 + Int64(minute) * 60_000
        return "[\(open),\(numbers),\(open + 59_999)\(more)]"
    }

    @Test("a row becomes a candle, its decimals exact")
    func documented() throws {
        let page = try scan("[\(Self.row)]")
        #expect(
            page.candles == [
                Candle(
                    openTime: Self.start, open: Price(mantissa: 3_500_000_000_000),
                    high: Price(mantissa: 3_501_000_000_000), low: Price(mantissa: 3_499_000_000_000),
                    close: Price(mantissa: 3_500_500_000_000), volume: Quantity(mantissa: 1_250_000_000))
            ])
        #expect(page.refusals.isEmpty && page.rounded == 0)
    }

    @Test("decimals that no binary fraction has stay what they are")
    func decimals() throws {
        let page = try scan(
            "[" + row(0, #""0.10000001","90071992547.40993","0.00000001","0.30000000","0.00000003""#) + "]")
        let candle = try #require(page.candles.first)
        #expect(candle.open.mantissa == 10_000_001)
        #expect(candle.high.mantissa == 9_007_199_254_740_993_000)
        #expect(candle.low.mantissa == 1)
        #expect(candle.close.mantissa == 30_000_000)
        #expect(candle.volume.mantissa == 3)
    }

    @Test("an empty list is one, with any blanks")
    func empty() throws {
        for text in ["[]", " [ ] ", "\n[\t]\r\n"] { #expect(try scan(text) == CandlePage()) }
    }

    @Test(
        "blanks between, and elements behind that nobody knows, change nothing",
        arguments: [
            "", ",\"a\"", ",null,true,false,-1.5e-7", ",{\"a\":[1,{\"b\":\"]}\\\"\"}]},[]", ",\"\\u0041\\\\\"",
        ])
    func more(_ more: String) throws {
        let plain = try scan("[\(row(0)),\(row(1))]")
        #expect(plain.candles.count == 2)
        #expect(try scan("[ \(row(0, more: more)) ,\n\(row(1, more: more)) ]") == plain)
    }

    @Test(
        "what is not the list of candles asked for is damage as a whole",
        arguments: [
            "", "{}", "null", "[", "[[", "[]]", "[],", "<html>", "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}", "[1]",
            "[[]]",
            "[[1700000040000]]", "[null]", "[[\"1700000040000\",\"1\",\"1\",\"1\",\"1\",\"1\",1700000099999]]",
            "[[1700000040000,1,\"1\",\"1\",\"1\",\"1\",1700000099999]]",
            "[[1700000040000,\"1\",\"1\",\"1\",\"1\",1.5,1700000099999]]",
            "[[1700000040000,\"1\",\"1\",\"1\",\"1\",\"1\",\"1700000099999\"]]",
            "[[1700000040000.5,\"1\",\"1\",\"1\",\"1\",\"1\",1700000099999]]",
            "[[99999999999999999999,\"1\",\"1\",\"1\",\"1\",\"1\",1700000099999]]",
            "[[1700000040000,\"1\\u0030\",\"1\",\"1\",\"1\",\"1\",1700000099999]]",
            "[[1700000040000,\"1\",\"1\",\"1\",\"1\",\"1\",1700000099999,]]",
            "[[1700000040000,\"1\",\"1\",\"1\",\"1\",\"1\",1700000099999,{]]",
        ])
    func damage(_ text: String) {
        #expect(throws: KlineScanner.Damage.self) { try scan(text) }
    }

    @Test("every cut of a body is damage")
    func cuts() {
        let whole = Array("[\(row(0)),\(row(1, more: ",\"x\",[1]"))]".utf8)
        for count in 0..<whole.count {
            #expect(throws: KlineScanner.Damage.self, "\(count)") {
                try KlineScanner.scan(Array(whole[..<count]), Self.query, of: Self.instrument)
            }
        }
    }

    @Test("candles that were not asked for, twice, out of order or of another length are damage")
    func times() {
        let hour = "[1700000040000,\"1\",\"1\",\"1\",\"1\",\"1\",1700003639999]"
        for rows in [row(-1), row(10), row(1) + "," + row(1), row(2) + "," + row(1), hour] {
            #expect(throws: KlineScanner.Damage.self, "\(rows)") { try scan("[\(rows)]") }
        }
        let many = (0..<10).map { row($0) }.joined(separator: ",")
        #expect(throws: Never.self) { try scan("[\(many)]") }
        var query = Self.query
        query.limit = 9
        #expect(throws: KlineScanner.Damage.self) { try scan("[\(many)]", query) }
    }

    @Test(
        "a row whose numbers make no candle is refused with its reason, and the others are taken",
        arguments: [
            (#""abc","2","1","1.75","0.001""#, CandleRefusal.Kind.number), (#""","2","1","1.75","0.001""#, .number),
            (#""1.5","99999999999999","1","1.75","0.001""#, .number), (#""1.5","2","1","1.75","1e400""#, .number),
            (#""1.5","1","2","1.75","0.001""#, .inconsistent), (#""0","2","0","1.75","0.001""#, .inconsistent),
            (#""1.5","2","1","1.75","-1""#, .inconsistent), (#""3","2","1","1.75","0.001""#, .inconsistent),
        ])
    func refusals(_ numbers: String, _ kind: CandleRefusal.Kind) throws {
        let page = try scan("[\(row(0)),\(row(1, numbers)),\(row(2))]")
        #expect(page.candles.map(\.openTime) == [Self.start, Self.start.adding(seconds: 120)])
        #expect(page.refusals.map(\.kind) == [kind])
        #expect(page.refusals.map(\.time) == [Self.start.adding(seconds: 60)])
        #expect(page.refusals[0].text.hasPrefix("2023-11-14T22:15:00Z: "))
    }

    @Test("a time that is on no whole candle is refused")
    func offGrid() throws {
        let page = try scan("[\(row(0)),[1700000100500,\"1\",\"1\",\"1\",\"1\",\"1\",1700000159999],\(row(2))]")
        #expect(page.candles.count == 2)
        #expect(page.refusals.map(\.kind) == [.offGrid])
    }

    @Test("further decimals are rounded half to even and counted")
    func rounding() throws {
        let page = try scan("[" + row(0, #""1.000000005","2","1","1.000000015","0.001""#) + "]")
        #expect(page.candles.first?.open.mantissa == 100_000_000)
        #expect(page.candles.first?.close.mantissa == 100_000_002)
        #expect(page.rounded == 1)
    }

    @Test("spoilt bodies are read as a plain decoder reads them, or not at all", arguments: 0..<8)
    func fuzzed(_ seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let whole = Array("[\(row(0, more: ",null,\"x\"")),\(row(1)),\(row(3, more: ",{\"a\":[1.5]}"))]".utf8)
        let marks = Array("[]{}\",:0123456789.-eE \\nulltrue".utf8)
        var readable = 0
        for _ in 0..<4_000 {
            var bytes = whole
            for _ in 0...next(2) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = marks[next(marks.count)]
                case 1: bytes.insert(marks[next(marks.count)], at: next(bytes.count))
                default: bytes.remove(at: next(bytes.count))
                }
            }
            guard let page = try? KlineScanner.scan(bytes, Self.query, of: Self.instrument) else { continue }
            // What is behind the seventh element is looked at by nobody, so a decoder may find more to complain about.
            guard let rows = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [[Any]] else { continue }
            readable += 1
            #expect(rows.count == page.candles.count + page.refusals.count)
            for candle in page.candles {
                let row = try #require(
                    rows.first { ($0[0] as? NSNumber)?.int64Value == candle.openTime.milliseconds })
                let texts = row[1...5].compactMap { $0 as? String }
                #expect(try Self.instrument.price(texts[0]) == candle.open)
                #expect(try Self.instrument.price(texts[1]) == candle.high)
                #expect(try Self.instrument.price(texts[2]) == candle.low)
                #expect(try Self.instrument.price(texts[3]) == candle.close)
                #expect(try Self.instrument.quantity(texts[4]) == candle.volume)
            }
        }
        #expect(readable > 100)
    }
}
