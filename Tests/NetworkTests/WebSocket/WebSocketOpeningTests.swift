import Foundation
import Synchronization
import Testing

@testable import Network

@Suite("opening a WebSocket", .timeLimit(.minutes(5)))
struct WebSocketOpeningTests {
    private func failure(
        _ address: String, _ options: WebSocketOptions = .patient, _ inbox: Inbox = Inbox()
    ) async -> WebSocketError? {
        let error = await #expect(throws: WebSocketError.self) { try await WebSocket.open(address, inbox, options) }
        #expect(inbox.items.isEmpty)
        return error
    }

    private func failure(answer: String, _ options: WebSocketOptions = .patient) async throws
        -> WebSocketError?
    {
        let server = try RawServer { connection in
            guard let head = connection.readHead() else { return }
            let key = Upgrade.field("sec-websocket-key", in: head) ?? ""
            connection.write(answer.replacingOccurrences(of: "ACCEPT", with: Upgrade.accept(key)).utf8)
            if answer.contains("Content-Length") { connection.waitForEnd() }
        }
        return await failure(server.address + "?signature=secret", options)
    }

    @Test("the proof of a key is the one of the standard")
    func proof() { #expect(Upgrade.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") }

    @Test(
        "an answer that refuses is told with its status, and how long to wait",
        arguments: [
            (429, "Retry-After: 17\r\n", 17), (418, "retry-after:\t120 \r\n", 120), (403, "", nil), (503, "", nil),
            (429, "Retry-After: -1\r\n", nil), (429, "Retry-After: soon\r\n", nil),
            // A date says how long only beside the server's own.
            (429, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", nil),
            (429, "Date: Sun, 06 Nov 1994 08:49:07 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 30),
        ] as [(Int, String, Int64?)])
    func refused(status: Int, field: String, seconds: Int64?) async throws {
        let body = #"{"code":-1003,"msg":"Too many requests"}"#
        let error = try await failure(
            answer: "HTTP/1.1 \(status) No\r\n\(field)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(error?.kind == .refused(status: status, retryAfterSeconds: seconds))
        #expect(error?.detail == body)
        #expect(error?.isTransient == (status != 403))
        #expect(error?.description.contains("secret") == false)
    }

    @Test("a redirection is told with where it points, and not followed")
    func redirection() async throws {
        let error = try await failure(
            answer: "HTTP/1.1 302 Found\r\nLocation: https://elsewhere/path?secret=1\r\nContent-Length: 0\r\n\r\n")
        #expect(error?.kind == .refused(status: 302, retryAfterSeconds: nil))
        #expect(error?.detail == "it points to https://elsewhere/path")
    }

    @Test("a refusal whose body breaks off is a refusal all the same")
    func tornRefusal() async throws {
        let error = try await failure(answer: "HTTP/1.1 500 Oh\r\n\r\nhalf a bo")
        #expect(error?.kind == .refused(status: 500, retryAfterSeconds: nil))
        #expect(error?.detail == "half a bo")
    }

    @Test("an answer that only announces another is passed over")
    func announcement() async throws {
        let error = try await failure(
            answer: "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
        #expect(error?.kind == .refused(status: 404, retryAfterSeconds: nil))
    }

    @Test(
        "a consent that is damaged opens nothing",
        arguments: [
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n"
                + "Sec-WebSocket-Protocol: chat\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n Connection: Upgrade\r\n\r\n",
            "HTTP/2 101 Yes\r\n\r\n", "SSH-2.0-OpenSSH\r\n\r\n", "\r\n\r\n", "HTTP/1.1 101", "",
            "HTTP/1.1 1e1 Yes\r\n\r\n", "HTTP/1.1 999 Yes\r\n\r\n",
        ])
    func damaged(answer: String) async throws {
        let error = try await failure(answer: answer)
        #expect(error?.kind == .brokenAnswer)
        #expect(error?.isTransient == true)
    }

    @Test("a head without an end is not read for ever")
    func endless() async throws {
        let server = try RawServer { connection in
            guard connection.readHead() != nil, connection.write("HTTP/1.1 101 Yes\r\n".utf8) else { return }
            while connection.write(Array("X: ".utf8) + [UInt8](repeating: 0x78, count: 1_000) + [13, 10]) {}
        }
        #expect(await failure(server.address)?.kind == .brokenAnswer)
        #expect(await eventually { server.ended == 1 })
    }

    @Test("a server that does not answer the upgrade is given up, and so is one that dawdles over TLS")
    func silent() async throws {
        let server = try RawServer { $0.waitForEnd() }
        var options = WebSocketOptions.patient
        options.upgradeTimeout = .milliseconds(50)
        for scheme in ["ws", "wss"] {
            let error = await failure("\(scheme)://127.0.0.1:\(server.port)/", options)
            #expect(error?.kind == .timedOut)
            #expect(error?.detail.contains("upgrade") == true)
        }
        #expect(await eventually { server.ended == 2 })
    }

    @Test("a refusal that has come without the end of its body when time is up is a refusal")
    func lateRefusal() async throws {
        var options = WebSocketOptions.patient
        options.upgradeTimeout = .seconds(5)
        let error = try await failure(
            answer: "HTTP/1.1 418 No\r\nRetry-After: 9\r\nContent-Length: 99\r\n\r\n", options)
        #expect(error?.kind == .refused(status: 418, retryAfterSeconds: 9))
    }

    @Test("a port that takes no connection is given up in time, and one that refuses at once")
    func connecting() async throws {
        let full = try FullListener()
        var options = WebSocketOptions.patient
        options.connectTimeout = .milliseconds(100)
        let late = await failure("ws://127.0.0.1:\(full.port)/", options)
        #expect(late?.kind == .timedOut)
        let server = try RawServer { _ in }
        server.stop()
        let refused = await failure(server.address)
        #expect(refused?.kind == .cannotConnect)
        #expect(refused?.detail == "Connection refused")
    }

    @Test("cancelling gives the connection up, wherever it stands, and leaves nothing behind", arguments: [0, 1, 20])
    func cancelled(milliseconds: Int) async throws {
        let server = try RawServer { $0.waitForEnd() }
        let inbox = Inbox()
        let task = Task { try await WebSocket.open(server.address, inbox) }
        if milliseconds > 0 { try await Task.sleep(for: .milliseconds(milliseconds)) }
        task.cancel()
        let error = await #expect(throws: WebSocketError.self) { _ = try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(await eventually { server.ended == server.accepted })
        #expect(inbox.items.isEmpty)
    }

    @Test("a connection that is given up frees what its handler holds")
    func abandoned() async throws {
        let server = try RawServer { $0.waitForEnd() }
        weak var held: Inbox?
        do {
            let inbox = Inbox()
            held = inbox
            let task = Task { try await WebSocket.open(server.address, inbox) }
            await eventually { server.accepted == 1 }
            task.cancel()
            _ = await task.result
        }
        #expect(await eventually { held == nil && server.ended == 1 })
    }

    @Test("options show no header field's value, however they are printed")
    func printed() {
        var options = WebSocketOptions()
        options.headers = ["X-MBX-APIKEY": "the secret key"]
        var dumped = ""
        dump(options, to: &dumped)
        for text in ["\(options)", String(reflecting: options), dumped] {
            #expect(text.contains("1 header field") && !text.contains("secret"))
        }
    }

    @Test("header fields that would break the request are not sent, nor named")
    func fields() async throws {
        for (name, value) in [("X", "a\r\nY: b"), ("X Y", "a"), ("", "a"), ("Host", "a"), ("Sec-WebSocket-Key", "a")] {
            var options = WebSocketOptions.patient
            options.headers = [name: value]
            let error = await failure("ws://127.0.0.1:1/", options)
            #expect(error?.kind == .invalidAddress)
            #expect(error?.detail == "a header field that can't be sent")
        }
    }
}
