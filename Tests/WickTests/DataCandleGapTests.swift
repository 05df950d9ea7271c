import Foundation
import Market
import Storage
import Testing

@Suite("Gaps in minutes on the command line")
struct DataCandleGapTests {
    private static let start = Timestamp(iso8601: "2024-05-06T00:00:00Z")!
    private let sandbox: Sandbox

    /// Two gaps of two minutes each; the first is filled.
    init() throws {
        sandbox = try Sandbox()
        let store = try Store(directory: DataDirectory(path: sandbox.data))
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        func gap(_ minute: Int64) -> CandleGap {
            CandleGap(
                of: instrument, from: Self.start.adding(seconds: minute * 60),
                to: Self.start.adding(seconds: minute * 60 + 120),
                foundAt: Self.start.adding(seconds: minute * 60 + 240))
        }
        try store.write([
            gap(0).ended(.filled, missing: 0, at: Self.start.adding(seconds: 300)), gap(10),
        ])
        try store.close()
    }

    @Test("the gaps of a symbol are counted and shown, the newest first")
    func table() throws {
        let run = try sandbox.wick("data", "status")
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let title = try #require(lines.firstIndex(of: "minutes that did not come in time live:"))
        #expect(lines[title + 1] == "symbol           gaps  filled  minutes  missing")
        #expect(lines[title + 2] == "BINANCE:BTCUSDT     2       1        4        2")
        #expect(lines[title + 4] == "gaps in the minutes of BINANCE:BTCUSDT, the newest first:")
        #expect(
            lines[title + 5]
                == "  2024-05-06T00:10:00Z to 2024-05-06T00:12:00Z: 2 minutes, found 2024-05-06T00:14:00Z, open, 2 missing"
        )
        #expect(
            lines[title + 6]
                == "  2024-05-06T00:00:00Z to 2024-05-06T00:02:00Z: 2 minutes, found 2024-05-06T00:04:00Z, filled 2024-05-06T00:05:00Z"
        )
    }

    @Test("as JSON all of them are there, with what became of each")
    func json() throws {
        let row = try #require(try sandbox.wick("data", "status", "--json").array().first)
        #expect(row["symbol"] as? String == "BINANCE:BTCUSDT")
        let gaps = try #require(row["candle_gaps"] as? [[String: Any]])
        #expect(gaps.count == 2)
        #expect(gaps[0]["minutes"] as? Int == 2 && gaps[0]["missing"] as? Int == 0)
        #expect(gaps[0]["state"] as? String == "filled" && gaps[0]["ended_at"] as? String == "2024-05-06T00:05:00Z")
        #expect(gaps[1]["state"] as? String == "open" && gaps[1]["ended_at"] is NSNull)
        #expect(
            gaps[1]["from"] as? String == "2024-05-06T00:10:00Z" && gaps[1]["to"] as? String == "2024-05-06T00:12:00Z")
    }
}
