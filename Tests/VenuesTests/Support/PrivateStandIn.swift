import Foundation
import LoopbackServer
import Synchronization

/// A server on this machine that answers private requests as a test says, and knows the venue's time.
final class PrivateStandIn: Sendable {
    struct State {
        var requests: [LoopbackServer.Request] = []
        var answers: [LoopbackServer.Reply] = []
        var time: @Sendable () -> Int64 = { 1_700_000_000_000 }
        var timeReplies: [LoopbackServer.Reply] = []
    }

    private let state = Mutex(State())
    private let holder = Mutex<LoopbackServer?>(nil)

    init() throws {
        let server = try LoopbackServer { [weak self] request in self?.answer(request) ?? .init(500, "") }
        holder.withLock { $0 = server }
    }

    var address: String { holder.withLock { $0?.address ?? "" } }
    func stop() { holder.withLock { $0?.stop() } }

    /// What came, without questions for the time.
    var requests: [LoopbackServer.Request] { state.withLock { $0.requests.filter { $0.path != "/api/v3/time" } } }
    /// How often the time was asked for.
    var timeCount: Int { state.withLock { $0.requests.count { $0.path == "/api/v3/time" } } }

    /// Answers the next requests in turn; after the last it says 500.
    func answer(_ replies: LoopbackServer.Reply...) { state.withLock { $0.answers += replies } }
    func change(_ body: @Sendable (inout State) -> Void) { state.withLock { body(&$0) } }

    private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        state.withLock { state in
            state.requests.append(request)
            if request.path == "/api/v3/time" {
                if !state.timeReplies.isEmpty { return state.timeReplies.removeFirst() }
                return .init(200, "{\"serverTime\":\(state.time())}")
            }
            return state.answers.isEmpty ? .init(500, "nothing more to say") : state.answers.removeFirst()
        }
    }
}
