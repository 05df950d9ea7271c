import Foundation
import Synchronization
import Testing

@testable import Network

@Suite("the end of a WebSocket", .timeLimit(.minutes(5)))
struct WebSocketEndTests {
    @Test(
        "a server's close is answered with its code and told with its reason",
        arguments: [1000, 1001, 1008, 1013, 4321])
    func serverCloses(code: Int) async throws {
        let answers = Mutex<[Int?]>([])
        let server = try RawServer { connection in
            connection.consent(then: Frame.close(code, "bis später").bytes)
            let frame = connection.readFrame()
            answers.withLock { $0.append(frame?.code) }
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        let closure = try await inbox.closure()
        #expect(closure == WebSocketClosure(code: code, reason: "bis später", initiator: .server, error: nil))
        await eventually { !answers.withLock { $0.isEmpty } }
        #expect(answers.withLock { $0 } == [code])
        await socket.close()
    }

    @Test("a server's close without a code is 1005, and is answered without one")
    func withoutCode() async throws {
        let answers = Mutex<[Frame]>([])
        let server = try RawServer { connection in
            connection.consent(then: Frame(first: 0x88, payload: []).bytes)
            if let frame = connection.readFrame() { answers.withLock { $0.append(frame) } }
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        #expect(try await inbox.closure().code == 1005)
        await eventually { !answers.withLock { $0.isEmpty } }
        #expect(answers.withLock { $0 } == [Frame(first: 0x88, payload: [])])
        await socket.close()
    }

    @Test("our close carries code and reason, cut to what fits; closing again does nothing")
    func clientCloses() async throws {
        let seen = Mutex<[Frame]>([])
        let server = try RawServer { connection in
            connection.consent()
            while let frame = connection.readFrame() {
                seen.withLock { $0.append(frame) }
                connection.write(Frame.text("still there").bytes + Frame.close(1000).bytes)
            }
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        let reason = String(repeating: "ä", count: 100)
        async let first: Void = socket.close(code: 4000, reason: reason)
        async let second: Void = socket.close()
        _ = await (first, second)
        let closure = try await inbox.closure()
        #expect(closure.initiator == .client && closure.error == nil)
        #expect(inbox.items.first == .text("still there"))
        await socket.close()
        #expect(inbox.items.count == 2)
        let frames = seen.withLock { $0 }
        #expect(frames.count == 1)
        #expect([4000, 1000].contains(frames[0].code))
        if frames[0].code == 4000 {
            #expect(frames[0].payload.dropFirst(2).elementsEqual(String(repeating: "ä", count: 61).utf8))
        }
    }

    @Test("a server that answers our close by going away has closed as it was asked", arguments: [false, true])
    func goesAway(isReset: Bool) async throws {
        let server = try RawServer { connection in
            connection.consent()
            _ = connection.readFrame()
            var once = linger(l_onoff: isReset ? 1 : 0, l_linger: 0)
            setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &once, socklen_t(MemoryLayout<linger>.size))
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        await socket.close(code: 3000, reason: "done")
        let closure = WebSocketClosure(code: 3000, reason: "done", initiator: .client, error: nil)
        #expect(inbox.items == [.closed(closure)])
    }

    @Test("a server that does not answer our close does not hold it up")
    func unanswered() async throws {
        let server = try RawServer { connection in
            connection.consent()
            connection.waitForEnd()
        }
        var options = WebSocketOptions.patient
        options.closeTimeout = .milliseconds(50)
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, options)
        await socket.close(code: 1001, reason: "home")
        let closure = try await inbox.closure()
        #expect(closure.code == 1001 && closure.reason == "home" && closure.initiator == .client)
        #expect(closure.error?.kind == .timedOut)
        #expect(await eventually { server.ended == 1 })
    }

    @Test("a connection that breaks off is told as 1006, in the middle of a message too", arguments: [0, 1, 5])
    func abrupt(bytes: Int) async throws {
        let server = try RawServer { connection in
            connection.consent()
            connection.write(Frame.text("whole").bytes + Frame.text("torn").bytes.prefix(bytes))
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        let closure = try await inbox.closure()
        #expect(closure.code == 1006 && closure.initiator == .neither)
        #expect(closure.error?.kind == .brokenOff)
        #expect(closure.error?.isTransient == true)
        #expect(inbox.items.first == .text("whole"))
        let error = await #expect(throws: WebSocketError.self) { try await socket.send(text: "too late") }
        #expect(error?.kind == .closed)
    }

    @Test("a reset connection is told as broken off")
    func reset() async throws {
        let server = try RawServer { connection in
            connection.consent()
            _ = connection.readFrame()
            var once = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &once, socklen_t(MemoryLayout<linger>.size))
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox)
        try await socket.send(text: "now")
        #expect(try await inbox.closure().error?.kind == .brokenOff)
        await socket.close()
    }

    @Test("a server that is silent although it is asked is given up")
    func silence() async throws {
        let server = try RawServer { connection in
            connection.consent()
            connection.waitForEnd()
        }
        var options = WebSocketOptions.patient
        options.pingInterval = .milliseconds(20)
        options.silenceTimeout = .milliseconds(200)
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, options)
        let closure = try await inbox.closure()
        #expect(closure.code == 1006 && closure.initiator == .client)
        #expect(closure.error?.kind == .timedOut)
        #expect(await eventually { server.ended == 1 })
        await socket.close()
    }

    @Test("letting go of a WebSocket closes it, and frees what its handler holds")
    func letGo() async throws {
        let codes = Mutex<[Int?]>([])
        let server = try RawServer { connection in
            connection.consent()
            let frame = connection.readFrame()
            codes.withLock { $0.append(frame?.code) }
        }
        weak var held: Inbox?
        do {
            let inbox = Inbox()
            held = inbox
            _ = try await WebSocket.open(server.address, inbox)
        }
        #expect(await eventually { codes.withLock { $0 } == [1001] })
        #expect(await eventually { held == nil })
    }
}
