import Backtesting
import Market
import Rules
import Strategies
import Studies
import Testing
import Trading

@Suite("Look-ahead hunters: honest strategies")
struct HonestTests {
    private static let series = marketLike(10)
    private static let bundled = StrategyCatalog.bundled.classes.map { $0.descriptor.name }
    private static let hunters: [AuditCheck] = [
        .repetition, .truncation, .futureShuffle, .delay, .noise, .otherCandles,
    ]

    private static let rules = [
        RuleText(
            name: "cross",
            sections: [
                .init(.entry, "crosses_above(ema(close, 10), ema(close, 40))"),
                .init(.exit, "crosses_below(ema(close, 10), ema(close, 40))"),
            ]),
        RuleText(
            name: "pullback", timeframe: Timeframe("15m"),
            sections: [
                .init(.entry, "rsi(14) < 40"), .init(.exit, "rsi(14) > 60 or bars_held >= 48"),
                .init(.filter, "close > ema(close, 20)@1h"), .init(.stop, "2 * atr(14)"), .init(.target, "3 * atr(14)"),
            ]),
        RuleText(
            name: "channel",
            sections: [
                .init(.entry, "close > donchian(30).upper[1]"), .init(.exit, "close < donchian(15).lower[1]"),
                .init(.trail, "3 * atr(20)"),
            ]),
    ]

    private func defaults(_ name: String) throws -> Parameters {
        Parameters(try #require(StrategyCatalog.bundled.strategyClass(named: name)).descriptor.parameters)
    }

    private func check(_ configuration: BacktestConfiguration, _ series: CandleSeries) throws -> AuditReport {
        let audit = StrategyAudit(AuditSubject(configuration, over: series), options: quickly)
        return try #require(try audit.run(workers: 2, isCancelled: { false }))
    }

    @Test("the strategies of the product pass, on data like a market's and on noise", arguments: bundled)
    func bundledPass(_ name: String) throws {
        let parameters = try defaults(name)
        let report = try check(run(name, Self.series, parameters), Self.series)
        for hunter in Self.hunters { #expect(report[hunter]?.verdict != .failed, "\(report[hunter]?.words ?? "")") }
        for hunter in [AuditCheck.repetition, .truncation, .futureShuffle, .noise] {
            #expect(report[hunter]?.verdict == .passed, "\(hunter): \(report[hunter]?.words ?? "")")
        }
        #expect(report.findings.map(\.check) == AuditCheck.allCases)
    }

    @Test("one that decides nothing has not passed: there was nothing to look at")
    func idle() throws {
        let idle = thumb { { _, _ in nil } }
        let report = try check(run("thumb", Self.series, Parameters([]), idle), Self.series)
        for hunter in [AuditCheck.repetition, .truncation, .futureShuffle] {
            #expect(report[hunter]?.verdict == .inconclusive, "\(report[hunter]?.words ?? "")")
        }
        #expect(report.verdict == .inconclusive)
    }

    @Test("so do rules, with stops and targets", arguments: rules)
    func rulesPass(_ text: RuleText) throws {
        let name = try RuleClass(text).text.className
        var configuration = run(name, Self.series)
        configuration.protection = Protection(stopLoss: .percent(2), takeProfit: .percent(3))
        let report = try check(configuration, Self.series)
        for hunter in [AuditCheck.repetition, .truncation, .futureShuffle, .noise] {
            #expect(report[hunter]?.verdict == .passed, "\(hunter): \(report[hunter]?.words ?? "")")
        }
        for hunter in Self.hunters { #expect(report[hunter]?.verdict != .failed, "\(report[hunter]?.words ?? "")") }
    }

    @Test("on prices without a tendency nothing looks good", arguments: bundled)
    func noise(_ name: String) throws {
        let series = walk(1_000, seed: 3)
        let parameters = try defaults(name)
        let report = try check(run(name, series, parameters), series)
        for hunter in Self.hunters { #expect(report[hunter]?.verdict != .failed, "\(report[hunter]?.words ?? "")") }
    }

    @Test("threads change nothing of an audit")
    func threads() throws {
        let series = walk(500)
        let parameters = try defaults("sma-crossover")
        let audit = StrategyAudit(
            AuditSubject(run("sma-crossover", series, parameters), over: series), options: quickly)
        let reports = try [1, 5].map { try audit.run(workers: $0, isCancelled: { false }) }
        #expect(reports[0] != nil && reports[0] == reports[1])
    }

    @Test("an audit that is cancelled says nothing; one that can't run says why")
    func ends() throws {
        let series = walk(500)
        let parameters = try defaults("sma-crossover")
        let audit = StrategyAudit(
            AuditSubject(run("sma-crossover", series, parameters), over: series), options: quickly)
        #expect(try audit.run(workers: 2, isCancelled: { true }) == nil)
        let wrong = StrategyAudit(AuditSubject(run("no-such-class", series), over: series), options: quickly)
        #expect(throws: BacktestError.self) { try wrong.run(workers: 2, isCancelled: { false }) }
    }

    @Test("two candles and prices that don't move: nothing fails and nothing is silly")
    func little() throws {
        let parameters = try defaults("sma-crossover")
        var flat = walk(300)
        for place in flat.candles.indices {
            let price = flat.candles[0].open
            flat.candles[place].open = price
            flat.candles[place].high = price
            flat.candles[place].low = price
            flat.candles[place].close = price
        }
        for series in [walk(1), walk(2), flat] {
            let report = try check(run("sma-crossover", series, parameters), series)
            #expect(report.verdict == .inconclusive)
            for finding in report.findings { #expect(finding.figure?.isFinite != false && !finding.words.isEmpty) }
        }
    }
}
