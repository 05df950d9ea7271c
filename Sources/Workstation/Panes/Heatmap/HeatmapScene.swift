import Engine
import Market
import Terminal
import Trading

/// Which stretch of time and prices a heat map shows, and at which resolution.
struct HeatmapScene: Sendable {
    /// The cells, without axes.
    let plot: Rect
    /// Price labels at the right; empty without room.
    let axis: Rect
    /// Time labels below; empty without room.
    let times: Rect
    /// How long a column is.
    let columnNanoseconds: Int64
    /// The number of the first column, counted from the epoch.
    let firstColumn: Int64
    /// The height of a band, half a row.
    let band: Price
    /// The upper end of the highest band.
    let top: Price

    /// Columns kept empty at the right, at most.
    static let marginColumns = 8

    /// The scene of a market's book in an area; `nil` without a book or room.
    init?(_ area: Rect, _ market: MarketView, _ state: HeatmapState) {
        guard let newest = market.depthHistory.last, let mid = newest.quote?.mid ?? market.last,
            area.width >= 4, area.height >= 2
        else { return nil }
        let instrument = market.instrument
        let labelWidth =
            instrument.text((market.dayHigh ?? mid).rounded(toTick: instrument.tick, .ceiling)).utf8.count + 2
        let axisWidth = area.width - labelWidth >= 16 ? labelWidth : 0
        let timeRows = area.height >= 6 ? 1 : 0
        plot = Rect(x: area.x, y: area.y, width: area.width - axisWidth, height: area.height - timeRows)
        axis = Rect(x: plot.maxX, y: area.y, width: axisWidth, height: plot.height)
        times = Rect(x: area.x, y: plot.maxY, width: plot.width, height: timeRows)
        let known = newest.time.nanoseconds(since: market.depthHistory[0].time) / 1_000_000_000
        let seconds = state.columnSeconds ?? HeatmapScene.fittingSeconds(known, columns: plot.width)
        columnNanoseconds = seconds * 1_000_000_000
        let last = newest.time.nanoseconds / columnNanoseconds
        let margin = min(HeatmapScene.marginColumns, max(1, plot.width / 4))
        firstColumn = last + Int64(margin) - last % Int64(margin) - Int64(plot.width) + 1
        let tick = instrument.tick.mantissa
        let bands = plot.height * 2
        let fitting = HeatmapScene.fittingBand(market.depthHistory, bands: bands, tick: tick)
        let wanted = state.bandTicks.map { $0 * tick }
        (band, top) = state.memo.place(
            key: "\(instrument.name) \(bands) \(wanted ?? 0)", mid: mid, fitting: wanted ?? fitting, bands: bands)
    }

    /// The end of the last column.
    var end: Timestamp { Timestamp(nanoseconds: (firstColumn + Int64(plot.width)) * columnNanoseconds) }

    /// The column of an instant; outside of the plot for instants before and after.
    func column(_ time: Timestamp) -> Int { Int(time.nanoseconds / columnNanoseconds - firstColumn) }

    /// The band of a price, counted from the top; outside of the plot for prices above and below.
    func band(of price: Price) -> Int {
        let distance = top.mantissa - price.mantissa
        return distance < 0 ? -1 : Int(min(distance / max(1, band.mantissa), 1_000_000))
    }

    /// Seconds a column so that so many seconds fit beside the margin: right after the start a map of one minute fills
    /// the pane, later one of ten.
    static func fittingSeconds(_ known: Int64, columns: Int) -> Int64 {
        let wanted = Double(known) / Double(max(1, columns - marginColumns))
        return [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30].first { Double($0) >= wanted } ?? 60
    }

    /// The band that shows the visible book of the last snapshots and what it moved: 1, 2, 5 … ticks.
    static func fittingBand(_ history: [BookDepth], bands: Int, tick: Int64) -> Int64 {
        guard let newest = history.last else { return tick }
        let high = newest.asks.last?.price ?? newest.bids.first?.price ?? .zero
        let low = newest.bids.last?.price ?? newest.asks.first?.price ?? .zero
        let span = Double(high.mantissa - low.mantissa) * 1.25
        return NiceNumbers.roundStep(atLeast: span / Double(max(1, bands)), unit: tick)
    }
}
