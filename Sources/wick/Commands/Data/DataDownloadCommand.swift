import ArgumentParser
import Ingestion
import Market
import Network
import Settings
import Storage
import Venues

/// `wick data download`
struct DataDownloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Fetch candles from a venue into the store.",
        discussion: """
            Several symbols are fetched side by side, as fast as the venue allows an address to ask. Only what is not \
            stored is fetched: the same command goes on where one was stopped or killed, fills gaps, and brings a series \
            up to date. Only candles that have closed are taken. No key is needed.

            Ends with 0 when everything the venue has is stored, gaps of its own being listed; with 65 when rows were \
            refused; with 66 when the venue has no such symbol; with 69 when there is no way to the venue; with 75 when \
            it wants to be left alone for longer than ten minutes. What was fetched until then is stored.

            Examples:
              wick data download --venue binance --symbol BTCUSDT --from 2024-01-01
              wick data download --venue binance --symbol BTCUSDT --symbol ETHUSDT \\
                --timeframe 1h --from 2020-01-01 --to 2024-01-01 --json
            """)

    @OptionGroup var markets: MarketsOptions

    @Option(help: ArgumentHelp("The candles: 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d.", valueName: "timeframe"))
    var timeframe = "1m"

    @OptionGroup var span: SpanOptions
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let options = try options()
        let settings = try configuration.settings().venues.binance
        var http = HTTPOptions()
        http.additionalTrust = settings.certificateFile
        let venue: BinanceSpot
        do throws(HTTPError) {
            venue = try BinanceSpot(at: settings.restURL, http)
        } catch {
            throw CommandFailure(.configuration, "venues.binance.ca-file: \(error)")
        }
        let store = try data.store()
        let download = CandleDownload(from: venue, into: store, options) { Environment.now }
        // A line that is longer than the terminal would not overwrite itself.
        let count = options.symbols.count
        let line = ProgressLine(count > 2 ? "\(count) symbols" : options.symbols.joined(separator: ", "))
        let summaries = Waiting.result {
            let progress = download.progress
            line.show(progress.share, DownloadReport.text(progress, at: .now))
        } of: {
            await download.run()
        }
        line.clear()
        let tally = venue.tally
        if print.isJSON {
            JSON.print(summaries.map { DownloadRow($0, tally) })
        } else {
            for summary in summaries where summary.isKnown { DownloadReport.print(DownloadRow(summary, tally)) }
        }
        try end(summaries)
    }

    /// Says what kept symbols from being whole, each reason once, and ends with the status of the first.
    private func end(_ summaries: [DownloadSummary]) throws {
        var reasons: [String] = []
        var first: CommandFailure?
        for summary in summaries {
            guard let error = summary.failure else { continue }
            guard let failure = CommandFailure(reason: error) else { throw error }
            if !reasons.contains(failure.description) { reasons.append(failure.description) }
            first = first ?? failure
        }
        if var failure = first {
            failure.description = reasons.joined(separator: "\n")
            throw failure
        }
        if summaries.contains(where: { $0.refused > 0 }) { throw CommandFailure(.data) }
    }

    private func options() throws -> DownloadOptions {
        var problems: [String] = []
        let timeframe = Timeframe.option(self.timeframe, &problems)
        let (from, to) = span.span(&problems)
        if span.from == nil { problems.append("--from: missing; expected a time such as 2024-01-01") }
        let symbols = markets.symbols(for: "candles to download", &problems)
        guard problems.isEmpty, let timeframe, let from else { throw CommandFailure(usage: problems) }
        return DownloadOptions(symbols: symbols, timeframe: timeframe, from: from, to: to)
    }
}
