import Foundation
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import Network

@Suite("reading frames", .timeLimit(.minutes(5)))
struct FrameReaderTests {
    enum Seen: Equatable {
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong
        case close(Int, String)
        case violation(Int)
    }

    /// Everything that a reader makes of pieces, and the most it kept meanwhile.
    static func read(_ pieces: [[UInt8]], limit: Int = 1 << 20, packed: Bool = false) -> (seen: [Seen], kept: Int) {
        var reader = FrameReader(
            largestMessage: limit, inflater: packed ? Inflater(DeflateAgreement()) : nil)
        var seen: [Seen] = []
        var kept = 0
        for piece in pieces {
            var violation: ProtocolViolation?
            piece.withUnsafeBytes { bytes in
                var position = 0
                do throws(ProtocolViolation) {
                    while let event = try reader.next(in: bytes, at: &position) {
                        switch event {
                        case .text(let payload): seen.append(.text(Array(payload)))
                        case .binary(let payload): seen.append(.binary(Array(payload)))
                        case .ping(let payload): seen.append(.ping(Array(payload)))
                        case .pong: seen.append(.pong)
                        case .close(let code, let reason): seen.append(.close(code, reason))
                        }
                    }
                    if position != bytes.count { seen.append(.violation(0)) }
                } catch {
                    violation = error
                }
            }
            kept = max(kept, reader.kept)
            if let violation { return (seen + [.violation(violation.code)], kept) }
        }
        return (seen, kept)
    }

