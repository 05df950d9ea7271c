import Foundation
import Testing

@Suite("wick journal compare", .serialized)
struct JournalCompareTests {
    private func amount(_ object: [String: Any], _ key: String) throws -> Double {
        try #require((object[key] as? String).flatMap(Double.init), "\(key) of \(object)")
    }

    @Test("a session's trades are paired with a backtest's, and the parts add up to what the results differ by")
    func pairs() throws {
        let run = try CrashRun(seed: 7, hours: 1)
        try run.finish()
        let report = try run.sandbox.wick("journal", "compare", "--json").object()
        let trades = try #require(report["trades"] as? [[String: Any]])
        let strategies = try #require(report["strategies"] as? [[String: Any]])
        #expect(strategies.map { $0["strategy"] as? String } == ["fast", "trail", "dip"])
        #expect(strategies.allSatisfy { ($0["pairs"] as? Int ?? 0) >= 5 && $0["candles"] as? Int == 60 })
        #expect((report["problems"] as? [String])?.isEmpty == true)
        var sum = 0.0
        for trade in trades {
            let difference = try #require(trade["difference"] as? [String: Any])
            let paper = try (trade["paper"] as? [String: Any]).map { try amount($0, "profit") }
            let backtest = try (trade["backtest"] as? [String: Any]).map { try amount($0, "profit") }
            let parts = try ["spread", "latency", "fees", "quantity", "missed"].map { try amount(difference, $0) }
            let total = try amount(difference, "total")
            #expect(abs(parts.reduce(0, +) - total) < 1e-9)
            #expect(abs((paper ?? 0) - (backtest ?? 0) - total) < 1e-9)
            // An order that goes out at a close is filled by the first quote behind it.
            if paper != nil, backtest != nil { #expect(trade["entry_seconds"] as? Double == 0) }
            sum += total
        }
        let total = try #require(report["total"] as? [String: Any])
        #expect(abs(try amount(total, "total") - sum) < 1e-6)
        // Fills at bid and ask cost what they are beside the middle.
        #expect(try amount(total, "spread") < 0)
        let text = try run.sandbox.wick("journal", "compare", "1")
        #expect(text.status == 0)
        #expect(text.output.contains("\nall, in USDT"))
        #expect(text.output.split(separator: "\n").count { $0.hasPrefix("2024-05-06T") } == trades.count)
        #expect(try run.sandbox.wick("journal", "compare", "9").status == 66)
    }

    @Test("strategies of a session that goes on from another are warmed up with what they had seen")
    func resumed() throws {
        let run = try CrashRun(seed: 7, hours: 1)
        #expect(try run.die(at: "before-report:20"))
        try run.finish()
        let report = try run.sandbox.wick("journal", "compare", "2", "--json").object()
        let strategies = try #require(report["strategies"] as? [[String: Any]])
        #expect(strategies.count == 3)
        let pairs = strategies.compactMap { $0["pairs"] as? Int }.reduce(0, +)
        let alone = strategies.compactMap { $0["backtest_only"] as? Int }.reduce(0, +)
        #expect(pairs > 5 && alone <= 1)
    }
}
