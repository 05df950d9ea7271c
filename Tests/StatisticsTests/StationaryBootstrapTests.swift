import Statistics
import Testing

@Suite struct StationaryBootstrapTests {
    private func draws(_ count: Int, _ times: Int, block: Double, seed: UInt64 = 1) -> [[Int]] {
        var bootstrap = StationaryBootstrap(count: count, meanBlock: block, seed: seed)
        return (0..<times).map { _ in
            var places = Array(repeating: -1, count: count)
            bootstrap.draw(into: &places)
            return places
        }
    }

    @Test("the generator gives the numbers of xoshiro256** with a state of SplitMix64")
    func generator() {
        // From the reference recurrences in whole numbers of any size (Python).
        var numbers = SeededGenerator(seed: 1)
        #expect(
            (0..<3).map { _ in numbers.next() } == [12966619160104079557, 9600361134598540522, 10590380919521690900])
    }

    @Test("a seed decides every draw, and another seed draws otherwise")
    func seeds() {
        #expect(draws(50, 20, block: 4) == draws(50, 20, block: 4))
        #expect(draws(50, 20, block: 4) != draws(50, 20, block: 4, seed: 2))
    }

    @Test("blocks have the mean length asked for, run over the end, and every place is as likely")
    func blocks() {
        let count = 40
        let all = draws(count, 4_000, block: 5, seed: 7)
        var breaks = 0
        var seen = Array(repeating: 0, count: count)
        for places in all {
            for index in 0..<count {
                seen[places[index]] += 1
                if index > 0, places[index] != (places[index - 1] + 1) % count { breaks += 1 }
            }
        }
        // A new block begins with 1 chance in 5 and goes on by accident in 1 of 40 of these.
        let expected = 4_000.0 * 39 * 0.2 * 39 / 40
        #expect(abs(Double(breaks) / expected - 1) < 0.03)
        #expect(seen.allSatisfy { abs(Double($0) / 4_000 - 1) < 0.15 })
    }

    @Test("blocks of one draw every value on its own")
    func single() {
        let places = draws(10, 3_000, block: 1).flatMap { $0 }
        for value in 0..<10 { #expect(abs(Double(places.count { $0 == value }) / 3_000 - 1) < 0.1) }
    }

    @Test("an interval lies between the quantiles of its confidence")
    func interval() throws {
        let interval = try #require(Interval((0...100).map { Double($0) }, confidence: 0.9))
        #expect(isNear(interval.low, 5) && isNear(interval.high, 95))
        #expect(Interval([], confidence: 0.9) == nil)
    }

    @Test("the interval of a mean covers what the formula of the standard error says")
    func coverage() throws {
        let values = sample(250)
        var bootstrap = StationaryBootstrap(count: 250, meanBlock: 1, seed: 3)
        var places = Array(repeating: 0, count: 250)
        let means = (0..<4_000).map { _ in
            bootstrap.draw(into: &places)
            return places.reduce(0) { $0 + values[$1] } / 250
        }
        let interval = try #require(Interval(means, confidence: 0.95))
        let moments = Moments(values)
        let width = try #require(moments.deviation) / 250.0.squareRoot() * 2 * 1.959964
        #expect(abs((interval.high - interval.low) / width - 1) < 0.05)
        #expect(abs((interval.high + interval.low) / 2 - moments.mean) < width * 0.05)
    }
}
