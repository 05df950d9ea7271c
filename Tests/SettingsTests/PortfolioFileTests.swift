import Market
import Testing
import Trading

@testable import Settings

@Suite struct PortfolioFileTests {
    /// A class with two parameters that must be in order.
    private static let catalog = StrategyCatalog([Crossing.self])

    private final class Crossing: CompiledStrategy {
        static let descriptor = StrategyDescriptor(
            name: "crossing", summary: "",
            parameters: [
                .integer("fast", "", default: 5, in: 1...100), .integer("slow", "", default: 20, in: 2...200),
            ])
        let warmUp = 0

        init(_ parameters: Parameters) throws(ParameterErrors) {
            guard parameters["fast"] < parameters["slow"] else {
                throw ParameterErrors(problems: [ParameterError(parameter: "fast", problem: "must be below slow")])
            }
        }

        func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? { nil }
    }

    private func file(_ text: String) throws -> PortfolioFile {
        try PortfolioFile(text: text, name: "sets/portfolio.yaml", catalog: Self.catalog)
    }

    private func problems(_ text: String) -> [String] {
        do throws(SettingsError) {
            _ = try PortfolioFile(text: text, catalog: Self.catalog)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func everythingIsTaken() throws {
        let portfolio = try file(
            """
            cash: 25000.5
            fee-bps: 7.5
            capital: pooled
            from: 2023-01-01
            timeframe: 1h
            fills: 1m
            market-seed: 7
            risk: {exposure-percent: 80, order-notional: 500}
            candles:
              FILE:AAAUSDT: {csv: a.csv, kind: linear-perpetual}
            strategies:
              - {name: one, strategy: crossing, parameters: {fast: 3, slow: 9}, symbol: file:aaausdt, capital-share: 40}
              - strategy: crossing
                symbol: BINANCE:BTCUSDT
                timeframe: 15m
                sizing: percent:50
                stop-loss: 2.5
                limits: {drawdown-percent: 10, position-notional: 100}
            """)
        #expect(portfolio.cash == "25000.5" && portfolio.feeBasisPoints == "7.5" && portfolio.capital == "pooled")
        #expect(portfolio.fills == .oneMinute && portfolio.marketSeed == 7 && !portfolio.waitsForVolume)
        #expect(portfolio.limits(in: .usd).maximumOrderNotional == Money(whole: 500, .usd))
        #expect(
            portfolio.candles == [.init(symbol: "FILE:AAAUSDT", csv: "sets/a.csv", kind: "linear-perpetual")])
        let (first, second) = (portfolio.strategies[0], portfolio.strategies[1])
        #expect(first.name == "one" && first.symbol == "FILE:AAAUSDT" && first.timeframe == .oneHour)
        #expect(first.parameters.map(\.name) == ["fast", "slow"] && first.parameters.map(\.text) == ["3", "9"])
        #expect(first.capitalShare == .percent(40) && first.sizing == "all-in")
        #expect(second.name == "crossing BINANCE:BTCUSDT" && second.timeframe == Timeframe("15m"))
        #expect(second.sizing == "percent:50" && second.stopLossPercent == "2.5" && second.capitalShare == .one)
        #expect(second.limits(in: .usd).maximumPositionNotional == Money(whole: 100, .usd))
    }

    @Test func whoNamesNoShareHasAnEqualPartOfTheRest() throws {
        let shares = try file(
            """
            {"strategies": [{"strategy": "crossing", "symbol": "A:A", "capital_share": 40},
                            {"strategy": "crossing", "symbol": "A:B"}, {"strategy": "crossing", "symbol": "A:C"}]}
            """
        ).strategies.map(\.capitalShare)
        #expect(shares == [.percent(40), .percent(30), .percent(30)])
    }

    @Test func everyProblemHasItsLineAndKey() {
        let found = problems(
            """
            cash: nothing
            leverage: 3
            strategies:
              - strategy: crosing
                symbol: BTCUSDT
                capital-share: 140
              - strategy: crossing
                parameters: {fast: 300, slwo: 4}
                symbol: A:B
                timeframe: 7m
                sizing: lots
            """)
        let expected = [
            "portfolio.yaml:1:7: cash: 'nothing'", "portfolio.yaml:2:1: leverage: there is no such option",
            "portfolio.yaml:4:5: strategies[1].strategy: there is no class 'crosing'; did you mean 'crossing'?",
            "portfolio.yaml:5:13: strategies[1].symbol: 'BTCUSDT'",
            "portfolio.yaml:6:20: strategies[1].capital-share: '140'",
            "portfolio.yaml:8:18: strategies[2].parameters.fast:",
            "portfolio.yaml:8:29: strategies[2].parameters.slwo:",
            "portfolio.yaml:10:16: strategies[2].timeframe: '7m'", "portfolio.yaml:11:13: strategies[2].sizing: 'lots'",
        ]
        #expect(found.count == expected.count, "\(found)")
        for (found, expected) in zip(found, expected) { #expect(found.hasPrefix(expected), "\(found)") }
    }

    @Test func whatDoesNotFitTogetherIsSaid() {
        #expect(problems("strategies: []\n").first?.contains("strategies: at least one strategy") == true)
        #expect(problems("strategies: 3\n").first?.contains("a list of sections") == true)
        let two = "strategies:\n  - {strategy: crossing, symbol: A:B, capital-share: 60}\n"
        #expect(problems(two + "  - {strategy: crossing, symbol: A:C, capital-share: 60}\n")[0].contains("120%"))
        #expect(problems(two + "  - {strategy: crossing, symbol: A:B}\n")[0].contains("two strategies are called"))
        #expect(
            problems("capital: pooled\n" + two + "  - {strategy: crossing, symbol: A:C, capital-share: 60}\n").isEmpty)
        let contradiction = problems(
            "strategies:\n  - {strategy: crossing, symbol: A:B, parameters: {fast: 50, slow: 20}}\n")
        #expect(contradiction.count == 1 && contradiction[0].contains("parameters.fast: must be below slow"))
        #expect(problems("from: 2023-02-01\nto: 2023-01-01\n" + two)[0].contains("is not after"))
        #expect(
            problems("strategies:\n  - {strategy: crossing, rules: a.yaml, symbol: A:B}\n")[0].contains(
                "one of the two"))
        #expect(problems("strategies:\n  - {rules: nowhere.yaml, symbol: A:B}\n")[0].contains("nowhere.yaml"))
    }
}
