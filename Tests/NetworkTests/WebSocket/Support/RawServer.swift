import Foundation
import Synchronization
import Testing

/// A server on 127.0.0.1 that does with each connection what a script says, byte by byte if need be. A thread a
/// connection. It stands until it is stopped or the tests have ended, whoever still knows it.
final class RawServer: Sendable {
    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var open: [Int32] = []
        var accepted = 0
        var ended = 0
        var isStopped = false
    }

    /// How many connections were made.
    var accepted: Int { state.withLock { $0.accepted } }

    /// How many scripts have come to their end.
    var ended: Int { state.withLock { $0.ended } }

    /// `ws://127.0.0.1:PORT/`
    var address: String { "ws://127.0.0.1:\(port)/" }

    init(_ script: @escaping @Sendable (RawConnection) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = LoopbackAddress.of(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(isBound)
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                // A signal to the process, or a client that has gone already, is no end.
                if descriptor < 0, !state.withLock({ $0.isStopped }) {
                    usleep(1_000)
                    continue
                }
                guard descriptor >= 0, begin(descriptor) else {
                    if descriptor >= 0 { close(descriptor) }
                    // By whom it is listened to, or the number might be another server's when it is.
                    close(listener)
                    return
                }
                Thread.detachNewThread { [self] in
                    script(RawConnection(descriptor))
                    end(descriptor)
                    close(descriptor)
                }
            }
        }
    }

    /// Ends it: connections break off, and nobody listens any more.
    func stop() {
        state.withLock { state in
            if state.isStopped { return }
            state.isStopped = true
            // Before anybody closes them: their numbers may be somebody else's after that.
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
        }
    }

    private func begin(_ descriptor: Int32) -> Bool {
        state.withLock { state in
            guard !state.isStopped else { return false }
            state.open.append(descriptor)
            state.accepted += 1
            return true
        }
    }

    private func end(_ descriptor: Int32) {
        state.withLock { state in
            state.open.removeAll { $0 == descriptor }
            state.ended += 1
        }
    }
}

/// One connection of a script's. One thread may read while another writes.
final class RawConnection: @unchecked Sendable {
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Sends bytes; whether they were taken.
    @discardableResult
    func write(_ bytes: some Sequence<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    /// Exactly that many bytes; `nil` when the client goes away before.
    func read(_ count: Int) -> [UInt8]? {
        while buffer.count - position < count { guard fill() else { return nil } }
        defer { position += count }
        return Array(buffer[position..<position + count])
    }

    /// The head of a request, without the empty line.
    func readHead() -> String? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard let byte = read(1) else { return nil }
            head += byte
        }
        return String(decoding: head.dropLast(4), as: UTF8.self)
    }

    /// The client's next frame, its mask taken off; `nil` when it goes away.
    func readFrame() -> Frame? {
        guard let start = read(2) else { return nil }
        var length = Int(start[1] & 0x7F)
        if length >= 126 {
            guard let bytes = read(length == 126 ? 2 : 8) else { return nil }
            length = bytes.reduce(0) { $0 << 8 | Int($1) }
        }
        guard start[1] & 0x80 != 0, let mask = read(4), let masked = read(length) else { return nil }
        return Frame(first: start[0], payload: masked.enumerated().map { $1 ^ mask[$0 % 4] })
    }

    /// Whatever has come, or comes next; `nil` when the client goes away.
    func readSome() -> [UInt8]? {
        guard position < buffer.count || fill() else { return nil }
        defer { position = buffer.count }
        return Array(buffer[position...])
    }

    /// Waits until something has come, and leaves it to be read.
    func waitForSome() { if position == buffer.count { _ = fill() } }

    /// Takes what comes until the client goes away.
    func waitForEnd() { while read(1) != nil {} }

    private func fill() -> Bool {
        if position > 1 << 16 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            buffer += chunk[..<count]
            return true
        }
    }
}

/// A frame, of the first byte and the payload.
struct Frame: Equatable {
    var first: UInt8
    var payload: [UInt8]

    static func text(_ text: String) -> Frame { Frame(first: 0x81, payload: Array(text.utf8)) }
    static func close(_ code: Int, _ reason: String = "") -> Frame {
        Frame(first: 0x88, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    /// The code of a close frame.
    var code: Int? { first == 0x88 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }

    /// As a server sends it.
    var bytes: [UInt8] {
        var bytes = [first]
        switch payload.count {
        case ...125: bytes.append(UInt8(payload.count))
        case ...0xFFFF: bytes += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        return bytes + payload
    }
}
