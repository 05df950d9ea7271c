import ArgumentParser
import Engine
import Ingestion
import Plots
import Reports
import Storage

extension BacktestRecord {
    /// The kept backtest of a number.
    ///
    /// - Throws: `CommandFailure` when there is none.
    static func kept(_ number: Int64, _ data: DataOptions) throws -> BacktestRecord {
        guard let record = try data.store().backtest(number) else {
            throw CommandFailure(.refused, "there is no backtest \(number); 'wick backtest list' names them")
        }
        return record
    }
}

/// `wick backtest report NUMBER`
struct BacktestReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a backtest that is kept as one page of HTML.",
        discussion: """
            One file with figures, tables and plots in it; it needs neither a network nor scripts, and prints well.

            Example: wick backtest report 3 --output run-3.html
            """)

    @Argument(help: "The backtest's number, of 'wick backtest list'.") var number: Int64
    @Option(
        help: ArgumentHelp("The file (- for the standard output).", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var output: String
    @OptionGroup var data: DataOptions

    func run() throws {
        guard RunReportOptions.isHTML(output) else {
            throw CommandFailure(
                usage: ["--output: '\(Table.plain(output))' is no .html; the report is one page of HTML"])
        }
        let record = try BacktestRecord.kept(number, data)
        var file = try OutputFile(path: output)
        let report = try RunReports.report(record, data)
        let commands = RunReports.commands(number, RunOrigin(json: record.origin))
        let page = try Drawing.bytes { () throws(PlotError) in try TearSheet(report, commands: commands).html() }
        try file.write(page.utf8)
        try file.finish()
    }
}

/// `wick backtest plot NUMBER`
struct BacktestPlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw a backtest that is kept, as PNG or SVG.",
        discussion: """
            Examples:
              wick backtest plot 3 --output equity.png
              wick backtest plot 3 --kind monthly --output months.svg --plot-size 1200x400 --plot-theme dark
            """)

    @Argument(help: "The backtest's number, of 'wick backtest list'.") var number: Int64

    @Option(
        help: ArgumentHelp(
            "What is drawn: \(RunPlot.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kind"),
        completion: .list(RunPlot.allCases.map(\.rawValue)))
    var kind = RunPlot.equity.rawValue

    @Option(
        help: ArgumentHelp("The file, .png or .svg.", valueName: "file"), completion: .file(extensions: ["png", "svg"]))
    var output: String

    @OptionGroup var look: PlotLook
    @OptionGroup var data: DataOptions

    func run() throws {
        var problems = look.problems
        let plot = RunPlot(rawValue: kind.lowercased())
        if plot == nil { problems.append(RunReportOptions.unknown("--kind", kind)) }
        if PlotFormat(file: output) == nil { problems.append(PlotOptions.unknown("--output", output)) }
        guard problems.isEmpty, let plot else { throw CommandFailure(usage: problems) }
        let record = try BacktestRecord.kept(number, data)
        var file = try PlotFile.open(output, look)
        try file.write(try RunReports.report(record, data).plot(plot))
    }
}

/// `wick backtest rerun NUMBER`
struct BacktestRerunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun", abstract: "Run a backtest that is kept again, and say whether anything differs.",
        discussion: """
            It is run as it was asked for, over the stretch of candles it had: rules, limits and other small files are \
            taken as they were then. The candles' hash, the release, every figure, the round trips and the equity curve \
            are compared. It ends with 0 when all came out the same, with 65 when not; where candles were revised it says \
            in which months.

            Examples:
              wick backtest rerun 3
              wick backtest rerun 3 --report today.html
            """)

    @Argument(help: "The backtest's number, of 'wick backtest list'.") var number: Int64
    @OptionGroup(title: "Reports") var reports: RunReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let problems = reports.problems
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        let record = try BacktestRecord.kept(number, data)
        guard let origin = RunOrigin(json: record.origin), let curves = try data.store().backtestCurves(number) else {
            throw CommandFailure(
                .data,
                "an earlier release kept backtest \(number); how it was asked for is not known, so it can't be rerun")
        }
        var files = try reports.open()
        if origin.command == .portfolio {
            let again = try RerunPortfolio(record, curves, origin, data)
            if reports.isWanted {
                let report = try RunReports.report(again.played, json: again.json, number: number, again.now)
                try files.write(report, commands: RunReports.commands(number, origin))
            }
            return try tell(again.comparison, again.remarks)
        }
        let kept = try KeptRun(record, origin, data)
        let command = try kept.command()
        let played: PlayedRun
        do {
            played = try command.play(try command.request(), keepsEquityCurve: true, ProgressLine("backtest"))
        } catch let failure as CommandFailure {
            throw CommandFailure(.data, "backtest \(number) can't be run again: \(failure.description)")
        }
        let comparison = try RerunComparison(record, curves, origin, played)
        if reports.isWanted {
            let json = played.result.json(
                seconds: played.seconds, extended: played.extended, stamp: comparison.now.stamp)
            let report = try RunReports.report(played, json: json, number: number, comparison.now)
            try files.write(report, commands: RunReports.commands(number, origin))
        }
        try tell(comparison, kept.remarks)
    }

    private func tell(_ comparison: RerunComparison, _ remarks: [String]) throws {
        if print.isJSON {
            JSON.print(comparison.row(number, remarks: remarks))
        } else {
            comparison.print(number, remarks: remarks)
        }
        if !comparison.isSame { throw CommandFailure(.data) }
    }
}
