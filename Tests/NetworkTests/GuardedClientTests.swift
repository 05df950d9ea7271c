import LoopbackServer
import Synchronization
import Testing

@testable import Network

@Suite("the guarded client")
struct GuardedClientTests {
    private let time = VirtualTime()
    private var network: NetworkTime {
        NetworkTime(now: { [time] in time.now }, wait: { [time] in time.wait(until: $0) })
    }

    /// A server that gives the replies in turn, then `fine`.
    private func server(_ replies: LoopbackServer.Reply...) throws -> (
        server: LoopbackServer, count: @Sendable () -> Int
    ) {
        let state = Shared(replies)
        let server = try LoopbackServer { _ in
            state.value.withLock { state in
                state.count += 1
                return state.replies.isEmpty ? .init(200, "fine") : state.replies.removeFirst()
            }
        }
        return (server, { state.value.withLock { $0.count } })
    }

    private final class Shared: Sendable {
        let value: Mutex<(replies: [LoopbackServer.Reply], count: Int)>
        init(_ replies: [LoopbackServer.Reply]) { value = Mutex((replies, 0)) }
    }

    private func client(_ gate: RequestGate = RequestGate(limit: 1_000)) throws -> GuardedClient {
        GuardedClient(try HTTPClient(), gate, .init(usedWeightHeader: "x-used"), time: network)
    }

    private func ask(
        _ server: LoopbackServer, _ client: GuardedClient, attempts: Int = 4,
        pausing: @Sendable (RequestPause) -> Void = { _ in }
    ) async throws(RequestFailure) -> String {
        try await client.ask(
            HTTPRequest(server.address + "/"), weight: 2, priority: .data, attempts: attempts, pausing: pausing
        ) { response in
            let text = String(decoding: response.body, as: UTF8.self)
            return text == "garbage" ? .damaged("this is garbage") : .value(text)
        }
    }

    @Test("failures of the server are tried again, the first time at once, then after a while")
    func retries() async throws {
        let (server, count) = try server(.init(500, ""), .init(200, "garbage"), .init(503, ""))
        #expect(try await ask(server, client()) == "fine")
        #expect(count() == 4)
        #expect(time.waits.count == 3)
        #expect(time.waits[0] == .zero)
        #expect(time.waits[1] >= .milliseconds(500) && time.waits[1] <= .seconds(1))
        #expect(time.waits[2] >= .seconds(1) && time.waits[2] <= .seconds(2))
    }

    @Test("after so many attempts the last failure is told")
    func exhaustion() async throws {
        let (server, count) = try server(.init(500, "a"), .init(200, "garbage"), .init(502, "c"))
        let failure = await #expect(throws: RequestFailure.self) { try await ask(server, client(), attempts: 3) }
        guard case .server(let response)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(response.status == 502 && response.excerpt == "c")
        #expect(count() == 3)
    }

    @Test("what the server refuses is not asked again", arguments: [400, 401, 403, 404, 451])
    func refusals(_ status: Int) async throws {
        let (server, count) = try server(.init(status, "no"))
        #expect(try await ask(server, client()) == "no")
        #expect(count() == 1)
    }

    @Test(
        "429 and 418 are obeyed to the second, told, and no attempts",
        arguments: [
            (429, RequestPause.Reason.tooMuchAsked), (418, .banned),
        ])
    func pauses(_ status: Int, _ reason: RequestPause.Reason) async throws {
        let (server, count) = try server(
            .init(status, "", ["Retry-After": "37"]), .init(status, "", ["Retry-After": "120"]))
        let told = Mutex<[RequestPause]>([])
        #expect(try await ask(server, client(), attempts: 1) { pause in told.withLock { $0.append(pause) } } == "fine")
        #expect(count() == 3)
        #expect(time.waits == [.seconds(37), .seconds(120)])
        #expect(told.withLock { $0.map(\.reason) } == [reason, reason])
    }

    @Test("a pause without a length gets one")
    func pauseWithoutLength() async throws {
        let (server, _) = try server(.init(429, ""), .init(418, ""))
        #expect(try await ask(server, client()) == "fine")
        #expect(time.waits == [.seconds(60), .seconds(120)])
    }

    @Test("a pause of one request holds for all others of the gate, cancels too")
    func sharedPause() async throws {
        let gate = RequestGate(limit: 1_000)
        let (server, _) = try server(.init(418, "", ["Retry-After": "500"]))
        let client = try client(gate)
        #expect(try await ask(server, client) == "fine")
        let other = RequestGate(limit: 1_000)
        for (gate, isHeld) in [(gate, false), (other, false)] {
            guard case .success = gate.ask(1, .cancel, at: time.now) else {
                Issue.record("\(isHeld)")
                continue
            }
        }
        let pause = RequestPause(reason: .banned, until: time.now + .seconds(99))
        guard case .success(let ticket) = gate.ask(1, .data, at: time.now) else {
            Issue.record("no ticket")
            return
        }
        gate.end(ticket, .refused(pause, used: nil), at: time.now)
        for priority in RequestPriority.allCases {
            guard case .failure(let refusal) = gate.ask(1, priority, at: time.now) else {
                Issue.record("\(priority) passed")
                continue
            }
            #expect(refusal.pause == pause)
        }
        #expect(gate.tally.pauses == 2)
    }

    @Test("a pause longer than anybody waits ends the request, and nothing is sent meanwhile")
    func longPause() async throws {
        let (server, count) = try server(.init(418, "", ["Retry-After": "86400"]))
        let client = try client()
        for _ in 0..<3 {
            let failure = await #expect(throws: RequestFailure.self) { try await ask(server, client) }
            guard case .paused(.banned, seconds: 86_400)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
        #expect(count() == 1)
        #expect(time.waits.isEmpty)
    }

    @Test("a server that is gone is tried, then left alone for half a minute, then tried once")
    func outage() async throws {
        let (server, _) = try server()
        server.stop()
        let told = Mutex<[RequestPause]>([])
        let failure = await #expect(throws: RequestFailure.self) {
            try await ask(server, client(), attempts: 6) { pause in told.withLock { $0.append(pause) } }
        }
        guard case .transport(let error)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(error.kind == .cannotConnect)
        #expect(told.withLock { $0.map(\.reason) } == [.keepsFailing])
    }

    @Test("the same server has the same gate, whoever asks for it; another has another")
    func oneGate() {
        let gate = RequestGate.of("https://one.invalid", limit: 10)
        #expect(gate === RequestGate.of("https://ONE.invalid", limit: 99))
        #expect(gate !== RequestGate.of("https://two.invalid", limit: 10))
    }
}
