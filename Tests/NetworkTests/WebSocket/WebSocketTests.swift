import Foundation
import Synchronization
import Testing

@testable import Network

@Suite("a WebSocket", .timeLimit(.minutes(5)))
struct WebSocketTests {
    @Test("what is sent comes back as it was", arguments: [0, 1, 125, 126, 65_535, 65_536, 1_000_000])
    func echo(length: Int) async throws {
        let server = try RawServer { connection in
            connection.consent()
            while let frame = connection.readFrame(), connection.write(frame.bytes), frame.code == nil {}
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        let text = String((0..<length).map { Character(Unicode.Scalar(UInt8(0x20 + $0 % 95))) })
        try await socket.send(text: text)
        #expect(await inbox.wait(for: 1) == [.text(text)])
        await socket.close()
    }

    @Test("messages in fragments are put together, with a ping between them answered by its payload")
    func fragments() async throws {
        let seen = Mutex<[Frame]>([])
        let server = try RawServer { connection in
            connection.consent()
            connection.write(Frame(first: 0x01, payload: Array("one ".utf8)).bytes)
            connection.write(Frame(first: 0x89, payload: Array("are you there".utf8)).bytes)
            connection.write(Frame(first: 0x00, payload: []).bytes)
            connection.write(Frame(first: 0x80, payload: Array("whole".utf8)).bytes)
            if let frame = connection.readFrame() { seen.withLock { $0.append(frame) } }
            connection.write(Frame(first: 0x02, payload: [1]).bytes + Frame(first: 0x80, payload: [2]).bytes)
            connection.serveClose()
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        #expect(await inbox.wait(for: 2) == [.text("one whole"), .binary([1, 2])])
        #expect(seen.withLock { $0 } == [Frame(first: 0x8A, payload: Array("are you there".utf8))])
        await socket.close()
    }

    @Test("a large first message in one piece with the server's consent arrives, and so does the end right behind it")
    func firstFrame() async throws {
        let large = String(repeating: "x", count: 3_000_000)
        let server = try RawServer { connection in
            connection.consent(then: Frame.text(large).bytes + Frame.close(1012, "restart").bytes)
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        let closure = WebSocketClosure(code: 1012, reason: "restart", initiator: .server, error: nil)
        #expect(await inbox.wait(for: 2) == [.text(large), .closed(closure)])
        await socket.close()
        #expect(inbox.items.count == 2)
    }

    @Test("consent and frames that come byte by byte are read as if they came at once")
    func pieces() async throws {
        let server = try RawServer { connection in
            var flag: Int32 = 1
            setsockopt(connection.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &flag, socklen_t(4))
            guard let head = connection.readHead() else { return }
            let text = String(repeating: "y", count: 200)
            for byte in Upgrade.answer(to: head) + Frame.text(text).bytes + Frame.close(1000).bytes {
                guard connection.write([byte]) else { return }
                usleep(200)
            }
            connection.waitForEnd()
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        #expect(await inbox.wait(for: 2).first == .text(String(repeating: "y", count: 200)))
        #expect(try await inbox.closure().code == 1000)
        await socket.close()
    }

    @Test("a hundred thousand messages come in their order, each with a time that never runs back")
    func order() async throws {
        let count = 100_000
        let server = try RawServer { connection in
            connection.consent()
            for start in stride(from: 0, to: count, by: 1_000) {
                guard connection.write((start..<start + 1_000).flatMap { Frame.text("message \($0)").bytes }) else {
                    return
                }
            }
            connection.serveClose()
        }
        let inbox = Inbox()
        let before = Int64(Date().timeIntervalSince1970) * 1_000_000_000
        let socket = try await WebSocket.open(server.address, inbox)
        let items = await inbox.wait(for: count)
        #expect(items.count == count)
        #expect(items.indices.allSatisfy { items[$0] == .text("message \($0)") })
        let times = inbox.times
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(try #require(times.first) >= before)
        await socket.close()
    }

    @Test("many tasks send at once, and each message arrives whole")
    func senders() async throws {
        let seen = Mutex<Set<String>>([])
        let server = try RawServer { connection in
            connection.consent()
            while let frame = connection.readFrame() {
                if frame.code != nil { _ = connection.write(frame.bytes) }
                seen.withLock { _ = $0.insert(String(decoding: frame.payload, as: UTF8.self)) }
            }
        }
        let socket = try await WebSocket.open(server.address, Inbox())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 { group.addTask { try await socket.send(text: "number \(number)") } }
            try await group.waitForAll()
        }
        await eventually { seen.withLock { $0.count } >= 200 }
        #expect(seen.withLock { $0 } == Set((0..<200).map { "number \($0)" }))
        await socket.close()
    }

    @Test("every connection asks for a sign of life of its own, and an unasked pong does no harm")
    func pings() async throws {
        let seen = Mutex<[UInt8]>([])
        let server = try RawServer { connection in
            connection.consent(then: Frame(first: 0x8A, payload: [7]).bytes)
            for _ in 0..<3 {
                guard let frame = connection.readFrame() else { return }
                seen.withLock { $0.append(frame.first) }
                connection.write(Frame(first: 0x8A, payload: frame.payload).bytes)
            }
            connection.write(Frame.text("three").bytes)
            connection.serveClose()
        }
        var options = WebSocketOptions.patient
        options.pingInterval = .milliseconds(20)
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, options)
        #expect(await inbox.wait(for: 1) == [.text("three")])
        #expect(seen.withLock { $0 } == [0x89, 0x89, 0x89])
        await socket.close()
    }

    @Test("the request bears the header fields of the options, and the address its parameters")
    func request() async throws {
        let heads = Mutex<[String]>([])
        let server = try RawServer { connection in
            if let head = connection.consent() { heads.withLock { $0.append(head) } }
            connection.serveClose()
        }
        var options = WebSocketOptions.patient
        options.headers = ["X-MBX-APIKEY": "the key"]
        let socket = try await WebSocket.open(server.address + "ws/btcusdt@trade?a=b&c=%20", Inbox(), options)
        #expect(socket.address == server.address + "ws/btcusdt@trade")
        // The server notes it once its consent is on its way.
        await eventually { heads.withLock { !$0.isEmpty } }
        let head = try #require(heads.withLock { $0.first })
        #expect(head.hasPrefix("GET /ws/btcusdt@trade?a=b&c=%20 HTTP/1.1\r\n"))
        #expect(Upgrade.field("x-mbx-apikey", in: head) == "the key")
        #expect(Upgrade.field("host", in: head) == "127.0.0.1:\(server.port)")
        #expect(Upgrade.field("sec-websocket-extensions", in: head) == nil)
        await socket.close()
    }
}
