import Foundation
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1: keep-alive, one thread a connection, answers made by a closure. It can also
/// misbehave in the ways that servers and networks do.
public final class LoopbackServer: Sendable {
    /// The port, chosen by the system.
    public let port: UInt16
    private let core: Core

    /// `http://127.0.0.1:PORT`
    public var address: String { "http://127.0.0.1:\(port)" }

    /// How many connections were made so far.
    public var connectionCount: Int { core.state.withLock { $0.accepted } }

    /// The most connections that stood at once.
    public var peakConnectionCount: Int { core.state.withLock { $0.peak } }

    /// Starts a server.
    public init(_ answer: @escaping @Sendable (Request) -> Reply) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else {
            close(listener)
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
        port = UInt16(bigEndian: address.sin_port)
        core = Core(listener, answer)
        let core = core
        Thread.detachNewThread { core.accept() }
    }

    deinit { stop() }

    /// Ends it: connections break off, and nobody listens any more.
    public func stop() { core.stop() }

    /// A request, as it came.
    public struct Request: Sendable {
        /// The method, in capitals.
        public var method: String
        /// The path, without parameters.
        public var path: String
        /// The parameters of the address, as they came.
        public var queryText: String
        /// The parameters of the address, decoded.
        public var query: [String: String]
        /// The header fields, names in lower case.
        public var headers: [String: String]
        /// The body, as it came.
        public var body = ""
        /// The parameters of the body, decoded.
        public var form: [String: String] = [:]
    }

    /// What is answered.
    public struct Reply: Sendable {
        /// The status.
        public var status: Int
        /// The header fields, besides length, type and packing.
        public var headers: [String: String]
        /// The body, not yet packed.
        public var body: [UInt8]
        /// How it is sent.
        public var manner = Manner.whole

        /// A reply of its parts.
        public init(_ status: Int, _ body: String, _ headers: [String: String] = [:]) {
            self.status = status
            self.body = Array(body.utf8)
            self.headers = headers
        }
    }

    /// How it is sent.
    public enum Manner: Sendable {
        /// As it should be.
        case whole
        /// The connection breaks off in the middle of the body.
        case truncated
        /// The connection breaks off before anything is sent.
        case dropped
        /// Nothing is sent, and the connection stays.
        case silent
        /// The header fields and a part of the body are sent, then nothing more.
        case stalled
        /// The body is packed but damaged.
        case damagedPacking
    }
}

/// What the threads share.
final class Core: Sendable {
    struct State {
        var listener: Int32
        var open: Set<Int32> = []
        var accepted = 0
        var peak = 0
        var isStopped = false
    }

    let state: Mutex<State>
    let answer: @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply

    init(_ listener: Int32, _ answer: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply) {
        state = Mutex(State(listener: listener))
        self.answer = answer
    }

    func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(state.listener, Int32(SHUT_RDWR))
            for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    func accept() {
        let listener = state.withLock { $0.listener }
        // By whom it is listened to, or the number might be another server's when it is.
        defer { close(listener) }
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            if connection < 0 {
                if state.withLock({ $0.isStopped }) || (errno != EINTR && errno != ECONNABORTED) { return }
                continue
            }
            let isWelcome = state.withLock { state in
                if !state.isStopped {
                    state.open.insert(connection)
                    state.accepted += 1
                    state.peak = max(state.peak, state.open.count)
                }
                return !state.isStopped
            }
            guard isWelcome else {
                close(connection)
                return
            }
            Thread.detachNewThread { [self] in
                Connection(connection).serve(answer)
                state.withLock { _ = $0.open.remove(connection) }
                close(connection)
            }
        }
    }
}
