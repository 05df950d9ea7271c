import Foundation
import Testing

@Suite("wick backtest: plots, reports and reruns")
struct BacktestReportTests {
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
                "fast=5",
            ]
                + more)
    }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: sandbox.path(name))) }

    @Test("a run draws what is asked for, and a kept one draws the same")
    func plots() throws {
        let run = try run(
            "--param", "slow=20", "--plot", sandbox.path("run.svg"), "--plot-kind", "trades", "--report",
            sandbox.path("run.html"))
        #expect(run.status == 0, "\(run)")
        #expect(try bytes("run.svg").starts(with: Data("<?xml".utf8)))
        let kept = try sandbox.wick(
            "backtest", "plot", "1", "--kind", "trades", "--output", sandbox.path("kept.svg"))
        #expect(kept.status == 0, "\(kept)")
        #expect(try bytes("kept.svg") == bytes("run.svg"))
        #expect(try sandbox.wick("backtest", "report", "1", "--output", sandbox.path("kept.html")).status == 0)
        #expect(try bytes("kept.html") == bytes("run.html"))
        let page = try sandbox.text("run.html")
        #expect(page.contains("wick backtest rerun 1") && page.contains("--param fast=5 --param slow=20"))
        let png = try sandbox.wick(
            "backtest", "plot", "1", "--output", sandbox.path("small.png"), "--plot-size", "300x200")
        #expect(png.status == 0, "\(png)")
        // The header of a PNG: width and height, big-endian.
        #expect(try [UInt8](bytes("small.png"))[16..<24] == [0, 0, 1, 44, 0, 0, 0, 200])
    }

    @Test("everything that is wrong with the options of plots is said at once, and nothing is run or written")
    func wrongOptions() throws {
        let run = try run(
            "--plot", sandbox.path("x.gif"), "--plot-size", "3x3", "--plot-kind", "pie", "--plot-theme", "pink",
            "--report", sandbox.path("x.pdf"))
        #expect(run.status == 64)
        for option in ["--plot:", "--plot-size:", "--plot-kind:", "--plot-theme:", "--report:"] {
            #expect(run.errors.contains(option), "\(option)")
        }
        #expect(try self.run("--plot-size", "600x400").status == 64)
        #expect(try sandbox.wick("backtest", "list", "--json").array().isEmpty)
    }

    @Test("a file that can't be made is known before the run, and leaves nothing behind")
    func unwritable() throws {
        let run = try run("--plot", sandbox.path("no/such/place.png"))
        #expect(run.status == 73, "\(run)")
        #expect(try sandbox.wick("backtest", "list", "--json").array().isEmpty)
    }

    @Test("a rerun comes out the same to the last digit")
    func same() throws {
        #expect(try run("--stop-loss", "2", "--rolling-days", "5").status == 0)
        let rerun = try sandbox.wick("backtest", "rerun", "1", "--json")
        #expect(rerun.status == 0, "\(rerun)")
        let object = try rerun.object()
        #expect(object["same"] as? Bool == true && object["same_candles"] as? Bool == true)
        #expect((object["differences"] as? [Any])?.isEmpty == true)
        let label = try #require(object["run"] as? [String: Any])
        #expect((label["parameters"] as? [String: Any])?["fast"] as? Int == 5)
        #expect((label["command"] as? String)?.hasSuffix("--stop-loss 2 --rolling-days 5") == true)
    }

    @Test("revised candles are told from a result that differs for no reason, by their month")
    func revised() throws {
        #expect(try run().status == 0)
        let lines = try sandbox.text("minutes.csv").split(separator: "\n")
        // Half of the candles are missing in today's file.
        try sandbox.write(lines.prefix(lines.count / 2).joined(separator: "\n") + "\n", "minutes.csv")
        let rerun = try sandbox.wick("backtest", "rerun", "1")
        #expect(rerun.status == 65, "\(rerun)")
        #expect(rerun.output.contains("is another one than it was"))
        #expect(rerun.output.contains("The candles were revised") && rerun.output.contains("2023-01"))
        #expect(rerun.output.contains("total_return"))
        let plot = try sandbox.wick("backtest", "report", "1", "--output", sandbox.path("r.html"))
        #expect(plot.status == 0)
        #expect(try sandbox.text("r.html").contains("The candles are others now than those of the run"))
        try FileManager.default.removeItem(atPath: file)
        let gone = try sandbox.wick("backtest", "rerun", "1")
        #expect(gone.status == 66 || gone.output.contains("what it was then is taken"), "\(gone)")
    }

    @Test("rules are those of the run, whatever their file says by now")
    func rules() throws {
        let rules = try sandbox.write(
            try String(
                contentsOf: Program.root.appendingPathComponent("Config/rules/sma-crossover.yaml"), encoding: .utf8),
            "mine.yaml")
        let first = try sandbox.wick(
            "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--rules", rules)
        #expect(first.status == 0, "\(first)")
        try sandbox.write("name: other\n", "mine.yaml")
        let changed = try sandbox.wick("backtest", "rerun", "1")
        #expect(changed.status == 0 && changed.output.contains("what it was then is taken"), "\(changed)")
        try FileManager.default.removeItem(atPath: rules)
        #expect(try sandbox.wick("backtest", "rerun", "1").status == 0)
    }

    @Test("a synthetic run without a span is rerun over the candles it had")
    func synthetic() throws {
        let first = try sandbox.wick(
            "backtest", "run", "--symbol", "SYNTHETIC:ETHUSDT", "--timeframe", "1h", "--strategy", "macd",
            "--market-seed", "9", "--json")
        #expect(first.status == 0, "\(first)")
        #expect(try first.object()["seed"] as? String == "9")
        let rerun = try sandbox.wick("backtest", "rerun", "1")
        #expect(rerun.status == 0, "\(rerun)")
    }

    @Test("an unknown number is refused", arguments: ["rerun", "report", "plot"])
    func unknown(_ command: String) throws {
        let output = command == "rerun" ? [] : ["--output", sandbox.path(command == "plot" ? "x.png" : "x.html")]
        let run = try sandbox.wick(["backtest", command, "41"] + output)
        #expect(run.status == 1 && run.errors.contains("there is no backtest 41"), "\(run)")
        #expect(!FileManager.default.fileExists(atPath: sandbox.path("x.png")))
    }

    @Test("searches and comparisons draw themselves")
    func searches() throws {
        let candles = ["--csv", file, "--symbol", "BTCUSDT", "--timeframe", "1m"]
        let sma = ["--strategy", "sma-crossover", "--param", "fast=3..9/3", "--param", "slow=20,40"]
        for (command, more) in [
            ("sweep", sma), ("optimize", sma + ["--trials", "6"]),
            ("walk-forward", sma + ["--train", "12h", "--test", "6h", "--trials", "3"]),
            ("compare", ["--strategy", "macd", "--strategy", "hold"]),
        ] {
            let place = sandbox.path("\(command).svg")
            let run = try sandbox.wick(["backtest", command] + candles + more + ["--plot", place, "--json"])
            #expect(run.status == 0, "\(run)")
            #expect(try run.object()["version"] is String && run.object()["data_hash"] is String)
            #expect(try sandbox.text("\(command).svg").contains("<desc>"))
        }
    }
}
