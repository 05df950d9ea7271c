import Backtesting
import Market
import Trading

/// What came out of a portfolio, for people.
struct PortfolioTable {
    private let result: PortfolioResult

    init(_ result: PortfolioResult) { self.result = result }

    /// Prints the account, what each part brought in, and what a reader should know besides.
    ///
    /// - Parameter json: the result as programs get it, which the extended figures are read from.
    func print(_ json: String, seconds: Double, number: Int64?) {
        var rows = [("capital", result.capital.rawValue)]
        for figure in result.account.figures where figure.key != "strategy" {
            let title = figure.key == "bars" ? "instants" : BacktestTable.titles[figure.key] ?? figure.key
            rows.append((title, figure.text))
        }
        for line in result.account.assumptions?.lines ?? [] { rows.append((line.title, line.text)) }
        Output.pairs(rows)
        ExtendedTable(JSONValue(text: json)).print()
        Output.line("")
        strategies.print(whenEmpty: "")
        if result.instruments.count < result.strategies.count, result.instruments.count > 1 {
            Output.line("")
            instruments.print(whenEmpty: "")
        }
        if result.strategies.count > 1 {
            Output.line("\nCorrelation of daily contributions:")
            correlations.print(whenEmpty: "")
        }
        notes(number)
    }

    private var strategies: Table {
        var table = Table(
            .number("#"), .text("strategy"), .text("symbol"), .text("timeframe"), .number("share"), .number("profit"),
            .number("return"), .number("contribution"), .number("fees"), .number("trips"), .number("won"),
            .number("in market"), .number("drawdown"), .number("of the risk"))
        for part in result.strategies {
            let strategy = part.strategy
            let share = Double(strategy.capitalShare.units) / Double(Ratio.one.units)
            table.rows.append(
                [
                    "\(strategy.number)", Table.plain(strategy.name), strategy.instrument,
                    strategy.timeframe?.description ?? "", Figures.percent(share),
                ] + cells(part.attribution))
        }
        return table
    }

    private var instruments: Table {
        var table = Table(
            .text("symbol"), .number("profit"), .number("return"), .number("contribution"), .number("fees"),
            .number("trips"), .number("won"), .number("in market"), .number("drawdown"), .number("of the risk"))
        for part in result.instruments { table.rows.append([part.instrument.name] + cells(part.attribution)) }
        return table
    }

    private func cells(_ part: Attribution) -> [String] {
        [
            part.profit.text(decimals: 2), part.returnOnCapital.map(Figures.percent) ?? "–",
            Figures.percent(part.contribution), part.fees.text(decimals: 2), "\(part.tradeCount)",
            part.winRate.map(Figures.percent) ?? "–", Figures.percent(part.exposure),
            Figures.percent(part.maximumDrawdown), part.riskShare.map(Figures.percent) ?? "–",
        ]
    }

    private var correlations: Table {
        var table = Table(.number("#"))
        table.columns += result.strategies.map { .number("\($0.strategy.number)") }
        for (part, row) in zip(result.strategies, result.strategyCorrelations) {
            table.rows.append(["\(part.strategy.number)"] + row.map { $0.map { Figures.decimal($0, 2) } ?? "–" })
        }
        return table
    }

    private func notes(_ number: Int64?) {
        var notes: [String] = []
        let open = result.account.trips.count { $0.isOpen }
        if open == 1 { notes.append("One round trip is open; it is marked at the last close.") }
        if open > 1 { notes.append("\(open) round trips are open; they are marked at the last close.") }
        for part in result.instruments where part.missingBars > 0 {
            notes.append(
                "\(part.instrument.name): \(part.missingBars) candles are missing in \(part.gaps.count) gaps.")
        }
        for part in result.instruments where part.from > result.account.from || part.to < result.account.to {
            notes.append("\(part.instrument.name) has candles from \(part.from) to \(part.to) only.")
        }
        for halt in result.halts {
            let who = halt.strategy.map { result.strategies[$0].strategy.name }
            let isNamed = who.map { halt.text.contains($0) } ?? true
            notes.append("\(halt.time): \(isNamed ? "" : "\(who ?? ""): ")\(Table.plain(halt.text))")
        }
        if result.account.refusals.count > 0 {
            let by = result.strategies.filter { $0.refusals.count > 0 }.map {
                "\($0.strategy.name) \($0.refusals.count)"
            }
            notes.append(
                "\(result.account.refusals.count) orders were refused (\(by.joined(separator: ", "))); the first: "
                    + result.account.refusals.firstReason)
        }
        if let number { notes.append("Kept as backtest \(number); 'wick backtest show \(number)' prints it again.") }
        if !notes.isEmpty { Output.line("") }
        for note in notes { Paragraph.print("", note) }
    }
}
