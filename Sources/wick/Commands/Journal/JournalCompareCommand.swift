import ArgumentParser
import Backtesting
import Journal
import Market
import Simulation
import Trading

/// `wick journal compare`
struct JournalCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Hold a session's trades against a backtest over the same candles.",
        discussion: """
            Each strategy is backtested alone over the candles that it saw, with its recorded parameters, and its round \
            trips are paired with those on paper. What the results differ by is split into spread, latency, fees, \
            quantity and missed trades; docs/journal.md says how.

            Examples:
              wick journal compare
              wick journal compare 12 --json
            """)

    /// Decision records before a session that are read for the candles its strategies had seen.
    private static let recordsBefore: UInt64 = 1_000_000

    @Argument(
        help: ArgumentHelp(
            "The session's number, or the decision record after which it began, as list shows them; the last session "
                + "without.",
            valueName: "session"))
    var session: UInt64?
    @OptionGroup var place: JournalPlaceOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let directory = try place.directory()
        var reading = try SessionReading(directory, session: session)
        let state = reading.state
        guard let venue = state.venue else { throw CommandFailure(.data, WhatIfError.noVenue.description) }
        var trades = SessionTrades(state)
        try learn(&trades, directory, before: reading.checkpoint.decision)
        trades.begin(state.kernel.registrations)
        do {
            while let item = try reading.next() { try trades.take(item) }
        } catch let error as WhatIfError {
            throw CommandFailure(.data, error.description)
        }
        var comparisons: [StretchComparison] = []
        var problems: [String] = []
        for stretch in trades.finish() {
            do throws(BacktestError) {
                comparisons.append(
                    try StretchComparison(
                        stretch, instrument: state.kernel.instruments[stretch.registration.instrument.index],
                        equity: state.kernel.account.equity, venue: venue.options, limits: state.kernel.limits))
            } catch {
                problems.append("\(stretch.registration.name): \(error)")
            }
        }
        let report = ComparisonReport(
            session: reading.number, comparisons, state.kernel, leftOut: trades.leftOut, problems: problems)
        if print.isJSON { return JSON.print(report) }
        report.show()
    }

    private func learn(_ trades: inout SessionTrades, _ directory: String, before end: UInt64) throws {
        guard end > 1 else { return }
        let first = end > JournalCompareCommand.recordsBefore ? end - JournalCompareCommand.recordsBefore : 1
        var reader = try JournalReader(directory: directory, stream: .decisions, from: first, verifies: false)
        while let record = try reader.record(), record.sequence <= end {
            guard let kind = JournalKind(rawValue: record.kind), kind == .candle || kind == .command else { continue }
            trades.learn(
                ReplayRecord(
                    sequence: record.sequence, kind: kind, payload: SessionReading.payload(of: record, kind)))
        }
    }
}
