import Foundation
import Testing

@Suite("wick backtest compare, and the figures of a run")
struct BacktestCompareTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    /// Some weeks of the synthetic market, the same on every run.
    private func backtest(_ command: String, _ more: [String], to end: String = "2026-03-01") throws -> Run {
        try sandbox.wick(
            [
                "backtest", command, "--symbol", "SYNTHETIC:BTCUSDT", "--timeframe", "1h", "--from", "2026-01-01",
                "--to", end,
            ] + more)
    }

    private func compare(_ more: String..., to end: String = "2026-03-01") throws -> Run {
        try backtest(
            "compare",
            [
                "--strategy", "sma-crossover:fast=5,slow=20", "--strategy", "rsi-mean-reversion", "--strategy", "hold",
                "--resamples", "200",
            ] + more, to: end)
    }

    @Test("a comparison has a row for each strategy, intervals, a test against the first, and its seed")
    func json() throws {
        let run = try compare("--json", "--bootstrap-seed", "9")
        #expect(run.status == 0, "\(run)")
        let object = try run.object()
        let rows = try #require(object["strategies"] as? [[String: Any]])
        #expect(
            rows.compactMap { $0["name"] as? String } == [
                "sma-crossover:fast=5,slow=20", "rsi-mean-reversion", "hold",
            ])
        #expect((rows[0]["parameters"] as? [String: String])?["slow"] == "20")
        #expect(rows[0]["difference"] is NSNull && rows[2]["deflated_sharpe"] is NSNull)
        let difference = try #require(rows[1]["difference"] as? [String: Any])
        #expect(difference["bootstrap_probability"] is Double)
        for row in rows {
            let low = try #require(row["sharpe_low"] as? Double)
            let high = try #require(row["sharpe_high"] as? Double)
            #expect(low < high)
        }
        #expect((object["bootstrap"] as? [String: Any])?["seed"] as? Int == 9)
        #expect((object["deflation"] as? [String: Any])?["trials"] as? Int == 2)
        #expect((object["overfitting"] as? [String: Any])?["splits"] as? Int == 70)
    }

    @Test("a row has the figures of a run with the same options")
    func sameAsRun() throws {
        let rows = try #require(try compare("--json", "--fee-bps", "5").object()["strategies"] as? [[String: Any]])
        let run = try backtest(
            "run",
            [
                "--strategy", "sma-crossover", "--param", "fast=5", "--param", "slow=20", "--fee-bps", "5", "--json",
                "--no-store",
            ]
        ).object()
        for key in ["sharpe", "total_return", "max_drawdown", "win_rate", "probabilistic_sharpe"] {
            #expect(rows[0][key] as? Double == run[key] as? Double, "\(key)")
        }
        #expect(rows[0]["trade_count"] as? Int == run["trade_count"] as? Int)
    }

    @Test("two comparisons differ in nothing but the seconds they took")
    func repeated() throws {
        let pattern = /"seconds":[-0-9.e]+/
        #expect(
            try compare("--json").output.replacing(pattern, with: "")
                == compare("--json").output.replacing(pattern, with: ""))
    }

    @Test("people see what the figures are worth, and what could not be measured")
    func table() throws {
        let long = try compare().output
        for text in ["Against sma-crossover:fast=5,slow=20:", "seed 1", "2 trials (those compared)", "70 splits"] {
            #expect(long.contains(text), "\(text)")
        }
        #expect(try compare("--trials", "40").output.contains("40 trials (as --trials says)"))
        let short = try compare(to: "2026-01-05")
        #expect(short.status == 0)
        #expect(short.output.contains("not measured: there are 4 days; it needs 20"))
    }

    @Test("everything wrong with a comparison is said at once, and once")
    func problems() throws {
        let run = try sandbox.wick(
            "backtest", "compare", "--strategy", "sma-crossover:fast=60,slow=50,x", "--strategy", "nope", "--strategy",
            "nope", "--fee-bps", "much", "--confidence", "10", "--resamples", "3", "--block-days", "0")
        #expect(run.status == 64)
        for text in [
            "nothing to run over", "'x' is not NAME=VALUE", "there is no class 'nope'", "is there twice", "--fee-bps:",
            "--confidence:", "--resamples:", "--block-days:",
        ] {
            #expect(run.errors.components(separatedBy: text).count == 2, "\(text)")
        }
        let contradiction = try compare("--strategy", "macd:fast=50,slow=20")
        #expect(contradiction.status == 64 && contradiction.errors.contains("macd:fast=50,slow=20"))
        #expect(try backtest("compare", ["--strategy", "macd"]).errors.contains("expected two or more"))
        #expect(try backtest("compare", ["--strategy", "hold", "--strategy", "hold:"]).status == 64)
        let absent = try sandbox.wick(
            "backtest", "compare", "--csv", sandbox.path("absent"), "--strategy", "macd", "--strategy", "hold")
        #expect(absent.status == 66)
    }

    @Test("a run shows its extended figures and months, and so does what was kept of it")
    func extended() throws {
        let options = ["--strategy", "sma-crossover", "--rolling-days", "30"]
        let run = try backtest("run", options)
        #expect(run.status == 0, "\(run)")
        for text in ["daily returns", "ulcer index", "Sharpe of 30 d", "excursions", "return %", "Jan"] {
            #expect(run.output.contains(text), "\(text)")
        }
        let shown = try sandbox.wick("backtest", "show", "1").output
        #expect(shown.contains("ulcer index") && shown.contains("return %"))
        let kept = try sandbox.wick("backtest", "show", "1", "--json").object()["result"] as? [String: Any]
        #expect((kept?["rolling_sharpe"] as? [String: Any])?["days"] as? Int == 30)
        #expect((kept?["undefined"] as? [String: String])?.isEmpty == false)
        #expect(try sandbox.wick("backtest", "show", "1", "--trades").output.contains(",mae,mfe,strategy,"))
        let wrong = try backtest("run", options.dropLast() + ["1"])
        #expect(wrong.status == 64 && wrong.errors.contains("--rolling-days: 1 is out of range"))
    }
}
