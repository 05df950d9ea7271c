import Glibc

/// A plain TCP connection to a port of this machine; blocking, with a time-out so that a test can't hang.
final class Socket {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Connects.
    init?(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            return nil
        }
        setTimeout(seconds: 30)
    }

    deinit { close(descriptor) }

    /// How long a read waits.
    func setTimeout(seconds: Int, microseconds: Int = 0) {
        var time = timeval(tv_sec: seconds, tv_usec: microseconds)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            offset += count
        }
    }

    /// So many bytes, or `nil` when the connection ends or the time-out passes before.
    func read(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard fill() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// Everything up to and without an end mark.
    func read(until mark: String) -> String? {
        let mark = Array(mark.utf8)
        while true {
            if let range = buffer.firstRange(of: mark) {
                defer { buffer.removeSubrange(..<range.upperBound) }
                return String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }
}

/// An answer by HTTP as the tests look at it.
struct PlainReply {
    var status: Int
    var headers: [String: String]
    var body: String

    /// The body as JSON.
    var json: JSONText { JSONText(body) }
}

/// A request on a connection of its own; `nil` when no whole answer came.
enum PlainHTTP {
    static func request(
        _ line: String, port: Int, headers: [String: String] = [:], body: String = "", patience: Int = 30
    ) -> PlainReply? {
        guard let socket = Socket(port: port) else { return nil }
        socket.setTimeout(seconds: patience)
        var head = line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        socket.send(Array((head + "\r\n" + body).utf8))
        guard let answer = socket.read(until: "\r\n\r\n") else { return nil }
        let lines = answer.split(separator: "\r\n")
        guard let status = Int(lines[0].split(separator: " ")[1]) else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1)
            fields[sides[0].lowercased()] = sides[1].drop { $0 == " " }.description
        }
        guard let count = fields["content-length"].flatMap({ Int($0) }), let bytes = socket.read(count) else {
            return nil
        }
        return PlainReply(status: status, headers: fields, body: String(decoding: bytes, as: UTF8.self))
    }
}
