import Backtesting
import Market
import Studies
import Trading

/// What came of an audit, for people and for programs.
struct AuditShown {
    private let report: AuditReport
    private let series: CandleSeries
    private let configuration: BacktestConfiguration
    private let options: AuditOptions
    private let seconds: Double
    private let marketSeed: UInt64?

    init(
        _ report: AuditReport, _ series: CandleSeries, _ configuration: BacktestConfiguration, _ options: AuditOptions,
        seconds: Double, marketSeed: UInt64?
    ) {
        self.report = report
        self.series = series
        self.configuration = configuration
        self.options = options
        self.seconds = seconds
        self.marketSeed = marketSeed
    }

    // MARK: For people

    func print() {
        var table = Table(.text("check"), .number("figure"), .number("threshold"), .text("verdict"))
        for finding in report.findings {
            table.add(
                finding.check.rawValue, text(finding.figure, finding), text(finding.threshold, finding),
                finding.verdict.rawValue)
        }
        table.print(whenEmpty: "no check was made")
        Output.line("")
        for finding in report.findings { Output.line("\(finding.check.rawValue): \(finding.words)") }
        printRows()
        Output.line("")
        let hunted = min(options.candles, series.candles.count)
        Output.line(
            "\(StrategyClass.title(of: configuration.strategy)) over \(series.candles.count) candles of "
                + "\(series.instrument.name) \(series.timeframe), the newest \(hunted) hunted through, in "
                + "\(Figures.decimal(seconds, 2)) s.")
        let failed = report.findings.filter { $0.verdict == .failed }.map(\.check.rawValue)
        Output.line(
            "Verdict: \(report.verdict.rawValue)"
                + (failed.isEmpty ? "" : ", by " + failed.joined(separator: ", ")) + ".")
    }

    private func printRows() {
        if !report.costs.isEmpty {
            Output.line("")
            var table = Table(.number("costs ×"), .number("Sharpe"), .number("return"))
            for row in report.costs {
                table.add(
                    Figures.decimal(row.factor, 0), row.sharpe.map { Figures.decimal($0, 3) } ?? "–",
                    Figures.percent(row.totalReturn))
            }
            table.print(whenEmpty: "")
        }
        if !report.sizes.isEmpty {
            Output.line("")
            var table = Table(.number("cash"), .number("impact bps"), .number("return"))
            for row in report.sizes {
                table.add(
                    Figures.decimal(row.cash, 0), Figures.decimal(row.impact * 1e4, 2), Figures.percent(row.totalReturn)
                )
            }
            table.print(whenEmpty: "")
        }
    }

    private func text(_ value: Double?, _ finding: AuditFinding) -> String {
        guard let value else { return "–" }
        switch finding.unit {
        case .count: return Figures.decimal(value, 0)
        case .share: return Figures.percent(value)
        case .number: return Figures.decimal(value, 2)
        case .basisPoints: return Figures.decimal(value, 2) + " bps"
        case .amount: return Figures.decimal(value, 0)
        }
    }

    // MARK: For programs

    /// The result as one JSON object; everything but `seconds` depends on the options and the candles alone.
    var json: String {
        JSON.text(
            Row(
                strategy: StrategyClass.title(of: configuration.strategy),
                parameters: RawJSON(text: JSON.text(ParameterText.pairs(configuration.parameters))),
                symbol: series.instrument.symbol, timeframe: series.timeframe.description,
                from: series.candles.first?.openTime.description ?? "",
                to: series.candles.last?.closeTime(series.timeframe).description ?? "", bars: series.candles.count,
                dataHash: series.fingerprint, seed: options.seed, cuts: options.cuts, noises: options.noises,
                huntedCandles: min(options.candles, series.candles.count), seconds: seconds,
                verdict: report.verdict.rawValue, checks: report.findings.map(CheckRow.init),
                costs: report.costs.map {
                    CostsRow(factor: $0.factor, sharpe: $0.sharpe, totalReturn: $0.totalReturn)
                },
                capacity: report.sizes.map {
                    SizeRow(cash: $0.cash, impactBps: $0.impact * 1e4, totalReturn: $0.totalReturn)
                },
                neighbours: report.neighbours.map { NeighbourhoodRow(parameters: $0.parameters, sharpe: $0.sharpe) },
                version: Wick.version, detailHash: configuration.detail?.fingerprint, marketSeed: marketSeed))
    }

    private struct Row {
        var strategy: String
        var parameters: RawJSON
        var symbol: String
        var timeframe: String
        var from: String
        var to: String
        var bars: Int
        var dataHash: String
        var seed: UInt64
        var cuts: Int
        var noises: Int
        var huntedCandles: Int
        var seconds: Double
        var verdict: String
        var checks: [CheckRow]
        var costs: [CostsRow]
        var capacity: [SizeRow]
        var neighbours: [NeighbourhoodRow]
        var version: String
        var detailHash: String?
        var marketSeed: UInt64?
    }

    private struct CheckRow {
        var check: String
        var verdict: String
        var figure: Double?
        var threshold: Double?
        var unit: String
        var words: String

        init(_ finding: AuditFinding) {
            check = finding.check.rawValue
            verdict = finding.verdict.rawValue
            figure = finding.figure
            threshold = finding.threshold
            unit = finding.unit.rawValue
            words = finding.words
        }
    }

    private struct CostsRow {
        var factor: Double
        var sharpe: Double?
        var totalReturn: Double
    }

    private struct SizeRow {
        var cash: Double
        var impactBps: Double
        var totalReturn: Double
    }

    private struct NeighbourhoodRow {
        var parameters: String
        var sharpe: Double?
    }
}

/// Parameters as texts by name.
enum ParameterText {
    static func pairs(_ parameters: Parameters) -> [String: String] {
        Dictionary(uniqueKeysWithValues: parameters.texts.map { ($0.name, $0.text) })
    }
}
