import Foundation
import Testing

@testable import Optimization

@Suite("The Parzen search")
struct ParzenTests {
    private static func branin(_ x: [Double]) -> Double {
        let b = 5.1 / (4 * Double.pi * Double.pi)
        let bent = x[1] - b * x[0] * x[0] + 5 / Double.pi * x[0] - 6
        return bent * bent + 10 * (1 - 1 / (8 * Double.pi)) * cos(x[0]) + 10
    }

    private static func hartmann(_ x: [Double]) -> Double {
        let heights = [1, 1.2, 3, 3.2]
        let widths: [[Double]] = [
            [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
        ]
        let centres: [[Double]] = [
            [1_312, 1_696, 5_569, 124, 8_283, 5_886], [2_329, 4_135, 8_307, 3_736, 1_004, 9_991],
            [2_348, 1_451, 3_522, 2_883, 3_047, 6_650], [4_047, 8_828, 8_732, 5_743, 1_091, 381],
        ]
        var sum = 0.0
        for peak in 0..<4 {
            var distance = 0.0
            for index in 0..<6 {
                let offset = x[index] - centres[peak][index] * 1e-4
                distance += widths[peak][index] * offset * offset
            }
            sum -= heights[peak] * exp(-distance)
        }
        return sum
    }

    private static func rosenbrock(_ x: [Double]) -> Double {
        var sum = 0.0
        for index in 0..<3 {
            let bend = x[index + 1] - x[index] * x[index]
            sum += 100 * bend * bend + (1 - x[index]) * (1 - x[index])
        }
        return sum
    }

    /// The best after 100 and after 200 trials, median over the seeds 0…19.
    private static func medians(
        _ function: ([Double]) -> Double, _ bounds: [ClosedRange<Double>], batch: Int
    ) -> (Double, Double) {
        let space = SearchSpace(
            bounds.map {
                SearchDimension("x", .range(low: $0.lowerBound, high: $0.upperBound, step: nil, isLogarithmic: false))
            })
        let schedule = TrialSchedule(count: 200, learns: true, batch: batch)
        let best = (0..<20).map { seed in
            var history: [Observation] = []
            while history.count < 200 {
                var points: [[Double]] = []
                for number in schedule.range(of: history.count) {
                    points.append(
                        Sampler.tpe.point(
                            number, in: space, seed: UInt64(seed), history: history, pending: points)!)
                }
                history += points.map { Observation(point: $0, standing: .complete(loss: function($0))) }
            }
            let losses = history.map { function($0.point) }
            return (losses.prefix(100).min()!, losses.min()!)
        }
        func median(_ values: [Double]) -> Double { (values.sorted()[9] + values.sorted()[10]) / 2 }
        return (median(best.map(\.0)), median(best.map(\.1)))
    }

    // Medians of optuna 5.0.0, TPESampler(seed: 0…19) with its defaults (multivariate), and with multivariate=False in
    // brackets; the interquartile range of its twenty runs is what the tolerance is made of:
    //   Branin [−5, 10] × [0, 15]     100: 0.41673 (0.44792)   200: 0.40094 (0.40271)
    //   Hartmann-6 [0, 1]⁶            100: −3.22804 (−2.99561) 200: −3.29164 (−3.21274)
    //   Rosenbrock-4 [−5, 10]⁴        100: 24.107 (129.93)     200: 7.2828 (8.3369)
    @Test(
        "it finds what an established search of its kind finds, one trial at a time and in batches", arguments: [1, 4])
    func quality(_ batch: Int) {
        let branin = ParzenTests.medians(ParzenTests.branin, [-5...10, 0...15], batch: batch)
        #expect(branin.0 < 0.41673 + 0.022 && branin.1 < 0.40094 + 0.003)
        let hartmann = ParzenTests.medians(ParzenTests.hartmann, Array(repeating: 0...1, count: 6), batch: batch)
        #expect(hartmann.0 < -3.22804 + 0.092 && hartmann.1 < -3.29164 + 0.018)
        let rosenbrock = ParzenTests.medians(
            ParzenTests.rosenbrock, Array(repeating: -5...10, count: 4), batch: batch)
        #expect(rosenbrock.0 < 24.107 + 34.6 && rosenbrock.1 < 7.2828 + 5.9)
    }

    @Test("of twenty-five points all weigh the same, of more the older ones less")
    func weights() {
        #expect(ParzenMixture.weights(25) == Array(repeating: 1, count: 25))
        let many = ParzenMixture.weights(28)
        #expect(many[0] == 1.0 / 28 && many[2] == 1 && many.count == 28)
        #expect(abs(many[1] - (1.0 / 28 + 1) / 2) < 1e-12)
        #expect(many.dropFirst(3).allSatisfy { $0 == 1 })
    }

    @Test("the density of a mixture sums to one, with steps, without, and over a choice")
    func density() {
        let stepped = SearchDimension("x", .range(low: 1, high: 20, step: 1, isLogarithmic: true))
        let steps = ParzenMixture(SearchSpace([stepped]), [[3], [3], [17]])
        #expect(abs((1...20).reduce(0) { $0 + exp(steps.logDensity([Double($1)])) } - 1) < 1e-9)
        let even = SearchDimension("x", .range(low: -2, high: 2, step: nil, isLogarithmic: false))
        let points = ParzenMixture(SearchSpace([even]), [[0.5], [1.9], [-2]])
        var sum = 0.0
        for cell in 0..<40_000 { sum += exp(points.logDensity([-2 + (Double(cell) + 0.5) * 1e-4])) * 1e-4 }
        #expect(abs(sum - 1) < 1e-6)
        let choice = ParzenMixture(SearchSpace([SearchDimension("x", .choice([1, 2, 4]))]), [[2], [2]])
        #expect(abs([1, 2, 4].reduce(0) { $0 + exp(choice.logDensity([$1])) } - 1) < 1e-12)
        // Three kernels: twice (1 + 1/3) ÷ (1 + 3/3) for what was seen, a third of what is known before.
        #expect(abs(exp(choice.logDensity([2])) - (2 * (4.0 / 3) / 2 + 1.0 / 3) / 3) < 1e-12)
    }

    @Test("a choice is drawn as often as its density says")
    func choices() {
        let mixture = ParzenMixture(SearchSpace([SearchDimension("x", .choice([1, 2, 4]))]), [[2], [4]])
        var numbers = SearchNumbers(seed: 9, number: 0)
        let drawn = (0..<6_000).map { _ in mixture.draw(&numbers)[0] }
        for value in [1.0, 2, 4] {
            let share = Double(drawn.count { $0 == value }) / 6_000
            #expect(abs(share - exp(mixture.logDensity([value]))) < 0.03)
        }
    }

    @Test("results rank as complete, given up, infeasible, undefined")
    func standings() {
        let ranked: [Standing] = [
            .complete(loss: -1), .complete(loss: 2), .pruned(looks: 3, loss: 9), .pruned(looks: 1, loss: 0),
            .pruned(looks: 1, loss: 1), .infeasible(violation: 0.1), .infeasible(violation: 3), .undefined,
        ]
        #expect(ranked.shuffled().sorted() == ranked)
    }

    @Test("a trial is given up when its best look is worse than the median at that look")
    func pruning() {
        let earlier = (0..<11).map { [Double($0), Double($0) + 10] as [Double?] }
        let pruner = MedianPruner(earlier, looks: 3)
        #expect(!pruner.givesUp([5]) && pruner.givesUp([5.1]))
        #expect(!pruner.givesUp([4, 99]) && pruner.givesUp([16, 15.5]))
        #expect(pruner.givesUp([nil]) && !pruner.givesUp([nil, 15]))
        #expect(!MedianPruner(Array(earlier.prefix(9)), looks: 3).givesUp([99]))
        #expect(!pruner.givesUp([]))
    }

    @Test("batches do not overlap and leave nothing out")
    func schedule() {
        let schedule = TrialSchedule(count: 25, learns: true, batch: 4)
        #expect(schedule.range(of: 0) == 0..<10 && schedule.range(of: 9) == 0..<10)
        #expect(schedule.range(of: 10) == 10..<14 && schedule.range(of: 24) == 22..<25)
        #expect(TrialSchedule(count: 7, learns: false, batch: 4).range(of: 3) == 0..<7)
    }
}
