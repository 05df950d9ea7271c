import Foundation
import LoopbackServer
import Synchronization
import Testing

@testable import Network

@Suite("what is sent once")
struct SendOnceTests {
    private let time = VirtualTime()
    private var network: NetworkTime {
        NetworkTime(now: { [time] in time.now }, wait: { [time] in time.wait(until: $0) })
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
        func add() { value.withLock { $0 += 1 } }
        var count: Int { value.withLock { $0 } }
    }

    private func send(
        _ server: LoopbackServer, _ gate: RequestGate, patience: Duration = .zero,
        _ priority: RequestPriority = .open, _ prepared: Counter = Counter()
    ) async throws -> HTTPResponse {
        let client = GuardedClient(try HTTPClient(), gate, .init(usedWeightHeader: "x-used"), time: network)
        return try await client.sendOnce(
            about: server.address, weight: 10, priority: priority, patience: patience
        ) { hand in
            prepared.add()
            hand(HTTPRequest(server.address + "/order", method: .post, form: [.init("a", "b")]))
        }
    }

    @Test("an answer of any status is the answer", arguments: [200, 400, 409, 418, 429, 500, 503])
    func statuses(_ status: Int) async throws {
        let arrivals = Counter()
        let server = try LoopbackServer { _ in
            arrivals.add()
            return .init(status, "words")
        }
        #expect(try await send(server, RequestGate(limit: 1_000)).status == status)
        #expect(arrivals.count == 1)
    }

    @Test("a server that asks for a pause is left alone by what comes next")
    func pause() async throws {
        let arrivals = Counter()
        let server = try LoopbackServer { _ in
            arrivals.add()
            return .init(429, "", ["Retry-After": "30"])
        }
        let gate = RequestGate(limit: 1_000)
        _ = try await send(server, gate)
        let prepared = Counter()
        await #expect(throws: RequestFailure.self) {
            try await send(server, gate, patience: .seconds(29), .open, prepared)
        }
        #expect(arrivals.count == 1 && prepared.count == 0)
        _ = try await send(server, gate, patience: .seconds(31))
        #expect(arrivals.count == 2)
    }

    @Test("failures of the server open the circuit, and cancels pass it")
    func circuit() async throws {
        let arrivals = Counter()
        let server = try LoopbackServer { _ in
            arrivals.add()
            return .init(500, "")
        }
        let gate = RequestGate(limit: 1_000)
        for _ in 0..<5 { _ = try await send(server, gate) }
        await #expect(throws: RequestFailure.self) { try await send(server, gate) }
        #expect(arrivals.count == 5)
        #expect(try await send(server, gate, patience: .zero, .cancel).status == 500)
    }

    @Test("what can't be made is not sent, and costs nothing")
    func unmade() async throws {
        let arrivals = Counter()
        let server = try LoopbackServer { _ in
            arrivals.add()
            return .init(200, "")
        }
        let gate = RequestGate(limit: 10)
        let client = GuardedClient(try HTTPClient(), gate, .init(usedWeightHeader: "x-used"), time: network)
        await #expect(throws: RequestFailure.self) {
            try await client.sendOnce(about: server.address, weight: 1, priority: .open, patience: .zero) { $0(nil) }
        }
        #expect(arrivals.count == 0)
    }

    @Test("what is handed in later, by another thread, is sent all the same")
    func later() async throws {
        let server = try LoopbackServer { _ in .init(200, "fine") }
        let client = GuardedClient(
            try HTTPClient(), RequestGate(limit: 1_000), .init(usedWeightHeader: "x-used"), time: network)
        let address = server.address
        let response = try await client.sendOnce(about: address, weight: 1, priority: .open, patience: .zero) { hand in
            Thread.detachNewThread {
                usleep(20_000)
                hand(HTTPRequest(address + "/order", method: .post, form: [.init("a", "b")]))
            }
        }
        #expect(response.status == 200)
    }

    @Test("what nobody wants any more when it is handed in is not sent")
    func givenUpBefore() async throws {
        let arrivals = Counter()
        let server = try LoopbackServer { _ in
            arrivals.add()
            return .init(200, "")
        }
        let client = try HTTPClient()
        let address = server.address
        let waiting = Mutex<(@Sendable (HTTPRequest?) -> Void)?>(nil)
        let asking = Task { () -> HTTPError.Kind? in
            do throws(HTTPError) {
                _ = try await client.send(to: address) { hand in waiting.withLock { $0 = hand } }
                return nil
            } catch {
                return error.kind
            }
        }
        while waiting.withLock({ $0 == nil }) { await Task.yield() }
        asking.cancel()
        waiting.withLock { $0 }?(HTTPRequest(address + "/order", method: .post, form: [.init("a", "b")]))
        #expect(await asking.value == .cancelled)
        #expect(arrivals.count == 0)
    }

    @Test("a question that is made anew for every attempt is never out of date")
    func anew() async throws {
        let bodies = Mutex<[String]>([])
        let server = try LoopbackServer { request in
            bodies.withLock { $0.append(request.query["n"] ?? "") }
            return bodies.withLock { $0.count } < 3 ? .init(500, "") : .init(200, "fine")
        }
        let client = GuardedClient(
            try HTTPClient(), RequestGate(limit: 1_000), .init(usedWeightHeader: "x-used"), time: network)
        let prepared = Counter()
        let text = try await client.ask(
            about: server.address, weight: 1, priority: .data, attempts: 4, pausing: { _ in },
            prepare: {
                prepared.add()
                return HTTPRequest(server.address + "/x", query: [.init("n", "\(prepared.count)")])
            },
            read: { .value(String(decoding: $0.body, as: UTF8.self)) })
        #expect(text == "fine" && bodies.withLock { $0 } == ["1", "2", "3"])
    }
}
