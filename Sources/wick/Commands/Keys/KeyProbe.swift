import Ingestion
import Keys
import Market
import Network
import Settings
import Venues

/// Asks a venue what a key may do.
struct KeyProbe {
    private let settings: BinanceSettings
    private let data: DataOptions

    /// - Parameter data: where it is remembered that the venue wants to be left alone.
    init(_ configuration: ConfigurationOptions, _ data: DataOptions) throws {
        settings = try configuration.settings().venues.binance
        self.data = data
    }

    /// What the venue said.
    struct Answer: Sendable {
        var server: String
        var permissions: RequestOutcome<KeyPermissions>
        var clock: VenueClock.Reading?
    }

    /// Asks; a venue that does not answer is waited for as long as a person waits.
    ///
    /// - Throws: `VenueError` when the key is not good at the configured address.
    func ask(_ key: StoredKey) throws -> Answer {
        let environment = try BinanceSpotEnvironment.of(key.environment, configured: settings.restURL)
        let access = try BinanceSpotAccess(key, at: environment)
        var http = HTTPOptions()
        http.additionalTrust = settings.certificateFile
        http.connectTimeout = .seconds(5)
        http.totalTimeout = .seconds(15)
        var patience = SpotAccountClient.Options()
        patience.attempts = 2
        patience.longestPause = .seconds(15)
        let client: SpotAccountClient
        do throws(HTTPError) {
            client = try SpotAccountClient(access, http, patience, wall: { Environment.now }, audit: SpotAudit { _ in })
        } catch {
            throw CommandFailure(.configuration, "venues.binance.ca-file: \(error)")
        }
        // A store that can't be had is no reason not to ask; other commands complain of it.
        try? data.directory.create()
        let store = try? data.store()
        if let store {
            PauseMemory(store, server: environment.restURL, client.gate, { Environment.now }).recall()
        }
        defer { try? store?.close() }
        let line = ProgressLine("asking \(environment.restURL)")
        let permissions = Waiting.result {
            line.show(nil)
        } of: {
            await client.permissions()
        }
        line.clear()
        return Answer(server: environment.restURL, permissions: permissions, clock: client.clock.reading)
    }

    /// What the venue says of a key that is to be kept, in words; `nil` when it did not answer and need not have.
    ///
    /// - Parameter isNeeded: whether a key of which nothing is known is refused.
    /// - Throws: `CommandFailure` when the key is not to be kept.
    func notes(on key: StoredKey, isNeeded: Bool) throws -> [String]? {
        let answer = try ask(key)
        switch answer.permissions {
        case .confirmed(let permissions):
            if let objection = permissions.objection(in: key.environment) {
                throw CommandFailure(.refused, "\(key.name): \(objection)")
            }
            return permissions.notes + (answer.clock.flatMap { $0.isAlarming ? [$0.words] : nil } ?? [])
        case .refused(let refusal):
            throw CommandFailure(
                .refused, "\(key.name): \(answer.server) does not take the key: \(refusal); it is not kept")
        case .denied(let denial):
            guard isNeeded else {
                Output.error(
                    "wick: \(key.name) is NOT TESTED: \(denial). Whether it may withdraw is not known; when there is a way "
                        + "to the venue: wick keys test \(key.name)")
                return nil
            }
            throw CommandFailure(
                KeyProbe.status(denial), "\(key.name): it could not be tested: \(denial); it is not kept")
        case .unknown(let doubt):
            throw CommandFailure(.unavailable, "\(key.name): it could not be tested: \(doubt)")
        }
    }

    /// How a command ends that got no answer.
    static func status(_ denial: VenueDenial) -> ExitStatus {
        switch denial.reason {
        case .overLimit, .tooManyOrders, .banned, .busy, .paused, .cancelled: return .temporary
        case .clock: return .refused
        case .unreadable: return .data
        case .firewall, .unreachable, .failing, .notRecorded, .notSigned: return .unavailable
        }
    }
}
