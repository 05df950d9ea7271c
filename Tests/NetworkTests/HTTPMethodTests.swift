import LoopbackServer
import Synchronization
import Testing

@testable import Network

@Suite("methods, header fields and bodies")
struct HTTPMethodTests {
    /// What came to a server.
    private final class Arrivals: Sendable {
        let requests = Mutex<[LoopbackServer.Request]>([])
        var all: [LoopbackServer.Request] { requests.withLock { $0 } }
        func note(_ request: LoopbackServer.Request) { requests.withLock { $0.append(request) } }
    }

    private static let form: [HTTPRequest.Parameter] = [.init("symbol", "币USDT"), .init("price", "1 + 2/3=&")]
    private static let encodedForm = "symbol=%E5%B8%81USDT&price=1%20%2B%202%2F3%3D%26"

    @Test("a request arrives with its method, fields and body", arguments: HTTPRequest.Method.allCases)
    func arrival(_ method: HTTPRequest.Method) async throws {
        let arrivals = Arrivals()
        let server = try LoopbackServer {
            arrivals.note($0)
            return .init(200, "fine")
        }
        let request = HTTPRequest(
            server.address + "/order", method: method, query: [.init("a", "1&2")],
            form: method == .get ? [] : Self.form, headers: [.init("X-Key", "value")])
        #expect(try await HTTPClient().send(request).status == 200)
        let arrived = try #require(arrivals.all.first)
        #expect(arrived.method == method.rawValue && arrived.path == "/order" && arrived.queryText == "a=1%262")
        #expect(arrived.headers["x-key"] == "value" && arrived.headers["expect"] == nil)
        #expect(arrived.body == (method == .get ? "" : Self.encodedForm))
        if method != .get {
            #expect(arrived.headers["content-type"] == "application/x-www-form-urlencoded")
            #expect(arrived.headers["content-length"] == "\(Self.encodedForm.utf8.count)")
        }
    }

    @Test("a method without a body arrives without one", arguments: [HTTPRequest.Method.post, .put, .delete])
    func withoutBody(_ method: HTTPRequest.Method) async throws {
        let arrivals = Arrivals()
        let server = try LoopbackServer {
            arrivals.note($0)
            return .init(200, "fine")
        }
        #expect(try await HTTPClient().send(HTTPRequest(server.address + "/x", method: method)).status == 200)
        #expect(arrivals.all.map(\.method) == [method.rawValue] && arrivals.all[0].body == "")
    }

    @Test("requests of all kinds share connections, and none leaves anything to the next")
    func kept() async throws {
        let arrivals = Arrivals()
        let server = try LoopbackServer {
            arrivals.note($0)
            return .init(200, "fine")
        }
        let client = try HTTPClient()
        let address = server.address + "/x"
        for request in [
            HTTPRequest(address, method: .post, form: Self.form, headers: [.init("X-Key", "value")]),
            HTTPRequest(address), HTTPRequest(address, method: .delete, form: Self.form), HTTPRequest(address),
        ] {
            _ = try await client.send(request)
        }
        #expect(arrivals.all.map(\.method) == ["POST", "GET", "DELETE", "GET"])
        #expect(arrivals.all.map { $0.body.isEmpty } == [false, true, false, true])
        #expect(arrivals.all.map { $0.headers["x-key"] } == ["value", nil, nil, nil])
        // One as a rule; a client that is kept from working for two minutes lets go of what is idle.
        #expect(server.connectionCount < arrivals.all.count)
    }

    @Test(
        "whatever has a body reaches the server once, also when a kept connection breaks under it",
        arguments: [HTTPRequest.Method.post, .put, .delete])
    func once(_ method: HTTPRequest.Method) async throws {
        let arrivals = Arrivals()
        let server = try LoopbackServer { request in
            arrivals.note(request)
            var reply = LoopbackServer.Reply(200, "fine")
            if request.path == "/order" { reply.manner = .dropped }
            return reply
        }
        let client = try HTTPClient()
        _ = try await client.send(HTTPRequest(server.address + "/warm"))
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(server.address + "/order", method: method, form: Self.form))
        }
        #expect(error?.isNeverSent == false, "\(String(describing: error))")
        #expect(arrivals.all.filter { $0.path == "/order" }.count == 1)
    }

    @Test("a body that the server has, and whose connection can't be made anew, is not told as never sent")
    func onceAndGone() async throws {
        let arrivals = Arrivals()
        let gone = Mutex<LoopbackServer?>(nil)
        let server = try LoopbackServer { request in
            arrivals.note(request)
            var reply = LoopbackServer.Reply(200, "fine")
            if request.path == "/order" {
                gone.withLock { $0 }?.stop()
                reply.manner = .dropped
            }
            return reply
        }
        gone.withLock { $0 = server }
        let client = try HTTPClient()
        _ = try await client.send(HTTPRequest(server.address + "/warm"))
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(server.address + "/order", method: .post, form: Self.form))
        }
        #expect(error?.isNeverSent == false, "\(String(describing: error))")
        #expect(arrivals.all.filter { $0.path == "/order" }.count == 1)
        gone.withLock { $0 = nil }
    }

    @Test("a body larger than a piece arrives whole")
    func large() async throws {
        let arrivals = Arrivals()
        let server = try LoopbackServer {
            arrivals.note($0)
            return .init(200, "fine")
        }
        let text = String(repeating: "0123456789", count: 50_000)
        _ = try await HTTPClient().send(
            HTTPRequest(server.address + "/x", method: .post, form: [.init("text", text)]))
        #expect(arrivals.all.first?.form["text"] == text)
    }

    @Test("a request that is printed shows its method and address only")
    func printed() {
        let request = HTTPRequest(
            "https://host/order", method: .post, query: [.init("signature", "hush")], form: [.init("secret", "hush")],
            headers: [.init("X-Key", "hush")])
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(request)", String(reflecting: request), dumped] {
            #expect(text.contains("POST https://host/order") && !text.contains("hush"), "\(text)")
        }
    }

    @Test("a host that refuses has had nothing of a request")
    func neverSent() async throws {
        let server = try LoopbackServer { _ in .init(200, "") }
        let address = server.address
        server.stop()
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest(address + "/order", method: .post, form: Self.form))
        }
        #expect(error?.isNeverSent == true)
    }
}
