import Foundation
import Keys
import Market
import Network
import StandIn
import Synchronization
import Testing
import Venues

@testable import Doctor

/// A venue on this machine, an account there, and a doctor who is asked about both.
final class Consultation: Sendable {
    let server: StandInServer
    private let folder: String
    private let state = Mutex<State>(State())
    private let options: StandInOptions

    private struct State {
        var audit: [SpotAuditEntry] = []
        var steps: [String] = []
        var questions: [FarOrder] = []
        var isStopped = false
    }

    static let now: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    init(_ configure: (inout StandInOptions) -> Void = { _ in }) throws {
        folder = NSTemporaryDirectory() + "wick-doctor-" + UUID().uuidString
        var options = StandInOptions(directory: folder)
        options.symbols = ["BTCUSDT", "ETHUSDT"]
        options.isPlain = true
        configure(&options)
        self.options = options
        server = try StandInServer(options, clock: Consultation.now)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Ends the venue, once.
    func stop() {
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        if isFirst { server.stop() }
    }

    /// Everything that was written down.
    var audit: [SpotAuditEntry] { state.withLock { $0.audit } }
    /// The orders that a person was asked about.
    var questions: [FarOrder] { state.withLock { $0.questions } }
    /// What was told of what is looked at.
    var steps: [String] { state.withLock { $0.steps } }

    /// A key of the account.
    ///
    /// - Parameters:
    ///   - secret: another secret than the account's.
    ///   - environment: where the key says it is good; the stand-in counts as a testnet, and a test can call it live.
    func access(
        ed25519: Bool = false, secret: String? = nil, environment: KeyEnvironment = .testnet
    ) throws -> BinanceSpotAccess {
        let account = server.accounts[0]
        let own = ed25519 ? try String(contentsOfFile: account.ed25519File, encoding: .utf8) : account.secret
        let key = try StoredKey(
            venue: "binance", name: "main", environment: environment, kind: ed25519 ? .ed25519 : .hmac,
            apiKey: try #require(APIKey(ed25519 ? account.ed25519Key : account.apiKey)),
            secret: Secret(text: secret ?? own), added: 1_700_000_000)
        let addresses = server.addresses
        let place =
            environment == .live
            ? LiveInDisguise.environment(addresses)
            : try BinanceSpotEnvironment.loopback(rest: addresses.rest)
        return try BinanceSpotAccess(key, at: place)
    }

    func plan(_ access: BinanceSpotAccess?) -> DoctorPlan {
        var plan = DoctorPlan(
            server: server.addresses.rest, streams: server.addresses.streams, access: access, symbols: options.symbols,
            purse: Money(whole: 10_000, .usdt))
        plan.streamPatience = .seconds(60)
        plan.lookUpPauses = [.zero, .milliseconds(50), .milliseconds(100), .milliseconds(200)]
        return plan
    }

    /// The doctor's surroundings.
    ///
    /// - Parameters:
    ///   - answer: what a person says to an order with real money.
    ///   - auditFails: whether nothing can be written down.
    ///   - isInterrupted: whether somebody wants an end, given what was written down so far.
    func surroundings(
        answer: Bool = false, auditFails: Bool = false,
        isInterrupted: @escaping @Sendable ([SpotAuditEntry]) -> Bool = { _ in false }
    ) -> DoctorSurroundings {
        struct DiskFull: Error {}
        return DoctorSurroundings(
            wall: Consultation.now,
            audit: SpotAudit { entry in
                if auditFails { throw DiskFull() }
                self.state.withLock { $0.audit.append(entry) }
            },
            confirm: { far in
                self.state.withLock { $0.questions.append(far) }
                return answer
            },
            isInterrupted: { isInterrupted(self.audit) },
            telling: { step in self.state.withLock { $0.steps.append(step) } })
    }

    /// What the doctor says.
    func run(
        _ access: BinanceSpotAccess?, _ change: (inout DoctorPlan) -> Void = { _ in },
        _ surroundings: DoctorSurroundings? = nil
    ) async throws -> Diagnosis {
        var plan = plan(access)
        change(&plan)
        return await (try BinanceDoctor(plan, surroundings ?? self.surroundings())).run()
    }

    /// The account's open orders in BTCUSDT, asked for by somebody else.
    func openOrders() async throws -> [SpotOrder] {
        let client = try SpotAccountClient(access(), wall: Consultation.now, audit: SpotAudit { _ in })
        let venue = try BinanceSpot(at: server.addresses.rest)
        let instrument = try await venue.listing(of: "BTCUSDT") { _ in }.instrument(priceScale: 8, quantityScale: 8)
        return try #require(await client.openOrders(of: instrument).value)
    }
}

extension Diagnosis {
    /// What was found by a check; `nil` when it was not made.
    func finding(_ check: String) -> Finding? { findings.first { $0.check == check } }

    /// How a check ended.
    func status(_ check: String) -> Finding.Status? { finding(check)?.status }
}
