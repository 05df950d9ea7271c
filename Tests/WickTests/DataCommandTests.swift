import Foundation
import Testing

@Suite("wick data")
struct DataCommandTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func take(_ files: String..., more: [String] = []) throws -> Run {
        try sandbox.wick(["data", "import"] + files + ["--venue", "binance", "--symbol", "BTCUSDT"] + more)
    }

    @Test("an import says what it took, what was there and what is missing; a second one changes nothing")
    func importing() throws {
        let file = try sandbox.write(Samples.minutes(2_000, gap: 100..<180), "m.csv")
        let first = try take(file, more: ["--json"])
        #expect(first.status == 0)
        let row = try #require(try first.array().first)
        #expect(row["taken"] as? Int == 1_920)
        #expect(row["missing"] as? Int == 80)
        #expect((row["gaps"] as? [Any])?.count == 1)
        #expect(row["damage"] is NSNull)
        let second = try #require(try take(file, more: ["--json"]).array().first)
        #expect(second["taken"] as? Int == 0)
        #expect(second["unchanged"] as? Int == 1_920)
        let status = try sandbox.wick("data", "status", "--json").array()
        #expect(status.count == 1)
        #expect(status[0]["candles"] as? Int == 1_920)
        #expect(status[0]["missing"] as? Int == 80)
    }

    @Test("refused rows are named with line and reason, the others taken, and the status is 65")
    func refusals() throws {
        var lines = Samples.minutes(50).split(separator: "\n").map(String.init)
        lines[10] = "1672531740000,abc,1,1,1,1"
        lines[20] = "1672532340000,100,90,95,99,1"
        let file = try sandbox.write(lines.joined(separator: "\n"), "m.csv")
        let run = try take(file, more: ["--json"])
        #expect(run.status == 65)
        let row = try #require(try run.array().first)
        #expect(row["taken"] as? Int == 48)
        let refusals = try #require(row["refusals"] as? [[String: Any]])
        #expect(refusals.map { $0["line"] as? Int } == [11, 21])
        #expect(refusals.allSatisfy { ($0["reason"] as? String)?.isEmpty == false })
        #expect(try take(file).output.contains("line 11"))
    }

    @Test("one bad file does not keep the others out")
    func severalFiles() throws {
        let good = try sandbox.write(Samples.minutes(60), "good.csv")
        let run = try take(sandbox.path("absent.csv"), good, more: ["--json"])
        #expect(run.status == 66)
        #expect(try run.array().count == 1)
        #expect(run.errors.contains(sandbox.path("absent.csv")))
    }

    @Test(
        "files that hold no candles end with 65, whatever they hold",
        arguments: ["", "\u{0}\u{FF}\u{1}", "a,b\n1,2\n", "{}"])
    func garbage(_ text: String) throws {
        let file = try sandbox.write(text, "garbage.csv")
        let run = try take(file)
        #expect(run.status == 65)
        #expect(run.errors.contains("garbage.csv"))
    }

    @Test(
        "venues and symbols are names",
        arguments: [["", "BTCUSDT"], ["binance", ""], ["a b", "BTCUSDT"], ["x", "BTC;USDT"]])
    func names(_ names: [String]) throws {
        let file = try sandbox.write(Samples.minutes(60), "m.csv")
        let run = try sandbox.wick("data", "import", file, "--venue", names[0], "--symbol", names[1])
        #expect(run.status == 64)
        #expect(run.errors.contains("is no name"))
    }

    @Test("export and import are inverse")
    func roundTrip() throws {
        let file = try sandbox.write(Samples.minutes(300), "m.csv")
        #expect(try take(file).status == 0)
        let series = ["--venue", "binance", "--symbol", "BTCUSDT"]
        let out = sandbox.path("out.csv")
        #expect(try sandbox.wick(["data", "export", "--output", out] + series).status == 0)
        let other = try Sandbox()
        #expect(try other.wick(["data", "import", out] + series).status == 0)
        let again = other.path("again.csv")
        #expect(try other.wick(["data", "export", "--output", again] + series).status == 0)
        #expect(try sandbox.text("out.csv") == other.text("again.csv"))
        let json = try sandbox.wick(
            ["data", "export", "--format", "json", "--timeframe", "1h", "--output", "-"] + series)
        #expect((try json.object()["candles"] as? [Any])?.count == 5)
    }

    @Test("Parquet says itself what it is of, and gives the same candles")
    func parquet() throws {
        let file = try sandbox.write(Samples.minutes(3_000, gap: 100..<180), "m.csv")
        #expect(try take(file).status == 0)
        let series = ["--venue", "binance", "--symbol", "BTCUSDT"]
        let parquet = sandbox.path("out.parquet")
        let export = try sandbox.wick(["data", "export", "--format", "parquet", "--output", parquet] + series)
        #expect(export.output == "2920 candles are written to \(parquet)\n")
        let other = try Sandbox()
        let row = try #require(try other.wick("data", "import", parquet, "--json").array().first)
        #expect(row["symbol"] as? String == "BINANCE:BTCUSDT" && row["timeframe"] as? String == "1m")
        #expect(row["taken"] as? Int == 2_920 && row["rounded"] as? Int == 0)
        for timeframe in ["1m", "1h"] {
            let csv = ["data", "export", "--timeframe", timeframe, "--output", "-"] + series
            #expect(try sandbox.wick(csv).output == other.wick(csv).output)
        }
        let run = ["backtest", "run", "--strategy", "sma-crossover", "--json"]
        let stored = try sandbox.wick(run + series).object()
        let read = try sandbox.wick(run + ["--csv", parquet]).object()
        for key in ["symbol", "timeframe", "bars", "final_equity", "trade_count", "from", "to"] {
            #expect(read[key] as? NSObject == stored[key] as? NSObject && stored[key] != nil, "\(key)")
        }
    }

    @Test("Parquet that does not say what it is of, or is damaged, says what to do")
    func strangeParquet() throws {
        let damaged = try sandbox.write("PAR1 and nothing else", "m.parquet")
        let run = try sandbox.wick("data", "import", damaged)
        #expect(run.status == 65)
        #expect(run.errors.contains("m.parquet: footer: it does not end with PAR1"))
        let csv = try sandbox.write(Samples.minutes(60), "m.csv")
        #expect(try sandbox.wick("data", "import", csv).status == 64)
        #expect(try sandbox.wick("data", "import", csv, damaged).errors.contains("--symbol: missing"))
    }

    @Test("an export that can't be written, or of nothing, says so")
    func exportTrouble() throws {
        let file = try sandbox.write(Samples.minutes(60), "m.csv")
        #expect(try take(file).status == 0)
        let series = ["data", "export", "--venue", "binance", "--symbol", "BTCUSDT"]
        for format in ["csv", "json", "parquet"] {
            let series = series + ["--format", format]
            #expect(try sandbox.wick(series + ["--output", sandbox.path("absent/x.csv")]).status == 73)
            #expect(try sandbox.wick(series + ["--output", "/dev/full"]).status == 73)
            #expect(try sandbox.wick(series + ["--output", "-", "--from", "2030-01-01"]).status == 66)
        }
        let run = try sandbox.wick("data", "export", "--format", "xml", "--timeframe", "x")
        #expect(run.status == 64)
        for option in ["--format:", "--timeframe:", "--symbol:", "--venue:", "--output:"] {
            #expect(run.errors.contains(option))
        }
    }

    @Test("an import that is killed and run again leaves the store of one that was not")
    func killed() throws {
        let file = try sandbox.write(Samples.minutes(120_000, gap: 50_000..<50_100), "m.csv")
        let arguments = ["data", "import", file, "--venue", "binance", "--symbol", "BTCUSDT"]
        for delay in [0.15, 0.4] {
            let started = try sandbox.started(arguments)
            Thread.sleep(forTimeInterval: delay)
            kill(started.process, SIGKILL)
            #expect(started.wait() == 137)
        }
        #expect(try sandbox.wick(arguments).status == 0)
        let undisturbed = try Sandbox()
        #expect(try undisturbed.wick(arguments).status == 0)
        let export = ["data", "export", "--venue", "binance", "--symbol", "BTCUSDT", "--output", "-"]
        #expect(try sandbox.wick(export).output == undisturbed.wick(export).output)
    }

    @Test("a reader that goes away ends a command quietly")
    func brokenPipe() throws {
        let file = try sandbox.write(Samples.minutes(20_000), "m.csv")
        #expect(try take(file).status == 0)
        let run = try sandbox.shell(
            "wick data export --venue binance --symbol BTCUSDT --output - --data-dir '\(sandbox.data)' | head -1")
        #expect(run.output == "timestamp,open,high,low,close,volume,partial\n")
        #expect(run.errors == "")
    }
}
