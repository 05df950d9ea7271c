import CBaseline
import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A venue's REST server as plain as can be: a thread a connection, an answer to everything, and the instant at which the
/// kernel had the first byte of each request; that its reader has to wake up is no part of it.
final class OrderSink: Sendable {
    let port: UInt16
    private let listener: Int32
    private let arrivals = Mutex<[Int64]>([])
    private let arrived = DispatchSemaphore(value: 0)

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        guard bound == 0, listen(listener, 16) == 0 else { throw BenchmarkError(description: "no port to listen at") }
        var length = size
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(listener) }

    /// Serves on a thread of its own, for as long as the process lives.
    func start() {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        pthread_create(
            &thread, nil,
            { raw in
                Unmanaged<OrderSink>.fromOpaque(raw!).takeRetainedValue().serve()
                return nil
            }, box.toOpaque())
    }

    /// Waits for the next order, and gives the instant at which it arrived; `nil` where none comes within five seconds. Whoever
    /// looked again and again would take a processor from what is measured.
    func nextArrival() -> Int64? {
        guard arrived.wait(timeout: .now() + 5) == .success else { return nil }
        return arrivals.withLock { $0.removeFirst() }
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            var thread = pthread_t()
            let task = Unmanaged.passRetained(Connection(descriptor: connection, sink: self))
            pthread_create(
                &thread, nil,
                { raw in
                    Unmanaged<Connection>.fromOpaque(raw!).takeRetainedValue().run()
                    return nil
                }, task.toOpaque())
        }
    }

    fileprivate func note(_ instant: Int64) {
        arrivals.withLock { $0.append(instant) }
        arrived.signal()
    }

    /// The time of day, in nanoseconds: by it the kernel says when bytes came.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// One connection of a sink.
private final class Connection {
    private let descriptor: Int32
    private let sink: OrderSink

    init(descriptor: Int32, sink: OrderSink) {
        self.descriptor = descriptor
        self.sink = sink
    }

    func run() {
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        _ = socket_stamp(descriptor)
        while true {
            var stamp: Int64 = 0
            let count = socket_read_stamped(descriptor, &buffer, buffer.count, &stamp)
            guard count > 0 else { return }
            // Where the kernel does not say, it is the instant at which they were read.
            if pending.isEmpty, buffer.starts(with: "POST".utf8) { sink.note(stamp > 0 ? stamp : OrderSink.now) }
            pending += buffer[..<count]
            while let end = Connection.end(of: pending) {
                let isTime = Connection.place(of: Connection.time, in: pending[..<min(32, pending.count)]) != nil
                pending.removeFirst(end)
                guard answer(isTime: isTime) else { return }
            }
        }
    }

    private func answer(isTime: Bool) -> Bool {
        var wall = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        let body =
            isTime
            ? "{\"serverTime\":\(wall.tv_sec * 1_000 + wall.tv_nsec / 1_000_000)}"
            : "{\"code\":-2010,\"msg\":\"Account has insufficient balance for requested action.\"}"
        let answer =
            "HTTP/1.1 \(isTime ? "200 OK" : "400 Bad Request")\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        return write(descriptor, answer, answer.utf8.count) == answer.utf8.count
    }

    // The venue is another machine: what its part does here must not push what is measured out of the caches. Hence bytes,
    // where texts would take half a million instructions a request, more than the order itself.
    private static let time = Array("/api/v3/time".utf8)
    private static let headEnd = Array("\r\n\r\n".utf8)
    private static let length = Array("Content-Length: ".utf8)

    /// Where the first request ends; `nil` while it is not whole.
    private static func end(of bytes: [UInt8]) -> Int? {
        guard let head = place(of: headEnd, in: bytes[...]) else { return nil }
        var content = 0
        if let field = place(of: length, in: bytes[..<head]) {
            for byte in bytes[(field + length.count)...] {
                guard case 0x30...0x39 = byte else { break }
                content = content * 10 + Int(byte - 0x30)
            }
        }
        let whole = head + headEnd.count + content
        return bytes.count >= whole ? whole : nil
    }

    private static func place(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (bytes.startIndex...bytes.endIndex - pattern.count).first { start in
            pattern.indices.allSatisfy { bytes[start + $0] == pattern[$0] }
        }
    }
}
