import Market
import Synchronization
import Terminal

/// What the heatmap pane remembers between frames.
struct HeatmapState: Sendable {
    /// The shares of resting quantity, in percent, below which all is cold and above which all is hot.
    var percentiles: ClosedRange<Double> = 5...95
    /// Seconds a column, as asked for; `nil` fits what is known into the pane.
    var columnSeconds: Int64?
    /// Ticks a band of price, as asked for; `nil` fits the book into the pane.
    var bandTicks: Int64?
    /// The levels shown last, for steadiness.
    let memo = HeatMemo()
}

/// Remembers the levels and the prices that a heat map showed, so that noise around a border doesn't flicker and the
/// picture moves by jumps.
final class HeatMemo: Sendable {
    private struct Shown: Sendable {
        var key = ""
        var band: Int64 = 0
        var top: Int64 = 0
        var scale: HeatScale?
        var percentiles: ClosedRange<Double> = 5...95
        var cells: [UInt8] = []
        var cellsTop: Int64 = 0
        var cellsBand: Int64 = 0
        var firstColumn: Int64 = 0
        var rows = 0
    }

    private let shown = Mutex(Shown())

    /// The band and the top to show: those shown before while the band still suits and the middle of the market is
    /// inside of the middle half, else anew with the market in the middle.
    func place(key: String, mid: Price, fitting: Int64, bands: Int) -> (band: Price, top: Price) {
        shown.withLock { shown in
            if shown.key != key { shown = Shown(key: key) }
            let isSuitable = shown.band > 0 && fitting <= shown.band * 2 && shown.band <= fitting * 5
            let band = isSuitable ? shown.band : fitting
            let distance = shown.top - mid.mantissa
            let height = band * Int64(bands)
            if !isSuitable || distance < height / 4 || distance > height * 3 / 4 {
                shown.band = band
                shown.top = (mid.mantissa + height / 2) / band * band
            }
            return (Price(mantissa: shown.band), Price(mantissa: shown.top))
        }
    }

    /// The scale to show: the one shown before unless its cut-offs have become a quarter too low or too high.
    func scale(_ wanted: HeatScale, _ percentiles: ClosedRange<Double>) -> HeatScale {
        shown.withLock { shown in
            if let scale = shown.scale, shown.percentiles == percentiles,
                abs(scale.high - wanted.high) <= 0.25 * scale.high,
                abs(scale.low - wanted.low) <= 0.5 * max(scale.low, 1)
            {
                return scale
            }
            shown.scale = wanted
            shown.percentiles = percentiles
            return wanted
        }
    }

    /// The levels of a grid, column after column, steady against those shown before at the same time and price.
    func levels(_ grid: HeatGrid, _ scale: HeatScale, firstColumn: Int64, top: Price, band: Price) -> [UInt8] {
        shown.withLock { shown in
            let isSame = shown.cellsTop == top.mantissa && shown.cellsBand == band.mantissa && shown.rows == grid.rows
            var cells = [UInt8](repeating: 0, count: grid.columns * grid.rows)
            for column in 0..<grid.columns {
                let before = Int(firstColumn - shown.firstColumn) + column
                let offset = before * grid.rows
                let isKnown = isSame && before >= 0 && offset + grid.rows <= shown.cells.count
                for row in 0..<grid.rows {
                    let value = grid[column, row]
                    guard value > 0 else { continue }
                    let previous = isKnown ? Int(shown.cells[offset + row]) : 0
                    cells[column * grid.rows + row] = UInt8(scale.level(Double(value), previous: previous))
                }
            }
            shown.cells = cells
            shown.cellsTop = top.mantissa
            shown.cellsBand = band.mantissa
            shown.firstColumn = firstColumn
            shown.rows = grid.rows
            return cells
        }
    }
}
