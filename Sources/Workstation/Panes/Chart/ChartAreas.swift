import Terminal

/// How the inside of the chart pane is divided.
struct ChartAreas: Hashable, Sendable {
    /// One row of readings on top; empty where there is no room.
    var legend: Rect
    /// The candles.
    var plot: Rect
    /// Volume columns; empty when off or without room.
    var volume: Rect
    /// The panes of indicators with their own scale, each with a rule of one row above.
    var studies: [Rect]
    /// Price labels, beside the plot; empty where there is no room.
    var priceAxis: Rect
    /// Time labels.
    var timeAxis: Rect

    /// The columns candles share with everything below them.
    var columns: Int { plot.width }

    /// Divides an area.
    ///
    /// Rows go to the plot first; the time axis comes from 4 rows on, the legend from 9, volume from 9, indicators
    /// from 18 and a second one from 32. The price axis needs its labels' width and leaves at least 20 columns.
    ///
    /// - Parameters:
    ///   - axisWidth: columns of the price labels.
    ///   - studyCount: how many indicators would like a pane.
    init(_ area: Rect, axisWidth: Int, showsVolume: Bool, studyCount: Int) {
        let hasAxis = area.width - axisWidth >= 20
        let width = hasAxis ? area.width - axisWidth : area.width
        let timeRows = area.height >= 4 ? 1 : 0
        let legendRows = area.height >= 9 ? 1 : 0
        let volumeRows = showsVolume && area.height >= 9 ? min(8, max(2, area.height / 7)) : 0
        let studyLimit = area.height >= 32 ? 2 : area.height >= 18 ? 1 : 0
        let studyRows = min(9, max(5, area.height / 6))
        let shownStudies = min(studyCount, studyLimit)
        let rows = area.rows(
            [.fixed(legendRows), .weight(1), .fixed(volumeRows)]
                + [Rect.Span](repeating: .fixed(studyRows), count: shownStudies) + [.fixed(timeRows)])
        legend = rows[0]
        plot = Rect(x: area.x, y: rows[1].y, width: width, height: rows[1].height)
        volume = Rect(x: area.x, y: rows[2].y, width: width, height: rows[2].height)
        studies = rows[3..<3 + shownStudies].map { Rect(x: area.x, y: $0.y, width: width, height: $0.height) }
        timeAxis = rows[3 + shownStudies]
        priceAxis =
            hasAxis
            ? Rect(x: area.x + width, y: plot.y, width: axisWidth, height: plot.height)
            : Rect(x: area.x + width, y: plot.y, width: 0, height: 0)
    }
}
