public import Plots

/// What can be drawn of a run.
public enum RunPlot: String, Sendable, CaseIterable {
    /// The equity beside buying and holding, and how far it is below its peak.
    case equity
    /// How far the equity is below its peak, alone.
    case drawdown
    /// The returns of months and years, as colours.
    case monthly
    /// The returns of years, as bars.
    case yearly
    /// How often daily returns had which size, beside a normal distribution.
    case distribution
    /// The Sharpe ratio of the days before, day by day.
    case rolling
    /// Entries and exits on the price.
    case trades
    /// How far the price went against and for each round trip, beside what came of it.
    case excursions
    /// The profit by the hour of entry.
    case hours

    /// What people call it.
    public var title: String {
        switch self {
        case .equity: return "Equity"
        case .drawdown: return "Below the peak"
        case .monthly: return "Monthly returns"
        case .yearly: return "Yearly returns"
        case .distribution: return "Daily returns"
        case .rolling: return "Rolling Sharpe ratio"
        case .trades: return "Round trips on the price"
        case .excursions: return "Excursions of round trips"
        case .hours: return "Profit by hour of entry"
        }
    }
}

extension RunReport {
    /// A plot of the run.
    ///
    /// - Parameter isBare: whether what it is of is said around it, as in the tear sheet.
    public func plot(_ kind: RunPlot, isBare: Bool = false) -> Plot {
        let panels = panels(kind)
        guard !isBare else { return Plot(title: "", panels: panels) }
        return Plot(
            title: "\(strategy) on \(symbol) \(timeframe): \(kind.title.lowercased(firstOnly: true))",
            subtitle: subtitle,
            footer: originLine, panels: panels)
    }

    private var subtitle: String {
        var parts = parameterText.isEmpty ? [] : [parameterText]
        parts.append(span)
        parts.append("return \(ReportText.percent(figures.number("total_return")))")
        parts.append("Sharpe \(ReportText.ratio(figures.number("sharpe")))")
        parts.append("drawdown \(ReportText.percent(figures.number("max_drawdown")))")
        parts.append("\(trips.count) round trips")
        return parts.joined(separator: " · ")
    }

    private func panels(_ kind: RunPlot) -> [Panel] {
        switch kind {
        case .equity: return [equityPanel, drawdownPanel(share: 1)]
        case .drawdown: return [drawdownPanel(share: 1)]
        case .monthly: return [monthPanel]
        case .yearly: return [yearPanel]
        case .distribution: return [distributionPanel]
        case .rolling: return [rollingPanel]
        case .trades: return [tradesPanel, profitPanel]
        case .excursions: return [excursionPanel]
        case .hours: return [hourPanel]
        }
    }

    /// Why there is no day by day.
    var noDays: String { "there are no daily marks: the run was kept by an earlier release" }
}

extension String {
    fileprivate func lowercased(firstOnly: Bool) -> String {
        guard let first else { return self }
        return first.lowercased() + dropFirst()
    }
}

/// Figures as people read them.
enum ReportText {
    static func percent(_ value: Double?, _ decimals: Int = 2) -> String {
        value.map { fixed($0 * 100, decimals) + " %" } ?? "–"
    }

    static func ratio(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "–" }
    static func amount(_ value: Double?) -> String { value.map { fixed($0, 2) } ?? "–" }
    static func count(_ value: Double?) -> String { value.map { fixed($0, 0) } ?? "–" }

    static func fixed(_ value: Double, _ decimals: Int) -> String { PlotText.number(value, decimals: decimals) }
}
