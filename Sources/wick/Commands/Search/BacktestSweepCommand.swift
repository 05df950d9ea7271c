import ArgumentParser
import Ingestion
import Studies

/// `wick backtest sweep`
struct BacktestSweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Try every combination of some parameters.",
        discussion: """
            A parameter is one value (fast=20), a list (slow=20,50,100) or a range (fast=5..50/5; without a step, the \
            parameter's own). Combinations that contradict themselves are counted and left out. Every trial is kept in \
            the ledger, see 'wick backtest trials'. Ctrl-C keeps what is done; --resume goes on.

            Examples:
              wick backtest sweep --csv minutes.csv.gz --strategy sma-crossover --param fast=5..50/5 \\
                --param slow=20,50,100,200
              wick backtest sweep --symbol BINANCE:BTCUSDT --timeframe 15m --strategy bollinger-breakout \\
                --param period=10..60/10 --param width=1..3/0.5 --objective 'sharpe - max_drawdown' \\
                --constraint 'trade_count >= 30' --results sweep.csv --plot sweep.svg
            """)

    @OptionGroup(title: "Candles") var source: BacktestSource
    @OptionGroup(title: "Strategy and account") var setup: BacktestSetup
    @OptionGroup(title: "Search") var search: SearchOptions

    @Option(help: ArgumentHelp("Write all trials to a CSV file.", valueName: "file"), completion: .file())
    var results: String?

    @OptionGroup(title: "Plot") var plots: PlotOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let session = try SearchSession.open(
            SearchSession.Request(
                kind: "sweep", source: source, setup: setup, options: search, data: data, sampler: .grid, seed: 0,
                count: nil, batch: 1, isPruning: false, searchesAll: false, problems: plots.problems(beside: results)))
        try session.run(search, results: results, plots, print) { report, top in
            report.table(top).print(whenEmpty: "no trial has ended")
            for line in Heatmap(report)?.lines(HeatmapStyle.ofOutput) ?? [] { Output.line(line) }
            Output.line("")
            for line in try report.summary + report.beliefLines() { Output.line(line) }
        }
    }
}

extension SearchSession {
    /// Runs the one stage of a search and prints what came of it.
    ///
    /// - Throws: `CommandFailure` of status 130, after what is done was printed, when it was interrupted.
    func run(
        _ options: SearchOptions, results: String?, _ plots: PlotOptions, _ print: PrintOptions,
        show: (SearchReport, Int) throws -> Void
    ) throws {
        // What can't be written is known before anything is tried.
        var file: OutputFile?
        if let results { file = try OutputFile(path: results) }
        var picture = try plots.open()
        let progress = SearchProgress(study.kind, of: plan.count)
        let interruption = interruption.flag
        let runner = StudyRunner(
            store: store, study: study.id, plan: plan, workers: workers, clock: { Environment.now },
            isCancelled: { interruption.isRaised })
        let trials = try runner.run(stage: 0, over: series) { progress.show($0, $1) }
        progress.clear()
        let report = SearchReport(self, trials, seconds: progress.seconds)
        if keepsEvidence, trials.count == plan.count { try EvidenceKeeping.keep(report) }
        // That a file can't be written spoils nothing of what was found: it is shown all the same.
        var unwritten: (any Error)?
        do {
            if var file { try report.writeCSV(&file) }
            try picture?.write(SearchPlotting.plot(report))
        } catch {
            unwritten = error
        }
        if print.isJSON {
            JSON.print(SearchRow(report))
        } else {
            try show(report, Int(options.top) ?? 20)
        }
        if let unwritten { throw kept(beside: unwritten) }
        try checkInterruption(ended: trials.count, of: plan.count)
    }

    /// The failure of a file, with where the trials are.
    private func kept(beside error: any Error) -> any Error {
        guard var failure = CommandFailure(reason: error) else { return error }
        failure.description +=
            "\nthe trials are kept as study \(study.name); 'wick backtest trials --study \(study.name)' prints them"
        return failure
    }

    /// - Throws: `CommandFailure` of status 130 when trials are missing.
    func checkInterruption(ended: Int, of total: Int) throws {
        guard ended < total, interruption.flag.isRaised else { return }
        throw CommandFailure(
            .interrupted,
            "interrupted: \(ended) of \(total) trials are done and kept; the same command with --study \(study.name) "
                + "goes on")
    }
}
