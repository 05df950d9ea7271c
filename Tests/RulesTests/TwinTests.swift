import Backtesting
import Market
import Rules
import Strategies
import Testing
import Trading

/// The bundled strategies written as rules trade as the ones written in Swift do.
@Suite struct TwinTests {
    static let names = StrategyCatalog.bundled.classes.map { $0.descriptor.name }

    /// The parameters that carry another name in the rules, because theirs is a word of the language.
    static let renamed = ["low": "low-mark", "high": "high-mark"]

    /// Everything a backtest of `className` comes to.
    static func run(
        _ className: String, _ overrides: [(name: String, text: String)], _ series: CandleSeries,
        _ change: (inout BacktestText) -> Void = { _ in }
    ) throws -> BacktestResult {
        var text = BacktestText(strategy: className, parameters: overrides.map { .init($0.name, $0.text) })
        change(&text)
        return try Backtest.run(series, text.configuration(for: series.instrument))
    }

    static func ruleOverrides(_ overrides: [(name: String, text: String)]) -> [(name: String, text: String)] {
        overrides.map { (renamed[$0.name] ?? $0.name, $0.text) }
    }

    static func expectTwins(
        _ name: String, _ overrides: [(name: String, text: String)], _ series: CandleSeries,
        _ change: (inout BacktestText) -> Void = { _ in }
    ) throws {
        let className = try bundledRules(name).text.className
        let compiled = try run(name, overrides, series, change)
        let ruled = try run(className, ruleOverrides(overrides), series, change)
        #expect(ruled.trips == compiled.trips)
        #expect(ruled.finalEquity == compiled.finalEquity && ruled.feesPaid == compiled.feesPaid)
        #expect(ruled.refusals == compiled.refusals)
    }

    @Test("a rule file has the parameters of its twin: meanings, bounds and defaults", arguments: names)
    func parameters(_ name: String) throws {
        let compiled = try #require(StrategyCatalog.bundled.strategyClass(named: name))
        let ruled = try bundledRules(name).strategyClass
        #expect(ruled.descriptor.summary == compiled.descriptor.summary)
        #expect(
            ruled.descriptor.parameters.map { [$0.defaultValue, $0.bounds.lowerBound, $0.bounds.upperBound, $0.step] }
                == compiled.descriptor.parameters.map {
                    [$0.defaultValue, $0.bounds.lowerBound, $0.bounds.upperBound, $0.step]
                })
        #expect(ruled.descriptor.parameters.map(\.isInteger) == compiled.descriptor.parameters.map(\.isInteger))
        #expect(
            try strategy(bundledRules(name)).warmUp == compiled.make(Parameters(compiled.descriptor.parameters)).warmUp)
    }

    @Test("trades, fees and equity are those of the twin, candle by candle", arguments: names, 1...12)
    func identical(_ name: String, _ seed: Int) throws {
        var numbers = SeededNumbers(state: UInt64(seed))
        let descriptors = try #require(StrategyCatalog.bundled.strategyClass(named: name)).descriptor.parameters
        let fast = Int.random(in: 1...12, using: &numbers)
        var overrides: [(name: String, text: String)] = [("allow-short", seed % 2 == 0 ? "on" : "off")]
        for descriptor in descriptors {
            switch descriptor.name {
            case "fast": overrides.append(("fast", "\(fast)"))
            case "slow": overrides.append(("slow", "\(fast + Int.random(in: 1...30, using: &numbers))"))
            case "period": overrides.append(("period", "\(Int.random(in: 2...30, using: &numbers))"))
            case "signal": overrides.append(("signal", "\(Int.random(in: 1...12, using: &numbers))"))
            case "width", "multiplier":
                overrides.append((descriptor.name, "\(Double(Int.random(in: 5...30, using: &numbers)) / 10)"))
            case "low": overrides.append(("low", "\(Int.random(in: 20...45, using: &numbers))"))
            case "high": overrides.append(("high", "\(Int.random(in: 55...80, using: &numbers))"))
            default: break
            }
        }
        try Self.expectTwins(name, overrides, walk(6_000, seed: UInt64(seed) &* 77)) { text in
            if seed % 3 == 0 { text.stopLossPercent = "0.4" }
            if seed % 4 == 0 { text.takeProfitPercent = "0.6" }
            if seed % 5 == 0 { text.trailingStopPercent = "0.5" }
            if seed % 6 == 0 { text.participationPercent = "5" }
            text.waitsForVolume = seed % 7 == 0
            if seed % 8 == 0 { text.sizing = "percent:30" }
        }
    }

    @Test("a year of recorded minutes gives the same trades, where the recording is there", arguments: names)
    func recorded(_ name: String) throws {
        guard let series = TestData.year else { return }
        try Self.expectTwins(name, [], series)
        try Self.expectTwins(name, [("allow-short", "on")], series)
    }

    @Test("values that contradict each other are refused as the twin refuses them")
    func contradictions() throws {
        let wrong = [("sma-crossover", "fast", "40"), ("ema-crossover", "fast", "26"), ("macd", "fast", "30")]
        for (name, parameter, value) in wrong {
            let error = #expect(throws: ParameterErrors.self) {
                try strategy(bundledRules(name), [(parameter, value)])
            }
            #expect(error?.problems.map(\.parameter) == ["fast"])
        }
    }
}
