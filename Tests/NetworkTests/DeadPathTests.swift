import Foundation
import LoopbackServer
import Synchronization
import Testing

@testable import Network

/// A server over HTTP/1.1 all of whose first connections fall silent at once; those that are made later are answered.
private final class SilentServer: Sendable {
    private struct State {
        var server: LoopbackServer?
        var arrived = 0
    }

    private let state = Mutex(State())
    let first: Int

    /// - Parameter first: how many connections are made before any is answered, and fall silent then.
    init(first: Int) throws {
        self.first = first
        let server = try LoopbackServer { [weak self] _ in self?.answer() ?? .init(500, "") }
        state.withLock { $0.server = server }
    }

    var address: String { state.withLock { $0.server?.address ?? "" } }
    var connectionCount: Int { state.withLock { $0.server?.connectionCount ?? 0 } }

    private func answer() -> LoopbackServer.Reply {
        let number = state.withLock { state in
            state.arrived += 1
            return state.arrived
        }
        // None but the very first, from which libcurl knows that requests share no connection here, is answered before all are
        // there: each has a connection of its own.
        if number > 1, number <= first + 1 {
            while state.withLock({ $0.arrived }) <= first { usleep(1_000) }
        }
        var reply = LoopbackServer.Reply(200, "here")
        if number > first + 1, connectionCount <= first { reply.manner = .silent }
        return reply
    }
}

@Suite("A path that has died", .timeLimit(.minutes(5)))
struct DeadPathTests {
    private var impatient: HTTPOptions {
        var options = HTTPOptions()
        options.totalTimeout = .seconds(3)
        return options
    }

    @Test(
        "after a silent connection that requests share the next request has another",
        .enabled(if: HTTPClient.speaksHTTP2))
    func shared() async throws {
        let server = try HTTP2Server(.fallsSilent)
        let client = try server.client(impatient)
        _ = try await client.send(server.request())
        // Several are on it, as orders and questions are; none of them is heard of.
        await withTaskGroup(of: HTTPError.Kind?.self) { group in
            for index in 0..<3 {
                group.addTask {
                    do throws(HTTPError) {
                        _ = try await client.send(server.request("/\(index)", form: [.init("symbol", "BTCUSDT")]))
                        return nil
                    } catch { return error.kind }
                }
            }
            for await kind in group { #expect(kind == .timedOut) }
        }
        for _ in 0..<3 {
            let answer = try await client.send(server.request("/cancel", form: [.init("symbol", "BTCUSDT")]))
            #expect(answer.status == 200)
        }
        // One for all that comes next: those that had been on the silent one together did not each take it away again.
        #expect(server.log.connections == 2)
    }

    @Test("after a silent connection the next request takes none of those that were kept beside it")
    func separate() async throws {
        let server = try SilentServer(first: 3)
        let client = try HTTPClient(impatient)
        _ = try await client.send(HTTPRequest(server.address + "/"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await client.send(HTTPRequest(server.address + "/")) } }
            try await group.waitForAll()
        }
        try #require(server.connectionCount == 3)
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(server.address + "/"))
        }
        #expect(error?.kind == .timedOut)
        for _ in 0..<3 { #expect(try await client.send(HTTPRequest(server.address + "/")).status == 200) }
        #expect(server.connectionCount == 4)
    }

    @Test("the kernel ends a connection whose peer acknowledges nothing, and probes one that is kept")
    func kernel() async throws {
        let server = try LoopbackServer { _ in .init(200, "here") }
        let client = try HTTPClient()
        _ = try await client.send(HTTPRequest(server.address + "/"))
        let socket = try #require((0..<4_096).first { Self.peer($0) == server.port })
        #expect(Self.option(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT) == 5_000)
        #expect(Self.option(socket, SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(Self.option(socket, Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 10)
        #expect(Self.option(socket, Int32(IPPROTO_TCP), TCP_KEEPINTVL) == 5)
        _ = try await client.send(HTTPRequest(server.address + "/"))
    }

    /// The port that a socket of this process is connected to.
    private static func peer(_ descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
        }
        return isConnected && address.sin_family == sa_family_t(AF_INET) ? UInt16(bigEndian: address.sin_port) : nil
    }

    private static func option(_ descriptor: Int32, _ level: Int32, _ name: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, level, name, &value, &length) == 0 ? value : nil
    }
}
