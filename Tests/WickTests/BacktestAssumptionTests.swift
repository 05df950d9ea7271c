import Foundation
import Testing

@Suite("wick backtest run: what is assumed of the market")
struct BacktestAssumptionTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(Samples.minutes(3_000), "minutes.csv")
    }

    private func run(_ more: String...) throws -> Run {
        try sandbox.wick(
            [
                "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param",
                "fast=5", "--param", "slow=20", "--no-store",
            ] + more)
    }

    @Test("margin, funding and the parts of slippage are in the JSON with what they came to, and in the table")
    func assumed() throws {
        let funding = try sandbox.write("time,rate,mark\n2023-01-01T08:00:00Z,0.0001,\n", "funding.csv")
        let options = [
            "--kind", "linear-perpetual", "--param", "allow-short=on", "--leverage", "5", "--margin", "cross",
            "--funding", funding, "--half-spread-bps", "0.5", "--impact", "0.1", "--latency-ms", "500,500,100",
            "--stop-loss", "1", "--take-profit", "1", "--path", "both",
        ]
        let arguments = [
            "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param",
            "fast=5", "--param", "slow=20", "--no-store",
        ]
        let json = try sandbox.wick(arguments + options + ["--json"])
        #expect(json.status == 0, "\(json.errors)")
        let object = try json.object()
        let assumptions = try #require(object["assumptions"] as? [String: Any])
        #expect(assumptions["leverage"] as? Int == 5)
        #expect(assumptions["margin"] as? String == "cross")
        #expect(assumptions["liquidations"] != nil)
        let costs = try #require(assumptions["costs"] as? [String: Double])
        #expect((costs["spread"] ?? 0) > 0)
        #expect((costs["drift"] ?? 0) > 0)
        #expect(costs["fees"] == object["fees_paid"] as? Double)
        let ambiguity = try #require(object["ambiguity"] as? [String: [String: Double]])
        #expect(ambiguity["pessimistic"]?["final_equity"] == object["final_equity"] as? Double)
        #expect(ambiguity["optimistic"] != nil)
        let table = try sandbox.wick(arguments + options)
        #expect(table.output.contains("cross, 5×"))
        #expect(table.output.contains("From the cruellest to the kindest way"))
    }

    @Test("a maker fee beside a schedule of fees, which says what makers pay, is refused")
    func makerFee() throws {
        let fees = try sandbox.write("0,2,5\n", "fees.csv")
        let refused = try run("--fees", fees, "--maker-fee-bps", "1")
        #expect(refused.status == 64)
        #expect(refused.errors.contains("--maker-fee-bps: says nothing with --fees"))
        #expect(try run("--fees", fees).status == 0)
    }

    @Test("orders of hours are filled on the minutes below them, unless that is not wanted")
    func detail() throws {
        func assumptions(_ more: String...) throws -> [String: Any]? {
            let run = try sandbox.wick(
                [
                    "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param",
                    "fast=2", "--param", "slow=4", "--no-store", "--json", "--timeframe", "1h",
                ] + more)
            #expect(run.status == 0, "\(run.errors)")
            return try run.object()["assumptions"] as? [String: Any]
        }
        #expect(try assumptions()?["detail"] as? String == "1m")
        #expect(try assumptions("--detail", "1m")?["detail"] as? String == "1m")
        #expect(try assumptions("--detail", "none") == nil)
        let minutes = try run("--json", "--detail", "1m")
        #expect(minutes.status == 64)
        #expect(minutes.errors.contains("--detail: the candles are minutes already"))
    }

    @Test("mark prices come from a file, and are for margin and funding alone")
    func marks() throws {
        // Half of the traded prices: whoever is long is liquidated at once.
        let half = try sandbox.text("minutes.csv").split(separator: "\n").enumerated().map { place, line in
            guard place > 0 else { return String(line) }
            let cells = line.split(separator: ",")
            return ([String(cells[0])] + cells[1...4].map { "\((Double($0) ?? 0) / 2)" } + [String(cells[5])])
                .joined(separator: ",")
        }
        let marks = try sandbox.write(half.joined(separator: "\n") + "\n", "marks.csv")
        let margin = ["--kind", "linear-perpetual", "--leverage", "5", "--timeframe", "15m", "--json"]
        func liquidations(_ marks: String) throws -> Int {
            let run = try sandbox.wick(
                [
                    "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param",
                    "fast=5", "--param", "slow=20", "--no-store", "--mark-csv", marks,
                ] + margin)
            #expect(run.status == 0, "\(run.errors)")
            let assumptions = try #require(try run.object()["assumptions"] as? [String: Any])
            #expect(assumptions["detail"] as? String == "1m" && assumptions["mark_hash"] is String)
            return try #require(assumptions["liquidations"] as? Int)
        }
        #expect(try liquidations(file) == 0)
        #expect(try liquidations(marks) > 0)
        let idle = try run("--mark-csv", marks)
        #expect(idle.status != 0 && idle.errors.contains("mark-csv: it marks positions on margin and funding"))
    }

    @Test("everything that is wrong is said at once, with the options' names")
    func wrong() throws {
        let run = try run(
            "--leverage", "500", "--margin", "mine", "--funding-interval", "8h", "--latency-ms", "5", "--fees",
            sandbox.path("nowhere"), "--path", "crooked", "--detail", "5m")
        #expect(run.status == 64)
        for option in [
            "--leverage: 500", "--margin: 'mine'", "--funding-interval: says nothing", "--latency-ms: '5'", "--fees: ",
            "--path: 'crooked'", "--detail: '5m'",
        ] { #expect(run.errors.contains(option), "\(option)") }
    }

    @Test("a calendar and corporate actions are read from files")
    func shares() throws {
        let sessions = try sandbox.write(
            "date,open,close\n2023-01-01,14:30,21:00\n2023-01-02,14:30,18:00\n", "open.csv")
        let actions = try sandbox.write("date,split,dividend\n2023-01-02,2,0.5\n", "actions.csv")
        let trades = sandbox.path("trades.csv")
        let run = try run(
            "--kind", "equity", "--sessions", sessions, "--corporate-actions", actions, "--json", "--trades", trades)
        #expect(run.status == 0, "\(run.errors)")
        #expect((try run.object()["trade_count"] as? Int ?? 0) > 0)
        for line in try sandbox.text("trades.csv").split(separator: "\n").dropFirst() {
            let time = line.prefix(20).dropFirst(11)
            #expect(time >= "14:30:00Z" && time < "21:00:00Z")
        }
        let wrong = try sandbox.write("2023-01-02,zero,0\n", "wrong.csv")
        let refused = try self.run("--corporate-actions", wrong)
        #expect(refused.status != 0)
        #expect(refused.errors.contains("corporate-actions:"))
    }

    @Test("a kept backtest shows what it assumed")
    func kept() throws {
        let run = try sandbox.wick([
            "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--kind",
            "linear-perpetual", "--leverage", "2",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let shown = try sandbox.wick(["backtest", "show", "1"])
        #expect(shown.output.contains("leverage=2"))
    }
}
