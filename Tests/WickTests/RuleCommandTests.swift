import Foundation
import Glibc
import Testing

/// Files of rules on the command line: checked, played, registered and changed.
@Suite("rules", .serialized)
struct RuleCommandTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private static func bundled(_ name: String) -> String {
        Program.root.appendingPathComponent("Config/rules/\(name).yaml").path
    }

    private static let simple = """
        name: mine
        parameters:
          fast: {default: 5, min: 1, max: 50}
        entry: crosses_above(close, sma(fast))
        exit: crosses_below(close, sma(fast))
        """

    @Test("a file that is right is summed up, one that is wrong is pointed into, one that is not there is named")
    func check() throws {
        let right = try sandbox.wick("strategy", "check", Self.bundled("trend-pullback"), "--json")
        #expect(right.status == 0)
        let object = try right.object()
        #expect(object["name"] as? String == "trend-pullback" && object["timeframe"] as? String == "5m")
        #expect(object["indicators"] as? [String] == ["ema(20)@1h", "rsi(14)", "atr(14)"])
        #expect(object["warm_up"] as? Int == 288)
        let printed = try sandbox.wick("strategy", "check", Self.bundled("sma-crossover"))
        #expect(printed.status == 0 && printed.output.hasPrefix("ok\n") && printed.output.contains("sma(10), sma(30)"))
        let file = try sandbox.write("name: a\nentry: crosses_abov(close, 1)\nexit: clsoe > 1\n", "wrong.yaml")
        let wrong = try sandbox.wick("strategy", "check", file)
        #expect(wrong.status == 65 && wrong.output.isEmpty)
        #expect(wrong.errors.contains("wrong.yaml:2:8: entry: there is no function 'crosses_abov'"))
        #expect(wrong.errors.contains("\n  3 | exit: clsoe > 1\n    |       ^^^^^\n"))
        #expect(try sandbox.wick("strategy", "check", sandbox.path("none.yaml")).status == 66)
    }

    @Test("a backtest of rules is that of the class they spell out, and carries their text")
    func backtest() throws {
        func run(_ options: String...) throws -> [String: Any] {
            try sandbox.wick(
                ["backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--json", "--param", "fast=5"] + options
            ).object()
        }
        let file = try sandbox.write(Samples.minutes(3_000, gap: 500..<520), "minutes.csv")
        let compiled = try run("--strategy", "sma-crossover")
        let ruled = try run("--rules", Self.bundled("sma-crossover"))
        for key in ["final_equity", "trade_count", "fees_paid", "max_drawdown"] {
            #expect(ruled[key] as? NSNumber == compiled[key] as? NSNumber, "\(key)")
        }
        #expect(ruled["strategy"] as? String == "rules:sma-crossover")
        #expect((ruled["rules"] as? String)?.contains("entry\tcrosses_above(fast_mean, slow_mean)") == true)
        #expect(compiled["rules"] == nil)
        let both = try sandbox.wick(
            "backtest", "run", "--csv", file, "--strategy", "macd", "--rules", Self.bundled("macd"))
        #expect(both.status == 64 && both.errors.contains("--rules:"))
        let unknown = try sandbox.wick(
            "backtest", "run", "--csv", file, "--rules", Self.bundled("macd"), "--param", "speed=1")
        #expect(unknown.status == 64 && unknown.errors.contains("--param speed"))
        let other = try sandbox.wick(
            "backtest", "run", "--csv", file, "--rules", Self.bundled("trend-pullback"), "--timeframe", "15m")
        #expect(other.status == 64 && other.errors.contains("--timeframe: it looks at longer candles"))
        // Without an option the file says which candles.
        let said = try sandbox.wick(
            "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--rules", Self.bundled("trend-pullback"), "--json"
        )
        #expect(try said.object()["timeframe"] as? String == "5m")
        #expect(try sandbox.wick("backtest", "list").output.contains("rules:trend-pullback"))
    }

    @Test("rules are registered with their text, shown, and changed when their file has")
    func registered() throws {
        let file = try sandbox.write(Self.simple, "mine.yaml")
        let added = try sandbox.wick(
            "strategy", "add", "dips", "--rules", file, "--symbol", "SYNTHETIC:BTCUSDT", "--param", "fast=7", "--json")
        #expect(added.status == 0, "\(added)")
        #expect(try added.object()["class_name"] as? String == "rules:mine")
        #expect((try added.object()["rules"] as? String)?.contains("exit\tcrosses_below(close, sma(fast))") == true)
        _ = try sandbox.write(
            Self.simple.replacing("exit: crosses_below(close, sma(fast))", with: "exit: hour == 5"),
            "mine.yaml")
        #expect(try sandbox.wick("strategy", "show", "dips").output.contains("exit: crosses_below(close, sma(fast))"))
        #expect(try sandbox.wick("strategy", "set", "dips", "--rules", file).status == 0)
        let shown = try sandbox.wick("strategy", "show", "dips").output
        #expect(shown.contains("exit: hour == 5") && shown.contains("fast=7"))
        #expect(try sandbox.wick("strategy", "add", "x", "--symbol", "SYNTHETIC:BTCUSDT").status == 64)
        let wrong = try sandbox.write("name: a\nentry: 1\n", "wrong.yaml")
        #expect(try sandbox.wick("strategy", "set", "dips", "--rules", wrong).status == 65)
    }

    @Test(
        "a running engine takes rules, goes on with them after it was killed, and its journal replays without the file")
    func engine() throws {
        let file = try sandbox.write(
            Self.simple.replacing("exit: crosses_below(close, sma(fast))", with: "exit: bars_held >= 2"), "mine.yaml")
        func started() throws -> Child {
            let engine = try sandbox.started(["engine"])
            let end = Date().addingTimeInterval(20)
            while Date() < end, try sandbox.wick("status", "--json").object()["running"] as? Bool != true {
                Thread.sleep(forTimeInterval: 0.1)
            }
            return engine
        }
        var engine = try started()
        let added = try sandbox.wick(
            "strategy", "add", "dips", "--rules", file, "--symbol", "SYNTHETIC:BTCUSDT", "--param", "fast=3",
            "--enable",
            "--json")
        #expect(added.status == 0, "\(added)")
        try FileManager.default.removeItem(atPath: file)
        kill(engine.process, SIGKILL)
        _ = try engine.finished()
        engine = try started()
        defer { kill(engine.process, SIGKILL) }
        let row = try sandbox.wick("strategy", "show", "dips", "--json").object()
        let strategy = try #require(row["strategy"] as? [String: Any])
        #expect(strategy["class_name"] as? String == "rules:mine")
        #expect(strategy["status"] as? String == "enabled", "\(row)")
        #expect((strategy["rules"] as? String)?.contains("exit\tbars_held >= 2") == true)
        kill(engine.process, SIGTERM)
        #expect(try engine.finished().status == 0)
        let replay = try sandbox.wick("journal", "replay")
        #expect(replay.status == 0, "\(replay)")
    }
}
