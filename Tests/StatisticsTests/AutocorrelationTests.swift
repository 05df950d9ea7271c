import Foundation
import Statistics
import Testing

/// Long-run variances against statsmodels 0.15.0 (OLS on a constant, HAC without small-sample correction), block lengths
/// against arch 8.0.0 (`optimal_block_length`, stationary).
@Suite struct AutocorrelationTests {
    @Test("the lags are ⌊4 (n ÷ 100)^(2⁄9)⌋")
    func lags() {
        #expect([20, 100, 250, 365, 3_650].map(Autocorrelation.lags(count:)) == [2, 4, 4, 5, 8])
    }

    @Test("the long-run variance is that of statsmodels, with and without dependence")
    func longRunVariance() {
        #expect(isClose(Autocorrelation.longRunVariance(sample(250)), 0.00013476456973905934, 1e-10))
        #expect(isClose(Autocorrelation.longRunVariance(dependentSample(250)), 0.0005621919260147968, 1e-10))
    }

    @Test("without lags it is the variance, divisor n; of few values there is none")
    func withoutLags() {
        #expect(isNear(Autocorrelation.longRunVariance([1, 2, 4], lags: 0), 14.0 / 9))
        #expect(Autocorrelation.longRunVariance([1]) == nil)
        #expect(Autocorrelation.longRunVariance([1, 1, 1]) == 0)
    }

    @Test("block lengths are those of arch, but never below one")
    func blockLength() {
        #expect(isNear(Autocorrelation.blockLength(dependentSample(250)), 7.812344, 1e-6))
        #expect(Autocorrelation.blockLength(sample(250)) == 1)
        #expect(Autocorrelation.blockLength(Array(repeating: 0, count: 50)) == 1)
        #expect(Autocorrelation.blockLength([1, 2]) == 1)
    }

    @Test("a trend gets long blocks, a wave in few values the longest that there are, min(3 √n, n ÷ 3)")
    func longest() {
        #expect(isNear(Autocorrelation.blockLength((0..<90).map { Double($0) }), 13.607318994082368))
        #expect(Autocorrelation.blockLength((0..<20).map { sin(Double($0) / 2) }) == 7)
    }
}
