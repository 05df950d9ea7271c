import Foundation
import LoopbackServer
import Testing

@testable import Network

@Suite("the HTTP client")
struct HTTPClientTests {
    private static let long = String(repeating: "0123456789", count: 10_000)

    private func server(_ manner: LoopbackServer.Manner = .whole) throws -> LoopbackServer {
        try LoopbackServer { request in
            var reply = LoopbackServer.Reply(200, Self.long, ["X-Name": "value: with colon", "X-Name-2": ""])
            if let status = request.query["status"].flatMap({ Int($0) }) { reply.status = status }
            if let text = request.query["echo"] { reply.body = Array(text.utf8) }
            if let seconds = request.query["retry-after"] { reply.headers["Retry-After"] = seconds }
            if request.query["headers"] != nil {
                reply.body = Array(request.headers.map { "\($0)=\($1)" }.sorted().joined(separator: "\n").utf8)
            }
            reply.manner = manner
            return reply
        }
    }

    private func failure(_ server: LoopbackServer, _ options: HTTPOptions = HTTPOptions()) async throws -> HTTPError {
        let client = try HTTPClient(options)
        return try await #require(throws: HTTPError.self) {
            try await client.send(
                HTTPRequest(server.address + "/path", query: [.init("signature", "5ec4e7")]))
        }
    }

    @Test("an answer comes whole, unpacked, with its header fields")
    func whole() async throws {
        let server = try server()
        let response = try await HTTPClient().send(HTTPRequest(server.address + "/path"))
        #expect(response.status == 200)
        #expect(response.body == Array(Self.long.utf8))
        #expect(response.headers["content-encoding"] == "gzip")
        #expect(response.headers["x-name"] == "value: with colon")
        #expect(response.headers["x-name-2"] == "")
        #expect(response.retryAfterSeconds == nil)
    }

    @Test("parameters reach the server as they were", arguments: ["a b", "ä€😀", "a&b=c?d#e+f%20", "/:@", "～"])
    func parameters(_ text: String) async throws {
        let server = try server()
        let response = try await HTTPClient().send(HTTPRequest(server.address + "/", query: [.init("echo", text)]))
        #expect(String(decoding: response.body, as: UTF8.self) == text)
    }

    @Test("the request says who asks, and that the answer may be packed")
    func requestHeaders() async throws {
        let server = try server()
        let response = try await HTTPClient().send(
            HTTPRequest(server.address + "/", query: [.init("headers", "1")]))
        let lines = String(decoding: response.body, as: UTF8.self).split(separator: "\n")
        #expect(
            lines.contains("accept-encoding=gzip") && lines.contains("user-agent=wick"))
    }

    @Test("any status is an answer", arguments: [200, 301, 400, 404, 418, 429, 500, 503])
    func statuses(_ status: Int) async throws {
        let server = try server()
        let request = HTTPRequest(
            server.address + "/", query: [.init("status", "\(status)"), .init("retry-after", "17")])
        let response = try await HTTPClient().send(request)
        #expect(response.status == status)
        #expect(response.retryAfterSeconds == 17)
    }

    @Test("a connection is kept for the next request, and many at once need no more than allowed")
    func connections() async throws {
        let server = try server()
        var options = HTTPOptions()
        options.connectionsPerHost = 3
        let client = try HTTPClient(options)
        for _ in 0..<20 { _ = try await client.send(HTTPRequest(server.address + "/")) }
        // One, as a rule; on a machine with much else to do one may grow too old in between.
        #expect(server.connectionCount < 20)
        await withTaskGroup(of: Int?.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let request = HTTPRequest(server.address + "/", query: [.init("echo", "\(number)")])
                    let response = try? await client.send(request)
                    return response.flatMap { Int(String(decoding: $0.body, as: UTF8.self)) == number ? number : nil }
                }
            }
            var numbers: Set<Int> = []
            for await number in group { if let number { numbers.insert(number) } }
            #expect(numbers.count == 60)
        }
        // Three, and such as the server has not yet seen go.
        #expect(server.peakConnectionCount < 10)
    }

    @Test("an answer that breaks off, or whose packing is damaged, is none")
    func broken() async throws {
        for manner in [LoopbackServer.Manner.truncated, .dropped, .damagedPacking] {
            #expect(try await failure(server(manner)).kind == .brokenAnswer)
        }
    }

    @Test("a server that says nothing, or stops in the middle, is given up")
    func silence() async throws {
        var options = HTTPOptions()
        options.silenceTimeout = .seconds(1)
        for manner in [LoopbackServer.Manner.silent, .stalled] {
            #expect(try await failure(server(manner), options).kind == .timedOut)
        }
    }

    @Test("a request has an end as a whole")
    func total() async throws {
        var options = HTTPOptions()
        options.totalTimeout = .milliseconds(200)
        #expect(try await failure(server(.silent), options).kind == .timedOut)
    }

    @Test("a server that does not take the connection is given up")
    func connecting() async throws {
        let listener = try FullListener()
        var options = HTTPOptions()
        options.connectTimeout = .milliseconds(300)
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient(options).send(HTTPRequest("http://127.0.0.1:\(listener.port)/"))
        }
        #expect(error?.kind == .timedOut)
    }

    @Test("an answer that is too large is refused, packed or not")
    func tooLarge() async throws {
        var options = HTTPOptions()
        options.largestBody = 99_999
        let server = try server()
        #expect(try await failure(server, options).kind == .tooLarge)
        options.largestBody = 100_000
        #expect(try await HTTPClient(options).send(HTTPRequest(server.address + "/")).body.count == 100_000)
    }

    @Test("nobody at a port, no such host, and what is no address are told apart")
    func addresses() async throws {
        let gone = try server()
        gone.stop()
        #expect(try await failure(gone).kind == .cannotConnect)
        for (address, kind) in [
            ("http://no-such-host.invalid/", HTTPError.Kind.unknownHost), ("ftp://127.0.0.1/", .invalidAddress),
            ("http://", .invalidAddress), ("http://127.0.0.1:99999/", .invalidAddress),
        ] {
            let error = await #expect(throws: HTTPError.self) { try await HTTPClient().send(HTTPRequest(address)) }
            #expect(error?.kind == kind, "\(address): \(String(describing: error))")
        }
    }

    @Test("a cancelled task gives its request up, before and while it is under way")
    func cancellation() async throws {
        let server = try server(.silent)
        let client = try HTTPClient()
        for milliseconds in [0, 1, 50] {
            let task = Task { () async -> HTTPError? in
                do throws(HTTPError) {
                    _ = try await client.send(HTTPRequest(server.address + "/"))
                    return nil
                } catch { return error }
            }
            try await Task.sleep(for: .milliseconds(milliseconds))
            task.cancel()
            #expect(await task.value?.kind == .cancelled)
        }
    }

    @Test("requests that are given up as their answers come hold nothing up", .timeLimit(.minutes(2)))
    func givenUpAtTheAnswer() async throws {
        let server = try LoopbackServer { _ in LoopbackServer.Reply(200, "there") }
        let client = try HTTPClient()
        let address = server.address + "/"
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for round in 0..<500 {
                        let task = Task { () async -> Bool in (try? await client.send(HTTPRequest(address))) != nil }
                        // An answer takes some hundred microseconds: before it, with it, behind it.
                        try? await Task.sleep(for: .microseconds((round * 7 + worker * 131) % 700))
                        task.cancel()
                        _ = await task.value
                    }
                }
            }
        }
        let last = try await client.send(HTTPRequest(address))
        #expect(last.body == Array("there".utf8))
    }

    @Test("no error tells parameters, where signatures stand")
    func secrets() async throws {
        var options = HTTPOptions()
        options.silenceTimeout = .seconds(1)
        let gone = try server()
        gone.stop()
        var errors = [try await failure(gone)]
        for manner in [LoopbackServer.Manner.truncated, .dropped, .stalled, .damagedPacking] {
            errors.append(try await failure(server(manner), options))
        }
        for error in errors {
            #expect(error.description.contains("127.0.0.1"))
            #expect(!"\(error) \(String(reflecting: error))".contains("5ec4e7"))
        }
    }
}
