import Testing

@testable import Optimization

@Suite("Search spaces")
struct SearchSpaceTests {
    private func range(
        _ low: Double, _ high: Double, _ step: Double? = nil, isLogarithmic: Bool = false
    ) -> SearchDimension {
        SearchDimension("x", .range(low: low, high: high, step: step, isLogarithmic: isLogarithmic))
    }

    @Test("a range is counted in its steps from its lower end on")
    func counting() {
        #expect(range(5, 50, 5).count == 10)
        #expect(range(1, 3, 0.1).count == 21)
        #expect(range(1, 10, 4).count == 3)
        #expect(range(0, 1).count == nil)
        #expect(range(2, 2).count == 1)
        let values = (0..<21).map { range(1, 3, 0.1).value(at: $0) }
        #expect(values[2] == 1.2 && values[20] == 3 && values == values.sorted())
    }

    @Test("a grid has every combination once, the last dimension going round first")
    func grid() {
        let space = SearchSpace([range(1, 3, 1), SearchDimension("y", .choice([7, 5]))])
        #expect(space.count == 6)
        #expect((0..<6).map(space.gridPoint) == [[1, 7], [1, 5], [2, 7], [2, 5], [3, 7], [3, 5]])
        #expect(Sampler.grid.point(6, in: space, seed: 0) == nil)
    }

    @Test("what is drawn is always a value of the dimension, on any scale")
    func drawn() {
        let dimensions = [
            range(-5, 10), range(5, 50, 5), range(1, 500, 1, isLogarithmic: true),
            range(0.001, 10, nil, isLogarithmic: true), range(3, 3, 1), SearchDimension("x", .choice([20, 50, 100])),
        ]
        let space = SearchSpace(dimensions)
        var history: [Observation] = []
        for number in 0..<120 {
            let point = Sampler.tpe.point(number, in: space, seed: 3, history: history)!
            for (value, dimension) in zip(point, dimensions) {
                switch dimension.values {
                case .choice(let choices): #expect(choices.contains(value))
                case .range(let low, let high, let step, _):
                    #expect(value >= low && value <= high)
                    if let step { #expect(abs(((value - low) / step).rounded() * step + low - value) < 1e-9) }
                }
            }
            let loss = abs(point[0]) + abs(point[1] - 30) + abs(point[2] - 60) / 100
            history.append(Observation(point: point, standing: .complete(loss: loss)))
        }
    }

    @Test("half of what is drawn on a logarithmic scale lies below the geometric middle")
    func logarithmic() {
        let space = SearchSpace([range(1, 10_000, nil, isLogarithmic: true)])
        let below = (0..<2_000).count { Sampler.random.point($0, in: space, seed: 1)![0] < 100 }
        #expect(abs(below - 1_000) < 100)
    }

    @Test("combinations that are not wanted are drawn again")
    func wanted() {
        let space = SearchSpace([range(1, 100, 1), range(1, 100, 1)])
        var history: [Observation] = []
        for number in 0..<60 {
            let point = Sampler.tpe.point(number, in: space, seed: 5, history: history) { $0[0] < $0[1] }!
            #expect(point[0] < point[1])
            history.append(Observation(point: point, standing: .complete(loss: point[1])))
        }
    }
}
