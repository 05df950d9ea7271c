import Indicators
import Testing

@Suite struct CatalogTests {
    private func lines(_ indicator: ConfiguredIndicator) -> [IndicatorLine] {
        indicator.compute(
            open: SampleBars.close, high: SampleBars.high, low: SampleBars.low, close: SampleBars.close,
            volume: SampleBars.volume, dayIndex: (0..<100).map { Int64($0 / 24) })
    }

    @Test func identifiersAreUnique() {
        #expect(Set(IndicatorCatalog.all.map(\.identifier)).count == IndicatorCatalog.all.count)
        #expect(IndicatorCatalog.descriptor("sma")?.name == "Simple moving average")
        #expect(IndicatorCatalog.descriptor("nonsense") == nil)
    }

    @Test(arguments: IndicatorCatalog.all.map(\.identifier))
    func computesWhatItDescribes(identifier: String) throws {
        let descriptor = try #require(IndicatorCatalog.descriptor(identifier))
        let lines = lines(try descriptor.configured())
        #expect(lines.map(\.name) == descriptor.outputs.map(\.name))
        for line in lines {
            #expect(line.values.count == 100)
            #expect(line.values.contains { $0.isFinite })
            if let bounds = descriptor.bounds {
                let strays = line.values.filter { !$0.isNaN && !bounds.contains($0) }
                #expect(strays.isEmpty)
            }
        }
    }

    @Test(arguments: IndicatorCatalog.all.map(\.identifier))
    func takesTheEndsOfEveryRange(identifier: String) throws {
        let descriptor = try #require(IndicatorCatalog.descriptor(identifier))
        for parameter in descriptor.parameters where parameter.name != "fast" && parameter.name != "slow" {
            for value in [parameter.range.lowerBound, parameter.range.upperBound] {
                #expect(lines(try descriptor.configured([parameter.name: value])).count == descriptor.outputs.count)
            }
        }
    }

    @Test(arguments: [
        ("sma", TALibAverages.sma20), ("rsi", TALibOscillators.rsi14), ("cci", TALibOscillators.cci20),
        ("atr", TALibVolatility.atr14), ("roc", TALibOscillators.roc10), ("vwap", RationalVectors.vwap),
        ("bollinger", TALibVolatility.bandsUpper), ("macd", TALibAverages.macdLine),
        ("stochastic", TALibOscillators.stochasticK), ("donchian", RationalVectors.donchianUpper),
        ("keltner", RationalVectors.keltnerUpper), ("obv", TALibVolatility.obv),
    ])
    func givesTheIndicatorsOwnValues(identifier: String, reference: [Double]) throws {
        let descriptor = try #require(IndicatorCatalog.descriptor(identifier))
        expectMatch(lines(try descriptor.configured())[0].values, reference, warmUp: 101 - reference.count)
    }

    @Test func supertrendIsSplitByDirection() throws {
        let descriptor = try #require(IndicatorCatalog.descriptor("supertrend"))
        let lines = lines(try descriptor.configured(["multiplier": 2.5]))
        for (index, expected) in RationalVectors.supertrendLine.enumerated() {
            let isUp = RationalVectors.supertrendDirection[index] == 1
            let (shown, other) = isUp ? (lines[0], lines[1]) : (lines[1], lines[0])
            #expect(agrees(shown.values[index + 10], expected) && other.values[index + 10].isNaN)
        }
    }

    @Test func labelsNameTheirParameters() throws {
        let bands = try #require(IndicatorCatalog.descriptor("bollinger"))
        #expect(try bands.configured(["width": 2.5]).label == "BB 20 2.5")
        #expect(try #require(IndicatorCatalog.descriptor("obv")).configured().label == "OBV")
    }

    @Test func reportsAllProblemsAtOnce() throws {
        let macd = try #require(IndicatorCatalog.descriptor("macd"))
        let error = #expect(throws: IndicatorParameterError.self) {
            try macd.configured(["fast": 30, "signal": 2.5, "speed": 1])
        }
        #expect(
            error?.description
                == "macd: speed: no such parameter, expected one of: fast, slow, signal; "
                + "signal: 2.5 is not a whole number; fast: 30 is not below slow, which is 26")
    }

    @Test(arguments: [0, -3, .nan, .infinity, 1e300])
    func refusesValuesOutOfRange(value: Double) throws {
        let average = try #require(IndicatorCatalog.descriptor("sma"))
        let error = #expect(throws: IndicatorParameterError.self) { try average.configured(["period": value]) }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.hasSuffix("is not between 1 and 5000") == true)
    }
}
