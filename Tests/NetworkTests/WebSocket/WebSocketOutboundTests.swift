import Foundation
import NIOCore
import Synchronization
import Testing

@testable import Network

@Suite("what a WebSocket sends", .timeLimit(.minutes(5)))
struct WebSocketOutboundTests {
    private func options(_ change: (inout WebSocketOptions) -> Void) -> WebSocketOptions {
        var options = WebSocketOptions.patient
        change(&options)
        return options
    }

    @Test("no more messages leave in a second than allowed, in the order in which they were handed in")
    func pace() throws {
        let connection = try EmbeddedConnection(options { $0.messagesPerSecond = 5 })
        for number in 0..<12 {
            connection.send("\(number)")
            connection.advance(milliseconds: 10)
        }
        #expect(try connection.sent() == (0..<5).map { .text("\($0)") })
        #expect(connection.outcomes.map(\.text) == ["0", "1", "2", "3", "4"])
        connection.advance(milliseconds: 879)
        #expect(try connection.sent() == [])
        // The first was 1,100 ms ago now; the others follow it in their distance.
        connection.advance(milliseconds: 101)
        #expect(try connection.sent() == [.text("5")])
        connection.advance(milliseconds: 40)
        #expect(try connection.sent() == (6..<10).map { .text("\($0)") })
        connection.advance(milliseconds: 1_100)
        #expect(try connection.sent() == (10..<12).map { .text("\($0)") })
        #expect(connection.outcomes.allSatisfy { $0.kind == nil } && connection.outcomes.count == 12)
    }

    @Test("the answer to a ping goes before messages that wait, and counts; of several pings the last is answered")
    func pongFirst() throws {
        let connection = try EmbeddedConnection(options { $0.messagesPerSecond = 1 })
        connection.send("0")
        connection.send("1")
        try connection.receive((1...3).flatMap { Frame(first: 0x89, payload: [$0]).bytes })
        #expect(try connection.sent() == [.text("0")])
        connection.advance(milliseconds: 1_100)
        #expect(try connection.sent() == [Frame(first: 0x8A, payload: [3])])
        connection.advance(milliseconds: 1_100)
        #expect(try connection.sent() == [.text("1")])
    }

    @Test("a ping is answered at once where the limit leaves room")
    func pongAtOnce() throws {
        let connection = try EmbeddedConnection(options { $0.messagesPerSecond = 5 })
        try connection.receive(Frame(first: 0x89, payload: [1]).bytes)
        try connection.receive(Frame(first: 0x89, payload: []).bytes)
        #expect(try connection.sent() == [Frame(first: 0x8A, payload: [1]), Frame(first: 0x8A, payload: [])])
    }

    @Test("pings that come while the socket takes nothing leave one answer, not a pile of them")
    func flood() throws {
        let connection = try EmbeddedConnection(options { _ in })
        connection.setWritable(false)
        for _ in 0..<1_000 { try connection.receive(Frame(first: 0x89, payload: [9]).bytes) }
        #expect(try connection.sent() == [])
        connection.setWritable(true)
        #expect(try connection.sent() == [Frame(first: 0x8A, payload: [9])])
    }

    @Test("a queue that is full refuses one more, and what waits at the close is dropped")
    func queue() throws {
        let connection = try EmbeddedConnection(
            options {
                $0.messagesPerSecond = 1
                $0.largestQueue = 3
            })
        for text in ["0", "1", "2", "3", "4"] { connection.send(text) }
        #expect(connection.outcomes.map(\.text) == ["0", "4"])
        #expect(connection.outcomes.map(\.kind) == [nil, .queueFull])
        connection.close()
        connection.send("5")
        #expect(connection.outcomes.dropFirst(2).map(\.text) == ["1", "2", "3", "5"])
        #expect(connection.outcomes.dropFirst(2).allSatisfy { $0.kind == .closed })
        #expect(try connection.sent() == [.text("0"), .close(1000)])
        connection.advance(milliseconds: 5_000)
        #expect(try connection.sent() == [])
    }

    @Test("a message that waits can be taken back, and never leaves; one that has left can't")
    func takenBack() throws {
        let connection = try EmbeddedConnection(options { $0.messagesPerSecond = 1 })
        let first = connection.send("first")
        let regretted = connection.send("regretted")
        connection.send("last")
        connection.takeBack(regretted)
        connection.takeBack(first)
        connection.advance(milliseconds: 5_000)
        #expect(try connection.sent() == [.text("first"), .text("last")])
        #expect(connection.outcomes.map(\.kind) == [nil, .cancelled, nil])
    }

