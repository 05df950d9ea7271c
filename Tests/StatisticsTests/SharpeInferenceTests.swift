import Statistics
import Testing

/// The published example of Bailey & López de Prado (2014), and values recomputed with scipy.
@Suite struct SharpeInferenceTests {
    /// A yearly ratio of 2.5 from 1250 daily returns, 250 a year, skewness −3, kurtosis 10.
    let published = SharpeInference(sharpe: 2.5 / 250.0.squareRoot(), count: 1_250, skewness: -3, kurtosis: 10)
    /// The variance of the trials' daily ratios: ½ of a yearly one.
    let variance = 0.5 / 250

    @Test(
        "the highest of N ratios of variance 1",
        arguments: [(10, 1.574598301346), (46, 2.244170830841), (100, 2.530602893202), (1, 0)])
    func expectedMaximum(_ trials: Int, _ expected: Double) {
        #expect(isNear(SharpeInference.expectedMaximum(trials: trials, variance: 1), expected))
    }

    @Test("the published example is deflated as it was published")
    func deflated() {
        #expect(isNear(SharpeInference.expectedMaximum(trials: 100, variance: variance), 0.113172002, 1e-9))
        #expect(isNear(SharpeInference.expectedMaximum(trials: 46, variance: variance), 0.100362371, 1e-9))
        #expect(isNear(published.deflated(trials: 100, variance: variance), 0.900396834, 1e-9))
        #expect(isNear(published.deflated(trials: 46, variance: variance), 0.950501707, 1e-9))
        let normal = SharpeInference(sharpe: 2.5 / 250.0.squareRoot(), count: 1_250, skewness: 0, kurtosis: 3)
        #expect(isNear(normal.deflated(trials: 88, variance: variance), 0.950490817, 1e-9))
    }

    @Test("one trial is not deflated")
    func single() {
        #expect(published.deflated(trials: 1, variance: variance) == published.probability(above: 0))
    }

    @Test("the probability and the shortest record of a modest ratio")
    func probability() {
        let modest = SharpeInference(sharpe: 0.1, count: 252, skewness: -0.5, kurtosis: 5)
        #expect(isNear(modest.probability(above: 0), 0.938074192, 1e-9))
        #expect(isNear(modest.minimumTrackRecord(above: 0, error: 0.05), 287.787606, 1e-8))
        #expect(modest.minimumTrackRecord(above: 0.1, error: 0.05) == nil)
    }

    @Test("a record of just the shortest length has just the probability asked for")
    func consistency() throws {
        let modest = SharpeInference(sharpe: 0.1, count: 2, skewness: -0.5, kurtosis: 5)
        let shortest = try #require(modest.minimumTrackRecord(above: 0.02, error: 0.1))
        let there = SharpeInference(sharpe: 0.1, count: Int(shortest.rounded()), skewness: -0.5, kurtosis: 5)
        #expect(isNear(there.probability(above: 0.02), 0.9, 1e-3))
    }

    @Test("returns are taken with the moments of divisor n; without a spread there is nothing to infer")
    func moments() throws {
        let moments = Moments(sample(250))
        let inference = try #require(SharpeInference(moments))
        let byHand = SharpeInference(
            sharpe: -0.0011611199999999996 / 0.011484990534428124, count: 250, skewness: 0.0549762453413846,
            kurtosis: 3 - 1.1372630033956872)
        #expect(isNear(inference.probability(above: 0), try #require(byHand.probability(above: 0))))
        #expect(SharpeInference(Moments([0.1, 0.1, 0.1])) == nil)
    }
}
