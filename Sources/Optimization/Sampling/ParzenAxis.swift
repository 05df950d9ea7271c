/// The kernels of a mixture along one dimension, that of what is known before any point being the last.
///
/// A range has normal kernels cut off at its ends, at the points, as wide as the gap to the farther neighbour, but no
/// narrower than the range ÷ min(100, kernels + 1); the last one lies in the middle, as wide as the range. A choice has
/// one more for the value seen than for the others.
struct ParzenAxis {
    private let dimension: SearchDimension
    /// The range on its own scale, with half a step added on both sides where there is one.
    private let low: Double
    private let high: Double
    private let means: [Double]
    private let widths: [Double]
    /// The logarithm of what is left of each kernel within the range; of width × mass × √2π for a continuous one.
    private let logNorms: [Double]

    private static let logRootTwoPi = 0.918_938_533_204_672_7

    init(_ dimension: SearchDimension, _ values: [Double]) {
        self.dimension = dimension
        guard case .range(let low, let high, let step, _) = dimension.values else {
            (self.low, self.high) = (0, 0)
            means = values.map { Double(dimension.place(of: $0)) }
            (widths, logNorms) = ([], [])
            return
        }
        let half = (step ?? 0) / 2
        let from = ParzenAxis.scaled(low - half, dimension)
        // A range of one number is a range all the same.
        let to = max(ParzenAxis.scaled(high + half, dimension), from + 1e-12)
        let means = values.map { ParzenAxis.scaled($0, dimension) } + [(from + to) / 2]
        let widths = ParzenAxis.widths(means.dropLast(), from, to) + [to - from]
        self.low = from
        self.high = to
        self.means = means
        self.widths = widths
        logNorms = means.indices.map { index in
            let mass = Functions.normalMass((from - means[index]) / widths[index], (to - means[index]) / widths[index])
            let norm = Functions.logarithm(mass)
            return step == nil ? norm + Functions.logarithm(widths[index]) + ParzenAxis.logRootTwoPi : norm
        }
    }

    private static func scaled(_ value: Double, _ dimension: SearchDimension) -> Double {
        guard case .range(_, _, _, true) = dimension.values else { return value }
        return Functions.logarithm(value)
    }

    /// How wide the kernels of points are.
    private static func widths(_ means: ArraySlice<Double>, _ low: Double, _ high: Double) -> [Double] {
        let order = means.indices.sorted { means[$0] == means[$1] ? $0 < $1 : means[$0] < means[$1] }
        let least = (high - low) / min(100, Double(means.count) + 2)
        var widths = [Double](repeating: 0, count: means.count)
        for (rank, index) in order.enumerated() {
            let isFirst = rank == 0
            let isLast = rank == order.count - 1
            let below = means[index] - (isFirst ? low : means[order[rank - 1]])
            let above = (isLast ? high : means[order[rank + 1]]) - means[index]
            // The outermost points keep to their only neighbour: the ends of the range are no points.
            var width = max(below, above)
            if order.count > 1, isFirst { width = above }
            if order.count > 1, isLast { width = below }
            widths[index] = min(max(width, least), high - low)
        }
        return widths
    }

    /// A value of a kernel.
    func draw(_ kernel: Int, _ numbers: inout SearchNumbers) -> Double {
        guard case .range(_, _, _, let isLogarithmic) = dimension.values else {
            let count = dimension.count ?? 1
            let more = numbers.unit() * (1 + Double(count) * share) - Double(count) * share
            if kernel < means.count, more >= 0 { return dimension.value(at: Int(means[kernel])) }
            return dimension.value(at: min(Int(numbers.unit() * Double(count)), count - 1))
        }
        // Kernels lie within the range and are no wider, so a third of what is drawn fits at the least.
        var value = means[kernel]
        for _ in 0..<100 {
            let drawn = means[kernel] + widths[kernel] * numbers.normal()
            guard drawn >= low, drawn <= high else { continue }
            value = drawn
            break
        }
        return dimension.nearest(isLogarithmic ? Functions.exponential(value) : value)
    }

    /// What each value of a choice has before any is seen.
    private var share: Double { 1 / Double(means.count + 1) }

    /// Adds the logarithm of each kernel's density at a value.
    func add(_ value: Double, to terms: inout [Double]) {
        guard case .range(_, _, let step, _) = dimension.values else {
            let count = Double(dimension.count ?? 1)
            let seen = Double(dimension.place(of: value))
            let whole = 1 + count * share
            let (hit, miss) = (Functions.logarithm((1 + share) / whole), Functions.logarithm(share / whole))
            for index in means.indices { terms[index] += means[index] == seen ? hit : miss }
            terms[means.count] -= Functions.logarithm(count)
            return
        }
        // This is where a search spends its time: no bounds are checked in it.
        terms.withUnsafeMutableBufferPointer { terms in
            means.withUnsafeBufferPointer { means in
                widths.withUnsafeBufferPointer { widths in
                    logNorms.withUnsafeBufferPointer { logNorms in
                        guard let step else {
                            let place = ParzenAxis.scaled(value, dimension)
                            for index in 0..<means.count {
                                let distance = (place - means[index]) / widths[index]
                                terms[index] -= 0.5 * distance * distance + logNorms[index]
                            }
                            return
                        }
                        let from = ParzenAxis.scaled(value - step / 2, dimension)
                        let to = ParzenAxis.scaled(value + step / 2, dimension)
                        for index in 0..<means.count {
                            let mass = Functions.normalMass(
                                (from - means[index]) / widths[index], (to - means[index]) / widths[index])
                            terms[index] += Functions.logarithm(mass) - logNorms[index]
                        }
                    }
                }
            }
        }
    }
}
