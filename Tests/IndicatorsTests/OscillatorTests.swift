import Indicators
import Testing

@Suite struct OscillatorTests {
    private let high = SampleBars.high
    private let low = SampleBars.low
    private let close = SampleBars.close

    @Test func relativeStrengthIsTheShareOfGains() {
        // Changes +2, -1, then +3: averages 1 and 0.5, then 2 and 0.25.
        let result = RelativeStrengthIndex(period: 2).batch([10, 12, 11, 14])
        #expect(same(result, [.nan, .nan, 100 * (1 / 1.5), 100 * (2 / 2.25)]))
    }

    @Test func relativeStrengthIsZeroBeforeAnyChangeAndKeepsItsRatioAfterwards() {
        #expect(RelativeStrengthIndex(period: 2).batch([5, 5, 5, 5])[2...] == [0, 0])
        let flat = RelativeStrengthIndex(period: 2).batch([10, 12, 11] + [Double](repeating: 11, count: 40))
        let holds = flat[2...].allSatisfy { agrees($0, 200.0 / 3) }
        #expect(holds)
    }

    @Test func relativeStrengthEqualsTALib() {
        expectMatch(RelativeStrengthIndex(period: 14).batch(close), TALibOscillators.rsi14, warmUp: 15)
    }

    @Test func rateOfChangeIsThePercentageSinceEarlier() {
        #expect(same(RateOfChange(period: 2).batch([4, 0, 5, 7, 5]), [.nan, .nan, 25, 0, 0]))
    }

    @Test func rateOfChangeEqualsTALib() {
        expectMatch(RateOfChange(period: 10).batch(close), TALibOscillators.roc10, warmUp: 11)
    }

    @Test func stochasticIsZeroWhereThereIsNoRange() {
        let flat = [Double](repeating: 7, count: 6)
        let result = StochasticOscillator(fastK: 2, slowK: 2, slowD: 2).batch(high: flat, low: flat, close: flat)
        let holds = result[3...].allSatisfy { $0 == .init(k: 0, d: 0) }
        #expect(holds)
    }

    @Test func stochasticEqualsTALib() {
        let result = StochasticOscillator(fastK: 14, slowK: 3, slowD: 3).batch(high: high, low: low, close: close)
        let warmUp = StochasticOscillator.warmUp(fastK: 14, slowK: 3, slowD: 3)
        expectMatch(result.map(\.k), TALibOscillators.stochasticK, warmUp: warmUp)
        expectMatch(result.map(\.d), TALibOscillators.stochasticD, warmUp: warmUp)
    }

    @Test func commodityChannelIndexEqualsTALib() {
        let result = CommodityChannelIndex(period: 20).batch(high: high, low: low, close: close)
        expectMatch(result, TALibOscillators.cci20, warmUp: 20)
    }

    @Test func commodityChannelIndexOfAFlatMarketIsZero() {
        let flat = [Double](repeating: 0.1, count: 30)
        let result = CommodityChannelIndex(period: 7).batch(high: flat, low: flat, close: flat)
        let holds = result[6...].allSatisfy { $0 == 0 }
        #expect(holds)
    }

    @Test func directionalMovementEqualsTALib() {
        let result = DirectionalMovement(period: 7).batch(high: high, low: low, close: close)
        expectMatch(result.map(\.plus), TALibOscillators.plusDI7, warmUp: 8)
        expectMatch(result.map(\.minus), TALibOscillators.minusDI7, warmUp: 8)
        expectMatch(result.map(\.adx), TALibOscillators.adx7, warmUp: DirectionalMovement.warmUp(period: 7))
    }

    @Test func directionalMovementOfAFlatMarketIsZero() {
        let flat = [Double](repeating: 3, count: 8)
        let result = DirectionalMovement(period: 3).batch(high: flat, low: flat, close: flat)
        let holds = result[5...].allSatisfy { $0 == .init(adx: 0, plus: 0, minus: 0) }
        #expect(holds)
    }
}