    @Test("a quiet server is asked for a sign of life in time, and given up when none comes")
    func life() throws {
        let connection = try EmbeddedConnection(
            options {
                $0.pingInterval = .seconds(10)
                $0.silenceTimeout = .seconds(25)
            })
        connection.advance(milliseconds: 10_000)
        #expect(try connection.sent() == [Frame(first: 0x89, payload: [])])
        connection.advance(milliseconds: 10_000)
        try connection.receive([0x8A])
        connection.advance(milliseconds: 24_999)
        #expect(try connection.sent().count == 3)
        #expect(connection.inbox.items.isEmpty)
        connection.advance(milliseconds: 1)
        guard case .closed(let closure)? = connection.inbox.items.first else {
            Issue.record("it was not given up")
            return
        }
        #expect(closure.error?.kind == .timedOut && closure.code == 1006)
        #expect(!connection.channel.isActive)
        connection.advance(milliseconds: 60_000)
        #expect(try connection.sent() == [])
        #expect(connection.inbox.items.count == 1)
    }

    @Test("a connection that is left to its server is cut when that does not end it")
    func drained() throws {
        let connection = try EmbeddedConnection(options { $0.closeTimeout = .seconds(2) })
        try connection.receive(Frame.close(1001).bytes)
        #expect(try connection.sent() == [.close(1001)])
        #expect(connection.inbox.items.count == 1 && connection.channel.isActive)
        try connection.receive(Frame.text("too late").bytes)
        connection.advance(milliseconds: 2_000)
        #expect(!connection.channel.isActive)
        #expect(connection.inbox.items.count == 1)
    }

    @Test("cancelling a task takes its message back while the socket takes nothing; the others arrive")
    func cancelled() async throws {
        let isReading = Flag()
        let hasBegun = Flag()
        let texts = Texts()
        let server = try RawServer { connection in
            connection.consent()
            connection.waitForSome()
            hasBegun.set()
            while !isReading.isSet { usleep(1_000) }
            while let frame = connection.readFrame() {
                if frame.code != nil { connection.write(frame.bytes) } else { texts.add(frame) }
            }
        }
        let socket = try await WebSocket.open(server.address, Inbox())
        // More than all buffers on the way take.
        let large = String(repeating: "l", count: 12 << 20)
        async let first: Void = socket.send(text: large)
        await eventually { hasBegun.isSet }
        let task = Task { try await socket.send(text: "regretted") }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        let error = await #expect(throws: WebSocketError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        isReading.set()
        try await first
        try await socket.send(text: "last")
        await socket.close()
        await eventually { texts.all.count == 2 }
        #expect(texts.all.map(\.count) == [large.utf8.count, 4])
    }

    @Test("messages that the socket does not take are heard of when the connection ends")
    func stuck() async throws {
        let hasBegun = Flag()
        let server = try RawServer { connection in
            connection.consent()
            connection.waitForSome()
            hasBegun.set()
            while connection.write(Frame.text("x").bytes) { usleep(1_000) }
        }
        let socket = try await WebSocket.open(server.address, Inbox(), options { $0.closeTimeout = .milliseconds(50) })
        let large = String(repeating: "l", count: 12 << 20)
        let task = Task { try await socket.send(text: large) }
        // The small one comes behind it, or it would be gone before.
        await eventually { hasBegun.isSet }
        let waiting = Task { try await socket.send(text: "waits") }
        try await Task.sleep(for: .milliseconds(50))
        await socket.close()
        let error = await #expect(throws: WebSocketError.self) { try await task.value }
        #expect(error.map { [.brokenOff, .closed].contains($0.kind) } == true)
        let other = await #expect(throws: WebSocketError.self) { try await waiting.value }
        #expect(other.map { [.brokenOff, .closed].contains($0.kind) } == true)
    }
}

/// A flag that threads share.
private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}

/// Payloads that threads share.
private final class Texts: Sendable {
    private let frames = Mutex<[[UInt8]]>([])
    var all: [[UInt8]] { frames.withLock { $0 } }
    func add(_ frame: Frame) { frames.withLock { $0.append(frame.payload) } }
}
