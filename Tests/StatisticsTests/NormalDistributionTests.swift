import Statistics
import Testing

/// The normal distribution against scipy 1.17.1.
@Suite struct NormalDistributionTests {
    @Test(
        "probabilities are those of scipy, far into the lower tail",
        arguments: [
            (-10.0, 7.61985302416047e-24), (-5, 2.866515718791933e-07), (-1, 0.15865525393145707), (0, 0.5),
            (0.5, 0.6914624612740131), (1.96, 0.9750021048517795), (3, 0.9986501019683699), (8, 0.9999999999999993),
        ])
    func probabilities(_ x: Double, _ expected: Double) {
        #expect(isClose(NormalDistribution.cumulative(x), expected, 1e-13))
    }

    @Test(
        "quantiles are those of scipy",
        arguments: [
            (1e-300, -37.0470962993612), (1e-20, -9.262340089798409), (1e-08, -5.612001244174789),
            (0.001, -3.090232306167813), (0.02425, -1.972961051311885), (0.05, -1.6448536269514729),
            (0.3, -0.5244005127080409), (0.7, 0.5244005127080407), (0.95, 1.6448536269514722),
            (0.99, 2.3263478740408408), (0.999999, 4.753424308817087),
        ])
    func quantiles(_ probability: Double, _ expected: Double) {
        #expect(isClose(NormalDistribution.quantile(probability), expected, 1e-13))
    }

    @Test("a quantile's probability is the one it was asked for")
    func roundTrip() {
        for step in 1..<2_000 {
            let probability = Double(step) / 2_000
            let back = NormalDistribution.cumulative(NormalDistribution.quantile(probability))
            #expect(abs(back - probability) < 1e-15, "\(probability)")
        }
    }

    @Test("the ends are infinite, and there is nothing outside")
    func ends() {
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(0.5).magnitude < 1e-16)
        #expect(NormalDistribution.quantile(-0.1).isNaN && NormalDistribution.quantile(.nan).isNaN)
    }
}
