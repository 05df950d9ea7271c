import Backtesting
import Market
import Plots

/// What is drawn of the equity and of returns.
extension RunReport {
    private func points(_ values: [Double], _ days: DayCurve) -> [PlotPoint] {
        values.enumerated().map { PlotPoint(Double(days.day($0.offset).seconds) + 86_400, $0.element) }
    }

    var equityPanel: Panel {
        var marks: [Mark] = []
        if let days, !days.hold.isEmpty {
            let start = Double(days.day(0).seconds)
            marks.append(
                .line(
                    [PlotPoint(start, days.initial)] + points(days.hold, days), .muted,
                    name: "buy and hold, without costs", isThin: true))
        }
        let curve = equity.map { PlotPoint(Double($0.time.nanoseconds) / 1e9, $0.value) }
        marks.append(
            .line(curve.isEmpty ? days.map { points($0.equity, $0) } ?? [] : curve, .series(0), name: "equity"))
        return Panel(
            title: "Equity", share: 2.6, x: Axis("", .time), y: Axis(currency), marks: marks,
            whenEmpty: "the run has no equity curve")
    }

    func drawdownPanel(share: Double) -> Panel {
        var peak = figures.number("initial_equity") ?? equity.first?.value ?? 0
        let points = equity.map { point -> PlotPoint in
            peak = max(peak, point.value)
            return PlotPoint(Double(point.time.nanoseconds) / 1e9, peak > 0 ? point.value / peak - 1 : 0)
        }
        return Panel(
            title: "Below the peak", share: share, x: Axis("", .time), y: Axis("", unit: .percent, including: [0]),
            marks: [.area(points, base: 0, .loss, name: nil)], whenEmpty: "the run has no equity curve")
    }

    var monthPanel: Panel {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "year"]
        let years = figures.rows("yearly_returns").compactMap { row in
            row["year"]?.number.map { (year: Int($0), value: row["return"]?.number) }
        }
        var cells = [[Double?]](repeating: Array(repeating: nil, count: 13), count: years.count)
        var largest = 0.0
        for row in figures.rows("monthly_returns") {
            let parts = (row["month"]?.text ?? "").split(separator: "-").compactMap { Int($0) }
            guard parts.count == 2, (1...12).contains(parts[1]), let value = row["return"]?.number,
                let index = years.firstIndex(where: { $0.year == parts[0] })
            else { continue }
            cells[index][parts[1] - 1] = value
            largest = max(largest, abs(value))
        }
        for (index, year) in years.enumerated() { cells[index][12] = year.value }
        // A year is larger than its months; they would all be pale beside it.
        let grid = CellGrid(
            cells, title: "return", unit: .percent, isDiverging: true, limit: largest > 0 ? largest : nil)
        return Panel(
            x: Axis("", .names(names)), y: Axis("", .names(years.map { "\($0.year)" })), marks: [.cells(grid)],
            whenEmpty: "the run has no whole day")
    }

    var yearPanel: Panel {
        let years = figures.rows("yearly_returns").compactMap { row -> (name: String, value: Double)? in
            guard let year = row["year"]?.number, let value = row["return"]?.number else { return nil }
            return ("\(Int(year))", value)
        }
        return bars(years, unit: .percent, "the run has no whole day")
    }

    var hourPanel: Panel {
        let rows = figures.rows("by_hour")
        guard !rows.isEmpty else {
            return Panel(x: Axis(), y: Axis(), marks: [], whenEmpty: "there is no round trip")
        }
        let hours = (0..<24).map { hour in
            (
                name: "\(hour)",
                value: rows.first { $0["hour"]?.number == Double(hour) }?["profit"]?.number ?? 0
            )
        }
        var panel = bars(hours, unit: .plain, "there is no round trip")
        panel.x.title = "hour of the entry, UTC"
        panel.y.title = "profit"
        return panel
    }

    private func bars(_ values: [(name: String, value: Double)], unit: Axis.Unit, _ whenEmpty: String) -> Panel {
        let bars = values.enumerated().map { index, bar in
            PlotBar(
                x: (Double(index) - 0.38)...(Double(index) + 0.38), y: min(bar.value, 0)...max(bar.value, 0),
                ink: bar.value < 0 ? .loss : .gain)
        }
        return Panel(
            x: Axis("", .names(values.map(\.name))), y: Axis("", unit: unit, including: [0]),
            marks: [.bars(bars, name: nil, .gain)], whenEmpty: whenEmpty)
    }

    var distributionPanel: Panel {
        guard let days else { return Panel(x: Axis(), y: Axis(), marks: [], whenEmpty: noDays) }
        let histogram = Histogram(days.returns)
        guard let histogram else {
            return Panel(x: Axis(), y: Axis(), marks: [], whenEmpty: "the daily returns don't differ, or are too few")
        }
        let bars = histogram.counts.enumerated().map { index, count in
            let low = histogram.low + Double(index) * histogram.width
            let ink: Ink = low + histogram.width / 2 < 0 ? .loss : .gain
            return PlotBar(x: low...(low + histogram.width), y: 0...Double(count), ink: ink)
        }
        return Panel(
            title: "", x: Axis("return of a day", unit: .percent), y: Axis("days", including: [0]),
            marks: [
                .bars(bars, name: "days", .gain),
                .line(
                    histogram.normal, .text, name: "normal distribution of the same mean and deviation", isDashed: true),
                .instant(histogram.mean, .series(1), name: "mean"),
            ])
    }

    var rollingPanel: Panel {
        let rolling = figures.object("rolling_sharpe")
        let points = (rolling["values"]?.rows ?? []).compactMap { row -> PlotPoint? in
            guard let date = row["date"]?.text, let time = Timestamp(iso8601: date) else { return nil }
            return PlotPoint(Double(time.seconds), row["sharpe"]?.number ?? .nan)
        }
        let window = rolling["days"]?.number.map { ReportText.count($0) } ?? "–"
        return Panel(
            title: "Sharpe ratio of the last \(window) days", x: Axis("", .time), y: Axis("", including: [0]),
            marks: [
                .line(points, .series(0), name: "rolling"),
                .level(figures.number("sharpe") ?? .nan, .series(1), name: "whole run"),
            ].filter { if case .level(let value, _, _) = $0 { value.isFinite } else { true } },
            whenEmpty: "the run is shorter than the window of \(window) days")
    }
}
