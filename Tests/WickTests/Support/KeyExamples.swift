import Foundation
import LoopbackServer
import Synchronization

/// Keys that open nothing.
enum KeyExamples {
    static let apiKey = "exampleExampleExample0001"
    static let secret = "own-example-secret-0123456789abcdefXYZ"
    static let otherKey = "anotherAnotherAnother0002"
    static let otherSecret = "another-example-secret-9876543210ZYX"
    static let passphrase = "a pass phrase of several words"
    /// An Ed25519 key of the seed 1…32.
    static let privateKey =
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n-----END PRIVATE KEY-----\n"
}

/// A testnet on this machine.
final class TestnetStandIn: Sendable {
    private let state = Mutex<(requests: [LoopbackServer.Request], account: (Int, String))>(
        ([], (200, #"{"canTrade":true,"balances":[]}"#)))
    private let holder = Mutex<LoopbackServer?>(nil)

    init() throws {
        let server = try LoopbackServer { [weak self] request in
            guard let self else { return .init(500, "") }
            if request.path == "/api/v3/time" {
                return .init(200, "{\"serverTime\":\(Int64(Date().timeIntervalSince1970 * 1_000))}")
            }
            let account = self.state.withLock { state in
                state.requests.append(request)
                return state.account
            }
            return .init(account.0, account.1)
        }
        holder.withLock { $0 = server }
    }

    var address: String { holder.withLock { $0?.address ?? "" } }
    var requests: [LoopbackServer.Request] { state.withLock { $0.requests } }
    func answer(_ status: Int, _ body: String) { state.withLock { $0.account = (status, body) } }
    func stop() { holder.withLock { $0?.stop() } }
}
