import Foundation
import Testing

@Suite("wick backtest sweep, optimize, walk-forward and trials")
struct SearchCommandTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(Samples.minutes(6_000), "minutes.csv")
    }

    private func run(_ command: String, _ more: [String]) throws -> Run {
        try sandbox.wick(
            ["backtest", command, "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover"] + more)
    }

    private func plain(_ run: Run) -> String {
        run.output.replacing(/"seconds":[-0-9.e]+/, with: "").replacing(/"study":"[^"]*"/, with: "")
    }

    @Test("a sweep tries every combination, says which contradict themselves, and is the same with any workers")
    func sweep() throws {
        let options = ["--param", "fast=5..50/5", "--param", "slow=20,50,100", "--json"]
        let one = try run("sweep", options + ["--workers", "1", "--results", sandbox.path("sweep.csv")])
        #expect(one.status == 0, "\(one.errors)")
        let object = try one.object()
        let trials = try #require(object["trials"] as? [[String: Any]])
        #expect(trials.count == 30 && object["planned"] as? Int == 30)
        // fast = 20…50 with slow = 20, and 50 with 50.
        #expect(trials.count { $0["state"] as? String == "invalid" } == 8)
        let objectives = trials.compactMap { $0["objective"] as? Double }
        #expect(objectives == objectives.sorted(by: >))
        #expect(try plain(run("sweep", options + ["--workers", "7"])) == plain(one))
        let rows = try sandbox.text("sweep.csv").split(separator: "\n")
        #expect(rows.count == 31 && rows[0].hasPrefix("number,state,fast,slow,objective,violation,bars,"))
        #expect(rows[0].hasSuffix(",strategy,all_parameters,seed,data_hash,version,detail_hash,market_seed"))
        let hash = try #require(object["data_hash"] as? String)
        #expect(rows.dropFirst().allSatisfy { $0.contains(" allow-short=off,0,\(hash),") })
        let best = try #require(object["best"] as? [String: Any])
        let parameters = try #require(best["parameters"] as? [String: Any])
        let alone = try run(
            "run",
            [
                "--param", "fast=\(parameters["fast"]!)", "--param", "slow=\(parameters["slow"]!)", "--json",
                "--no-store",
            ])
        #expect(try alone.object()["sharpe"] as? Double == best["objective"] as? Double)
    }

    @Test("results that can't be written cost no table, and where the trials are is said")
    func unwritten() throws {
        let run = try run("sweep", ["--param", "fast=5..15/5", "--param", "slow=60", "--results", "/dev/full"])
        #expect(run.status == 74 || run.status == 73, "\(run)")
        #expect(run.output.contains("rank") && run.output.contains("3 trials in "))
        #expect(run.errors.contains("/dev/full") && run.errors.contains("the trials are kept as study sweep-1"))
        #expect(try sandbox.wick("backtest", "trials", "--study", "sweep-1", "--json").array().count == 3)
    }

    @Test("for people there are a table, a picture without colours where there is no terminal, and a sentence")
    func picture() throws {
        let run = try run("sweep", ["--param", "fast=5..50/5", "--param", "slow=60,70,80", "--top", "3"])
        #expect(run.status == 0 && !run.output.contains("\u{1B}"))
        #expect(run.output.contains("sharpe: fast across, slow down"))
        #expect(run.output.contains("█") && run.output.contains("30 trials in "))
        let plain = try sandbox.shell(
            "LC_ALL=C wick backtest sweep --csv minutes.csv --strategy sma-crossover --param fast=5..50/5 "
                + "--param slow=60,70,80 --data-dir '\(sandbox.data)'")
        #expect(plain.output.contains("@@") && !plain.output.contains("█"))
    }

    @Test("the same seed gives the same trials, a study goes on where it was, and another is refused")
    func optimize() throws {
        let options = [
            "--param", "fast=2..60", "--param", "slow=10..300:log", "--objective", "total_return - 0.1*max_drawdown",
            "--constraint", "trade_count >= 5", "--seed", "3", "--json",
        ]
        let whole = try run("optimize", options + ["--trials", "40", "--workers", "1"])
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(try run("optimize", options + ["--trials", "15", "--study", "mine"]).status == 0)
        let rest = try run("optimize", options + ["--trials", "40", "--study", "mine", "--workers", "3"])
        #expect(plain(rest) == plain(whole))
        #expect(try plain(run("optimize", options + ["--trials", "40", "--resume"])) == plain(whole))
        let other = try run("optimize", ["--param", "fast=2..60", "--trials", "40", "--study", "mine"])
        #expect(other.status == 65 && other.errors.contains("'mine' is another search"))
        #expect(other.errors.contains("search was 'fast=2..60/1 slow=10..300/1:log' and is 'fast=2..60/1'"))
        let ledger = try sandbox.wick("backtest", "trials", "--json").array()
        #expect(ledger.count == 1 && ledger[0]["studies"] as? Int == 2 && ledger[0]["trials"] as? Int == 80)
        #expect(try sandbox.wick("backtest", "trials", "--study", "mine", "--json").array().count == 40)
        #expect(try sandbox.wick("backtest", "trials", "--studies", "--json").array().count == 2)
    }

    @Test("a walk-forward has a row a window and the figures of the test windows as one")
    func walkForward() throws {
        let run = try run(
            "walk-forward",
            [
                "--param", "fast=2..30", "--param", "slow=31..120", "--train", "1d", "--test", "12h", "--trials", "12",
                "--objective", "return",
                "--json",
            ])
        #expect(run.status == 0, "\(run.errors)")
        let object = try run.object()
        let windows = try #require(object["windows"] as? [[String: Any]])
        #expect(windows.count == 6 && object["planned"] as? Int == 6)
        let whole = try #require(object["out_of_sample"] as? [String: Any])
        #expect(whole["bars"] as? Int == 6 * 720)
        #expect(windows.allSatisfy { ($0["test"] as? [String: Any])?["bars"] as? Int == 720 })
    }

    @Test("interrupted, a search prints what is done, ends with 130, and goes on to the same result")
    func interrupted() throws {
        let options = [
            "backtest", "optimize", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param",
            "fast=2..900", "--param", "slow=1000..2000", "--trials", "20000", "--sampler", "random", "--study", "long",
            "--json",
        ]
        let child = try sandbox.started(options)
        let end = Date().addingTimeInterval(60)
        while Date() < end, try sandbox.wick("backtest", "trials", "--study", "long", "--json").output.count < 100 {
            usleep(50_000)
        }
        kill(child.process, SIGINT)
        let run = try child.finished()
        #expect(run.status == 130 && run.errors.contains("--study long goes on"), "\(run.errors)")
        let done = try #require(run.object()["trials"] as? [[String: Any]])
        #expect(!done.isEmpty && done.count < 20_000)
        #expect(try sandbox.wick("backtest", "trials", "--study", "long", "--json").array().count == done.count)
    }

    @Test("everything that is wrong is said at once, with a mark under the character of an expression")
    func mistakes() throws {
        let run = try run(
            "optimize",
            [
                "--param", "fast=50..5", "--objective", "sharp", "--constraint", "trade_count", "--workers", "0",
                "--trials", "x", "--sampler", "best", "--study", "a b",
            ])
        #expect(run.status == 64)
        for words in [
            "--param fast: '50..5' ends before it begins", "--objective: there is no figure 'sharp'", "wick:   ^",
            "--constraint: the end where a comparison is wanted", "--workers: '0'", "--trials: 'x'",
            "--sampler: 'best'",
            "--study: 'a b'",
        ] { #expect(run.errors.contains(words), "\(words): \(run.errors)") }
        let nothing = try self.run("sweep", ["--param", "fast=5"])
        #expect(nothing.status == 64 && nothing.errors.contains("nothing to vary"))
        let short = try self.run("walk-forward", ["--train", "90d", "--test", "30d"])
        #expect(short.status == 66 && short.errors.contains("there is no whole window"))
        let empty = try self.run("sweep", ["--param", "fast=5,6", "--from", "2024-01-01"])
        #expect(empty.status == 66 && empty.errors.contains("no 1m candles"))
        let none = try self.run("optimize", ["--resume"])
        #expect(none.status == 66 && none.errors.contains("--resume: there is no study"))
    }
}
