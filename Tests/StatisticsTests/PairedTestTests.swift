import Statistics
import Testing

/// Paired differences against statsmodels 0.15.0 (OLS on a constant, HAC with 4 lags).
@Suite struct PairedTestTests {
    private let first = sample(250)
    private let second = sample(250, 17, 104_729, modulus: 997, shift: 490, scale: 20_000)

    private func test(_ first: [Double], _ second: [Double], seed: UInt64 = 1) -> PairedTest {
        PairedTest(
            first, second, draws: 2_000,
            bootstrap: StationaryBootstrap(count: first.count, meanBlock: 3, seed: seed))
    }

    @Test("mean difference, statistic and probability are those of statsmodels")
    func statistic() {
        let test = test(first, second)
        #expect(isClose(test.meanDifference, -0.0022987199999999993))
        #expect(isClose(test.statistic, -2.1384576931413637, 1e-10))
        #expect(isClose(test.probability, 0.03247961430863544, 1e-10))
    }

    @Test("the bootstrap agrees with the formula about what is likely, and with itself about a seed")
    func bootstrap() throws {
        let some = try #require(test(first, second).bootstrapProbability)
        #expect((0.01...0.08).contains(some))
        #expect(test(first, second) == test(first, second))
        #expect(test(first, second, seed: 2) != test(first, second))
        let far = try #require(test(first, first.map { $0 * 0.9 + 0.01 }).bootstrapProbability)
        #expect(far == 1.0 / 2_001)
    }

    @Test("the other way round only the sign changes")
    func symmetry() {
        let (one, other) = (test(first, second), test(second, first))
        #expect(one.meanDifference == -other.meanDifference)
        #expect(one.probability == other.probability)
        #expect(one.bootstrapProbability == other.bootstrapProbability)
    }

    @Test("series that never differ can't be told apart")
    func equal() {
        let test = test(first, first)
        #expect(test.meanDifference == 0)
        #expect(test.statistic == nil && test.probability == nil && test.bootstrapProbability == nil)
    }
}
