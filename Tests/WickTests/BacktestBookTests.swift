import Foundation
import Testing

@Suite("wick backtest run --book")
struct BacktestBookTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private static let start: Int64 = 1_714_953_600_000

    /// A price with two decimals from cents.
    private static func text(_ cents: Int64) -> String {
        "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    /// A recording in plain text: a price a minute, trades every ten seconds, and a book with one piece at five cents and
    /// fifty at ten cents beside it. Minutes in `silent` have neither.
    private static func recording(_ prices: [Int64], silent: Range<Int> = 0..<0) -> String {
        var lines: [String] = []
        var update = 10
        var trade = 1
        func add(_ time: Int64, _ json: String) { lines.append("\((start + time) * 1_000_000) \(json)") }
        func levels(_ mid: Int64, _ sign: Int64, _ sizes: [String]) -> String {
            zip([Int64(5), 10], sizes).map { #"["\#(text(mid + sign * $0))","\#($1)"]"# }.joined(separator: ",")
        }
        for (minute, price) in prices.enumerated() where !silent.contains(minute) {
            for part in 0..<6 as Range<Int64> {
                let time = Int64(minute) * 60_000 + part * 10_000
                let before = part == 0 && minute > 0 ? prices[minute - 1] : price
                let gone =
                    before == price
                    ? ("", "") : (levels(before, -1, ["0", "0"]) + ",", levels(before, 1, ["0", "0"]) + ",")
                add(
                    time + 1,
                    #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":\#(start + time),"s":"BTCUSDT","#
                        + #""U":\#(update + 1),"u":\#(update + 1),"b":[\#(gone.0)\#(levels(price, -1, ["1", "50"]))],"#
                        + #""a":[\#(gone.1)\#(levels(price, 1, ["1", "50"]))]}}"#)
                update += 1
                if minute == 0, part == 0 {
                    // The book is asked for once its changes come; it is known as far as its last levels.
                    add(
                        1,
                        #"{"lastUpdateId":10,"bids":[\#(levels(price, -1, ["1", "50"])),["50.00","1"]],"#
                            + #""asks":[\#(levels(price, 1, ["1", "50"])),["200.00","1"]]}"#)
                }
                add(
                    time + 2,
                    #"{"stream":"btcusdt@trade","data":{"e":"trade","E":\#(start + time),"s":"BTCUSDT","t":\#(trade),"#
                        + #""p":"\#(text(price))","q":"0.5","T":\#(start + time),"m":false,"M":true}}"#)
                trade += 1
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Down, up and down again: one long trade of crossing averages.
    private static let prices: [Int64] = [
        10_000, 10_000, 9_900, 9_800, 9_700, 9_900, 10_100, 10_300, 10_500, 10_300, 10_000, 9_700, 9_700, 9_700,
    ]

    private func run(_ file: String, _ more: String...) throws -> Run {
        try sandbox.wick(
            [
                "backtest", "run", "--book", file, "--strategy", "sma-crossover", "--param", "fast=1", "--param",
                "slow=3", "--sizing", "fixed:3", "--fee-bps", "0",
            ] + more)
    }

    @Test("a recording of which lines can't be read is run, and the report says so")
    func unreadable() throws {
        var lines = BacktestBookTests.recording(BacktestBookTests.prices).split(separator: "\n").map(String.init)
        lines.insert("no time and no message", at: 60)
        let file = try sandbox.write(lines.joined(separator: "\n") + "\n", "book.txt")
        let json = try run(file, "--json")
        #expect(
            json.status == 0 && json.output.contains("are no time and message and were passed over"), "\(json.errors)")
        #expect(try run(file).output.contains("are no time and message and were passed over"))
    }

    @Test(
        "a strategy runs over a recording's minutes and takes its levels, and the report says so; again it is the same")
    func levels() throws {
        let file = try sandbox.write(BacktestBookTests.recording(BacktestBookTests.prices), "book.txt")
        let json = try run(file, "--json")
        #expect(json.status == 0, "\(json.errors)")
        let object = try json.object()
        #expect(object["symbol"] as? String == "BTCUSDT")
        #expect((object["bars"] as? Int ?? 0) >= 11)
        let assumptions = try #require(object["assumptions"] as? [String: Any])
        let fills = try #require(assumptions["recorded_fills"] as? [String: Any])
        #expect(fills["recording"] as? String == "book.txt")
        #expect(fills["book"] as? Int == 4)
        #expect(fills["quote"] as? Int == 0)
        #expect(fills["bar"] as? Int == 0)
        // One at five cents and two at ten, both ways: half a spread of 0.05 for six, and 0.05 more for four of them.
        let costs = try #require(assumptions["costs"] as? [String: Double])
        #expect(costs["spread"] == 0.3)
        #expect(costs["impact"] == 0.2)
        let table = try run(file, "--queue", "proportional", "--no-store")
        #expect(table.output.contains("recorded books of book.txt: 4 fills by levels, 0 by trades"), "\(table.output)")
        let again = try sandbox.wick(["backtest", "rerun", "1"])
        #expect(again.status == 0, "\(again.output) \(again.errors)")
    }

    @Test("minutes without any price are no candles of it, and orders wait through them")
    func gap() throws {
        let file = try sandbox.write(BacktestBookTests.recording(BacktestBookTests.prices, silent: 6..<8), "book.txt")
        let json = try run(file, "--json", "--no-store")
        #expect(json.status == 0, "\(json.errors)")
        #expect(try json.object()["missing_bars"] as? Int == 2)
    }

    @Test("everything that contradicts it is said at once; a file that is none, and another symbol, are refused")
    func refused() throws {
        let file = try sandbox.write(BacktestBookTests.recording(BacktestBookTests.prices), "book.txt")
        let wrong = try run(
            file, "--csv", "x.csv", "--path", "both", "--leverage", "2", "--detail", "1m", "--queue", "mean",
            "--latency-ms", "1,1,1")
        #expect(wrong.status == 64)
        for option in ["--csv:", "--path:", "--leverage:", "--detail:", "--queue: 'mean'", "--latency-ms:"] {
            #expect(wrong.errors.contains(option), "\(option) in \(wrong.errors)")
        }
        let lone = try sandbox.wick([
            "backtest", "run", "--symbol", "SYNTHETIC:BTCUSDT", "--strategy", "sma-crossover", "--queue", "pessimistic",
        ])
        #expect(lone.status == 64)
        #expect(lone.errors.contains("--queue: says nothing without --book"))
        let other = try run(file, "--symbol", "BINANCE:ETHUSDT")
        #expect(other.status == 66)
        #expect(other.errors.contains("the capture is of BINANCE:BTCUSDT"))
        let none = try run(try sandbox.write("open,high\n1,2\n", "none.csv"))
        #expect(none.status == 65, "\(none.errors)")
        let search = try sandbox.wick(["backtest", "sweep", "--book", file, "--strategy", "sma-crossover"])
        #expect(search.status == 64)
    }
}
