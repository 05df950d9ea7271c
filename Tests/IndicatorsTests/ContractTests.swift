import Indicators
import Testing

/// The rules of `ValueIndicator` and `BarIndicator` that hold for all of them.
@Suite struct ContractTests {
    /// An indicator's warm-up, and its outputs as a function of the closes, the sample's other columns moved along.
    private struct Subject: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let warmUp: Int
        let run: @Sendable (_ close: [Double]) -> [[Double]]
    }

    private static func value<I: ValueIndicator>(
        _ name: String, _ indicator: I, _ lines: @escaping @Sendable (I.Output) -> [Double]
    ) -> Subject {
        Subject(testDescription: name, warmUp: indicator.warmUp) { indicator.batch($0).map(lines) }
    }

    private static func bar<I: BarIndicator>(
        _ name: String, _ indicator: I, _ lines: @escaping @Sendable (I.Output) -> [Double]
    ) -> Subject {
        Subject(testDescription: name, warmUp: indicator.warmUp) { close in
            let (high, low) = extremes(close)
            return indicator.batch(high: high, low: low, close: close).map(lines)
        }
    }

    /// The sample's highs and lows moved to the given closes.
    private static func extremes(_ close: [Double]) -> (high: [Double], low: [Double]) {
        let high = close.indices.map { close[$0] + SampleBars.high[$0] - SampleBars.close[$0] }
        let low = close.indices.map { close[$0] + SampleBars.low[$0] - SampleBars.close[$0] }
        return (high, low)
    }

    private static let subjects: [Subject] = [
        value("SMA", SimpleMovingAverage(period: 5)) { [$0] },
        value("EMA", ExponentialMovingAverage(period: 5)) { [$0] },
        value("WMA", WeightedMovingAverage(period: 5)) { [$0] },
        value("RSI", RelativeStrengthIndex(period: 5)) { [$0] },
        value("ROC", RateOfChange(period: 5)) { [$0] },
        value("MACD", MACD(fast: 3, slow: 6, signal: 4)) { [$0.line, $0.signal, $0.histogram] },
        value("deviation", StandardDeviation(period: 5)) { [$0] },
        value("z-score", ZScore(period: 5)) { [$0] },
        value("Bollinger", BollingerBands(period: 5)) { [$0.upper, $0.middle, $0.lower] },
        bar("ATR", AverageTrueRange(period: 5)) { [$0] },
        bar("Supertrend", Supertrend(period: 5, multiplier: 2)) { [$0.line] },
        bar("ADX", DirectionalMovement(period: 5)) { [$0.adx] },
        bar("stochastic", StochasticOscillator(fastK: 5, slowK: 3, slowD: 2)) { [$0.k, $0.d] },
        bar("CCI", CommodityChannelIndex(period: 5)) { [$0] },
        bar("Keltner", KeltnerChannel(period: 5, atrPeriod: 7)) { [$0.upper, $0.middle, $0.lower] },
        Subject(testDescription: "Donchian", warmUp: DonchianChannel(period: 5).warmUp) { close in
            let (high, low) = extremes(close)
            return DonchianChannel(period: 5).batch(high: high, low: low).map { [$0.upper, $0.middle, $0.lower] }
        },
        Subject(testDescription: "OBV", warmUp: OnBalanceVolume().warmUp) { close in
            OnBalanceVolume().batch(close: close, volume: SampleBars.volume).map { [$0] }
        },
        Subject(testDescription: "VWAP", warmUp: VolumeWeightedAveragePrice().warmUp) { close in
            let (high, low) = extremes(close)
            return VolumeWeightedAveragePrice().batch(
                high: high, low: low, close: close, volume: SampleBars.volume, session: SampleBars.close.map { _ in 1 }
            ).map { [$0] }
        },
    ]

    @Test(arguments: subjects)
    private func isDefinedExactlyFromItsWarmUpOn(subject: Subject) {
        for (index, output) in subject.run(SampleBars.close).enumerated() {
            for line in output { #expect(line.isNaN == (index < subject.warmUp - 1), "bar \(index)") }
        }
    }

    @Test(arguments: subjects, [Double.nan, .infinity, -.infinity, 1e101])
    private func startsAfreshAfterAHole(subject: Subject, hole: Double) {
        var close = SampleBars.close
        close[50] = hole
        let output = subject.run(close)
        for line in output[50] { #expect(line.isNaN) }
        for index in 51..<min(51 + subject.warmUp - 1, 100) {
            for line in output[index] { #expect(line.isNaN, "bar \(index)") }
        }
        for index in (51 + subject.warmUp - 1)..<100 {
            for line in output[index] { #expect(line.isFinite, "bar \(index)") }
        }
    }

    @Test func aCopyGoesItsOwnWay() {
        var original = SimpleMovingAverage(period: 3)
        for value in [1.0, 2, 3] { original.update(value) }
        var copy = original
        #expect(copy.update(9) == 14.0 / 3)
        #expect(original.value == 2)
        #expect(original.update(4) == 3)
        #expect(copy.update(9) == 7)
    }

    @Test func aCopyOfAWindowExtremumGoesItsOwnWay() {
        var original = DonchianChannel(period: 2)
        original.update(high: 5, low: 1)
        var copy = original
        copy.update(high: 9, low: 0)
        #expect(original.update(high: 4, low: 2) == PriceChannel(upper: 5, middle: 3, lower: 1))
        #expect(copy.value == PriceChannel(upper: 9, middle: 4.5, lower: 0))
    }

    @Test func batchLeavesTheIndicatorAsItWas() {
        var average = SimpleMovingAverage(period: 2)
        average.update(1)
        #expect(average.batch([3, 5]) == [2, 4])
        #expect(!average.isReady)
        #expect(average.update(2) == 1.5)
    }

    @Test func indicatorsOfIndicatorsWarmUpOneAfterTheOther() {
        let strength = RelativeStrengthIndex(period: 14).batch(SampleBars.close)
        let smoothed = SimpleMovingAverage(period: 4).batch(strength)
        expectMatch(smoothed, SimpleMovingAverage(period: 4).batch(Array(strength[14...])).suffix(83), warmUp: 18)
    }

    @Test func donchianChannelEqualsAPlainScanOfEveryWindow() {
        var generator = SeededGenerator(seed: 9)
        for period in [1, 2, 3, 8, 31] {
            // Few distinct values, so that ties and long descents occur.
            let high = (0..<600).map { Double(generator.step(6)) - Double($0 % 100) }
            let low = high.map { $0 - Double(generator.step(3)) - 3 }
            let channel = DonchianChannel(period: period).batch(high: high, low: low)
            for index in (period - 1)..<600 {
                #expect(channel[index].upper == high[(index - period + 1)...index].max())
                #expect(channel[index].lower == low[(index - period + 1)...index].min())
            }
        }
    }
}
