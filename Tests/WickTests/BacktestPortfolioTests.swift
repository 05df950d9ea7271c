import Foundation
import Testing

@Suite("wick backtest portfolio")
struct BacktestPortfolioTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private static let two = """
        cash: 20000
        from: 2026-01-01
        to: 2026-01-20
        strategies:
          - name: trend
            strategy: sma-crossover
            parameters: {fast: 5, slow: 20}
            symbol: SYNTHETIC:BTCUSDT
            timeframe: 1h
            capital-share: 50
          - name: reversion
            strategy: rsi-mean-reversion
            symbol: SYNTHETIC:ETHUSDT
            timeframe: 1h
            capital-share: 50

        """

    private static let dip = """
        name: dip
        summary: Buys what has fallen.
        entry: crosses_below(rsi(close, 2), 30)
        exit: crosses_above(rsi(close, 2), 70)

        """

    private func portfolio(_ text: String, _ more: String...) throws -> Run {
        let file = try sandbox.write(text, "portfolio.yaml")
        return try sandbox.wick(["backtest", "portfolio", file] + more)
    }

    /// An amount in hundred-thousandths: the parser makes binary numbers of exact decimals.
    private func amount(_ value: Any?) throws -> Int {
        Int((try #require(value as? NSNumber).doubleValue * 100_000).rounded())
    }

    /// Whether amounts are the same but for the last digit that rounding may move for each of them.
    private func isSame(_ first: Int, _ second: Int) -> Bool { abs(first - second) <= 3 }

    @Test("a file of two strategies gives the account, what each brought in, trades and equity")
    func file() throws {
        let run = try portfolio(
            Self.two, "--json", "--trades", sandbox.path("t.csv"), "--equity", sandbox.path("e.json"))
        #expect(run.status == 0, "\(run)")
        let object = try run.object()
        #expect(object["strategy"] as? String == "portfolio" && object["symbol"] as? String == "BTCUSDT,ETHUSDT")
        #expect(object["capital"] as? String == "split" && object["volatility"] != nil)
        let strategies = try #require(object["strategies"] as? [[String: Any]])
        #expect(strategies.compactMap { $0["name"] as? String } == ["trend", "reversion"])
        #expect((strategies[0]["parameters"] as? [String: Any])?["slow"] as? Int == 20)
        let gained = try amount(object["final_equity"]) - amount(object["initial_equity"])
        #expect(isSame(try strategies.reduce(0) { try $0 + amount($1["profit"]) }, gained))
        let instruments = try #require(object["instruments"] as? [[String: Any]])
        #expect(isSame(try instruments.reduce(0) { try $0 + amount($1["profit"]) }, gained))
        #expect((object["strategy_correlations"] as? [[Any]])?.count == 2)
        let trades = try sandbox.text("t.csv").split(separator: "\n")
        #expect(
            trades[0].hasSuffix(",strategy,symbol,class,parameters,seed,data_hash,detail_hash,version,command"))
        #expect(trades.count - 1 == object["trade_count"] as? Int)
        #expect(
            trades.dropFirst().allSatisfy {
                $0.contains(",trend,SYNTHETIC:BTCUSDT,sma-crossover,fast=5 slow=20 allow-short=off,1,")
                    || $0.contains(",reversion,SYNTHETIC:ETHUSDT,rsi-mean-reversion,")
            })
        #expect(try sandbox.text("e.json").hasPrefix("{\"run\":{\"strategies\":[{\"name\":\"trend\","))
        #expect(try sandbox.text("e.json").split(separator: "\n").count - 2 == object["bars"] as? Int)
    }

    @Test("rows that do not show how long they are are as long as --timeframe says")
    func unclearRows() throws {
        func rows(_ hours: [Int]) -> String {
            "time,open,high,low,close,volume\n"
                + hours.map { "\(1_672_531_200 + $0 * 3_600),100,101,99,\(100 + $0 % 2),5\n" }.joined()
        }
        let whole = try sandbox.write(rows(Array(0..<40)), "one.csv")
        let gaps = try sandbox.write(rows([0, 25, 70]), "gap.csv")
        let options = [
            "backtest", "portfolio", "--csv", "AAAUSDT=\(whole)", "--csv", "BBBUSDT=\(gaps)", "--strategy",
            "sma-crossover", "--no-store",
        ]
        let said = try sandbox.wick(options + ["--timeframe", "1h"])
        #expect(said.status == 0, "\(said.errors)")
        let unsaid = try sandbox.wick(options)
        #expect(unsaid.status == 65 && unsaid.errors.contains("say --timeframe"))
    }

    @Test("strategies with half the capital each come out as two runs with half the cash")
    func halves() throws {
        let rows = try #require(try portfolio(Self.two, "--json").object()["strategies"] as? [[String: Any]])
        let runs = try [
            ("BTCUSDT", ["sma-crossover", "--param", "fast=5", "--param", "slow=20"]),
            ("ETHUSDT", ["rsi-mean-reversion"]),
        ].map { symbol, strategy in
            try sandbox.wick(
                [
                    "backtest", "run", "--symbol", "SYNTHETIC:\(symbol)", "--timeframe", "1h", "--from", "2026-01-01",
                    "--to", "2026-01-20", "--json", "--no-store", "--strategy",
                ] + strategy
            ).object()
        }
        for (row, run) in zip(rows, runs) {
            let gained = try amount(run["final_equity"]) - amount(run["initial_equity"])
            #expect(isSame(try amount(row["profit"]), gained) && gained != 0)
            #expect(row["trade_count"] as? Int == run["trade_count"] as? Int)
            #expect((run["trade_count"] as? Int ?? 0) > 0)
        }
    }

    @Test("a table for people, kept in the history")
    func table() throws {
        let run = try portfolio(Self.two)
        #expect(run.status == 0, "\(run)")
        for text in ["of the risk", "trend", "reversion", "Correlation of daily contributions", "Kept as backtest 1"] {
            #expect(run.output.contains(text), "\(run)")
        }
        #expect(try sandbox.wick("backtest", "list").output.contains("SYNTHETIC:BTCUSDT +1"))
        #expect(try sandbox.wick("backtest", "show", "1").output.contains("portfolio"))
        #expect(try sandbox.wick("backtest", "show", "1", "--trades").output.contains(",strategy,symbol"))
    }

    @Test("a kept portfolio comes out the same when it is run again, by the file and the rules of then")
    func again() throws {
        let rules = try sandbox.write(Self.dip, "dip.yaml")
        let third = """
              - name: dips
                rules: dip.yaml
                symbol: SYNTHETIC:BTCUSDT
                timeframe: 1h

            """
        let run = try portfolio(
            Self.two.replacing("capital-share: 50", with: "capital-share: 30") + third, "--json")
        #expect(run.status == 0, "\(run)")
        let object = try run.object()
        #expect((object["data_hash"] as? String)?.count == 16 && object["version"] as? String != nil)
        #expect(try sandbox.wick("backtest", "rerun", "1").status == 0)

        _ = try sandbox.write(Self.dip.replacing("2", with: "9"), "dip.yaml")
        _ = try sandbox.write("strategies: []", "portfolio.yaml")
        let changed = try sandbox.wick("backtest", "rerun", "1", "--json")
        #expect(changed.status == 0, "\(changed)")
        let comparison = try changed.object()
        #expect(comparison["same"] as? Bool == true)
        let remarks = try #require(comparison["remarks"] as? [String])
        #expect(remarks.count == 2 && remarks.contains { $0.hasPrefix(rules) })
    }

    @Test("a kept portfolio over revised candles names the series and the months")
    func revised() throws {
        let (first, second) = (
            try sandbox.write(Samples.minutes(3_000), "a.csv"), try sandbox.write(Samples.minutes(3_000), "b.csv")
        )
        let run = try sandbox.wick(
            "backtest", "portfolio", "--csv", "BTCUSDT=\(first)", "--csv", "ETHUSDT=\(second)", "--strategy",
            "sma-crossover", "--param", "fast=5", "--param", "slow=20")
        #expect(run.status == 0, "\(run)")
        _ = try sandbox.write(Samples.minutes(3_000, gap: 100..<110), "b.csv")
        let again = try sandbox.wick("backtest", "rerun", "1", "--json", "--report", sandbox.path("p.html"))
        #expect(again.status == 65, "\(again)")
        let months = try #require(try again.object()["revised_months"] as? [[String: Any]])
        #expect(months.allSatisfy { ($0["name"] as? String)?.hasPrefix("FILE:ETHUSDT 1m ") == true } && !months.isEmpty)
        #expect(try sandbox.text("p.html").contains("prices are left out"))
    }

    @Test("one strategy on several files of candles, in equal shares")
    func simple() throws {
        let (first, second) = (
            try sandbox.write(Samples.minutes(3_000, gap: 500..<520), "a.csv"),
            try sandbox.write(Samples.minutes(3_000, gap: 100..<110), "b.csv")
        )
        let run = try sandbox.wick(
            "backtest", "portfolio", "--csv", "BTCUSDT=\(first)", "--csv", "ETHUSDT=\(second)", "--timeframe", "5m",
            "--fills", "1m", "--strategy", "sma-crossover", "--param", "fast=5", "--param", "slow=20", "--json",
            "--no-store")
        #expect(run.status == 0, "\(run)")
        let object = try run.object()
        let strategies = try #require(object["strategies"] as? [[String: Any]])
        #expect(strategies.compactMap { $0["name"] as? String } == ["sma-crossover BTCUSDT", "sma-crossover ETHUSDT"])
        #expect(strategies.compactMap { $0["capital_share"] as? Double } == [0.5, 0.5])
        #expect(strategies.compactMap { $0["timeframe"] as? String } == ["5m", "5m"])
        let instruments = try #require(object["instruments"] as? [[String: Any]])
        #expect(instruments.compactMap { $0["timeframe"] as? String } == ["1m", "1m"])
        #expect(instruments.compactMap { $0["missing_bars"] as? Int } == [20, 10])
    }

    @Test("what is wrong with a file is said at once, with its lines")
    func wrongFile() throws {
        let run = try portfolio(
            Self.two.replacingOccurrences(of: "sma-crossover", with: "sma-crosover")
                .replacingOccurrences(of: "cash: 20000", with: "cash: lots"))
        #expect(run.status == 78, "\(run)")
        #expect(run.errors.contains("portfolio.yaml:1:7: cash") && run.errors.contains("portfolio.yaml:6:5:"))
        #expect(run.errors.contains("did you mean 'sma-crossover'?"))
        let shares = try portfolio(Self.two.replacingOccurrences(of: "share: 50", with: "share: 60"))
        #expect(shares.status == 78 && shares.errors.contains("120%"))
        #expect(try sandbox.wick("backtest", "portfolio", sandbox.path("absent.yaml")).status == 78)
    }

    @Test("symbols without candles, apart in time, or of other currencies, and options beside a file, are refused")
    func refused() throws {
        let absent = try portfolio(
            Self.two.replacingOccurrences(of: "SYNTHETIC:BTC", with: "BINANCE:AAA")
                .replacingOccurrences(of: "SYNTHETIC:ETH", with: "BINANCE:BBB"))
        #expect(absent.status == 66 && absent.errors.contains("AAAUSDT") && absent.errors.contains("BBBUSDT"))
        let beside = try portfolio(Self.two, "--cash", "5", "--strategy", "macd")
        #expect(beside.status == 64 && beside.errors.contains("--cash:") && beside.errors.contains("--strategy:"))
        let file = try sandbox.write(Samples.minutes(3_000, gap: 500..<520), "a.csv")
        let apart = try sandbox.wick(
            "backtest", "portfolio", "--csv", "BTCUSDT=\(file)", "--symbol", "SYNTHETIC:ETHUSDT", "--strategy", "macd")
        #expect(apart.status == 64 && apart.errors.contains("shares no time with"), "\(apart)")
        let mixed = try sandbox.wick(
            "backtest", "portfolio", "--csv", "BTCUSDT=\(file)", "--csv", "BTCEUR=\(file)", "--strategy", "macd")
        #expect(mixed.status == 64 && mixed.errors.contains("quote currency"), "\(mixed)")
        let nothing = try sandbox.wick("backtest", "portfolio", "--strategy", "macd", "--capital", "half")
        #expect(nothing.status == 64 && nothing.errors.contains("nothing to run over"), "\(nothing)")
        #expect(nothing.errors.contains("--capital: 'half'"))
    }
}
