import CZlib
import Foundation
import Synchronization
import Testing

@testable import Network

@Suite("packed messages", .timeLimit(.minutes(5)))
struct WebSocketPackingTests {
    private var offering: WebSocketOptions {
        var options = WebSocketOptions.patient
        options.offersCompression = true
        options.largestMessage = 100_000
        return options
    }

    @Test(
        "messages are unpacked, with the window of those before them and without, whatever its size",
        arguments: [
            ("permessage-deflate", true, 15), ("permessage-deflate; server_no_context_takeover", false, 15),
            ("permessage-deflate; server_max_window_bits=9", true, 9),
            (
                "permessage-deflate;server_max_window_bits=\"12\" ; client_max_window_bits=8;client_no_context_takeover",
                true, 12
            ),
        ])
    func unpacked(agreement: String, keepsContext: Bool, bits: Int32) async throws {
        let texts = (0..<50).map { number in
            "{\"e\":\"depthUpdate\",\"number\":\(number),"
                + (0..<(number * 40)).map { "[\($0 * 7919 % 1000)]" }.joined() + "}"
        }
        let server = try RawServer { connection in
            let packer = Packer(windowBits: bits, keepsContext: keepsContext)
            connection.consent(extensions: agreement)
            for (number, text) in texts.enumerated() {
                let packed = packer.pack(Array(text.utf8))
                if number % 3 == 0 {
                    connection.write(Frame(first: 0x41, payload: Array(packed.prefix(5))).bytes)
                    connection.write(Frame(first: 0x89, payload: [1]).bytes)
                    connection.write(Frame(first: 0x80, payload: Array(packed.dropFirst(5))).bytes)
                } else if number % 3 == 1 {
                    connection.write(Frame(first: 0xC1, payload: packed).bytes)
                } else {
                    // A server may send a message unpacked whenever it likes; the packer knows nothing of it.
                    connection.write(Frame.text("plain").bytes + Frame(first: 0xC1, payload: packed).bytes)
                }
            }
            connection.serveClose()
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, offering)
        let expected = texts.enumerated().flatMap { $0 % 3 == 2 ? [.text("plain"), Inbox.Item.text($1)] : [.text($1)] }
        #expect(await inbox.wait(for: expected.count) == expected)
        await socket.close()
    }

    @Test("packing is offered when it is wanted; a server that passes it over sends as ever")
    func passedOver() async throws {
        let offers = Mutex<[String?]>([])
        let server = try RawServer { connection in
            let head = connection.consent(then: Frame.text("plain").bytes)
            offers.withLock { $0.append(head.flatMap { Upgrade.field("sec-websocket-extensions", in: $0) }) }
            connection.serveClose()
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, offering)
        #expect(await inbox.wait(for: 1) == [.text("plain")])
        // The server notes what was offered after it has answered.
        #expect(await eventually { offers.withLock { $0 } == ["permessage-deflate; client_max_window_bits"] })
        await socket.close()
    }

    @Test("a message that unpacks to more than the limit ends the connection with 1009, a damaged one with 1007")
    func bombs() async throws {
        let bomb = Packer(windowBits: 15, keepsContext: true).pack([UInt8](repeating: 0, count: 50 << 20))
        #expect(bomb.count < 100_000)
        let inflater = Inflater(DeflateAgreement())
        _ = bomb.withUnsafeBytes { bytes in
            #expect(throws: ProtocolViolation.self) { try inflater.inflate(bytes, limit: 100_000) }
        }
        #expect(inflater.held < 300_000)
        for (payload, code) in [(bomb, 1009), ([0xFF, 0xFF, 0xFF], 1007), ([0x07], 1007)] {
            let answers = Mutex<[Int?]>([])
            let server = try RawServer { connection in
                connection.consent(extensions: "permessage-deflate", then: Frame(first: 0xC2, payload: payload).bytes)
                let frame = connection.readFrame()
                answers.withLock { $0.append(frame?.code) }
            }
            let inbox = Inbox()
            let socket = try await WebSocket.open(server.address, inbox, offering)
            let closure = try await inbox.closure()
            #expect(closure.code == code)
            #expect(closure.error?.kind == (code == 1009 ? .tooLarge : .protocolViolation(code: code)))
            #expect(inbox.items.count == 1)
            await eventually { !answers.withLock { $0.isEmpty } }
            #expect(answers.withLock { $0 } == [code])
            await socket.close()
        }
    }

