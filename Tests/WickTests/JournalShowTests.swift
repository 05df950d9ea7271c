import Engine
import Foundation
import Journal
import Market
import Storage
import Testing

@Suite("wick journal show")
struct JournalShowTests {
    private let sandbox: Sandbox

    /// The journal of two hours in which a strategy traded.
    init() throws {
        sandbox = try Sandbox()
        let added = try sandbox.wick(
            "strategy", "add", "fast", "--class", "ema-crossover", "--symbol", "SYNTHETIC:BTCUSDT", "--timeframe", "1m",
            "--sizing", "percent:25", "--param", "fast=2", "--param", "slow=5", "--stop-loss", "1", "--enable")
        try #require(added.status == 0, "\(added.errors)")
        let start = try #require(Timestamp(iso8601: "2024-05-06"))
        let rehearsal = try EngineRehearsal(
            directory: DataDirectory(path: sandbox.data), seed: 7, from: start, to: start.adding(seconds: 3_600),
            strategies: [], writesJournal: true)
        let figures = try rehearsal.run()
        rehearsal.end()
        try #require(figures.orderCount > 3)
    }

    private func show(_ arguments: String...) throws -> Run { try sandbox.wick(["journal", "show"] + arguments) }

    @Test("an order is explained with candles, values, checks, reports and the account")
    func explanation() throws {
        let run = try show("--order", "1")
        #expect(run.status == 0, "\(run.errors)")
        for words in [
            "Order 1: buy for ", "entry of fast", "1m candles seen", "signal", "rule", "sizing", "25% of the equity",
            "Checks: allowed", "balance", "sent as ", "accepted", "filled ", "average price", "position then",
            "account then",
        ] { #expect(run.output.contains(words), "\(words) in \(run.output)") }
        #expect(!run.output.contains("Missing"))
        let report = try show("--order", "1", "--json").object()
        #expect(report["state"] as? String == "filled")
        #expect((report["checks"] as? [[String: Any]])?.allSatisfy { $0["passed"] as? Bool == true } == true)
        let signal = try #require(report["signal"] as? [String: Any])
        #expect((signal["values"] as? [[String: Any]])?.isEmpty == false)
        let client = try #require(report["client_order_id"] as? String)
        #expect(try show("--order", client).output == run.output)
    }

    @Test("the newest records are shown, a line each, and as rows of JSON")
    func list() throws {
        let rows = try show("--limit", "20", "--json").array()
        #expect(rows.count == 20)
        let numbers = rows.compactMap { $0["sequence"] as? Int }
        #expect(numbers == Array(numbers[0]..<(numbers[0] + 20)))
        #expect(rows.allSatisfy { $0["text"] is String && $0["record"] is [String: Any] })
        let text = try show("--limit", "20").output
        #expect(text.split(separator: "\n").count == 22)
        #expect(text.contains("2024-05-06"))
    }

    @Test("strategy and time narrow the list down")
    func filters() throws {
        let rows = try show(
            "--strategy", "fast", "--since", "2024-05-06T00:10", "--until", "2024-05-06T00:30", "--limit", "1000",
            "--json"
        ).array()
        #expect(rows.count > 3)
        #expect(
            rows.compactMap { $0["time"] as? String }.allSatisfy {
                $0 >= "2024-05-06T00:10" && $0 < "2024-05-06T00:30"
            })
        #expect(rows.allSatisfy { $0["kind"] as? String != "candle" })
    }

    @Test("a walk shows what led to a record and what followed")
    func walk() throws {
        let report = try show("--order", "1", "--json").object()
        let way = try #require(report["way"] as? [[String: Any]])
        let fill = try #require(way.first { ($0["text"] as? String)?.hasPrefix("filled") == true }?["sequence"] as? Int)
        let rows = try show("--cause", "\(fill)", "--json").array()
        #expect(rows.prefix(3).map { $0["kind"] as? String } == ["candle", "submit", "report"])
        #expect(rows.contains { $0["kind"] as? String == "fill" })
        #expect(try show("--cause", "\(fill)").output.contains("→"))
    }

