import Market
import Testing

@testable import Backtesting

/// Marks made of what the account came to after each trade are those that were written down one by one.
@Suite struct EquityCurveTests {
    private let series = walk(3_000, seed: 71)
    private let lines = [
        EquityLine(first: 0, base: 700, perUnit: 0), EquityLine(first: 1, base: -5, perUnit: 2),
        EquityLine(first: 2, base: 90, perUnit: 0), EquityLine(first: 1_499, base: 1_000_000, perUnit: -1),
    ]

    private var curve: EquityCurve {
        EquityCurve(currency: .usdt, candles: series.candles, timeframe: series.timeframe, lines: lines)
    }

    /// The same marks, an amount each.
    private var amounts: EquityCurve {
        let units = series.candles.enumerated().map { index, candle -> Int128 in
            let close = Int128(candle.close.mantissa)
            switch index {
            case 0: return 700
            case 1: return 2 * close - 5
            case 2..<1_499: return 90
            default: return 1_000_000 - close
            }
        }
        return EquityCurve(
            currency: .usdt, times: series.candles.map { $0.closeTime(series.timeframe) }, units: units)
    }

    @Test func everyPointIsOnTheLineOfItsCandle() {
        let (curve, amounts) = (curve, amounts)
        #expect(curve.count == amounts.count)
        for index in 0..<curve.count {
            #expect(curve.equity(index) == amounts.equity(index))
            #expect(curve.time(index) == amounts.time(index))
        }
    }

    @Test(arguments: [0..<3_000, 0..<1, 1..<2, 2..<2, 1_400..<1_600, 2_999..<3_000])
    func pointsOneBehindTheOtherAreThoseAskedForOneByOne(_ range: Range<Int>) {
        let curve = curve
        var seen: [Int128] = []
        curve.forEach(in: range) { index, units in
            #expect(index == range.lowerBound + seen.count)
            seen.append(units)
        }
        #expect(seen == range.map { curve.equity($0).units })
    }

    @Test(arguments: [4, 11, 100, 2_999])
    func aThinnedCurveKeepsTheSamePoints(_ limit: Int) {
        let (thinned, expected) = (curve.thinned(to: limit), amounts.thinned(to: limit))
        #expect(thinned.count <= limit)
        #expect(thinned.map(\.time) == expected.map(\.time))
        #expect(thinned.map(\.value) == expected.map(\.value))
    }
}
