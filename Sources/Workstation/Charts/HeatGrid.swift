import Market
import Terminal

/// A book over time, resampled to a grid: rows of price from the highest down, columns of time from the oldest.
///
/// A cell holds the mean over its stretch of time of what rested in its band of prices. Every level falls into exactly
/// one band and every snapshot into one column, so nothing is counted twice and nothing within the grid is lost.
struct HeatGrid: Sendable, Equatable {
    /// How many columns of time.
    let columns: Int
    /// How many bands of price.
    let rows: Int
    /// What rested, column after column, in units of the instrument's quantity; NaN where there was no snapshot.
    private(set) var values: [Float]
    /// The middle of bid and ask of each column's last snapshot, or `nil` where there was none.
    private(set) var mids: [Price?]

    /// What rested in a band during a column's time; NaN where nobody knows.
    subscript(column: Int, row: Int) -> Float { values[column * rows + row] }

    /// Resamples books, oldest first.
    ///
    /// - Parameters:
    ///   - end: the end of the last column, exclusive.
    ///   - columnNanoseconds: how long a column is.
    ///   - top: the upper end of the highest band; a price lies in the band below the end that it equals.
    ///   - band: how high a band is.
    init(
        _ books: [BookDepth], columns: Int, rows: Int, end: Timestamp, columnNanoseconds: Int64, top: Price,
        band: Price
    ) {
        let columns = max(0, columns)
        let rows = max(0, rows)
        self.columns = columns
        self.rows = rows
        values = [Float](repeating: .nan, count: columns * rows)
        mids = [Price?](repeating: nil, count: columns)
        guard columns > 0, rows > 0, columnNanoseconds > 0 else { return }
        let start = end.nanoseconds - Int64(columns) * columnNanoseconds
        var counts = [Int](repeating: 0, count: columns)
        for book in books {
            let offset = book.time.nanoseconds - start
            guard offset >= 0, offset < Int64(columns) * columnNanoseconds else { continue }
            let column = Int(offset / columnNanoseconds)
            if counts[column] == 0 {
                for row in 0..<rows { values[column * rows + row] = 0 }
            }
            counts[column] += 1
            mids[column] = book.quote?.mid ?? mids[column]
            add(book.bids, column, top, band)
            add(book.asks, column, top, band)
        }
        for column in 0..<columns where counts[column] > 1 {
            for row in 0..<rows { values[column * rows + row] /= Float(counts[column]) }
        }
    }

    private mutating func add(_ levels: [BookLevel], _ column: Int, _ top: Price, _ band: Price) {
        let height = max(1, band.mantissa)
        for level in levels {
            let distance = top.mantissa - level.price.mantissa
            guard distance >= 0 else { continue }
            let row = Int(distance / height)
            guard row < rows else { continue }
            values[column * rows + row] += Float(level.quantity.mantissa)
        }
    }
}

extension HeatScale {
    /// A scale whose cut-offs are percentiles of what rests in a grid, so that one wall does not darken all the rest.
    ///
    /// They lie on round numbers: the picture keeps its levels while the book breathes. `nil` for an empty grid.
    init?(_ grid: HeatGrid, percentiles: ClosedRange<Double>) {
        // A few thousand cells tell the percentiles as well as all of them.
        var present: [Float] = []
        let step = max(1, grid.values.count / 6_007)
        for index in stride(from: 0, to: grid.values.count, by: step) where grid.values[index] > 0 {
            present.append(grid.values[index])
        }
        if present.isEmpty { present = grid.values.filter { $0 > 0 } }
        guard !present.isEmpty else { return nil }
        present.sort()
        func value(_ percent: Double) -> Float {
            present[Int((percent / 100 * Double(present.count - 1)).rounded())]
        }
        func round(_ value: Float) -> Double {
            var power: Float = 1
            while power * 10 <= value { power *= 10 }
            while power > value { power /= 10 }
            return Double((value / power * 4).rounded() / 4 * power)
        }
        self.init(low: round(value(percentiles.lowerBound)), high: round(value(percentiles.upperBound)))
    }
}
