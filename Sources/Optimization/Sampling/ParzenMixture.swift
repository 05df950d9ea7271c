/// A density made of one kernel for each point and a broad one for what is known before any.
struct ParzenMixture {
    /// Points up to this number weigh the same; of more, the older weigh less.
    static let equalWeights = 25

    private let axes: [ParzenAxis]
    private let weights: [Double]
    private let logWeights: [Double]

    /// The density of points, oldest first.
    init(_ space: SearchSpace, _ points: [[Double]]) {
        var weights = ParzenMixture.weights(points.count) + [1]
        let sum = weights.reduce(0, +)
        for place in weights.indices { weights[place] /= sum }
        self.weights = weights
        logWeights = weights.map(Functions.logarithm)
        axes = space.dimensions.indices.map { index in
            ParzenAxis(space.dimensions[index], points.map { $0[index] })
        }
    }

    /// Ones for the newest, a ramp from 1/n up to 1 for those before.
    static func weights(_ count: Int) -> [Double] {
        guard count > equalWeights else { return Array(repeating: 1, count: count) }
        let ramp = count - equalWeights
        let low = 1 / Double(count)
        return (0..<count).map { index in
            guard index < ramp else { return 1 }
            return ramp == 1 ? low : low + (1 - low) * Double(index) / Double(ramp - 1)
        }
    }

    /// A point of the density: of one kernel in all dimensions.
    func draw(_ numbers: inout SearchNumbers) -> [Double] {
        let kernel = numbers.place(weights: weights)
        return axes.map { $0.draw(kernel, &numbers) }
    }

    /// The logarithm of the density at a point. O(kernels × dimensions).
    func logDensity(_ point: [Double]) -> Double {
        var terms = logWeights
        for (axis, value) in zip(axes, point) { axis.add(value, to: &terms) }
        return terms.withUnsafeBufferPointer { terms in
            var highest = -Double.infinity
            for index in 0..<terms.count where terms[index] > highest { highest = terms[index] }
            guard highest > -Double.infinity else { return highest }
            var sum = 0.0
            for index in 0..<terms.count { sum += Functions.exponential(terms[index] - highest) }
            return highest + Functions.logarithm(sum)
        }
    }
}
