import ArgumentParser
import Ingestion
import Market
import Settings
import Storage
import Venues

/// `wick data capture`
struct DataCaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Keep what a venue's market says in a file that can be played again.",
        discussion: """
            Every message is kept as it came, with the time of its receipt, beside the books and minutes that were asked \
            for. 'wick --replay FILE' plays it. Goes on until Ctrl-C, SIGTERM or the end of --for; lost connections are \
            made again. The file is packed with zstd; what was written can be played even when the process is killed. A \
            file that is there is never overwritten. No key is needed.

            Ends with 0 when it was told to end; with 66 when the venue has no such symbol; with 69 when nothing could be \
            heard; with 73 when the file can't be made; with 74 when the disk is full or fails: what was kept until then \
            can be played.

            Examples:
              wick data capture --venue binance --symbol BTCUSDT
              wick data capture --venue binance --symbol BTCUSDT --symbol ETHUSDT --for 10m --output markets.wickcap
              wick --replay markets.wickcap --speed 5
            """)

    @OptionGroup var markets: MarketsOptions

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long: 90s, 10m, 8h, 2d (default: until told to end).", valueName: "duration"))
    var duration: String?

    @Option(
        help: ArgumentHelp("The file (default: named after markets and time, here).", valueName: "file"),
        completion: .file(extensions: ["wickcap"]))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("After how many megabytes another file begins (default: 1000).", valueName: "megabytes"))
    var rotate: String?

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let wanted = try wanted()
        let settings = try configuration.settings().venues.binance
        // Before there is a thread that a signal could choose.
        HeldSignals.hold()
        let (market, writer) = try HeldSignals.whileStarting { try open(wanted, settings) }
        let run = CaptureRun(market, writer, isForPrograms: print.isJSON)
        let report = run.wait(seconds: wanted.seconds)
        if print.isJSON { JSON.print(report) } else { report.print() }
        if let problem = report.problem { throw CommandFailure(.inputOutput, problem) }
        if report.messages == 0 {
            throw CommandFailure(.unavailable, "nothing was heard: \(run.lastTrouble ?? "the time was too short")")
        }
    }

    /// What is to be captured.
    private struct Wanted {
        var symbols: [String]
        var seconds: Int64?
        var path: String
        var partBytes: Int64
    }

    private func wanted() throws -> Wanted {
        var problems: [String] = []
        let symbols = markets.symbols(for: "market to capture", &problems)
        let seconds = DurationText.option("--for", duration, &problems)
        var partBytes = CaptureWriter.usualPartBytes
        if let rotate {
            if let megabytes = Int64(rotate), (1...1_000_000).contains(megabytes) {
                partBytes = megabytes * 1_000_000
            } else {
                problems.append("--rotate: '\(Table.plain(rotate))' is no number of megabytes from 1 to 1000000")
            }
        }
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        return Wanted(
            symbols: symbols, seconds: seconds, path: output ?? CaptureName.at(Environment.now, of: symbols),
            partBytes: partBytes)
    }

    private func open(_ wanted: Wanted, _ settings: BinanceSettings) throws -> (LiveMarket, CaptureWriter) {
        let venue = try MarketOpening.venue(settings, nil)
        // What is stored already says with how many decimals numbers are kept; the capture itself stores nothing there but
        // that the venue wants to be left alone.
        let store = try data.store()
        let instruments = try MarketOpening.waited(.seconds(30), of: settings.restURL) {
            try await LiveMarket.instruments(
                wanted.symbols, known: [], of: venue, store: store, now: { Environment.now }
            ).instruments
        }
        let writer = try CaptureWriter(to: wanted.path, partBytes: wanted.partBytes)
        var options = LiveOptions()
        options.historyMinutes = 0
        options.capture = writer
        let market = try LiveMarket(
            venue, account: MarketOpening.account, instruments, store: Store.inMemory(), pauses: store, options,
            now: { Environment.now })
        return (market, writer)
    }
}
