import Indicators
import Testing

@Suite struct AverageTests {
    @Test func simpleAverageIsTheMeanOfTheLastValues() {
        let result = SimpleMovingAverage(period: 3).batch([1, 2, 6, 4, 5])
        #expect(same(result, [.nan, .nan, 3, 4, 5]))
    }

    @Test func weightedAverageWeighsTheNewestMost() {
        // (1*1 + 2*2 + 3*6) / 6, (1*2 + 2*6 + 3*4) / 6
        let result = WeightedMovingAverage(period: 3).batch([1, 2, 6, 4])
        #expect(same(result, [.nan, .nan, 23.0 / 6, 26.0 / 6]))
    }

    @Test func exponentialAverageStartsAtTheMeanAndMovesByItsFactor() {
        // Factor 2 / (3 + 1): 3, then halfway to 5, then halfway to 1.
        let result = ExponentialMovingAverage(period: 3).batch([1, 2, 6, 5, 1])
        #expect(same(result, [.nan, .nan, 3, 4, 2.5]))
    }

    @Test func aPeriodOfOneGivesTheInput() {
        let closes = SampleBars.close
        #expect(SimpleMovingAverage(period: 1).batch(closes) == closes)
        #expect(WeightedMovingAverage(period: 1).batch(closes) == closes)
        #expect(ExponentialMovingAverage(period: 1).batch(closes) == closes)
    }

    @Test func simpleAverageEqualsTALib() {
        expectMatch(SimpleMovingAverage(period: 5).batch(SampleBars.close), TALibAverages.sma5, warmUp: 5)
        expectMatch(SimpleMovingAverage(period: 20).batch(SampleBars.close), TALibAverages.sma20, warmUp: 20)
    }

    @Test func exponentialAverageEqualsTALib() {
        expectMatch(ExponentialMovingAverage(period: 10).batch(SampleBars.close), TALibAverages.ema10, warmUp: 10)
    }

    @Test func weightedAverageEqualsTALib() {
        expectMatch(WeightedMovingAverage(period: 7).batch(SampleBars.close), TALibAverages.wma7, warmUp: 7)
    }

    @Test func macdEqualsTALib() {
        let lines = MACD().batch(SampleBars.close)
        let warmUp = MACD.warmUp(slow: 26, signal: 9)
        expectMatch(lines.map(\.line), TALibAverages.macdLine, warmUp: warmUp)
        expectMatch(lines.map(\.signal), TALibAverages.macdSignal, warmUp: warmUp)
        expectMatch(lines.map(\.histogram), TALibAverages.macdHistogram, warmUp: warmUp)
    }
}
