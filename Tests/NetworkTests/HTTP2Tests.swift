import Testing

@testable import Network

@Suite(
    "HTTP/2", .enabled(if: SecureServer.isThere, "there is no openssl to make a certificate with"),
    .enabled(if: HTTPClient.speaksHTTP2, "this libcurl has no HTTP/2"), .timeLimit(.minutes(5)))
struct HTTP2Tests {
    private func bodies(_ count: Int, _ server: HTTP2Server, _ client: HTTPClient) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<count {
                group.addTask {
                    String(decoding: try await client.send(server.request("/\(index)")).body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("requests that are under way at once share one connection, each with its own answer")
    func shared() async throws {
        // Nothing is answered before all of them are there, on one connection.
        let server = try HTTP2Server(.together(20))
        let told = try await bodies(20, server, try server.client())
        #expect(Set(told) == Set((0..<20).map { "stream \(2 * $0 + 1)" }))
        #expect(server.log.connections == 1 && server.log.requests == 20 && server.log.plainRequests == 0)
    }

    @Test("one request after the other takes the connection that is kept, bodies too")
    func kept() async throws {
        let server = try HTTP2Server(.together(1))
        let client = try server.client()
        for _ in 0..<3 {
            let answer = try await client.send(server.request("/", form: [.init("symbol", "BTCUSDT")]))
            #expect(answer.status == 200)
        }
        #expect(server.log.connections == 1 && server.log.requests == 3)
        #expect(server.log.bodyBytes == 3 * "symbol=BTCUSDT".utf8.count)
    }

    @Test("a server that does not offer it is spoken to in HTTP/1.1", arguments: [["http/1.1"], []])
    func fallback(_ protocols: [String]) async throws {
        let server = try HTTP2Server(.together(1), offering: protocols)
        let told = try await bodies(5, server, try server.client())
        #expect(told == Array(repeating: "HTTP/1.1", count: 5))
        #expect(server.log.plainRequests == 5 && server.log.requests == 0)
    }

    @Test(
        "a request with a body reaches a server once, also when it says that it did nothing", arguments: [true, false])
    func once(_ isRefusal: Bool) async throws {
        let server = try HTTP2Server(isRefusal ? .refuses : .goesAway)
        let client = try server.client()
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(server.request("/", form: [.init("symbol", "BTCUSDT")]))
        }
        #expect(error?.kind == .brokenAnswer && error?.isNeverSent == false)
        #expect(server.log.requests == 1)
    }
}
