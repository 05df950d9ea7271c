import ArgumentParser
import Doctor
import Ingestion
import Keys
import Market
import Network
import Settings
import Storage
import Venues

/// `wick venue doctor`
struct VenueDoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Examine a venue and a key as an account would use them.",
        discussion: """
            Checks the way to the venue, its clock, its limits, the symbols of the configuration with their rules, and \
            the market streams. With --key also the key, fees, the private stream, an order that is only checked, and one \
            that is placed far below the market and cancelled at once. Everything that can move money stands in the audit.

            With real money the far order is placed only when 'LIVE' is typed at a terminal; no option stands in for that. \
            --no-order leaves it out.

            Ends with 0 when nothing has failed (a warning is no failure), with 1 when something has, with 69 when the venue \
            can't be asked at all. Interrupted, it takes its order back first, and says what remains.

            Examples:
              wick venue doctor binance
              wick venue doctor binance --key main
              wick venue doctor binance --environment testnet --json
            """)

    @Argument(help: ArgumentHelp("The venue: binance.", valueName: "venue"), completion: .list(["binance"]))
    var venue: String

    @Option(help: ArgumentHelp("The key that is examined, one of 'wick keys list'.", valueName: "name"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "testnet or live (default: the key's, else whatever the configuration names).", valueName: "environment"),
        completion: .list(["testnet", "live"]))
    var environment: String?

    @Flag(name: .customLong("no-order"), help: "Place no order, not even one that is cancelled at once.")
    var isWithoutOrder = false

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var store: KeyStoreOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let chosen = try checkedEnvironment()
        let settings = try configuration.settings()
        let plan = try plan(settings, chosen)
        // Before there are other threads: an order that is open is taken back first, whoever wants an end.
        HeldSignals.hold()
        let interruption = Interruption()
        let progress = ProgressLine("examining \(plan.server)")
        let shown = ShownStep()
        try store.data.directory.create()
        let candles = try store.data.store()
        let audit = try plan.access.map { try DoctorAudit($0.environment.keys, in: store.data.directory) }
        let around = DoctorSurroundings(
            wall: { Environment.now }, audit: SpotAudit { try audit?.write($0) },
            confirm: { order in
                shown.whileAsking { Confirmation.ask(order, plan.server, until: { interruption.signal != nil }) }
            },
            isInterrupted: { interruption.signal != nil }, telling: { shown.tell($0) },
            pauses: { PauseMemory(candles, $0, { Environment.now }) })
        let doctor: BinanceDoctor
        do throws(HTTPError) { doctor = try BinanceDoctor(plan, around) } catch {
            throw CommandFailure(.configuration, "venues.binance.ca-file: \(error)")
        }
        let diagnosis = interruption.noting {
            Waiting.result {
                if let step = shown.step { progress.show(nil, step) } else { progress.clear() }
            } of: {
                await doctor.run()
            }
        }
        progress.clear()
        // First of all, since a reader of the table that went away would end the program.
        tellOfRemaining(diagnosis)
        DoctorReport(plan, diagnosis).print(asJSON: print.isJSON)
        if let signal = interruption.signal { OrderlyExit.end(by: signal) }
        if !diagnosis.isReachable { throw CommandFailure(.unavailable) }
        if diagnosis.hasFailed { throw CommandFailure(.refused) }
    }

    private func checkedEnvironment() throws -> KeyEnvironment? {
        var problems: [String] = []
        if venue.lowercased() != "binance" {
            problems.append("venue: '\(Table.plain(venue))' can't be examined; there is binance")
        }
        let chosen = environment.flatMap { KeyEnvironment(rawValue: $0.lowercased()) }
        if let environment, chosen == nil {
            problems.append("--environment: '\(Table.plain(environment))' is neither; expected testnet or live")
        }
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        return chosen
    }

    private func plan(_ settings: WickSettings, _ chosen: KeyEnvironment?) throws -> DoctorPlan {
        let stored = try key.map { name in
            try KeyStore.open(in: store.directory, store.passphrase()).key(named: name)
        }
        if let stored, let chosen, stored.environment != chosen {
            throw CommandFailure(
                usage: [
                    "--environment: \(chosen.rawValue), and the key '\(stored.name)' is for \(stored.environment.rawValue)"
                ])
        }
        let binance = settings.venues.binance
        var (server, streams) = (binance.restURL, binance.streamURL)
        var access: BinanceSpotAccess?
        if let world = stored?.environment ?? chosen {
            let place = try BinanceSpotEnvironment.of(world, configured: binance.restURL)
            // Another world's address gave way to the venue's own, and so does the one of its streams.
            if try BinanceSpotEnvironment(restURL: binance.restURL) != place { streams = place.streamURL }
            server = place.restURL
            access = try stored.map { (key) throws(VenueError) in try BinanceSpotAccess(key, at: place) }
        }
        var plan = DoctorPlan(
            server: server, streams: streams, access: access, symbols: settings.feed.symbols,
            purse: settings.account.cash)
        plan.http.additionalTrust = binance.certificateFile
        plan.placesOrders = !isWithoutOrder
        return plan
    }

    private func tellOfRemaining(_ diagnosis: Diagnosis) {
        for order in diagnosis.remaining {
            Output.error(
                "wick: \(order.symbol) \(order.clientOrderID) MAY STILL BE OPEN at the venue: \(order.words); look for it "
                    + "there and cancel it")
        }
    }
}