    /// Bytes in pieces of random length.
    static func pieces(_ bytes: [UInt8], _ random: inout SeededRandom) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        let largest = bytes.count > 20_000 ? 5_000 : [1, 3, 20, 5_000].randomElement(using: &random) ?? 1
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 0...largest, using: &random))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }

    /// A stream of frames as a server may send it, and what it says.
    private static func stream(_ random: inout SeededRandom) -> (frames: [Frame], said: [Seen]) {
        var frames: [Frame] = []
        var said: [Seen] = []
        func payload(_ most: Int) -> [UInt8] {
            let length = Int.random(in: 0...most, using: &random)
            return [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: length)
        }
        func control() {
            guard Bool.random(using: &random) else { return }
            let content = payload(125)
            let isPing = Bool.random(using: &random)
            frames.append(Frame(first: isPing ? 0x89 : 0x8A, payload: content))
            said.append(isPing ? .ping(content) : .pong)
        }
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let isText = Bool.random(using: &random)
            var whole: [UInt8] = []
            let parts = Int.random(in: 1...4, using: &random)
            for part in 0..<parts {
                let content = payload([10, 130, 130, 130, 3_000, 70_000].randomElement(using: &random) ?? 0)
                let kind: UInt8 = part > 0 ? 0 : isText ? 1 : 2
                frames.append(Frame(first: kind | (part == parts - 1 ? 0x80 : 0), payload: content))
                whole += content
                if part < parts - 1 { control() }
            }
            said.append(isText ? .text(whole) : .binary(whole))
            control()
        }
        return (frames, said)
    }

    @Test("any stream of frames is read as it was meant, however it is torn")
    func torn() {
        var random = SeededRandom(1)
        for round in 0..<200 {
            let (frames, said) = FrameReaderTests.stream(&random)
            let pieces = FrameReaderTests.pieces(frames.flatMap(\.bytes), &random)
            let (seen, kept) = FrameReaderTests.read(pieces)
            #expect(seen == said, "round \(round)")
            #expect(kept <= 4 * 70_000 + 135)
        }
    }

    /// The frames that NIO's decoder sees in bytes, until it objects.
    private static func frames(_ bytes: [UInt8]) throws -> [WebSocketFrame] {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)))
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        var frames: [WebSocketFrame] = []
        while let frame = try channel.readInbound(as: WebSocketFrame.self) { frames.append(frame) }
        _ = try? channel.finish()
        return frames
    }

    @Test("whatever NIO's own decoder makes of random frames, ours agrees or objects")
    func againstNIO() throws {
        var random = SeededRandom(2)
        var agreed = 0
        for round in 0..<1_000 {
            // Frames that are mostly right: every kind, any bits, any length that fits.
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let kinds: [UInt8] = [0x81, 0x82, 0x89, 0x8A, 0x01, 0x80, 0x00]
                let kind = kinds.randomElement(using: &random) ?? 0
                let first =
                    Int.random(in: 0..<20, using: &random) == 0 ? UInt8.random(in: 0...255, using: &random) : kind
                let length = Int.random(in: 0...([5, 125, 400].randomElement(using: &random) ?? 0), using: &random)
                bytes += Frame(first: first, payload: [UInt8](repeating: 0x61, count: length)).bytes
            }
            let theirs = try FrameReaderTests.frames(bytes)
            let (seen, _) = FrameReaderTests.read([bytes])
            var expected: [Seen] = []
            var message: (isText: Bool, bytes: [UInt8])?
            for frame in theirs {
                let content = Array(frame.data.readableBytesView)
                switch frame.opcode {
                case .ping: expected.append(.ping(content))
                case .pong: expected.append(.pong)
                case .text, .binary: message = (frame.opcode == .text, content)
                case .continuation: message?.bytes += content
                default: break
                }
                if frame.fin, !frame.opcode.isControlOpcode, let whole = message {
                    expected.append(whole.isText ? .text(whole.bytes) : .binary(whole.bytes))
                    message = nil
                }
            }
            if case .violation? = seen.last {
                #expect(
                    expected.starts(with: seen.dropLast().filter { if case .close = $0 { false } else { true } }),
                    "round \(round)")
            } else {
                agreed += 1
                #expect(seen.filter { if case .close = $0 { false } else { true } } == expected, "round \(round)")
            }
        }
        #expect(agreed > 200)
    }

    @Test(
        "random bytes, and streams with a damaged or a missing byte, are survived within the limit",
        arguments: [false, true])
    func fuzz(packed: Bool) {
        var random = SeededRandom(packed ? 3 : 4)
        let limit = 4_096
        for round in 0..<3_000 {
            var bytes: [UInt8]
            if round % 2 == 0 {
                bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                // A first byte that is let through makes the rest matter.
                if !bytes.isEmpty {
                    bytes[0] = [0x81, 0xC1, 0x41, 0x01, 0x82, 0x89, 0x88].randomElement(using: &random) ?? 0
                }
            } else {
                bytes = (0..<5).flatMap { _ in
                    let length = Int.random(in: 0...130, using: &random)
                    let first: UInt8 = [0x81, 0xC2, 0x01, 0x80, 0x89, 0x88].randomElement(using: &random) ?? 0
                    return Frame(
                        first: first, payload: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                    ).bytes
                }
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                } else {
                    bytes.remove(at: place)
                }
            }
            let whole = FrameReaderTests.read([bytes], limit: limit, packed: packed)
            let torn = FrameReaderTests.read(FrameReaderTests.pieces(bytes, &random), limit: limit, packed: packed)
            #expect(whole.seen == torn.seen, "round \(round)")
            #expect(max(whole.kept, torn.kept) <= limit + 125 + FrameHeader.longest)
        }
    }

    @Test("a length that is announced and never comes costs no memory")
    func announced() {
        let header: [UInt8] = [0x82, 127, 0, 0, 0, 0, 0, 0x10, 0, 0]
        let (seen, kept) = FrameReaderTests.read([header, [1, 2, 3]])
        #expect(seen.isEmpty)
        #expect(kept == 3)
    }

    @Test("fragments without content, however many, cost nothing")
    func empty() {
        let (seen, kept) = FrameReaderTests.read(
            [[0x01, 0]] + [[UInt8]](repeating: [0x00, 0], count: 10_000) + [[0x80, 0]])
        #expect(seen == [.text([])])
        #expect(kept == 0)
    }

    @Test("a whole message is lent where it lies")
    func lent() throws {
        let bytes = Frame.text("lent").bytes
        try bytes.withUnsafeBytes { input in
            var reader = FrameReader(largestMessage: 10)
            var position = 0
            guard case .text(let payload) = try reader.next(in: input, at: &position) else {
                Issue.record("no message")
                return
            }
            #expect(payload.baseAddress == input.baseAddress.map { $0 + 2 })
        }
    }
}
