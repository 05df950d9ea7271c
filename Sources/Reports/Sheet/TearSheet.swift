import Backtesting
public import Plots

/// A run on one page: what was asked, what came out, what to doubt. One file of HTML with everything in it: no network, no
/// scripts.
public struct TearSheet {
    let report: RunReport
    /// The command that runs it anew.
    let commands: [(words: String, text: String)]

    /// A sheet of a run.
    ///
    /// - Parameters:
    ///   - commands: what to type to have the run again; each with the words before it.
    public init(_ report: RunReport, commands: [(words: String, text: String)] = []) {
        self.report = report
        self.commands = commands
    }

    /// The page.
    ///
    /// - Throws: `PlotError` when a plot can't be drawn.
    public func html() throws(PlotError) -> String {
        var page = HTML()
        page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
        page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
        page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ")
        page.raw("style-src 'unsafe-inline'\">\n")
        page.element("title", "\(report.strategy) on \(report.symbol) \(report.timeframe), \(report.span)")
        page.raw("\n<style>\n")
        page.raw(SheetStyle.css)
        page.raw("\n</style>\n</head>\n<body>\n")
        head(&page)
        cards(&page)
        warnings(&page)
        try plot(.equity, height: 430, &page)
        SheetTables(report).returns(&page)
        try plot(.monthly, height: monthHeight, &page)
        page.element("h2", "Daily returns")
        try plot(.distribution, height: 300, isHeaded: false, &page)
        try plot(.rolling, height: 260, &page)
        SheetTables(report).drawdowns(&page)
        try plot(.trades, height: 430, &page)
        SheetTables(report).trips(&page)
        if !report.trips.isEmpty {
            try plot(.excursions, height: 380, &page)
            try plot(.hours, height: 240, &page)
        }
        SheetTables(report).regimes(&page)
        SheetTables(report).figures(&page)
        origin(&page)
        page.raw("</body>\n</html>\n")
        return page.text
    }

    private var monthHeight: Int { 100 + 34 * min(max(report.figures.rows("yearly_returns").count, 2), 40) }

    private func plot(_ kind: RunPlot, height: Int, isHeaded: Bool = true, _ page: inout HTML) throws(PlotError) {
        let plot = report.plot(kind, isBare: true)
        let size = PlotSize(width: 960, height: height)
        let light = try plot.draw(.svg, size: size, theme: .light)
        let dark = try plot.draw(.svg, size: size, theme: .dark)
        if isHeaded { page.element("h2", kind.title) }
        page.element("div", kind: "plot") { page in
            page.picture(
                light: light, dark: dark, words: "\(kind.title) of \(report.strategy) on \(report.symbol)", width: 960,
                height: height)
        }
    }

    // MARK: Head

    private func head(_ page: inout HTML) {
        let figures = report.figures
        page.element("h1", "\(report.strategy) on \(report.symbol) \(report.timeframe)")
        page.element(
            "p",
            "\(figures.text("from") ?? "–") to \(figures.text("to") ?? "–"), \(ReportText.count(figures.number("bars"))) candles",
            kind: "muted")
        let parameters = report.parameterText
        if !parameters.isEmpty {
            page.element("p") { page in
                page.write("Parameters ")
                page.element("code", parameters)
            }
        }
    }

    private func cards(_ page: inout HTML) {
        let figures = report.figures
        func tone(_ value: Double?) -> StaticString { (value ?? 0) < 0 ? "loss" : (value ?? 0) > 0 ? "gain" : "" }
        func card(_ title: String, _ text: String, _ tone: StaticString = "") {
            page.element("div", kind: "card") { page in
                page.element("b", text, kind: tone)
                page.element("span", title)
            }
        }
        page.raw("<div class=\"cards\">\n")
        let total = figures.number("total_return")
        card("total return", ReportText.percent(total), tone(total))
        card(
            "a year", ReportText.percent(figures.number("annualized_return")), tone(figures.number("annualized_return"))
        )
        card("Sharpe (daily, √365)", ReportText.ratio(figures.number("sharpe")))
        card("Sortino", ReportText.ratio(figures.number("sortino")))
        card("Calmar", ReportText.ratio(figures.number("calmar")))
        card("maximum drawdown", ReportText.percent(figures.number("max_drawdown")), "loss")
        card("round trips", ReportText.count(figures.number("trade_count")))
        card("won", ReportText.percent(figures.number("win_rate"), 1))
        card("profit factor", ReportText.ratio(figures.number("profit_factor")))
        card("time in the market", ReportText.percent(figures.number("exposure"), 1))
        card("fees paid", ReportText.amount(figures.number("fees_paid")))
        card("Sharpe above 0, chance", ReportText.percent(figures.number("probabilistic_sharpe"), 1))
        if let deflated = figures.number("deflated_sharpe") {
            card("deflated Sharpe, chance", ReportText.percent(deflated, 1))
        }
        if let hold = report.days?.hold.last, let initial = report.days?.initial, initial > 0 {
            card("buy and hold, without costs", ReportText.percent(hold / initial - 1), tone(hold / initial - 1))
        }
        page.raw("</div>\n")
    }

    private func warnings(_ page: inout HTML) {
        let warnings = SheetWarnings(report).lines
        guard !warnings.isEmpty else { return }
        page.element("div", kind: "note") { page in
            page.element("b", "To keep in mind")
            page.element("ul") { page in
                for warning in warnings { page.element("li", warning) }
            }
        }
    }

    // MARK: Origin

    private func origin(_ page: inout HTML) {
        page.element("h2", "What it was made from")
        page.element("dl") { page in
            for (title, text) in report.origin {
                page.element("dt", title)
                page.element("dd", text)
            }
            if let number = report.number {
                page.element("dt", "kept as")
                page.element("dd", "backtest \(number)")
            }
        }
        for command in commands {
            page.element("p", command.words, kind: "muted")
            page.element("pre", command.text)
        }
        if let rules = report.figures.text("rules") {
            page.element("p", "The rules, word for word:", kind: "muted")
            page.element("pre", rules)
        }
    }
}
