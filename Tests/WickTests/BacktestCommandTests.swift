import Foundation
import Testing

@Suite("wick backtest")
struct BacktestCommandTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(Samples.minutes(3_000, gap: 500..<520), "minutes.csv")
    }

    private func run(_ more: String...) throws -> Run {
        try sandbox.wick(
            [
                "backtest", "run", "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover", "--param",
                "fast=5",
                "--param", "slow=20",
            ] + more)
    }

    @Test("the JSON has the documented keys in their order, the ones for people behind them")
    func keys() throws {
        let run = try run("--json")
        #expect(run.status == 0)
        #expect(run.errors == "")
        let wanted = [
            "strategy", "parameters", "symbol", "timeframe", "from", "to", "bars", "initial_equity", "final_equity",
            "total_return", "annualized_return", "sharpe", "sortino", "calmar", "max_drawdown", "win_rate",
            "profit_factor", "trade_count", "average_trade_seconds", "fees_paid", "exposure", "seconds",
        ]
        let object = try run.object()
        for key in wanted { #expect(object[key] != nil, "\(key)") }
        let places = wanted.map { run.output.range(of: "\"\($0)\":")!.lowerBound }
        #expect(places == places.sorted())
        #expect(object["bars"] as? Int == 2_980)
        #expect(object["missing_bars"] as? Int == 20)
        #expect(object["timeframe"] as? String == "1m")
    }

    @Test("two runs differ in nothing but the seconds they took")
    func repeated() throws {
        let pattern = /"seconds":[-0-9.e]+/
        let outputs = try (0..<2).map { number in
            let run = try run(
                "--json", "--trades", sandbox.path("t\(number).csv"), "--equity", sandbox.path("e\(number).json"))
            return run.output.replacing(pattern, with: "")
        }
        #expect(outputs[0] == outputs[1])
        #expect(outputs[0].contains("trade_count"))
        #expect(try sandbox.text("t0.csv") == sandbox.text("t1.csv"))
        #expect(try sandbox.text("e0.json") == sandbox.text("e1.json"))
    }

    @Test("without any candles there is the past of the synthetic market, the same for the same seed")
    func synthetic() throws {
        func run(_ seed: String) throws -> [String: Any] {
            let run = try sandbox.wick([
                "backtest", "run", "--symbol", "SYNTHETIC:ETHUSDT", "--strategy", "sma-crossover", "--param", "fast=5",
                "--param", "slow=20", "--market-seed", seed, "--from", "2026-01-05", "--to", "2026-01-05T06:00",
                "--json",
                "--no-store",
            ])
            #expect(run.status == 0, "\(run)")
            var object = try run.object()
            object["seconds"] = nil
            return object
        }
        let first = try run("7")
        #expect(first["bars"] as? Int == 360)
        #expect(NSDictionary(dictionary: first) == NSDictionary(dictionary: try run("7")))
        #expect(first["final_equity"] as? Double != (try run("8"))["final_equity"] as? Double)
    }

    @Test("a file and the store it was imported into give the same result")
    func fileAndStore() throws {
        let imported = try sandbox.wick("data", "import", file, "--venue", "binance", "--symbol", "BTCUSDT")
        #expect(imported.status == 0)
        let options = ["--strategy", "sma-crossover", "--timeframe", "15m", "--from", "2023-01-01T06:00", "--json"]
        let stored = try sandbox.wick(["backtest", "run", "--venue", "binance", "--symbol", "BTCUSDT"] + options)
        let read = try sandbox.wick(["backtest", "run", "--csv", file, "--symbol", "BTCUSDT"] + options)
        let pattern = /"seconds":[-0-9.e]+/
        #expect(stored.output.replacing(pattern, with: "") == read.output.replacing(pattern, with: ""))
        #expect(try stored.object()["from"] as? String == "2023-01-01T06:00:00Z")
    }

    @Test("trades add up to the equity; the equity file has a point a candle")
    func files() throws {
        let result = try run("--json", "--trades", sandbox.path("t.csv"), "--equity", sandbox.path("e.json")).object()
        let trades = try sandbox.text("t.csv").split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        let column = try #require(trades[0].firstIndex(of: "profit"))
        let profit = trades.dropFirst().reduce(Decimal(0)) { $0 + (Decimal(string: $1[column]) ?? 0) }
        let final = try #require(Decimal(string: "\(result["final_equity"] ?? "")"))
        #expect(abs(final - 10_000 - profit) < Decimal(string: "0.000001")!)
        #expect(trades.count - 1 == result["trade_count"] as? Int)
        let equity = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: sandbox.path("e.json"))))
        let object = try #require(equity as? [String: Any])
        #expect((object["curve"] as? [[String: Any]])?.count == 2_980)
    }

    @Test("the command in a file of trades or of equity writes the same files again")
    func labels() throws {
        let first = try run("--json", "--trades", sandbox.path("t.csv"), "--equity", sandbox.path("e.json"))
        let equity = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: sandbox.path("e.json"))))
        let label = try #require((equity as? [String: Any])?["run"] as? [String: Any])
        for key in ["data_hash", "version"] {
            #expect(label[key] as? String == (try first.object())[key] as? String, "\(key)")
        }
        #expect((label["parameters"] as? [String: Any])?["slow"] as? Int == 20)
        let trades = try sandbox.text("t.csv").split(separator: "\n")
        #expect(trades[0].hasSuffix(",strategy,parameters,seed,data_hash,detail_hash,version,command"))
        let hash = try #require(label["data_hash"] as? String)
        let end = ",sma-crossover,fast=5 slow=20 allow-short=off,,\(hash),,"
        #expect(trades.dropFirst().allSatisfy { $0.contains(end) })

        let command = try #require(label["command"] as? String)
        let again = try sandbox.shell(
            command + " --no-store --trades again.csv --equity again.json --data-dir '\(sandbox.data)'")
        #expect(again.status == 0, "\(again)")
        #expect(try sandbox.text("again.csv") == sandbox.text("t.csv"))
        #expect(try sandbox.text("again.json") == sandbox.text("e.json"))
        #expect(try sandbox.wick("backtest", "show", "1", "--trades").output == sandbox.text("t.csv"))
    }

    @Test("parameters stand in the strategy's order and in the same words in what is run, shown and reported")
    func parameterWords() throws {
        let words = "fast=5 slow=20 allow-short=off"
        #expect(try run("--report", sandbox.path("run.html")).output.contains(words))
        #expect(try sandbox.wick("backtest", "show", "1").output.contains(words))
        #expect(try sandbox.text("run.html").contains(words))
    }

    @Test("results are kept, listed and shown again, unless --no-store says otherwise")
    func history() throws {
        #expect(try run().output.contains("Kept as backtest 1"))
        #expect(try run("--no-store", "--json").status == 0)
        let list = try sandbox.wick("backtest", "list", "--json").array()
        #expect(list.count == 1)
        #expect(list[0]["id"] as? Int == 1)
        let shown = try sandbox.wick("backtest", "show", "1", "--json").object()
        #expect((shown["result"] as? [String: Any])?["trade_count"] != nil)
        #expect(try sandbox.wick("backtest", "show", "1", "--trades").output.hasPrefix("opened_at,"))
        let absent = try sandbox.wick("backtest", "show", "7")
        #expect(absent.status == 1)
        #expect(absent.errors.contains("there is no backtest 7"))
    }

    @Test("everything wrong with the options is said at once")
    func problems() throws {
        let run = try sandbox.wick(
            "backtest", "run", "--symbol", "X", "--timeframe", "7m", "--from", "yesterday", "--strategy", "nope",
            "--param",
            "fast", "--fee-bps", "much", "--cash", "-1", "--sizing", "half", "--kind", "bond")
        #expect(run.status == 64)
        for option in ["venue", "timeframe", "from", "strategy", "param", "fee-bps", "cash", "sizing", "kind"] {
            #expect(run.errors.contains("--\(option):"), "\(option)")
        }
        #expect(run.output == "")
    }

    @Test("what is missing, damaged or can't be written ends with the status that says so")
    func trouble() throws {
        #expect(try sandbox.wick("backtest", "run", "--csv", sandbox.path("absent"), "--strategy", "macd").status == 66)
        let garbage = try sandbox.write("\u{0}\u{1}\u{2}garbage", "garbage.csv")
        #expect(try sandbox.wick("backtest", "run", "--csv", garbage, "--strategy", "macd").status == 65)
        #expect(try run("--trades", sandbox.path("absent/t.csv")).status == 73)
        #expect(try run("--equity", sandbox.directory.path).status == 73)
        #expect(try run("--limits", sandbox.path("absent.yaml")).status == 78)
        #expect(try run("--from", "2030-01-01").status == 66)
        let absent = try sandbox.wick("backtest", "run", "--venue", "a", "--symbol", "b", "--strategy", "macd")
        #expect(absent.status == 66)
    }

    @Test("limits hold only when they are asked for")
    func limits() throws {
        let limits = try sandbox.write("risk:\n  order-notional: 100\n", "limits.yaml")
        let free = try run("--json").object()
        let bound = try run("--json", "--limits", limits).object()
        #expect(free["refused_orders"] as? Int == 0)
        #expect((bound["refused_orders"] as? Int ?? 0) > 0)
        #expect(bound["trade_count"] as? Int == 0)
    }

    @Test("shorts need an instrument that allows them")
    func shorts() throws {
        let spot = try run("--json", "--param", "allow-short=on").object()
        let perpetual = try run("--json", "--param", "allow-short=on", "--kind", "linear-perpetual").object()
        #expect((perpetual["trade_count"] as? Int ?? 0) > (spot["trade_count"] as? Int ?? 0))
    }
}
