import Indicators
import Testing

@Suite struct VolumeTests {
    @Test func onBalanceVolumeAddsAndTakesAway() {
        let result = OnBalanceVolume().batch(close: [5, 6, 6, 4], volume: [10, 20, 30, 40])
        #expect(result == [10, 30, 30, -10])
    }

    @Test func onBalanceVolumeEqualsTALib() {
        let result = OnBalanceVolume().batch(close: SampleBars.close, volume: SampleBars.volume)
        expectMatch(result, TALibVolatility.obv, warmUp: OnBalanceVolume.warmUp())
    }

    @Test func averagePriceEqualsExactArithmetic() {
        let result = VolumeWeightedAveragePrice().batch(
            high: SampleBars.high, low: SampleBars.low, close: SampleBars.close, volume: SampleBars.volume,
            session: (0..<100).map { Int64($0 / 24) })
        expectMatch(result, RationalVectors.vwap, warmUp: VolumeWeightedAveragePrice.warmUp())
    }

    @Test func averagePriceIsUndefinedUntilTheSessionHasTraded() {
        var vwap = VolumeWeightedAveragePrice()
        #expect(vwap.update(high: 3, low: 3, close: 3, volume: 0, sessionStart: true).isNaN)
        #expect(vwap.update(high: 4, low: 4, close: 4, volume: 2, sessionStart: false) == 4)
        #expect(vwap.update(high: 9, low: 9, close: 9, volume: 0, sessionStart: false) == 4)
        #expect(vwap.update(high: 9, low: 9, close: 9, volume: 0, sessionStart: true).isNaN)
        #expect(!vwap.isReady)
    }

    @Test func averagePriceOfOnePriceIsThatPrice() {
        var vwap = VolumeWeightedAveragePrice()
        for volume in [0.1, 0.7, 1.3, 123.456] {
            #expect(vwap.update(high: 30, low: 30, close: 30, volume: volume, session: 1) == 30)
        }
    }
}
