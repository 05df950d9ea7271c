/// What a reader should keep in mind before believing a run.
struct SheetWarnings {
    let report: RunReport

    init(_ report: RunReport) { self.report = report }

    var lines: [String] {
        let figures = report.figures
        func count(_ key: String) -> Int { Int(figures.number(key) ?? 0) }
        var lines: [String] = []
        if count("missing_bars") > 0 {
            let gaps = figures.rows("gaps")
            var text = "\(count("missing_bars")) candles are missing in \(gaps.count) gaps"
            if let most = gaps.max(by: { ($0["missing"]?.number ?? 0) < ($1["missing"]?.number ?? 0) }) {
                text += "; the longest from \(most["from"]?.text ?? "–") to \(most["to"]?.text ?? "–")"
            }
            lines.append(text + ".")
        }
        if count("partial_bars") > 0 {
            lines.append("\(count("partial_bars")) candles are made from fewer minutes than they hold.")
        }
        if count("refused_orders") > 0 { lines.append("\(count("refused_orders")) orders were refused.") }
        if figures.members["open_trade"]?.flag == true {
            lines.append("The last round trip is open; it is marked at the last close.")
        }
        if let days = report.days?.equity.count, days < 90 {
            lines.append("The run has \(days) days: figures of so few say little.")
        }
        if report.trips.count < 30 {
            lines.append("There are \(report.trips.count) round trips: figures of so few say little.")
        }
        if let chance = figures.number("probabilistic_sharpe"), chance < 0.95 {
            lines.append(
                "That the true Sharpe ratio is above 0 has a chance of \(ReportText.percent(chance, 1)), before any thought "
                    + "of how many strategies were tried; below 95 % it is as well luck.")
        }
        if let days = figures.number("minimum_track_record_days"), let have = report.days?.equity.count,
            days > Double(have)
        {
            lines.append(
                "A Sharpe ratio like this is above 0 with 95 % confidence after \(ReportText.count(days.rounded(.up))) days; "
                    + "the run has \(have).")
        }
        lines += report.notes
        return lines
    }
}
