import Statistics
import Testing

@Suite struct OverfittingProbabilityTests {
    @Test("three strategies in four blocks, by hand")
    func byHand() throws {
        let rows = [
            [0.01, -0.02, 0], [0.02, 0.01, -0.01], [-0.01, 0.03, 0], [0, -0.01, 0.02], [0.015, 0, 0.01],
            [-0.005, 0.02, -0.02], [0.01, -0.01, 0.03], [0, 0.01, 0.01],
        ]
        let result = try #require(
            OverfittingProbability(returns: (0..<3).map { column in rows.map { $0[column] } }, blocks: 4))
        // In the order of the splits 01, 02, 12, 03, 13, 23.
        let expected = [1.0, -1, -1, -1, -1, 1].map { $0 * 1.0986122886681098 }
        #expect(result.logits.count == 6)
        #expect(zip(result.logits, expected).allSatisfy { isNear($0, $1) })
        #expect(isNear(result.probability, 2.0 / 3))
        #expect(result.blockLength == 2)
    }

    @Test("five series in eight blocks are those of a loop over all splits with numpy 2.4.6 and scipy 1.17.1")
    func loop() throws {
        let returns = (0..<5).map { sample(133, 31 + 2 * $0, 7_919 + 37 * $0) }
        let result = try #require(OverfittingProbability(returns: returns, blocks: 8))
        #expect(result.logits.count == 70)
        #expect(isNear(result.probability, 0.22857142857142856))
        #expect(isNear(result.lossProbability, 0.2714285714285714))
        #expect(isNear(result.slope, -0.8684485158762488, 1e-9))
        #expect(isNear(result.logits.reduce(0, +), 36.7368005696771, 1e-9))
        #expect(result.blockLength == 16)
    }

    @Test("a strategy that is better in every block is no overfitting")
    func better() throws {
        let noise = sample(160)
        let result = try #require(
            OverfittingProbability(returns: [noise, noise.map { $0 + 0.01 }, noise.map { $0 - 0.01 }], blocks: 16))
        #expect(result.logits.count == 12_870)
        #expect(result.probability == 0)
    }

    @Test("of two strategies that take turns the winner of one half loses the other, unless both halves are alike")
    func turns() throws {
        let first = (0..<80).map { day in
            let level = (day / 10) % 2 == 0 ? 0.01 : -0.01
            return level + Double(day % 3) * 0.001
        }
        let result = try #require(OverfittingProbability(returns: [first, first.map { 0.002 - $0 }], blocks: 8))
        // Of 70 splits 34 have one strategy ahead in a half; in the others little things decide.
        #expect(result.probability > 0.7)
        #expect(try #require(result.slope) < 0)
    }

    @Test("strategies that never trade, and too little time or choice")
    func edges() throws {
        let still = Array(repeating: 0.0, count: 40)
        let result = try #require(OverfittingProbability(returns: [still, still], blocks: 4))
        // All are equal: each stands in the middle, which counts as overfitted.
        #expect(result.probability == 1)
        #expect(result.slope == nil)
        #expect(OverfittingProbability(returns: [still], blocks: 4) == nil)
        #expect(OverfittingProbability(returns: [still, still], blocks: 22) == nil)
    }
}
