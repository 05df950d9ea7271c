import Statistics
import Testing

/// Moments, quantiles and losses in the tail, against scipy 1.17.1 and numpy 2.4.6 and against published values.
@Suite struct MomentsTests {
    @Test("mean, deviation, skewness and kurtosis of both kinds are those of scipy")
    func moments() {
        let moments = Moments(sample(250))
        #expect(isClose(moments.mean, -0.0011611199999999996))
        #expect(isClose(moments.deviation, 0.011484990534428124))
        #expect(isClose(moments.skewness, 0.0549762453413846))
        #expect(isClose(moments.excessKurtosis, -1.1372630033956872))
        #expect(isClose(moments.adjustedSkewness, 0.05530865189289805))
        #expect(isClose(moments.adjustedExcessKurtosis, -1.135950771340392))
    }

    @Test("values that differ by rounding only have no spread, and few values no moments that need more")
    func spread() {
        #expect(!Moments(Array(repeating: 0.1, count: 30)).isSpread)
        #expect(Moments(Array(repeating: 0.1, count: 30)).sharpe == nil)
        #expect(!Moments([0.0, 0, 0]).isSpread)
        #expect(Moments([Double]()).deviation == nil)
        #expect(Moments([1.0]).deviation == nil)
        #expect(Moments([1.0, 2]).adjustedSkewness == nil)
        #expect(Moments([1.0, 2, 4]).adjustedExcessKurtosis == nil)
        #expect(isClose(Moments([1.0, 3]).sharpe, 2.0.squareRoot()))
    }

    @Test("quantiles are interpolated as numpy does by default")
    func quantiles() {
        let sorted = SortedSample(sample(250))
        let expected = [
            (0, -0.02), (0.05, -0.018684), (0.25, -0.01114), (0.5, -0.00134), (0.95, 0.017127999999999984), (1, 0.0202),
        ]
        for (share, value) in expected { #expect(isClose(sorted.quantile(share), value), "\(share)") }
        #expect(SortedSample([7]).quantile(0.3) == 7)
        #expect(SortedSample([]).quantile(0.5) == nil)
    }

    @Test(
        "value at risk and expected shortfall of ten losses, by hand after Rockafellar and Uryasev",
        arguments: [(0.8, 5.0, 8.5), (0.85, 7, 9), (0.95, 10, 10)])
    func tail(_ level: Double, _ atRisk: Double, _ shortfall: Double) {
        let returns = SortedSample([-3, -1, 0, 1, 2, 2.5, 4, 5, 7, 10].map { -$0 })
        #expect(returns.valueAtRisk(level) == atRisk)
        #expect(isNear(returns.expectedShortfall(level), shortfall))
    }

    @Test("a product that is a whole number but for rounding takes that order statistic")
    func rounding() {
        for count in stride(from: 20, through: 2_000, by: 20) {
            let returns = SortedSample((0..<count).map { Double($0) })
            #expect(returns.valueAtRisk(0.95) == -Double(count / 20), "\(count)")
        }
    }

    @Test("the shortfall is the least that the formula gives at any threshold")
    func shortfallIsAMinimum() {
        for count in [21, 50, 133, 250] {
            let returns = sample(count)
            let least = returns.map { threshold in
                -threshold + returns.reduce(0) { $0 + max(-$1 + threshold, 0) } / (0.05 * Double(count))
            }.min()
            #expect(isNear(SortedSample(returns).expectedShortfall(0.95), least ?? .nan), "\(count)")
        }
    }
}
