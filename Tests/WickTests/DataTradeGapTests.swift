import Foundation
import Market
import Storage
import Testing

@Suite("Gaps in trades on the command line")
struct DataTradeGapTests {
    private static let start = Timestamp(iso8601: "2024-05-06T00:00:00Z")!
    private let sandbox: Sandbox

    /// Twelve gaps of one trade each, a second long; all but the last are filled, two seconds after they were found.
    init() throws {
        sandbox = try Sandbox()
        let store = try Store(directory: DataDirectory(path: sandbox.data))
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        try store.write(
            (0..<12).map { number in
                let time = Self.start.adding(seconds: Int64(number) * 60)
                let gap = TradeGap(
                    of: instrument, UInt64(number * 100 + 7)...UInt64(number * 100 + 8), from: time,
                    to: time.adding(seconds: 1), foundAt: time.adding(seconds: 2), missing: 2)
                return number == 11 ? gap : gap.ended(.filled, missing: 0, at: time.adding(seconds: 4))
            })
        try store.close()
    }

    @Test("the gaps of a symbol are counted, and the newest ten are shown")
    func table() throws {
        let run = try sandbox.wick("data", "status")
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let title = try #require(lines.firstIndex(of: "trades that were not heard live:"))
        #expect(lines[title + 1] == "symbol           gaps  filled  trades  missing")
        #expect(lines[title + 2] == "BINANCE:BTCUSDT    12      11      24        2")
        #expect(lines[title + 4] == "gaps in the trades of BINANCE:BTCUSDT, the newest first:")
        #expect(
            lines[title + 5]
                == "  2024-05-06T00:11:00Z to 2024-05-06T00:11:01Z: trades 1107 to 1108, found 2024-05-06T00:11:02Z, open, 2 missing"
        )
        #expect(
            lines[title + 6]
                == "  2024-05-06T00:10:00Z to 2024-05-06T00:10:01Z: trades 1007 to 1008, found 2024-05-06T00:10:02Z, filled 2024-05-06T00:10:04Z"
        )
        #expect(lines[title + 15] == "  … and 2 more; --all-gaps")
        #expect(try sandbox.wick("data", "status", "--all-gaps").output.contains("trades 7 to 8"))
    }

    @Test("as JSON all of them are there, with what became of each")
    func json() throws {
        let row = try #require(try sandbox.wick("data", "status", "--json").array().first)
        #expect(row["symbol"] as? String == "BINANCE:BTCUSDT")
        let gaps = try #require(row["trade_gaps"] as? [[String: Any]])
        #expect(gaps.count == 12)
        #expect(gaps[0]["first_trade"] as? Int == 7 && gaps[0]["last_trade"] as? Int == 8)
        #expect(gaps[0]["trades"] as? Int == 2 && gaps[0]["missing"] as? Int == 0)
        #expect(
            gaps[0]["from"] as? String == "2024-05-06T00:00:00Z" && gaps[0]["to"] as? String == "2024-05-06T00:00:01Z")
        #expect(gaps[0]["state"] as? String == "filled" && gaps[0]["found_at"] as? String == "2024-05-06T00:00:02Z")
        #expect(gaps[0]["ended_at"] as? String == "2024-05-06T00:00:04Z")
        #expect(gaps[11]["state"] as? String == "open" && gaps[11]["ended_at"] is NSNull)
    }

    @Test("of another symbol nothing is stored")
    func absent() throws {
        #expect(try sandbox.wick("data", "status", "--venue", "binance", "--symbol", "ETHUSDT").status == 66)
        #expect(try sandbox.wick("data", "status", "--venue", "binance", "--symbol", "BTCUSDT").status == 0)
    }
}
