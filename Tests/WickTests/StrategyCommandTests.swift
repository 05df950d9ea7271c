import Foundation
import Testing

@Suite("wick strategy")
struct StrategyCommandTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func add(_ name: String, _ more: String...) throws -> Run {
        try sandbox.wick(
            ["strategy", "add", name, "--class", "sma-crossover", "--symbol", "SYNTHETIC:BTCUSDT", "--timeframe", "5m"]
                + more)
    }

    @Test("the bundled classes are listed with their parameters")
    func classes() throws {
        let rows = try sandbox.wick("strategy", "classes", "--json").array()
        let names = rows.compactMap { $0["name"] as? String }
        for name in [
            "sma-crossover", "ema-crossover", "rsi-mean-reversion", "bollinger-breakout", "macd", "supertrend",
        ] {
            #expect(names.contains(name))
        }
        let parameters = try #require(rows[0]["parameters"] as? [[String: Any]])
        #expect(parameters[0]["minimum"] is Int)
    }

    @Test("a strategy is registered, changed, switched and removed")
    func life() throws {
        let added = try add(
            "trend", "--param", "fast=20", "--param", "slow=50", "--sizing", "percent:20", "--stop-loss", "2", "--json")
        #expect(added.status == 0)
        let row = try added.object()
        #expect(row["status"] as? String == "disabled")
        #expect(row["stop_loss_percent"] as? String == "2")
        #expect(row["take_profit_percent"] is NSNull)
        #expect(try sandbox.wick("strategy", "enable", "trend").status == 0)
        #expect(try sandbox.wick("strategy", "set", "trend", "--param", "fast=10", "--stop-loss", "off").status == 0)
        let list = try sandbox.wick("strategy", "list", "--json").array()
        #expect(list.count == 1)
        #expect(list[0]["status"] as? String == "enabled")
        #expect((list[0]["parameters"] as? [String: String]) == ["fast": "10", "slow": "50"])
        #expect(list[0]["stop_loss_percent"] is NSNull)
        let shown = try sandbox.wick("strategy", "show", "trend", "--json").object()
        #expect(shown["live"] is NSNull)
        #expect((shown["strategy"] as? [String: Any])?["name"] as? String == "trend")
        #expect(try sandbox.wick("strategy", "disable", "trend").status == 0)
        #expect(try sandbox.wick("strategy", "remove", "trend").status == 0)
        #expect(try sandbox.wick("strategy", "list", "--json").array().isEmpty)
    }

    @Test("a name is taken once")
    func duplicate() throws {
        #expect(try add("trend").status == 0)
        let again = try add("trend")
        #expect(again.status != 0)
        #expect(again.errors.contains("trend"))
    }

    @Test("everything wrong with a strategy is said at once")
    func problems() throws {
        let run = try sandbox.wick(
            "strategy", "add", "x", "--class", "sma-crossover", "--symbol", "NOWHERE:X", "--timeframe", "7m",
            "--sizing", "big",
            "--param", "fast=0", "--param", "speed=1", "--stop-loss", "-3")
        #expect(run.status == 64)
        for option in ["--symbol:", "--timeframe:", "--sizing:", "--param fast", "--param speed", "--stop-loss:"] {
            #expect(run.errors.contains(option), "\(option)")
        }
    }

    @Test("what is not there is named, with what is", arguments: ["show", "enable", "disable", "remove", "set"])
    func absent(_ verb: String) throws {
        let run = try sandbox.wick("strategy", verb, "ghost")
        #expect(run.status != 0)
        #expect(run.errors.contains("ghost"))
    }
}
