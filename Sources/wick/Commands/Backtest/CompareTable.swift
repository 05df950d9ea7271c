import Backtesting
import Statistics

/// A comparison, for people.
struct CompareTable {
    private let comparison: StrategyComparison
    private let options: ComparisonOptions

    init(_ comparison: StrategyComparison, _ options: ComparisonOptions) {
        self.comparison = comparison
        self.options = options
    }

    /// Prints the figures, the differences from the first, and what they are worth.
    func print() {
        let first = comparison.rows[0].entrant.result
        Output.line(
            "\(first.instrument.symbol) \(first.timeframe), \(first.from) to \(first.to): \(first.bars) candles, "
                + "\(comparison.days) days\n")
        figures.print(whenEmpty: "")
        Output.line("\nAgainst \(Table.plain(comparison.rows[0].entrant.name)):")
        differences.print(whenEmpty: "")
        Output.line("")
        for (head, text) in notes { Paragraph.print(head + "  ", text) }
    }

    private var confidence: String {
        let percent = options.confidence * 100
        return Figures.decimal(percent, percent == percent.rounded() ? 0 : 1) + " %"
    }

    private var figures: Table {
        var table = Table(
            .text("strategy"), .number("return"), .number(confidence), .number("Sharpe"), .number(confidence),
            .number("drawdown"), .number("trips"), .number("won"), .number("in market"), .number("P(Sharpe>0)"),
            .number("deflated"))
        for row in comparison.rows {
            let metrics = row.entrant.result.metrics
            table.add(
                row.entrant.name, Figures.percent(metrics.totalReturn),
                interval(row.returnInterval) { Figures.decimal($0 * 100, 1) }, decimal(metrics.sharpe),
                interval(row.sharpeInterval) { Figures.decimal($0, 2) }, Figures.percent(metrics.maximumDrawdown),
                "\(metrics.tradeCount)", metrics.winRate.map(Figures.percent) ?? "–", Figures.percent(metrics.exposure),
                decimal(row.probabilisticSharpe), decimal(row.deflatedSharpe))
        }
        return table
    }

    private var differences: Table {
        var table = Table(
            .text("strategy"), .number("return a year"), .number("t"), .number("p"), .number("p (bootstrap)"),
            .number("Sharpe"), .number(confidence))
        for row in comparison.rows.dropFirst() {
            let difference = row.difference
            table.add(
                row.entrant.name, difference.map { Figures.percent($0.yearly) } ?? "–",
                decimal(difference?.test.statistic), decimal(difference?.test.probability),
                decimal(difference?.test.bootstrapProbability), decimal(difference?.sharpe),
                interval(difference?.sharpeInterval) { Figures.decimal($0, 2) })
        }
        return table
    }

    private var notes: [(String, String)] {
        var notes: [(String, String)] = []
        if let blockDays = comparison.blockDays {
            notes.append(
                (
                    "bootstrap  ",
                    "\(options.resamples) samples of blocks of \(Figures.decimal(blockDays, 1)) days on average, seed "
                        + "\(options.seed)"
                ))
            let known = comparison.trials == compared ? "those compared" : "as --trials says"
            notes.append(
                (
                    "deflated   ",
                    "the chance that the Sharpe ratio is above the best that luck shows among \(comparison.trials) "
                        + "trials (\(known)); trials that are not counted make it too high"
                ))
        }
        if let overfitting = comparison.overfitting {
            notes.append(
                (
                    "overfitting",
                    "\(Figures.percent(overfitting.probability)): so often the best of one half of the days was in the "
                        + "lower half of the others (\(overfitting.logits.count) splits of \(overfitting.blocks) blocks "
                        + "of \(overfitting.blockLength) days); it lost money in "
                        + "\(Figures.percent(overfitting.lossProbability))"
                ))
        }
        for (key, reason) in comparison.undefined {
            notes.append((key == "overfitting" ? "overfitting" : "statistics ", "not measured: \(reason)"))
        }
        for row in comparison.rows where row.entrant.result.refusals.count > 0 {
            let refusals = row.entrant.result.refusals
            notes.append(
                ("refused    ", "\(row.entrant.name): \(refusals.count) orders; the first: \(refusals.firstReason)"))
        }
        return notes
    }

    private var compared: Int { comparison.rows.count { !$0.entrant.isBenchmark } }

    private func decimal(_ value: Double?) -> String { value.map { Figures.decimal($0, 3) } ?? "–" }

    private func interval(_ interval: Interval?, _ text: (Double) -> String) -> String {
        interval.map { "\(text($0.low)) … \(text($0.high))" } ?? "–"
    }
}
