import Market
import Testing

@testable import Workstation

@Suite("Price axis")
struct PriceScaleTests {
    @Test(
        "Round steps are 1, 2, 5 and their tenfold",
        arguments: [
            (0.0, 1), (1.0, 1), (1.2, 2), (2.0, 2), (3.0, 5), (5.1, 10), (11.0, 20), (21.0, 50), (99.0, 100),
            (1e6, 1_000_000),
        ] as [(Double, Int64)])
    func roundSteps(value: Double, step: Int64) {
        #expect(NiceNumbers.roundStep(atLeast: value) == step)
    }

    @Test("Steps are whole multiples of the tick")
    func stepsOfTick() {
        #expect(NiceNumbers.roundStep(atLeast: 30, unit: 25) == 50)
        #expect(NiceNumbers.roundStep(atLeast: 51, unit: 25) == 125)
        #expect(NiceNumbers.roundStep(atLeast: 0.1, unit: 25) == 25)
    }

    @Test("A huge step saturates instead of trapping")
    func saturates() {
        #expect(NiceNumbers.roundStep(atLeast: 1e19) == .max)
        #expect(NiceNumbers.roundStep(atLeast: .infinity) == 1)
        #expect(NiceNumbers.roundStep(atLeast: 9e18, unit: 1_000) == .max)
    }

    @Test(
        "The top of a volume scale is the next of 1 1.2 1.5 2 2.5 3 4 5 6 8",
        arguments: [
            (0.0, 1.0), (1.0, 1.0), (1.1, 1.2), (13.0, 15.0), (210.0, 250.0), (8.5, 10.0), (0.031, 0.04),
        ])
    func scaleTops(value: Double, top: Double) {
        #expect(abs(NiceNumbers.scaleTop(holding: value) - top) < 1e-9)
    }

    @Test("Rows count from the highest price down")
    func rows() {
        let scale = PriceScale(low: 100, high: 200, rows: 10)
        #expect(scale.row(200) == 0)
        #expect(scale.row(195) == 0)
        #expect(scale.row(189) == 1)
        #expect(scale.row(100) == 9)
        #expect(scale.row(99) == nil)
        #expect(scale.row(201) == nil)
        #expect(scale.position(150) == 5)
    }

    @Test("A price comes back from its position, linear and logarithmic", arguments: [false, true])
    func inverse(isLogarithmic: Bool) {
        let scale = PriceScale(low: 1_000, high: 64_000, rows: 24, isLogarithmic: isLogarithmic)
        for price in stride(from: 1_000.0, through: 64_000, by: 737) {
            #expect(abs(scale.price(at: scale.position(price)) - price) < 1e-6 * price)
        }
    }

    @Test("On a logarithmic scale doublings are equally high")
    func doublings() {
        let scale = PriceScale(low: 1_000, high: 8_000, rows: 30, isLogarithmic: true)
        #expect(abs(scale.position(4_000) - 10) < 1e-9)
        #expect(abs(scale.position(2_000) - 20) < 1e-9)
    }

    @Test("A scale without extent is widened, and one that reaches zero is linear")
    func degenerate() {
        #expect(PriceScale(low: 5, high: 5, rows: 3).row(5) == 1)
        #expect(PriceScale(low: 0, high: 5, rows: 3, isLogarithmic: true).isLogarithmic == false)
    }

    @Test("Labels are multiples of a round step, on rows at least the spacing apart")
    func evenTicks() {
        let scale = PriceScale(low: 6_400_000, high: 6_431_000, rows: 20)
        let ticks = scale.ticks(tick: 50, spacing: 4)
        // 1 550 units a row × 4 rows = 6 200, and the next round multiple of 50 is 10 000.
        #expect(ticks.map(\.price.mantissa) == [6_430_000, 6_420_000, 6_410_000, 6_400_000])
        #expect(ticks.map(\.row) == [0, 7, 13, 19])
    }

    @Test("Labels of random scales lie on the tick, inside, strictly downward", arguments: [false, true])
    func randomTicks(isLogarithmic: Bool) {
        var random = Random(seed: 11)
        for _ in 0..<300 {
            let tick = [Int64(1), 5, 25, 100][random.below(4)]
            let low = Double(1 + random.below(1_000_000))
            let scale = PriceScale.fitting(
                low: low, high: low + Double(1 + random.below(100_000)), rows: 3 + random.below(50), tick: tick,
                isLogarithmic: isLogarithmic)
            let ticks = scale.ticks(tick: tick, spacing: 3)
            #expect(ticks.allSatisfy { $0.price.mantissa % tick == 0 && $0.price.mantissa > 0 })
            #expect(ticks.allSatisfy { scale.row(Double($0.price.mantissa)) == $0.row })
            #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.row < $1.row })
        }
    }

    @Test("The fitted scale holds its extremes and stays put while they creep")
    func fitting() {
        let scale = PriceScale.fitting(low: 6_400_000, high: 6_431_000, rows: 20, tick: 50)
        #expect(scale.low < 6_400_000 && scale.high > 6_431_000)
        #expect(scale == PriceScale.fitting(low: 6_399_900, high: 6_431_050, rows: 20, tick: 50))
    }

    @Test("One bad print does not set the range, and an ordinary move does")
    func outliers() {
        var lows = (0..<100).map { 1_000.0 + Double($0) }
        var highs = lows.map { $0 + 5 }
        #expect(Outliers.range(lows: lows, highs: highs) == 1_000...1_104)
        highs[50] = 90_000
        lows[20] = 1
        #expect(Outliers.range(lows: lows, highs: highs) == 1_000...1_104)
        #expect(Outliers.range(lows: [], highs: []) == nil)
        #expect(Outliers.range(lows: [.nan, 3], highs: [4, .infinity]) == 3...4)
    }
}
