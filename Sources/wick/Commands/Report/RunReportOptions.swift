import ArgumentParser
import Ingestion
import Plots
import Reports

/// What is drawn and written of a run.
struct RunReportOptions: ParsableArguments {
    @OptionGroup var plots: PlotOptions

    @Option(
        name: .customLong("plot-kind"),
        help: ArgumentHelp(
            "What is drawn: \(RunPlot.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kind"),
        completion: .list(RunPlot.allCases.map(\.rawValue)))
    var kind: String?

    @Option(
        help: ArgumentHelp("Write everything of the run as one page of HTML.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    /// Whether anything is asked for.
    var isWanted: Bool { plots.plot != nil || report != nil }

    /// What is wrong with them, in words.
    var problems: [String] {
        var problems = plots.problems
        if let kind {
            if RunPlot(rawValue: kind.lowercased()) == nil {
                problems.append(RunReportOptions.unknown("--plot-kind", kind))
            }
            if plots.plot == nil { problems.append("--plot-kind: there is no plot; expected --plot FILE") }
        }
        if let report, !RunReportOptions.isHTML(report) {
            problems.append("--report: '\(Table.plain(report))' is no .html; the report is one page of HTML")
        }
        return problems
    }

    static func unknown(_ option: String, _ kind: String) -> String {
        "\(option): '\(Table.plain(kind))' is none of \(RunPlot.allCases.map(\.rawValue).joined(separator: ", "))"
    }

    static func isHTML(_ file: String) -> Bool {
        [".html", ".htm"].contains { file.lowercased().hasSuffix($0) } || file == "-"
    }

    /// The files, opened.
    func open() throws -> RunReportFiles {
        let kind = kind.flatMap { RunPlot(rawValue: $0.lowercased()) } ?? .equity
        var page: OutputFile?
        if let report { page = try OutputFile(path: report) }
        return RunReportFiles(plot: try plots.open(), kind: kind, report: page)
    }
}

/// The files that a run is drawn and written into.
struct RunReportFiles: ~Copyable {
    private var plot: PlotFile?
    private let kind: RunPlot
    private var report: OutputFile?

    init(plot: consuming PlotFile?, kind: RunPlot, report: consuming OutputFile?) {
        self.plot = plot
        self.kind = kind
        self.report = report
    }

    /// Writes them.
    mutating func write(_ run: RunReport, commands: [(words: String, text: String)]) throws {
        try plot?.write(run.plot(kind))
        guard report != nil else { return }
        let page = try Drawing.bytes { () throws(PlotError) in try TearSheet(run, commands: commands).html() }
        try report?.write(page.utf8)
        try report?.finish()
    }
}
