import Foundation
import NIOCore
import Synchronization
import Testing

@testable import Network

@Suite("what a WebSocket sends", .timeLimit(.minutes(5)))
struct WebSocketOutboundTests {
    /// Frames with the times they came at.
    private final class Arrivals: Sendable {
        let frames = Mutex<[(frame: Frame, time: ContinuousClock.Instant)]>([])
        var texts: [String] {
            frames.withLock { $0.filter { $0.frame.first == 0x81 }.map { String(decoding: $0.frame.payload, as: UTF8.self) } }
        }
    }

    private func server(_ arrivals: Arrivals, first: [UInt8] = []) throws -> RawServer {
        try RawServer { connection in
            connection.consent(then: first)
            while let frame = connection.readFrame() {
                arrivals.frames.withLock { $0.append((frame, .now)) }
                if frame.code != nil { connection.write(frame.bytes) }
            }
        }
    }

    @Test("no more messages leave in a second than allowed, in the order in which they were handed in")
    func pace() async throws {
        let arrivals = Arrivals()
        let server = try server(arrivals)
        var options = WebSocketOptions()
        options.messagesPerSecond = 5
        options.pingInterval = nil
        let socket = try await WebSocket.open(server.address, Inbox(), options)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<12 {
                group.addTask { try? await socket.send(text: "\(number)") }
                // Handed in one after the other.
                try? await Task.sleep(for: .milliseconds(3))
            }
        }
        await eventually { arrivals.texts.count == 12 }
        #expect(arrivals.texts == (0..<12).map(String.init))
        let times = arrivals.frames.withLock { $0.map(\.time) }
        // However late things come, the sixth may not leave within a second of the first: that is the promise.
        for (early, late) in zip(times, times.dropFirst(5)) { #expect(late - early > .seconds(1)) }
        await socket.close()
    }

    @Test("the pace counts up to the limit, then asks to wait until the oldest is past")
    func window() {
        var pace = OutboundPace(2)
        let start = NIODeadline.now()
        #expect(pace.wait(at: start) == nil)
        pace.count(at: start)
        pace.count(at: start + .milliseconds(400))
        #expect(pace.wait(at: start + .milliseconds(500)) == .milliseconds(600))
        #expect(pace.wait(at: start + .milliseconds(1_100)) == nil)
        pace.count(at: start + .milliseconds(1_100))
        #expect(pace.wait(at: start + .milliseconds(1_100)) == .milliseconds(400))
        var free = OutboundPace(nil)
        for _ in 0..<1_000 { free.count(at: start) }
        #expect(free.wait(at: start) == nil)
    }

    @Test("the answer to a ping goes before messages that wait, and of several pings the last is answered")
    func pongFirst() async throws {
        let arrivals = Arrivals()
        let pings = (1...3).flatMap { Frame(first: 0x89, payload: [$0]).bytes }
        let server = try RawServer { connection in
            connection.consent()
            while let frame = connection.readFrame() {
                arrivals.frames.withLock { $0.append((frame, .now)) }
                if frame.payload == Array("0".utf8) { connection.write(pings + Frame.text("asked").bytes) }
                if frame.code != nil { connection.write(frame.bytes) }
            }
        }
        var options = WebSocketOptions()
        options.messagesPerSecond = 1
        options.pingInterval = nil
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, options)
        try await socket.send(text: "0")
        async let later: Void = socket.send(text: "1")
        try await later
        await eventually { arrivals.texts.count == 2 }
        let frames = arrivals.frames.withLock { $0.map(\.frame) }
        #expect(frames == [.text("0"), Frame(first: 0x8A, payload: [3]), .text("1")])
        await socket.close()
    }

    @Test("a queue that is full refuses one more, and what waits at the close is dropped")
    func queue() async throws {
        let arrivals = Arrivals()
        let server = try server(arrivals)
        var options = WebSocketOptions()
        options.messagesPerSecond = 1
        options.largestQueue = 3
        options.pingInterval = nil
        let socket = try await WebSocket.open(server.address, Inbox(), options)
        try await socket.send(text: "first")
        let kinds = Mutex<[WebSocketError.Kind]>([])
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    do throws(WebSocketError) {
                        try await socket.send(text: "\(number)")
                    } catch {
                        kinds.withLock { $0.append(error.kind) }
                    }
                }
            }
            await eventually { kinds.withLock { $0 == [.queueFull] } }
            await socket.close()
        }
        #expect(kinds.withLock { $0 } == [.queueFull, .closed, .closed, .closed])
        await eventually { arrivals.frames.withLock { $0.last?.frame.code } != nil }
        #expect(arrivals.texts == ["first"])
    }

    @Test("a message that waits is taken back by cancelling its task, and never leaves")
    func takenBack() async throws {
        let arrivals = Arrivals()
        let server = try server(arrivals)
        var options = WebSocketOptions()
        options.messagesPerSecond = 1
        options.pingInterval = nil
        let socket = try await WebSocket.open(server.address, Inbox(), options)
        try await socket.send(text: "first")
        let task = Task { try await socket.send(text: "regretted") }
        try await Task.sleep(for: .milliseconds(20))
        task.cancel()
        let error = await #expect(throws: WebSocketError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        try await socket.send(text: "last")
        await eventually { arrivals.texts.count == 2 }
        #expect(arrivals.texts == ["first", "last"])
        await socket.close()
    }

    @Test("a server that pings but never reads does not make answers pile up")
    func flood() async throws {
        let server = try RawServer { connection in
            connection.consent()
            var small: Int32 = 4_096
            setsockopt(connection.descriptor, SOL_SOCKET, SO_RCVBUF, &small, socklen_t(4))
            let pings = (0..<1_000).flatMap { _ in Frame(first: 0x89, payload: [UInt8](repeating: 7, count: 125)).bytes }
            for _ in 0..<200 { guard connection.write(pings) else { return } }
            connection.write(Frame.text("flooded").bytes)
            connection.serveClose()
        }
        var options = WebSocketOptions()
        options.pingInterval = nil
        let inbox = Inbox()
        let before = Memory.resident()
        let socket = try await WebSocket.open(server.address, inbox, options)
        #expect(await inbox.wait(for: 1) == [.text("flooded")])
        // Two hundred thousand answers would be 26 MB, more in buffers.
        #expect(Memory.resident() - before < 20 << 20)
        await socket.close()
    }

    @Test("messages that the socket does not take are bounded, and heard of when the connection ends")
    func stuck() async throws {
        let server = try RawServer { connection in
            connection.consent()
            while connection.write(Frame.text("x").bytes) { usleep(1_000) }
        }
        var options = WebSocketOptions()
        options.largestQueue = 8
        options.closeTimeout = .milliseconds(50)
        let socket = try await WebSocket.open(server.address, Inbox(), options)
        let large = String(repeating: "l", count: 1 << 20)
        let kinds = Mutex<[WebSocketError.Kind]>([])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do throws(WebSocketError) {
                        try await socket.send(text: large)
                    } catch {
                        kinds.withLock { $0.append(error.kind) }
                    }
                }
            }
            await eventually { kinds.withLock { $0.contains(.queueFull) } }
            await socket.close()
        }
        let seen = kinds.withLock { Set($0) }
        #expect(seen.contains(.queueFull))
        #expect(seen.subtracting([.queueFull, .closed, .brokenOff]).isEmpty)
        #expect(seen.count > 1)
    }
}
