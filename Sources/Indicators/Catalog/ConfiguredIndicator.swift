/// The columns of consecutive bars, all of one length.
struct BarColumns: Sendable {
    let open: [Double]
    let high: [Double]
    let low: [Double]
    let close: [Double]
    let volume: [Double]
    let dayIndex: [Int64]
}

/// An indicator of the catalog with its parameters settled.
public struct ConfiguredIndicator: Sendable {
    /// What it is.
    public let descriptor: IndicatorDescriptor
    /// The values of the descriptor's parameters, in their order.
    public let values: [Double]

    /// The legend, such as `BB 20 2`.
    public var label: String {
        ([descriptor.abbreviation] + values.map(plain)).joined(separator: " ")
    }

    /// Computes the outputs over consecutive bars, each line as long as the bars and NaN where undefined.
    ///
    /// All columns must be of one length. `dayIndex` is the number of each bar's day (or other session), at whose
    /// change session averages start anew. O(n) in the number of bars.
    public func compute(
        open: [Double], high: [Double], low: [Double], close: [Double], volume: [Double], dayIndex: [Int64]
    ) -> [IndicatorLine] {
        let count = close.count
        precondition(
            open.count == count && high.count == count && low.count == count && volume.count == count
                && dayIndex.count == count, "the columns differ in length")
        let bars = BarColumns(open: open, high: high, low: low, close: close, volume: volume, dayIndex: dayIndex)
        let lines = descriptor.evaluate(bars, values)
        return zip(descriptor.outputs, lines).map {
            IndicatorLine(name: $0.name, style: $0.style, values: $1)
        }
    }
}
