import Foundation
import Testing

@Suite("wick backtest: what is refused, and in whose words")
struct BacktestRefusalTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(Samples.minutes(1_000), "minutes.csv")
    }

    private func run(_ more: String..., command: String = "run") throws -> Run {
        let kept = command == "run" || command == "portfolio" ? ["--no-store"] : []
        return try sandbox.wick(["backtest", command, "--csv", file, "--strategy", "sma-crossover"] + kept + more)
    }

    @Test("two options that name one file are refused before anything is run, however the path is written")
    func sameFile() throws {
        let directory = sandbox.directory.path
        let longer = "\(directory)/../\(sandbox.directory.lastPathComponent)/q.csv"
        let same = try run("--trades", sandbox.path("q.csv"), "--equity", longer)
        #expect(same.status == 64 && same.errors.contains("both --trades and --equity name \(longer)"))
        let drawn = try run("--trades", "run.svg", "--plot", "./run.svg")
        #expect(drawn.status == 64 && drawn.errors.contains("both --trades and --plot name ./run.svg"))
        let page = try run("--equity", "run.html", "--report", "run.html")
        #expect(page.status == 64 && page.errors.contains("both --equity and --report name run.html"))
        let many = try run("--trades", "q.csv", "--equity", "q.csv", command: "portfolio")
        #expect(many.status == 64 && many.errors.contains("both --trades and --equity name q.csv"))
        let searched = try run("--param", "fast=5,6", "--results", "s.svg", "--plot", "s.svg", command: "sweep")
        #expect(searched.status == 64 && searched.errors.contains("both --results and --plot name s.svg"))
        #expect(!FileManager.default.fileExists(atPath: sandbox.path("q.csv")))
    }

    @Test("what many may write to is no file of one option alone")
    func sharedDevice() throws {
        #expect(try run("--trades", "/dev/null", "--equity", "/dev/null").status == 0)
    }

    @Test("a fee beside a schedule of fees, which says what takers pay, is refused")
    func feeBesideFees() throws {
        let fees = try sandbox.write("0,2,5\n", "fees.csv")
        let refused = try run("--fees", fees, "--fee-bps", "5")
        #expect(refused.status == 64 && refused.errors.contains("--fee-bps: says nothing with --fees"))
    }

    @Test("a seed of candles that are not made is refused")
    func seedOfNothing() throws {
        let words = "--market-seed: says nothing of candles that are not made"
        let read = try run("--market-seed", "3")
        #expect(read.status == 64 && read.errors.contains(words))
        let stored = try sandbox.wick(
            "backtest", "run", "--symbol", "BINANCE:BTCUSDT", "--strategy", "sma-crossover", "--market-seed", "3")
        #expect(stored.status == 64 && stored.errors.contains(words))
        let many = try run("--market-seed", "3", command: "portfolio")
        #expect(many.status == 64 && many.errors.contains(words))
    }

    @Test("a portfolio of made and read candles takes a seed for those that are made")
    func seedOfOne() throws {
        let run = try sandbox.wick(
            "backtest", "portfolio", "--symbol", "SYNTHETIC:BTCUSDT", "--csv", "ETHUSDT=\(file)", "--market-seed", "3",
            "--from", "2023-01-01", "--to", "2023-01-02", "--strategy", "sma-crossover", "--no-store")
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test("a parameter that is given twice is refused")
    func repeatedParameter() throws {
        let twice = try run("--param", "fast=5", "--param", "fast=12")
        #expect(twice.status == 64 && twice.errors.contains("--param fast: given twice; expected once"))
        let compared = try sandbox.wick(
            "backtest", "compare", "--csv", file, "--strategy", "hold", "--strategy", "sma-crossover:fast=5,fast=12")
        #expect(compared.status == 64 && compared.errors.contains("param fast: given twice; expected once"))
    }

    @Test("what is out of range is called by the option that says it")
    func optionNames() throws {
        let crossed = try run("--param", "fast=50", "--param", "slow=20")
        #expect(crossed.status == 64 && crossed.errors.contains("wick: --param fast: 50 must be below slow"))
        let dear = try run("--fee-bps", "100000", "--slippage-bps", "-5", "--maker-fee-bps", "-6000")
        #expect(dear.status == 64)
        #expect(dear.errors.contains("--fee-bps: 100000 is out of range; expected -5000 to 5000 basis points"))
        #expect(dear.errors.contains("--slippage-bps: -5 is out of range; expected 0 to 5000 basis points"))
        #expect(dear.errors.contains("--maker-fee-bps: -6000 is out of range"))
    }

    @Test("a venue that both options say is told as given twice")
    func venueTwice() throws {
        let run = try sandbox.wick(
            "backtest", "run", "--venue", "binance", "--symbol", "BINANCE:BTCUSDT", "--strategy", "sma-crossover")
        #expect(run.status == 64 && run.errors.contains("--venue: the venue is given twice"))
        #expect(!run.errors.contains("is no name"))
    }

    @Test("rules without parameters are said to have none")
    func noParameters() throws {
        let rules = try sandbox.write(
            "name: dip\nsummary: Buys.\nentry: close < sma(close, 5)\nexit: close > sma(close, 5)\n", "dip.yaml")
        let run = try sandbox.wick("backtest", "run", "--csv", file, "--rules", rules, "--param", "fast=5")
        #expect(run.status == 64 && run.errors.contains("--param fast: there is no such parameter; rules:dip has none"))
    }

    @Test("a table that is not there ends with 66, as rules that are not there do; with more that is wrong it is 64")
    func missingTable() throws {
        for option in ["--fees", "--latency-file", "--sessions"] {
            let run = try run(option, sandbox.path("nowhere.csv"))
            #expect(run.status == 66 && run.errors.contains("\(option): "), "\(run)")
        }
        let nowhere = sandbox.path("nowhere.csv")
        let discounted = try run("--fees", nowhere, "--fee-discount", "25")
        #expect(discounted.status == 66 && !discounted.errors.contains("--fee-discount"))
        #expect(try run("--funding", nowhere, "--kind", "linear-perpetual", command: "portfolio").status == 66)
        #expect(try run("--fees", nowhere, "--param", "fast=5,6", command: "sweep").status == 66)
        #expect(try run("--fees", nowhere, "--path", "crooked").status == 64)
    }
}
