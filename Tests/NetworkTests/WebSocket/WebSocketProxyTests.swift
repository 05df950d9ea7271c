import Foundation
import Synchronization
import Testing

@testable import Network

@Suite("a WebSocket through a proxy", .timeLimit(.minutes(5)))
struct WebSocketProxyTests {
    /// A proxy that makes a way to wherever it is asked for, unless it answers something else.
    private func proxy(
        _ answer: String = "HTTP/1.1 200 Connection established\r\n\r\n", _ heads: Heads = Heads()
    ) throws -> RawServer {
        try RawServer { client in
            guard let head = client.readHead() else { return }
            heads.values.withLock { $0.append(head) }
            guard client.write(answer.utf8), answer.contains(" 200 ") else { return client.waitForEnd() }
            let port = head.split(separator: " ")[1].split(separator: ":").last.flatMap { Int($0) } ?? 0
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            guard LoopbackAddress.connect(descriptor, port) else { return }
            let server = RawConnection(descriptor)
            // Both ways have ended before either descriptor is closed: its number may be another test's server after that.
            let back = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                while let byte = server.readSome(), client.write(byte) {}
                shutdown(client.descriptor, Int32(SHUT_RDWR))
                back.signal()
            }
            while let bytes = client.readSome(), server.write(bytes) {}
            shutdown(descriptor, Int32(SHUT_RDWR))
            back.wait()
        }
    }

    private final class Heads: Sendable {
        let values = Mutex<[String]>([])
    }

    private func echo() throws -> RawServer {
        try RawServer { connection in
            connection.consent()
            while let frame = connection.readFrame(), connection.write(frame.bytes), frame.code == nil {}
        }
    }

    private func connect(
        _ address: String, _ environment: [String: String], _ inbox: Inbox, _ options: WebSocketOptions = .patient
    ) async throws(WebSocketError) -> WebSocket {
        try await WebSocket.connect(to: address, options, through: ProxyEnvironment(environment)) { inbox.take($0) }
    }

    @Test("the proxy is asked for a way, with name and password where it has them")
    func tunnel() async throws {
        let heads = Heads()
        let proxy = try proxy("HTTP/1.0 200 OK\r\nX: y\r\n\r\n", heads)
        let server = try echo()
        let inbox = Inbox()
        let socket = try await connect(
            server.address, ["http_proxy": "http://us%65r:pass@127.0.0.1:\(proxy.port)/"], inbox)
        try await socket.send(text: "through")
        #expect(await inbox.wait(for: 1) == [.text("through")])
        let head = try #require(heads.values.withLock { $0.first })
        #expect(head.hasPrefix("CONNECT 127.0.0.1:\(server.port) HTTP/1.1\r\n"))
        #expect(Upgrade.field("proxy-authorization", in: head) == "Basic dXNlcjpwYXNz")
        await socket.close()
    }

    @Test(
        "TLS goes through the proxy to the server, whose name or number is checked",
        .enabled(if: SecureServer.isThere, "there is no openssl to make a certificate with"),
        arguments: [("localhost", "DNS:localhost"), ("127.0.0.1", "IP:127.0.0.1")])
    func secured(host: String, name: String) async throws {
        let certificate = try TestCertificate(name)
        let front = try SecureFront(certificate, before: try echo())
        let heads = Heads()
        let proxy = try proxy("HTTP/1.1 200 OK\r\n\r\n", heads)
        var options = WebSocketOptions.patient
        options.additionalTrust = certificate.file
        let inbox = Inbox()
        let socket = try await connect(
            "wss://\(host):\(front.port)/", ["all_proxy": "127.0.0.1:\(proxy.port)"], inbox, options)
        try await socket.send(text: "through")
        #expect(await inbox.wait(for: 1) == [.text("through")])
        #expect(heads.values.withLock { $0.first }?.hasPrefix("CONNECT \(host):\(front.port) ") == true)
        await socket.close()
    }

    @Test("a proxy that refuses is told with its status", arguments: [403, 407, 502])
    func refused(status: Int) async throws {
        let proxy = try proxy("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n")
        let error = await #expect(throws: WebSocketError.self) {
            try await connect("ws://127.0.0.1:1/", ["http_proxy": "u:secret@127.0.0.1:\(proxy.port)"], Inbox())
        }
        #expect(error?.kind == .proxyRefused(status: status))
        #expect(error?.isTransient == (status == 502))
        #expect(error?.description.contains("secret") == false)
    }

    @Test("a proxy that sends more than it is asked for is not believed")
    func eager() async throws {
        let proxy = try proxy("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101 Yes\r\n\r\n")
        let server = try echo()
        let error = await #expect(throws: WebSocketError.self) {
            try await connect(server.address, ["http_proxy": "127.0.0.1:\(proxy.port)"], Inbox())
        }
        #expect(error?.kind == .brokenAnswer)
    }

    @Test("a proxy that is silent is given up with the time to connect")
    func silent() async throws {
        let proxy = try RawServer { $0.waitForEnd() }
        var options = WebSocketOptions.patient
        options.connectTimeout = .milliseconds(100)
        let error = await #expect(throws: WebSocketError.self) {
            try await connect("ws://127.0.0.1:1/", ["http_proxy": "127.0.0.1:\(proxy.port)"], Inbox(), options)
        }
        #expect(error?.kind == .timedOut)
        #expect(await eventually { proxy.ended == proxy.accepted })
    }

    @Test("a proxy of another kind is refused with the variable's name, not its value")
    func otherKind() async throws {
        let error = await #expect(throws: WebSocketError.self) {
            try await connect("wss://localhost/", ["https_proxy": "socks5://u:secret@127.0.0.1:1"], Inbox())
        }
        #expect(error?.kind == .cannotConnect)
        #expect(error?.detail.contains("https_proxy") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test("a host that no_proxy names is asked without the proxy")
    func exception() async throws {
        let server = try echo()
        let inbox = Inbox()
        let socket = try await connect(
            server.address, ["http_proxy": "127.0.0.1:1", "no_proxy": "example.com, 127.0.0.0/8"], inbox)
        try await socket.send(text: "direct")
        #expect(await inbox.wait(for: 1).first == .text("direct"))
        await socket.close()
    }
}
