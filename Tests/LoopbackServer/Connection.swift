import CZlib
import Foundation

/// One connection: reads requests one after the other, and answers each.
struct Connection {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Serves until the client goes away or a reply ends it.
    func serve(_ answer: (LoopbackServer.Request) -> LoopbackServer.Reply) {
        var buffer: [UInt8] = []
        while let head = readHead(&buffer) {
            guard var request = Connection.request(head) else { return }
            let count = request.headers["content-length"].flatMap { Int($0) } ?? 0
            guard let body = readBody(count, &buffer) else { return }
            request.body = String(decoding: body, as: UTF8.self)
            request.form = Connection.parameters(request.body[...])
            guard send(answer(request), isPackingWelcome: request.headers["accept-encoding"] == "gzip") else { return }
        }
    }

    private func readHead(_ buffer: inout [UInt8]) -> String? {
        let end = Array("\r\n\r\n".utf8)
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            if let range = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                return head
            }
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }

    private func readBody(_ count: Int, _ buffer: inout [UInt8]) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while buffer.count < count {
            let got = recv(descriptor, &chunk, chunk.count, 0)
            guard got > 0 else { return nil }
            buffer += chunk[..<got]
        }
        defer { buffer.removeSubrange(..<count) }
        return Array(buffer[..<count])
    }

    private static func parameters(_ text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
            parameters[sides[0]] = sides.count == 2 ? sides[1] : ""
        }
        return parameters
    }

    private static func request(_ head: String) -> LoopbackServer.Request? {
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        // A proxy is asked with the whole address.
        var target = words[1]
        if target.hasPrefix("http://") { target = target.dropFirst(7).drop { $0 != "/" } }
        let parts = target.split(separator: "?", maxSplits: 1)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1)
            if sides.count == 2 {
                headers[sides[0].lowercased()] = sides[1].trimmingCharacters(in: .whitespaces)
            }
        }
        let query = parts.count == 2 ? parts[1] : ""
        return LoopbackServer.Request(
            method: String(words[0]), path: String(parts[0]), queryText: String(query), query: parameters(query),
            headers: headers)
    }

    /// Sends a reply; whether the connection goes on.
    private func send(_ reply: LoopbackServer.Reply, isPackingWelcome: Bool) -> Bool {
        if case .dropped = reply.manner { return false }
        if case .silent = reply.manner { return waitForEnd() }
        var body = reply.body
        var headers = reply.headers
        if isPackingWelcome, body.count > 200 {
            body = Gzip.packed(body)
            headers["Content-Encoding"] = "gzip"
            // Behind gzip's header a kind of block that there is not.
            if case .damagedPacking = reply.manner { for index in 10..<body.count { body[index] = 0xFF } }
        }
        headers["Content-Length"] = "\(body.count)"
        headers["Content-Type"] = headers["Content-Type"] ?? "application/json;charset=UTF-8"
        var head = "HTTP/1.1 \(reply.status) \(reply.status == 200 ? "OK" : "Other")\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let isHalf: Bool
        switch reply.manner {
        case .truncated, .stalled: isHalf = true
        default: isHalf = false
        }
        guard write(Array((head + "\r\n").utf8) + (isHalf ? body[..<(body.count / 2)] : body[...])) else {
            return false
        }
        if case .stalled = reply.manner { return waitForEnd() }
        return !isHalf
    }

    /// Waits until the client goes away.
    private func waitForEnd() -> Bool {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
        return false
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }
}

/// Packs by gzip.
enum Gzip {
    static func packed(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        // 16 + 15 window bits: with the header of gzip.
        guard
            deflateInit2_(
                &stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return bytes }
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count))) + 64) {
            buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                _ = deflate(&stream, Z_FINISH)
            }
            count = Int(stream.total_out)
        }
    }
}
