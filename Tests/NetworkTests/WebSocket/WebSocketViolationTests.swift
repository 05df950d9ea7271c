import Foundation
import Synchronization
import Testing

@testable import Network

@Suite("what a server may not do", .timeLimit(.minutes(5)))
struct WebSocketViolationTests {
    struct Violation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: Int
        let bytes: [UInt8]

        init(_ description: String, _ code: Int, _ bytes: [UInt8]) {
            testDescription = description
            self.code = code
            self.bytes = bytes
        }
    }

    static let violations: [Violation] = [
        Violation("the first reserved bit, where no packing was agreed on", 1002, [0xC1, 0]),
        Violation("the second reserved bit", 1002, [0xA1, 0]),
        Violation("the third reserved bit", 1002, [0x91, 0]),
        Violation("a reserved bit of a control frame", 1002, [0xC9, 0]),
        Violation("a reserved kind of data", 1002, [0x83, 0]),
        Violation("a reserved kind of control", 1002, [0x8B, 0]),
        Violation("a ping in fragments", 1002, [0x09, 0]),
        Violation("a close in fragments", 1002, [0x08, 0]),
        Violation("a masked frame", 1002, [0x81, 0x81, 1, 2, 3, 4, 0x60]),
        Violation("a ping of 126 bytes", 1002, [0x89, 126, 0, 126]),
        Violation("a continuation of nothing", 1002, [0x80, 0]),
        Violation("a message within another", 1002, [0x01, 0, 0x81, 0]),
        Violation("a length in more bytes than it needs", 1002, [0x81, 126, 0, 5]),
        Violation("a length in eight bytes that two could hold", 1002, [0x81, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        Violation("a negative length", 1002, [0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        Violation("a close of one byte", 1002, [0x88, 1, 3]),
        Violation("a close with a code that is none", 1002, Frame.close(999).bytes),
        Violation("a close with a code that is never sent", 1002, Frame.close(1006).bytes),
        Violation("a close with a code of the future", 1002, Frame.close(2999).bytes),
        Violation("a close whose reason is not UTF-8", 1007, [0x88, 3, 0x03, 0xE8, 0xFF]),
        Violation("a frame that announces more than a message may have", 1009, [0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]),
        Violation("a frame one byte too long", 1009, [0x82, 126, 0x03, 0xE9]),
        Violation(
            "fragments that come to one byte too many", 1009,
            Frame(first: 0x02, payload: [UInt8](repeating: 0, count: 1_000)).bytes + [0x80, 1]),
    ]

    @Test("it ends the connection with the code that stands for it", arguments: violations)
    func ends(violation: Violation) async throws {
        let answers = Mutex<[Int?]>([])
        let server = try RawServer { connection in
            connection.consent(then: Frame.text("before").bytes + violation.bytes + Frame.text("after").bytes)
            let frame = connection.readFrame()
            answers.withLock { $0.append(frame?.code) }
        }
        var options = WebSocketOptions.patient
        options.largestMessage = 1_000
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, options)
        let closure = try await inbox.closure()
        #expect(closure.code == violation.code && closure.initiator == .client)
        #expect(closure.error?.kind == (violation.code == 1009 ? .tooLarge : .protocolViolation(code: violation.code)))
        #expect(closure.error?.detail.isEmpty == false)
        #expect(inbox.items.count == 2 && inbox.items.first == .text("before"))
        await eventually { !answers.withLock { $0.isEmpty } }
        #expect(answers.withLock { $0 } == [violation.code])
        await socket.close()
        #expect(inbox.items.count == 2)
    }

    @Test("a message of exactly the limit is taken")
    func limit() async throws {
        let server = try RawServer { connection in
            let bytes = [UInt8](repeating: 9, count: 1_000)
            connection.consent(then: Frame(first: 0x82, payload: bytes).bytes)
            connection.serveClose()
        }
        var options = WebSocketOptions.patient
        options.largestMessage = 1_000
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, options)
        #expect(await inbox.wait(for: 1) == [.binary([UInt8](repeating: 9, count: 1_000))])
        await socket.close()
    }
}
