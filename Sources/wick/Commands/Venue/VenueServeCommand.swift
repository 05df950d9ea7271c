import ArgumentParser
import FoundationEssentials
import Glibc
import Market
import StandIn

/// `wick venue serve`
struct VenueServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a stand-in for an exchange on this machine.",
        discussion: """
            A server on 127.0.0.1 that answers as Binance's spot exchange does (REST, market streams, WebSocket API) over a \
            synthetic market, with accounts whose money is worth nothing. It goes on until SIGTERM or SIGINT. \
            docs/stand-in.md says how to point clients at it and how to make it misbehave.

            With --seed market and keys are the same at every start: such keys are no secret.

            Examples:
              wick venue serve binance-spot
              wick venue serve binance-spot --port 9443 --instruments BTCUSDT,ETHUSDT --seed 7 --json
              wick venue serve binance-spot --faults 'error-after=503 rest:POST:/api/v3/order n=1'
            """)

    @Argument(help: ArgumentHelp("What it stands in for: binance-spot.", valueName: "venue"))
    var venue: String

    @Option(help: ArgumentHelp("The port on 127.0.0.1; 0 for any that is free.", valueName: "number"))
    var port = 9_443

    @Option(help: ArgumentHelp("The symbols that it lists, separated by commas.", valueName: "symbols"))
    var instruments = "BTCUSDT,ETHUSDT,SOLUSDT"

    @OptionGroup var random: SeedOptions

    @Option(help: ArgumentHelp("Faults from the start: a file, or the text itself.", valueName: "script"))
    var faults: String?

    @Option(help: ArgumentHelp("How many accounts there are, each with keys of its own.", valueName: "number"))
    var accounts = 1

    @Option(help: ArgumentHelp("Seconds after which a WebSocket connection is cut.", valueName: "seconds"))
    var lifetime: Int64 = 86_400

    @Option(help: ArgumentHelp("The weight of requests an address has a minute.", valueName: "number"))
    var weight: Int64 = 6_000

    @Option(help: ArgumentHelp("The unfilled orders an account has in ten seconds.", valueName: "number"))
    var orders: Int64 = 100

    @Option(
        help: ArgumentHelp(
            "Where the certificate and the key files go (default: stand-in in the data directory).",
            valueName: "directory"),
        completion: .directory)
    var directory: String?

    @Flag(help: "Commissions are paid in BNB, a quarter cheaper.")
    var bnbFees = false

    @Flag(help: "No TLS: http and ws.")
    var plain = false

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let options = try options()
        HeldSignals.hold()
        let server: StandInServer
        do throws(StandInError) {
            server = try StandInServer(options) { WallClock.now }
        } catch {
            throw CommandFailure(error)
        }
        tell(server)
        var ends = sigset_t()
        sigemptyset(&ends)
        sigaddset(&ends, SIGTERM)
        sigaddset(&ends, SIGINT)
        var number: Int32 = 0
        sigwait(&ends, &number)
        Output.error("wick: stopping: told by \(number == SIGINT ? "SIGINT" : "SIGTERM")")
        server.stop()
    }

    private func options() throws -> StandInOptions {
        guard venue.lowercased() == "binance-spot" else {
            throw CommandFailure(usage: ["venue: '\(Table.plain(venue))' has no stand-in; there is binance-spot"])
        }
        var problems: [String] = []
        let seed = random.seed(&problems)
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        var options = StandInOptions(directory: directory ?? data.directory.path + "/stand-in")
        options.port = port
        options.symbols = instruments.uppercased().split(separator: ",").map(String.init)
        options.seed = seed
        options.accounts = accounts
        options.connectionLifetime = lifetime
        options.weightPerMinute = weight
        options.ordersPerTenSeconds = orders
        options.isPlain = plain
        options.paysInBNB = bnbFees
        if let faults { options.faults = try script(faults) }
        return options
    }

    /// A script from a file of this name where there is one, else the text itself.
    private func script(_ text: String) throws -> String {
        guard access(text, F_OK) == 0 else {
            // A path that leads nowhere would be told as a fault that does not exist.
            if text.contains("/"), !text.contains(":") {
                throw CommandFailure(.noInput, "--faults: '\(Table.plain(text))' is not there")
            }
            return text
        }
        guard let data = try? Data(contentsOf: URL(filePath: text)) else {
            throw CommandFailure(.noInput, "--faults: '\(Table.plain(text))' can't be read")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private func tell(_ server: StandInServer) {
        let addresses = server.addresses
        if print.isJSON {
            return JSON.print(
                StandInRow(
                    rest: addresses.rest, streams: addresses.streams, api: addresses.api,
                    certificate: addresses.certificate, isSeeded: random.text != nil,
                    accounts: server.accounts.map {
                        StandInAccountRow(
                            apiKey: $0.apiKey, secret: $0.secret, ed25519Key: $0.ed25519Key, ed25519File: $0.ed25519File
                        )
                    }))
        }
        var pairs = [
            ("REST", addresses.rest), ("streams", addresses.streams), ("WebSocket API", addresses.api),
        ]
        if let certificate = addresses.certificate { pairs.append(("certificate", certificate)) }
        for (number, account) in server.accounts.enumerated() {
            let name = server.accounts.count == 1 ? "" : " \(number + 1)"
            pairs.append(("API key" + name, account.apiKey))
            pairs.append(("secret" + name, account.secret))
            pairs.append(("Ed25519 key" + name, account.ed25519Key))
            pairs.append(("Ed25519 file" + name, account.ed25519File))
        }
        Output.pairs(pairs)
        if random.text != nil { Output.error("wick: keys of a seed are no secret: anybody who knows it has them") }
    }
}

/// What `wick venue serve --json` prints once the server listens.
private struct StandInRow {
    var rest: String
    var streams: String
    var api: String
    var certificate: String?
    var isSeeded: Bool
    var accounts: [StandInAccountRow]
}

private struct StandInAccountRow {
    var apiKey: String
    var secret: String
    var ed25519Key: String
    var ed25519File: String
}

/// The wall clock to the nanosecond.
private enum WallClock {
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

extension CommandFailure {
    /// How the command ends when the stand-in can't start.
    fileprivate init(_ error: StandInError) {
        switch error {
        case .options(let problems): self.init(usage: problems)
        case .faults: self.init(.usage, error.description)
        case .port: self.init(.unavailable, error.description)
        case .file: self.init(.cannotCreate, error.description)
        case .crypto: self.init(.software, error.description)
        }
    }
}
