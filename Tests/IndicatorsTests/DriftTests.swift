import Indicators
import Testing

/// Windows slid over a year of minutes, against sums of whole cents that cannot drift.
@Suite struct DriftTests {
    /// How far `actual` is from `numerator / denominator / 100`, relative to it, in 80-bit arithmetic where the machine
    /// has it.
    private func relativeError(_ actual: Double, _ numerator: Int, _ denominator: Int) -> Double {
        #if arch(x86_64)
        let exact = Float80(numerator) / Float80(denominator) / 100
        return Double(abs(Float80(actual) - exact) / exact)
        #else
        let exact = Double(numerator) / Double(denominator) / 100
        return abs(actual - exact) / exact
        #endif
    }

    /// The closes of a year in cents, with a spike of a thousand million passing through every 50,000 minutes.
    private func shockedYear() -> [Int] {
        var cents = yearOfCents(seed: 1)
        for index in stride(from: 25_000, to: cents.count, by: 50_000) { cents[index] = 100_000_000_000 }
        return cents
    }

    @Test(arguments: [2, 20, 200, 5_000])
    func simpleAverageStaysExactOverAYear(period: Int) {
        let cents = shockedYear()
        var average = SimpleMovingAverage(period: period)
        var sum = 0
        var worst = 0.0
        for (index, value) in cents.enumerated() {
            sum += value - (index >= period ? cents[index - period] : 0)
            let mean = average.update(Double(value) / 100)
            if index >= period - 1 { worst = max(worst, relativeError(mean, sum, period)) }
        }
        #expect(worst <= 2.3e-16)
    }

    @Test(arguments: [2, 30, 1_000])
    func weightedAverageStaysExactOverAYear(period: Int) {
        let cents = shockedYear()
        var average = WeightedMovingAverage(period: period)
        var sum = 0
        var weighted = 0
        var worst = 0.0
        for (index, value) in cents.enumerated() {
            let leaving = index >= period ? cents[index - period] : 0
            weighted += index >= period ? period * value - sum : (index + 1) * value
            sum += value - leaving
            let mean = average.update(Double(value) / 100)
            if index >= period - 1 { worst = max(worst, relativeError(mean, weighted, period * (period + 1) / 2)) }
        }
        #expect(worst <= 2.3e-16)
    }

    @Test(arguments: [2, 20, 200])
    func deviationStaysAccurateOverAYear(period: Int) {
        // n * sum of squares - square of sum, in whole cents relative to a level so that it fits.
        let cents = yearOfCents(seed: 2)
        var deviation = StandardDeviation(period: period)
        var sum = 0
        var squares = 0
        var worst = 0.0
        for (index, value) in cents.enumerated() {
            let entering = value - 3_000_000
            sum += entering
            squares += entering * entering
            if index >= period {
                let leaving = cents[index - period] - 3_000_000
                sum -= leaving
                squares -= leaving * leaving
            }
            let actual = deviation.update(Double(value) / 100)
            guard index >= period - 1 else { continue }
            let exact = Double(period * squares - sum * sum).squareRoot() / Double(period) / 100
            // Cents are not whole in binary: each close is off by up to 2e-12.
            worst = max(worst, abs(actual - exact) - 4e-12 - 1e-12 * exact)
        }
        #expect(worst <= 0)
    }

    @Test(arguments: [1e9, 1e15, -1e40])
    func deviationRecoversFromASpikeAtOnce(spike: Double) {
        var closes = (0..<400).map { 30_000 + Double($0 % 3) * 0.01 }
        closes[99] = spike
        closes[100] = spike * -1e-7 / 3
        let undisturbed = StandardDeviation(period: 21).batch(Array(closes[101...]))
        let shocked = StandardDeviation(period: 21).batch(closes)
        for index in 20..<undisturbed.count {
            #expect(abs(shocked[index + 101] - undisturbed[index]) <= 1e-12 * undisturbed[index])
        }
    }

    @Test func deviationKeepsItsDigitsFarFromZero() {
        // Two values a step apart deviate by half the step, exactly.
        let values = (0..<200).map { 1e9 + Double($0 % 2) * 0x1p-20 }
        let result = StandardDeviation(period: 2).batch(values)
        #expect(result.dropFirst() == ArraySlice([Double](repeating: 0x1p-21, count: 199)))
    }

    @Test func sumsSurviveSpikesBeyondTheirWidth() {
        var values = [Double](repeating: 0.1, count: 60)
        values[20] = 1e60
        values[21] = -1e99
        let simple = SimpleMovingAverage(period: 7).batch(values)
        let weighted = WeightedMovingAverage(period: 7).batch(values)
        let deviation = StandardDeviation(period: 7).batch(values)
        for index in 28..<60 {
            #expect(simple[index] == 0.1 && weighted[index] == 0.1 && deviation[index] == 0)
        }
    }

    @Test func sumsSurviveAFallThroughManyMagnitudes() {
        // Halved 300 times from 1e90, and flat from there: no single step is large.
        let fall = (0..<300).map { 1e90 * Double(sign: .plus, exponent: -$0, significand: 1.1) }
        let values = fall + [Double](repeating: 0.1, count: 40)
        let simple = SimpleMovingAverage(period: 7).batch(values)
        let weighted = WeightedMovingAverage(period: 7).batch(values)
        let deviation = StandardDeviation(period: 7).batch(values)
        for index in 306..<340 {
            #expect(simple[index] == 0.1 && weighted[index] == 0.1 && deviation[index] == 0)
        }
    }

    @Test func onBalanceVolumeReturnsToZeroAfterAYearOfTenths() {
        var obv = OnBalanceVolume()
        obv.update(close: 0, volume: 0)
        for index in 0..<525_600 { obv.update(close: index % 2 == 0 ? 1 : 0, volume: 0.1) }
        #expect(obv.value == 0)
    }
}