    @Test(
        "the packing bit of a continuation or a control frame is refused", arguments: [[0xC9, 0], [0x41, 0, 0xC0, 0]])
    func misplacedBit(bytes: [UInt8]) async throws {
        let server = try RawServer { connection in
            connection.consent(extensions: "permessage-deflate", then: bytes)
            connection.serveClose()
        }
        let inbox = Inbox()
        let socket = try await WebSocket.open(server.address, inbox, offering)
        #expect(try await inbox.closure().code == 1002)
        await socket.close()
    }

    @Test("a message of exactly the limit is unpacked, one byte more is not", arguments: [0, 1])
    func limit(beyond: Int) throws {
        let bytes = [UInt8](repeating: 5, count: 10_000 + beyond)
        let packed = Packer(windowBits: 15, keepsContext: true).pack(bytes)
        let inflater = Inflater(DeflateAgreement())
        let result = packed.withUnsafeBytes { bytes in
            Result { () throws(ProtocolViolation) in Array(try inflater.inflate(bytes, limit: 10_000)) }
        }
        if beyond == 0 {
            #expect(try result.get() == bytes)
        } else {
            #expect(throws: ProtocolViolation.self) { try result.get() }
        }
    }

    @Test("a message whose stream ends within it is unpacked, and so are those after it")
    func endedStream() throws {
        let inflater = Inflater(DeflateAgreement())
        let packer = Packer(windowBits: 15, keepsContext: true)
        // A stored block that is the last of its stream, and the empty block that has to follow it.
        let ended: [UInt8] = [0x01, 2, 0, 0xFD, 0xFF, 0x68, 0x69, 0x00]
        for (payload, text) in [(ended, "hi"), (packer.pack(Array("after".utf8)), "after"), (ended, "hi")] {
            let unpacked = payload.withUnsafeBytes { bytes in
                Result { () throws(ProtocolViolation) in Array(try inflater.inflate(bytes, limit: 100)) }
            }
            #expect(try unpacked.get() == Array(text.utf8))
        }
    }

    @Test("what a server may agree to, and what not")
    func agreements() throws {
        func read(_ fields: String..., isOffered: Bool = true) throws -> DeflateAgreement? {
            try DeflateAgreement.read(fields, isOffered: isOffered)
        }
        #expect(try read() == nil)
        #expect(try read("") == nil)
        #expect(try read(isOffered: false) == nil)
        #expect(try read("Permessage-Deflate") == DeflateAgreement())
        let full = try read("permessage-deflate; Server_No_Context_Takeover; server_max_window_bits=8")
        #expect(full == DeflateAgreement(serverKeepsContext: false, serverWindowBits: 8))
        #expect(throws: WebSocketTrouble.self) { try read("permessage-deflate", isOffered: false) }
        for text in [
            "x-webkit-deflate-frame", "permessage-deflate, permessage-deflate", "permessage-deflate; unheard_of",
            "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits=09",
            "permessage-deflate; server_max_window_bits=1e1", "permessage-deflate; client_max_window_bits",
            "permessage-deflate; server_no_context_takeover=1", "permessage-deflate;",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        ] {
            #expect(throws: WebSocketTrouble.self, "\(text)") { try read(text) }
        }
        #expect(throws: WebSocketTrouble.self) { try read("permessage-deflate", "permessage-deflate") }
    }
}

/// Packs messages as a server does.
final class Packer: @unchecked Sendable {
    private var stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let keepsContext: Bool

    init(windowBits: Int32, keepsContext: Bool) {
        self.keepsContext = keepsContext
        stream.initialize(to: z_stream())
        deflateInit2_(
            stream, 6, Z_DEFLATED, -windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func pack(_ bytes: [UInt8]) -> [UInt8] {
        var input = bytes
        var packed = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 100)
        let count = input.withUnsafeMutableBufferPointer { input in
            packed.withUnsafeMutableBufferPointer { packed in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = packed.baseAddress
                stream.pointee.avail_out = UInt32(packed.count)
                deflate(stream, Z_SYNC_FLUSH)
                return packed.count - Int(stream.pointee.avail_out)
            }
        }
        if !keepsContext { deflateReset(stream) }
        // Behind the last block stand the four bytes that a sender cuts off.
        return Array(packed[..<(count - 4)])
    }
}
