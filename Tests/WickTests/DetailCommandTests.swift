import Foundation
import Testing

@Suite("wick backtest: fills on minutes and corporate actions, wherever a strategy is played")
struct DetailCommandTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(Samples.minutes(9_000), "minutes.csv")
    }

    @Test func `hours that are stored without minutes are played on themselves by every command`() throws {
        var text = "open_time,open,high,low,close,volume\n"
        for hour in 0..<400 {
            let close = 100 + (hour / 7 % 2 == 0 ? hour % 7 : 7 - hour % 7)
            text += "\(1_672_531_200_000 + hour * 3_600_000),\(close),\(close + 1),\(close - 1),\(close),10\n"
        }
        let hours = try sandbox.write(text, "hours.csv")
        let series = ["--symbol", "TEST:ABCUSDT", "--timeframe", "1h"]
        #expect(try sandbox.wick(["data", "import", hours, "--base", "ABC", "--quote", "USDT"] + series).status == 0)
        let one = ["--strategy", "sma-crossover", "--param", "fast=2"]
        for (command, more) in [
            ("run", one + ["--param", "slow=4"]), ("portfolio", one + ["--param", "slow=4"]),
            ("sweep", one + ["--param", "slow=4,5"]),
            ("compare", ["--strategy", "sma-crossover", "--strategy", "hold"]),
        ] {
            let run = try sandbox.wick(["backtest", command, "--json"] + series + more)
            #expect(run.status == 0, "\(command): \(run)")
            #expect(!run.output.contains("\"detail\":\"1m\""), "\(command)")
        }
        let asked = try sandbox.wick(["backtest", "run", "--detail", "1m"] + series + one)
        #expect(asked.status == 65 && asked.errors.contains("--detail: there is no minute"))
    }

    /// Stops and targets so near that minutes decide which of them comes first.
    private static let account = ["--timeframe", "1h", "--stop-loss", "0.5", "--take-profit", "0.5"]

    private func run(_ command: String, _ more: [String]) throws -> [String: Any] {
        let run = try sandbox.wick(["backtest", command] + more + Self.account + ["--json"])
        // An audit ends with 1 where a check fails, which these candles may make one do.
        #expect(run.status == 0 || command == "audit" && run.status == 1, "\(command): \(run)")
        return try run.object()
    }

    /// What each command makes of one strategy with the same options: its total return.
    private func returns(_ options: [String]) throws -> [String: Double?] {
        let candles = ["--csv", file, "--symbol", "BTCUSDT"] + options
        let fixed = ["--strategy", "sma-crossover", "--param", "fast=1"]
        var found: [String: Double?] = [:]
        found["run"] = try run("run", candles + fixed + ["--param", "slow=2", "--no-store"])["total_return"] as? Double
        for (command, more) in [("sweep", []), ("optimize", ["--sampler", "grid"])] {
            let trials = try run(command, candles + fixed + ["--param", "slow=2,9"] + more)["trials"]
            let trial = (trials as? [[String: Any]])?.first {
                ($0["parameters"] as? [String: Any])?["slow"] as? Int == 2
            }
            found[command] = (trial?["figures"] as? [String: Any])?["total_return"] as? Double
        }
        let compared = try run(
            "compare", candles + ["--strategy", "sma-crossover:fast=1,slow=2", "--strategy", "hold"])
        found["compare"] = (compared["strategies"] as? [[String: Any]])?.first?["total_return"] as? Double
        let actions = options.map { $0.hasSuffix("actions.csv") ? "BTCUSDT=" + $0 : $0 }
        found["portfolio"] =
            try run(
                "portfolio",
                ["--csv", "BTCUSDT=\(file)", "--no-store"] + actions + fixed + ["--param", "slow=2"])["total_return"]
            as? Double
        let audited = try run(
            "audit", candles + fixed + ["--param", "slow=2", "--cuts", "2", "--noises", "8"])["costs"]
        found["audit"] = (audited as? [[String: Any]])?.first { $0["factor"] as? Int == 1 }?["total_return"] as? Double
        return found
    }

    @Test("one strategy with the same options comes to the same in every command, to the last digit")
    func same() throws {
        // Paid so often that something is held when it is.
        let paid = (2...6).flatMap { day in
            (1...23).map { "2023-01-0\(day)T\($0 < 10 ? "0" : "")\($0):00:00Z,\(day == 3 && $0 == 1 ? 2 : 1),5\n" }
        }
        let actions = try sandbox.write(paid.joined(), "actions.csv")
        var results: [Double] = []
        for options in [
            ["--detail", "auto"], ["--detail", "none"],
            ["--detail", "auto", "--kind", "equity", "--corporate-actions", actions],
        ] {
            let found = try returns(options)
            #expect(found.count == 6 && Set(found.values).count == 1, "\(options): \(found)")
            results.append(try #require(found["run"] ?? nil))
        }
        #expect(Set(results).count == 3)
    }

    @Test("minutes are what every command takes unless told otherwise, and says so")
    func usual() throws {
        let candles = ["--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param", "fast=2"]
        let alone = try run("run", candles + ["--no-store"])
        let hash = try #require(alone["detail_hash"] as? String)
        let sweep = try run("sweep", candles + ["--param", "slow=6,9"])
        #expect(
            sweep["detail_hash"] as? String == hash && sweep["data_hash"] as? String == alone["data_hash"] as? String)
        let walk = try run(
            "walk-forward", candles + ["--param", "slow=6,9", "--train", "3d", "--test", "1d", "--sampler", "grid"])
        #expect(walk["detail_hash"] as? String == hash)
        let cross = try run(
            "cross-validate",
            candles + ["--param", "slow=6,9", "--folds", "3", "--test-folds", "1", "--sampler", "grid"])
        #expect(cross["detail_hash"] as? String == hash)
        let none = try run("sweep", candles + ["--param", "slow=6,9", "--detail", "none"])
        #expect(none["detail_hash"] is NSNull)
    }

    @Test("a study that fills on minutes does not go on without them")
    func studies() throws {
        let options =
            [
                "backtest", "sweep", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param",
                "slow=6,9", "--study", "mine",
            ] + Self.account
        #expect(try sandbox.wick(options).status == 0)
        #expect(try sandbox.wick(options + ["--resume"]).status == 0)
        let other = try sandbox.wick(options + ["--detail", "none"])
        #expect(other.status == 65 && other.errors.contains("'mine' is another search"), "\(other)")
        let actions = try sandbox.write("2023-01-03,1,0.5\n", "actions.csv")
        let paid = try sandbox.wick(options + ["--corporate-actions", actions])
        #expect(paid.status == 65 && paid.errors.contains("corporate-actions"), "\(paid)")
    }

    @Test("runs and portfolios on minutes and with dividends come out the same again")
    func again() throws {
        let actions = try sandbox.write("2023-01-03,2,0\n2023-01-05,1,150\n", "actions.csv")
        let strategy = ["--strategy", "sma-crossover", "--param", "fast=2", "--param", "slow=6", "--kind", "equity"]
        _ = try run(
            "run", ["--csv", file, "--symbol", "BTCUSDT", "--corporate-actions", actions] + strategy)
        let portfolio = try run(
            "portfolio", ["--csv", "BTCUSDT=\(file)", "--corporate-actions", "BTCUSDT=\(actions)"] + strategy)
        #expect(portfolio["detail_hash"] is String)
        #expect((portfolio["assumptions"] as? [String: Any])?["funding_paid"] != nil)
        try sandbox.write("2023-01-03,2,0\n", "actions.csv")
        for number in ["1", "2"] {
            let rerun = try sandbox.wick("backtest", "rerun", number, "--json")
            #expect(rerun.status == 0, "\(rerun)")
            let remarks = try rerun.object()["remarks"] as? [String] ?? []
            #expect(remarks.contains { $0.contains("actions.csv is another one than it was") })
        }
        #expect(try sandbox.wick("backtest", "report", "1", "--output", sandbox.path("r.html")).status == 0)
        #expect(try !sandbox.text("r.html").contains("The candles are others now"))
    }

    @Test("corporate actions of no symbol, or of one twice, are refused")
    func wrong() throws {
        let actions = try sandbox.write("2023-01-03,2,0\n", "actions.csv")
        let other = try sandbox.wick(
            "backtest", "portfolio", "--csv", "BTCUSDT=\(file)", "--strategy", "macd", "--corporate-actions",
            "ETHUSDT=\(actions)")
        #expect(other.status == 64 && other.errors.contains("--corporate-actions: 'ETHUSDT="), "\(other)")
        let twice = try sandbox.wick(
            "backtest", "run", "--csv", file, "--strategy", "macd", "--corporate-actions", actions,
            "--corporate-actions", actions)
        #expect(twice.status == 64 && twice.errors.contains("--corporate-actions: there is one instrument"))
    }
}
