import Foundation
import Testing

@testable import Network

@Suite(
    "whom a WebSocket trusts", .timeLimit(.minutes(5)),
    .enabled(if: SecureServer.isThere, "there is no openssl to make a certificate with"))
struct WebSocketTrustTests {
    /// A server over TLS that echoes.
    private func server(_ names: String) throws -> (front: SecureFront, certificate: TestCertificate) {
        let certificate = try TestCertificate(names)
        let plain = try RawServer { connection in
            connection.consent()
            while let frame = connection.readFrame(), connection.write(frame.bytes), frame.code == nil {}
        }
        return (try SecureFront(certificate, before: plain), certificate)
    }

    private func trusting(_ certificate: TestCertificate?) -> WebSocketOptions {
        var options = WebSocketOptions.patient
        options.additionalTrust = certificate?.file
        return options
    }

    @Test("a certificate that is trusted, for the name or number it is of", arguments: ["localhost", "127.0.0.1"])
    func trusted(host: String) async throws {
        let (front, certificate) = try server("DNS:localhost,IP:127.0.0.1")
        let inbox = Inbox()
        let socket = try await WebSocket.open("wss://\(host):\(front.port)/", inbox, trusting(certificate))
        let large = String(repeating: "z", count: 300_000)
        try await socket.send(text: "hello")
        try await socket.send(text: large)
        #expect(await inbox.wait(for: 2) == [.text("hello"), .text(large)])
        await socket.close()
        #expect(try await inbox.closure() == WebSocketClosure(code: 1000, reason: "", initiator: .client, error: nil))
    }

    @Test("a certificate that nobody vouches for is refused")
    func stranger() async throws {
        let (front, _) = try server("DNS:localhost")
        let error = await #expect(throws: WebSocketError.self) {
            try await WebSocket.open("wss://localhost:\(front.port)/", Inbox(), trusting(nil))
        }
        #expect(error?.kind == .notTrusted)
        #expect(error?.detail == "nobody who is trusted vouches for its certificate")
    }

    @Test(
        "a certificate of another name or number is refused",
        arguments: [("127.0.0.1", "DNS:localhost"), ("localhost", "IP:127.0.0.1"), ("localhost", "DNS:example.com")])
    func misnamed(host: String, names: String) async throws {
        let (front, certificate) = try server(names)
        let error = await #expect(throws: WebSocketError.self) {
            try await WebSocket.open("wss://\(host):\(front.port)/", Inbox(), trusting(certificate))
        }
        #expect(error?.kind == .notTrusted)
        #expect(error?.detail == "its certificate is of another name")
        #expect(error?.isTransient == false)
    }

    @Test("a server that speaks no TLS is told as not safe")
    func plain() async throws {
        let server = try RawServer { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            connection.waitForEnd()
        }
        let error = await #expect(throws: WebSocketError.self) {
            try await WebSocket.open("wss://localhost:\(server.port)/", Inbox())
        }
        #expect(error?.kind == .notTrusted)
        #expect(error?.detail == "TLS: wrong version number")
    }

    @Test("a connection that ends without TLS's end is told as broken off")
    func truncated() async throws {
        let certificate = try TestCertificate("DNS:localhost")
        let plain = try RawServer { connection in
            connection.consent(then: Frame.text("last").bytes)
            _ = connection.readFrame()
        }
        let front = try SecureFront(certificate, before: plain, isAbrupt: true)
        let inbox = Inbox()
        let socket = try await WebSocket.open("wss://localhost:\(front.port)/", inbox, trusting(certificate))
        #expect(await inbox.wait(for: 1).first == .text("last"))
        try await socket.send(text: "go")
        #expect(try await inbox.closure().error?.kind == .brokenOff)
        await socket.close()
    }

    @Test("a file of certificates that is not there, or holds none, is named")
    func files() async throws {
        for file in ["/nonexistent/ca.pem", "/etc/hostname", "/tmp"] {
            var options = WebSocketOptions.patient
            options.additionalTrust = file
            let error = await #expect(throws: WebSocketError.self) {
                try await WebSocket.open("wss://localhost:1/", Inbox(), options)
            }
            #expect(error?.kind == .notTrusted)
            #expect(error?.detail.contains(file) == true)
        }
    }
}
