import Indicators
import Strategies
import Testing
import Trading

/// What holds for every bundled strategy.
@Suite struct BundledStrategiesTests {
    static let names = StrategyCatalog.bundled.classes.map { $0.descriptor.name }

    @Test func theCatalogueListsTheSixClasses() {
        #expect(
            Self.names == [
                "sma-crossover", "ema-crossover", "rsi-mean-reversion", "bollinger-breakout", "macd", "supertrend",
            ])
    }

    @Test(arguments: names)
    func defaultsAreWithinTheirBoundsAndMakeAStrategy(_ name: String) throws {
        let descriptor = StrategyCatalog.bundled.strategyClass(named: name)!.descriptor
        for parameter in descriptor.parameters { try parameter.check(parameter.defaultValue) }
        let strategy = try make(name)
        #expect(strategy.warmUp > 1)
    }

    @Test(arguments: names)
    func overlaysAreIndicatorsFedByParametersOfTheStrategy(_ name: String) throws {
        let descriptor = StrategyCatalog.bundled.strategyClass(named: name)!.descriptor
        #expect(!descriptor.overlays.isEmpty)
        for overlay in descriptor.overlays {
            let indicator = try #require(IndicatorCatalog.descriptor(overlay.indicator))
            #expect(indicator.parameters.count == overlay.parameters.count)
            for (parameter, source) in zip(indicator.parameters, overlay.parameters) {
                let feeding = try #require(descriptor.parameters.first { $0.name == source })
                #expect(parameter.range.contains(feeding.bounds.lowerBound))
                #expect(parameter.range.contains(feeding.bounds.upperBound))
            }
        }
    }

    @Test(arguments: names)
    func noSignalComesBeforeTheWarmUp(_ name: String) throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let strategy = try make(name)
            let first = signals(strategy, walk(400, seed: seed)).first
            if let first { #expect(first.index + 1 >= strategy.warmUp) }
        }
    }

    @Test(arguments: names)
    func signalsExplainThemselves(_ name: String) throws {
        let all = signals(try make(name), walk(4_000, seed: 3))
        #expect(!all.isEmpty)
        for (_, signal) in all {
            #expect((0.5...1).contains(signal.confidence))
            #expect(signal.strength == 1)
            #expect(!signal.rule.isEmpty)
            #expect(!signal.values.isEmpty && signal.values.allSatisfy { $0.value.isFinite })
        }
    }

    @Test(arguments: names)
    func whatIsSaidUntilAnInstantDoesNotDependOnWhatFollows(_ name: String) throws {
        let bars = walk(3_000, seed: 11)
        let whole = signals(try make(name), bars)
        var numbers = SeededNumbers(state: 5)
        for _ in 0..<20 {
            let end = Int.random(in: 1..<bars.count, using: &numbers)
            let part = signals(try make(name), Array(bars[..<end]))
            #expect(part.map(\.signal) == whole.filter { $0.index < end }.map(\.signal))
        }
    }

    @Test(arguments: names.filter { $0 != "bollinger-breakout" })
    func allowingShortsTurnsExitsIntoShorts(_ name: String) throws {
        let bars = walk(3_000, seed: 13)
        let long = signals(try make(name), bars)
        let both = signals(try make(name, [("allow-short", "on")]), bars)
        #expect(both.map(\.index) == long.map(\.index))
        #expect(both.map(\.signal.direction) == long.map { $0.signal.direction == .flat ? .short : .long })
    }

    @Test(arguments: ["sma-crossover", "ema-crossover", "macd"])
    func aFastPeriodNotBelowTheSlowOneIsRefused(_ name: String) {
        #expect(throws: ParameterErrors.self) { try make(name, [("fast", "20"), ("slow", "20")]) }
    }

    @Test func marksTheWrongWayRoundAreRefused() {
        #expect(throws: ParameterErrors.self) { try make("rsi-mean-reversion", [("low", "70"), ("high", "30")]) }
    }

    @Test func everyBadParameterIsNamedAtOnce() {
        do {
            _ = try make("sma-crossover", [("fast", "0"), ("slow", "2.5"), ("length", "3")])
            Issue.record("nothing was thrown")
        } catch {
            #expect((error as? ParameterErrors)?.problems.map(\.parameter) == ["fast", "slow", "length"])
        }
    }
}