    @Test("what is not there is refused in words, and wrong options are all named")
    func refusals() throws {
        let order = try show("--order", "999999")
        #expect(order.status == 1)
        #expect(order.errors.contains("order 999999 is not in the journal"))
        #expect(try show("--cause", "99999999").status == 1)
        let strategy = try show("--strategy", "nobody")
        #expect(strategy.status == 1)
        #expect(strategy.errors.contains("nobody") && strategy.errors.contains("fast"))
        let wrong = try show("--order", "twelve", "--since", "yesterday", "--limit", "0")
        #expect(wrong.status == 64)
        #expect(
            wrong.errors.contains("--order") && wrong.errors.contains("--since") && wrong.errors.contains("--limit"))
        #expect(try show("--order", "1", "--cause", "2").status == 64)
    }

    @Test("a damaged journal names the place, after the records before it")
    func damaged() throws {
        let path = sandbox.data + "/journal/decisions-0000000001.wj"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[20_000] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let list = try show("--since", "2024-05-05")
        #expect(list.status == 65)
        #expect(list.output.contains("candle"))
        #expect(list.errors.contains("decisions-0000000001.wj"))
        let order = try show("--order", "999999")
        #expect(order.status == 65)
        #expect(order.errors.contains("decisions-0000000001.wj"))
    }

    @Test("export tells what every record of an engine carries")
    func export() throws {
        let all = try sandbox.wick("journal", "export").output.split(separator: "\n")
        #expect(all.count > 100)
        #expect(all.allSatisfy { !$0.contains(#""record":null"#) })
        #expect(all[0].contains(#""kind":"session-start""#) && all[0].contains(#""session_start":{"number":1"#))
    }

    @Test("export tells of orders by their parts")
    func exportedOrders() throws {
        let run = try sandbox.wick(
            "journal", "export", "--kind", "order", "--output", sandbox.path("orders.jsonl"))
        #expect(run.status == 0)
        let lines = try sandbox.text("orders.jsonl").split(separator: "\n")
        #expect(lines.count > 3)
        #expect(lines.allSatisfy { $0.contains(#""record":{"record":{"order":{"id":"#) })
    }
}

@Suite("wick journal show, beside an engine", .serialized)
struct JournalShowBesideEngineTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func eventually(_ seconds: Double = 60, _ isSo: () throws -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if (try? isSo()) == true { return true }
            Thread.sleep(forTimeInterval: 0.2)
        }
        return false
    }

    @Test("an order by hand is explained while the engine that made it runs, and after its end")
    func manual() throws {
        let engine = try sandbox.started(["engine"])
        #expect(eventually { try sandbox.wick("status", "--json").object()["running"] as? Bool == true })
        let bought = try sandbox.wick(
            "order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01", "--json")
        let number = try #require(try bought.object()["id"] as? Int, "\(bought.output) \(bought.errors)")
        func report() throws -> [String: Any] {
            try sandbox.wick("journal", "show", "--order", "\(number)", "--json").object()
        }
        #expect(eventually { try report()["state"] as? String == "filled" && report()["account"] is [String: Any] })
        kill(engine.process, SIGTERM)
        #expect(engine.wait() == 0)
        let causes = try #require(try report()["causes"] as? [[String: Any]])
        #expect(causes.map { $0["kind"] as? String } == ["command"])
        let text = try sandbox.wick("journal", "show", "--order", "\(number)").output
        #expect(text.contains("place: buy 0.01000 SYNTHETIC:BTCUSDT market, manual"), "\(text)")
        #expect(try sandbox.wick("journal", "show", "--strategy", "manual").output.contains("verdict"))
    }

    @Test("lines are broken to the terminal's width", .enabled(if: Tmux.isAvailable, "tmux can't be started here"))
    func width() throws {
        let engine = try sandbox.started(["engine"])
        #expect(eventually { try sandbox.wick("status", "--json").object()["running"] as? Bool == true })
        let bought = try sandbox.wick(
            "order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01", "--json")
        let number = try #require(try bought.object()["id"] as? Int, "\(bought.output) \(bought.errors)")
        kill(engine.process, SIGTERM)
        #expect(engine.wait() == 0)
        for width in [80, 120] {
            let terminal = try Tmux(
                sandbox, ["show", "--order", "\(number)"], command: "journal", width: width, height: 90)
            terminal.wait(for: "status ")
            let lines = terminal.screen.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("  account then") })
            // A line that the terminal itself has broken would begin at its edge.
            let heads = ["Order", "Why", "Size", "Checks", "Way", "Now", "status"]
            #expect(
                lines.allSatisfy { line in line.hasPrefix("  ") || heads.contains { line.hasPrefix($0) }
                },
                "\(width):\n\(terminal.screen)")
        }
    }
}
