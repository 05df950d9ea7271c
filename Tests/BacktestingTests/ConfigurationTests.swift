import Backtesting
import Market
import Testing
import Trading

/// Written options and what is said of wrong ones.
@Suite struct ConfigurationTests {
    func problems(_ change: (inout BacktestText) -> Void) -> [String] {
        var text = BacktestText(strategy: "sma-crossover")
        change(&text)
        do {
            _ = try text.configuration(for: freeInstrument)
            return []
        } catch {
            guard case .invalid(let problems) = error else { return [] }
            return problems
        }
    }

    @Test func optionsAreReadExactly() throws {
        var text = BacktestText(strategy: "sma-crossover")
        text.feeBasisPoints = "7.5"
        text.makerFeeBasisPoints = "-1"
        text.slippageBasisPoints = "0.5"
        text.sizing = "percent:12.5"
        text.quantityStep = "0.00001"
        text.participationPercent = "10"
        text.trailingStopPercent = "2"
        let configuration = try text.configuration(for: freeInstrument)
        #expect(configuration.venue.takerFee.units == 75_000)
        #expect(configuration.venue.makerFee.units == -10_000)
        #expect(configuration.venue.slippage.units == 5_000)
        #expect(configuration.venue.participation == .percent(10))
        #expect(configuration.sizing == .equityShare(Ratio(units: 12_500_000)))
        #expect(configuration.quantityStep?.mantissa == 1_000)
        #expect(configuration.protection.trailingStop == .percent(2))
    }

    @Test func whatFeesArePaidInIsQuoteUnlessItIsSaid() throws {
        var text = BacktestText(strategy: "sma-crossover")
        #expect(try text.configuration(for: freeInstrument).venue.feeAsset == .quote)
        text.feeAsset = "base"
        #expect(try text.configuration(for: freeInstrument).venue.feeAsset == .received)
        #expect(problems { $0.feeAsset = "gold" } == ["fee-asset: 'gold' is neither quote nor base"])
    }

    @Test func aMakerFeeBesideAScheduleOfFeesIsRefused() {
        let found = problems {
            $0.makerFeeBasisPoints = "1"
            $0.assumptions.fees = .init(name: "fees", text: "0,2,5\n")
        }
        #expect(found == ["maker-fee-bps: says nothing with --fees, whose lines say what makers pay"])
    }

    @Test func sizingsAreReadInEachForm() throws {
        var text = BacktestText(strategy: "macd")
        #expect(try text.configuration(for: freeInstrument).sizing == .allIn)
        text.sizing = "fixed:0.5"
        #expect(try text.configuration(for: freeInstrument).sizing == .quantity(Quantity(mantissa: 50_000_000)))
        for bad in ["all", "fixed", "fixed:", "fixed:-1", "percent:0", "percent:101", "half:1", ""] {
            #expect(problems { $0.sizing = bad }.count == 1)
        }
    }

    @Test func everythingThatIsWrongIsSaidAtOnce() {
        let found = problems {
            $0.cash = "-5"
            $0.feeBasisPoints = "ten"
            $0.sizing = "most"
            $0.quantityStep = "0"
            $0.parameters = [.init("fast", "x"), .init("length", "3")]
        }
        #expect(found.count == 6)
        for name in ["cash", "fee-bps", "sizing", "quantity-step", "fast", "length"] {
            #expect(found.contains { $0.contains(name) })
        }
    }

    @Test func anUnknownStrategyIsAnsweredWithTheKnownOnes() {
        let found = problems { $0.strategy = "moon" }
        #expect(found.count == 1 && found[0].contains("'moon'") && found[0].contains("supertrend"))
    }

    @Test func contradictingParametersAndAnEmptySeriesAreRefused() throws {
        let configuration = try configuration("sma-crossover", [("fast", "30"), ("slow", "10")])
        let empty = CandleSeries(instrument: freeInstrument, timeframe: .oneMinute, candles: [])
        #expect(configuration.problems(for: empty).count == 2)
        #expect(throws: BacktestError.self) { try Backtest.run(empty, configuration) }
    }

    @Test func cashOfAnotherCurrencyIsRefused() throws {
        var configuration = try configuration("macd")
        configuration.cash = Money(whole: 1, .usd)
        #expect(configuration.problems(for: walk(10, seed: 1)).count == 1)
    }

    @Test func feesOutOfRangeAreRefused() throws {
        #expect(throws: BacktestError.self) { try configuration("macd", fee: "6000") }
        var dear = try configuration("macd")
        dear.venue.makerFee = .percent(60)
        dear.venue.takerFee = .percent(60)
        #expect(dear.problems(for: walk(10, seed: 1)).count == 2)
        dear.venue.makerFee = .zero
        dear.venue.takerFee = .zero
        #expect(dear.problems(for: walk(10, seed: 1)).isEmpty)
    }
}
