import Indicators
import Testing

@Suite struct VolatilityTests {
    private let high = SampleBars.high
    private let low = SampleBars.low
    private let close = SampleBars.close

    @Test func deviationDividesByTheCountOrOneLess() {
        // Mean 5, squared distances 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32.
        let values: [Double] = [2, 4, 4, 4, 5, 5, 7, 9]
        #expect(StandardDeviation(period: 8).batch(values).last == 2)
        #expect(StandardDeviation(period: 8, divisor: .sample).batch(values).last == (32.0 / 7).squareRoot())
    }

    @Test func deviationEqualsTALib() {
        expectMatch(StandardDeviation(period: 10).batch(close), TALibVolatility.deviation10, warmUp: 10)
    }

    @Test func sampleDeviationEqualsExactArithmetic() {
        let result = StandardDeviation(period: 10, divisor: .sample).batch(close)
        expectMatch(result, RationalVectors.sampleDeviation10, warmUp: 10)
    }

    @Test func zScoreEqualsExactArithmetic() {
        expectMatch(ZScore(period: 10).batch(close), RationalVectors.zScore10, warmUp: 10)
    }

    @Test func bollingerBandsEqualTALib() {
        let bands = BollingerBands(period: 20, width: 2).batch(close)
        expectMatch(bands.map(\.upper), TALibVolatility.bandsUpper, warmUp: 20)
        expectMatch(bands.map(\.middle), TALibVolatility.bandsMiddle, warmUp: 20)
        expectMatch(bands.map(\.lower), TALibVolatility.bandsLower, warmUp: 20)
    }

    @Test func bollingerMiddleIsTheSimpleAverage() {
        let middle = BollingerBands(period: 20).batch(close).map(\.middle)
        #expect(same(middle, SimpleMovingAverage(period: 20).batch(close)))
    }

    @Test func trueRangeReachesBackToThePreviousClose() {
        // Ranges 2; gap up to 15 from 10: 6; gap down to 8 from 15: 8; inside bar: 1.
        let result = AverageTrueRange(period: 1).batch(
            high: [11, 16, 9, 9], low: [9, 14, 7, 8], close: [10, 15, 8, 8])
        #expect(same(result, [.nan, 6, 8, 1]))
    }

    @Test func averageTrueRangeEqualsTALib() {
        let result = AverageTrueRange(period: 14).batch(high: high, low: low, close: close)
        expectMatch(result, TALibVolatility.atr14, warmUp: 15)
    }

    @Test func donchianChannelEqualsExactArithmetic() {
        let channel = DonchianChannel(period: 20).batch(high: high, low: low)
        expectMatch(channel.map(\.upper), RationalVectors.donchianUpper, warmUp: 20)
        expectMatch(channel.map(\.lower), RationalVectors.donchianLower, warmUp: 20)
        let holds = channel[19...].allSatisfy { $0.middle == ($0.upper + $0.lower) / 2 }
        #expect(holds)
    }

    @Test func keltnerChannelEqualsExactArithmetic() {
        let channel = KeltnerChannel(period: 20, atrPeriod: 10, multiplier: 2).batch(high: high, low: low, close: close)
        let warmUp = KeltnerChannel.warmUp(period: 20, atrPeriod: 10)
        expectMatch(channel.map(\.upper), RationalVectors.keltnerUpper, warmUp: warmUp)
        expectMatch(channel.map(\.middle), RationalVectors.keltnerMiddle, warmUp: warmUp)
        expectMatch(channel.map(\.lower), RationalVectors.keltnerLower, warmUp: warmUp)
    }

    @Test func supertrendEqualsExactArithmetic() {
        let result = Supertrend(period: 10, multiplier: 2.5).batch(high: high, low: low, close: close)
        expectMatch(result.map(\.line), RationalVectors.supertrendLine, warmUp: Supertrend.warmUp(period: 10))
        let directions = result[10...].map { Double($0.direction.rawValue) }
        #expect(directions == RationalVectors.supertrendDirection)
    }
}
