/// All combinations that a search may try.
public struct SearchSpace: Sendable, Hashable {
    /// The dimensions, in the order in which points list their values.
    public var dimensions: [SearchDimension]

    /// A space of dimensions.
    public init(_ dimensions: [SearchDimension]) { self.dimensions = dimensions }

    /// How many points there are; `nil` when a dimension is continuous, or for more than 2⁶².
    public var count: Int? {
        var count = 1
        for dimension in dimensions {
            guard let more = dimension.count else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: more)
            if overflow || product > 1 << 62 { return nil }
            count = product
        }
        return count
    }

    /// The point at a place of the grid, 0 up to `count`, exclusive; the last dimension goes round first.
    ///
    /// - Precondition: the space can be counted.
    public func gridPoint(_ index: Int) -> [Double] {
        var rest = index
        var point = [Double](repeating: 0, count: dimensions.count)
        for place in dimensions.indices.reversed() {
            let count = dimensions[place].count ?? 1
            point[place] = dimensions[place].value(at: rest % count)
            rest /= count
        }
        return point
    }

    /// A point drawn evenly.
    func draw(_ numbers: inout SearchNumbers) -> [Double] { dimensions.map { $0.draw(&numbers) } }
}
