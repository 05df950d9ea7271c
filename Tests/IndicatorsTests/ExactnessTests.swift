import Bytes
import Indicators
import Testing

/// What rules that compare outputs with one another rely on.
@Suite struct ExactnessTests {
    @Test func averagesOfOnePriceAreThatPriceForAnyPeriod() {
        var generator = SeededGenerator(seed: 3)
        for period in 1...120 {
            let price = Double(3_000_000 + generator.step(1_000_000)) / 100
            let prices = [Double](repeating: price, count: period + 50)
            let defined = ArraySlice(prices[(period - 1)...])
            #expect(SimpleMovingAverage(period: period).batch(prices)[(period - 1)...] == defined)
            #expect(WeightedMovingAverage(period: period).batch(prices)[(period - 1)...] == defined)
            #expect(ExponentialMovingAverage(period: period).batch(prices)[(period - 1)...] == defined)
        }
    }

    @Test func averagesReachAConstantPriceAfterMoving() {
        var closes = yearOfCents(seed: 10).prefix(300).map { Double($0) / 100 }
        closes += [Double](repeating: 54.37, count: 60)
        var fast = SimpleMovingAverage(period: 10)
        var slow = SimpleMovingAverage(period: 30)
        for (index, close) in closes.enumerated() {
            fast.update(close)
            slow.update(close)
            if index >= 300 + 29 { #expect(fast.value == 54.37 && slow.value == 54.37) }
        }
    }

    @Test func simpleAverageIsCorrectlyRounded() {
        // Values are whole multiples of 2^-38; the double nearest to sum / n is at most half a unit of its last place
        // away from it: both sides times n, in 128-bit whole numbers.
        let closes = yearOfCents(seed: 4).prefix(60_000).map { Double($0) / 100 }
        for period in [3, 7, 10, 49, 200] {
            var average = SimpleMovingAverage(period: period)
            var sum: Int128 = 0
            for (index, close) in closes.enumerated() {
                sum += Int128(close * 0x1p38)
                if index >= period { sum -= Int128(closes[index - period] * 0x1p38) }
                average.update(close)
                guard index >= period - 1 else { continue }
                // Scaled by another 2^10 so that half a unit of the last place is whole.
                let distance = (Int128(average.value * 0x1p38) * Int128(period) - sum) * 1024
                let half = Int128(average.value.ulp * 0x1p37 * 1024) * Int128(period)
                #expect(distance.magnitude <= half.magnitude)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 50, 200])
    func meansOfWholeNumbersAreCorrectlyRoundedAndStaySoAfterHalvesAndLargeOnes(_ period: Int) throws {
        var generator = SeededGenerator(seed: UInt64(period))
        // In halves, so that every sum of a window is a whole number below 2^53 and one division rounds it.
        let halves = (0..<4_000).map { index -> Int in
            let whole = 2 * (5_000_000 + generator.step(4_000_000))
            if index % 1_000 == 700 { return (1 << 53) / period - index }
            return index % 1_000 > 800 ? whole + 1 : whole
        }
        var average = SimpleMovingAverage(period: period)
        var sum = 0
        for (index, value) in halves.enumerated() {
            sum += value - (index >= period ? halves[index - period] : 0)
            // Taken over from its bytes it goes on as if it had not been.
            if index % 333 == 332 {
                var writer = ByteWriter()
                average.save(to: &writer)
                var reader = ByteReader(writer.bytes)
                average = SimpleMovingAverage(period: period)
                try average.restore(from: &reader)
            }
            average.update(Double(value) / 2)
            if index >= period - 1 { #expect(average.value == Double(sum) / Double(2 * period)) }
        }
    }

    @Test func equalMeansOfWholeNumbersCompareEqual() {
        // 1, 2, 3, 4, 5, 6, 3, 4: the last two average 3.5, so do the last eight.
        let values: [Double] = [1, 2, 3, 4, 5, 6, 3, 4].map { $0 * 1_000_003 }
        #expect(SimpleMovingAverage(period: 2).batch(values).last == SimpleMovingAverage(period: 8).batch(values).last)
    }

    @Test func deviationOfOnePriceIsZeroHoweverItGotThere() {
        var generator = SeededGenerator(seed: 5)
        for period in [1, 2, 5, 20, 33] {
            var deviation = StandardDeviation(period: period)
            var bands = BollingerBands(period: period)
            var score = ZScore(period: max(period, 2))
            for _ in 0..<200 {
                let price = Double(3_000_000 + generator.step(2_900_000)) / 100
                for _ in 0..<(period + 3) {
                    deviation.update(price)
                    bands.update(price)
                    score.update(price)
                }
                #expect(deviation.value == 0 && score.value == 0)
                #expect(bands.value == PriceChannel(upper: price, middle: price, lower: price))
            }
        }
    }

    @Test func deviationIsNeverNegativeOrUndefined() {
        var generator = SeededGenerator(seed: 6)
        var deviation = StandardDeviation(period: 5)
        for index in 0..<50_000 {
            // Mostly unchanged prices with rare ticks and jumps: differences cancel almost entirely.
            let price = 30_000 + Double(generator.step(50) / 50) * 0.01 + (index % 997 == 0 ? 1e7 : 0)
            let value = deviation.update(price)
            if index >= 4 { #expect(value >= 0) }
        }
    }

    @Test func resultsDoNotDependOnWhatCameBeforeTheWindow() {
        let closes = yearOfCents(seed: 7).prefix(20_000).map { Double($0) / 100 }
        let whole = SimpleMovingAverage(period: 50).batch(closes)
        let late = SimpleMovingAverage(period: 50).batch(Array(closes[12_345...]))
        #expect(Array(whole[(12_345 + 49)...]) == Array(late[49...]))
        let weighted = WeightedMovingAverage(period: 50).batch(closes)
        let lateWeighted = WeightedMovingAverage(period: 50).batch(Array(closes[12_345...]))
        #expect(Array(weighted[(12_345 + 49)...]) == Array(lateWeighted[49...]))
    }

    @Test func recursiveAveragesForgetWhereTheyStarted() {
        let closes = yearOfCents(seed: 8).prefix(3_000).map { Double($0) / 100 }
        let whole = ExponentialMovingAverage(period: 20).batch(closes)
        let late = ExponentialMovingAverage(period: 20).batch(Array(closes[1_000...]))
        let strength = RelativeStrengthIndex(period: 14).batch(closes)
        let lateStrength = RelativeStrengthIndex(period: 14).batch(Array(closes[1_000...]))
        #expect(abs(whole[2_999] - late[1_999]) <= 1e-12 * whole[2_999])
        #expect(abs(strength[2_999] - lateStrength[1_999]) <= 1e-12 * strength[2_999])
    }
}
