/// A small WebSocket client (RFC 6455): text messages, pings that it answers only when asked to.
final class WebSocketClient {
    private let socket: Socket
    /// How many pings have come.
    private(set) var pings = 0
    var answersPings = true
    private var endsAtPing = false
    /// The code with which the server closed, once it has.
    private(set) var closeCode: Int?

    /// Connects to a path; `nil` when the server does not want to.
    init?(port: Int, path: String) {
        guard let socket = Socket(port: port) else { return nil }
        self.socket = socket
        socket.send(
            Array(
                ("GET \(path) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").utf8))
        guard let answer = socket.read(until: "\r\n\r\n"), answer.hasPrefix("HTTP/1.1 101") else { return nil }
        // The example of RFC 6455, section 1.3.
        guard answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else { return nil }
    }

    /// How long a read waits.
    func setTimeout(seconds: Int, microseconds: Int = 0) {
        socket.setTimeout(seconds: seconds, microseconds: microseconds)
    }

    /// Sends a text.
    func send(_ text: String) { send(opcode: 1, Array(text.utf8)) }

    /// Sends a frame with a mask, as clients have to.
    func send(opcode: UInt8, _ bytes: [UInt8]) {
        var frame: [UInt8] = [0x80 | opcode]
        if bytes.count < 126 {
            frame.append(0x80 | UInt8(bytes.count))
        } else {
            frame += [0x80 | 126, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)]
        }
        let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        frame += mask
        frame += bytes.enumerated().map { $1 ^ mask[$0 & 3] }
        socket.send(frame)
    }

    /// The next message; `nil` when the connection ended or nothing came in time.
    func receive() -> String? {
        while let head = socket.read(2) {
            var count = Int(head[1] & 127)
            if count == 126 {
                guard let more = socket.read(2) else { return nil }
                count = Int(more[0]) << 8 | Int(more[1])
            } else if count == 127 {
                guard let more = socket.read(8) else { return nil }
                count = more.reduce(0) { $0 << 8 | Int($1) }
            }
            guard let bytes = socket.read(count) else { return nil }
            switch head[0] & 15 {
            case 1: return String(decoding: bytes, as: UTF8.self)
            case 8:
                closeCode = bytes.count >= 2 ? Int(bytes[0]) << 8 | Int(bytes[1]) : 1_005
                return nil
            case 9:
                pings += 1
                if answersPings { send(opcode: 10, bytes) }
                if endsAtPing { return nil }
            default: break
            }
        }
        return nil
    }

    /// Reads until so many pings have come; how many messages came meanwhile, or `nil` when the connection ended first.
    func waitForPings(_ count: Int) -> Int? {
        var messages = 0
        endsAtPing = true
        defer { endsAtPing = false }
        while pings < count {
            let before = pings
            if receive() != nil { messages += 1 } else if pings == before { return nil }
        }
        return messages
    }

    /// The first message for which a condition holds; `nil` when there is none among the next ones.
    func receive(among count: Int = 20_000, where isWanted: (JSONText) -> Bool) -> JSONText? {
        for _ in 0..<count {
            guard let text = receive() else { return nil }
            let json = JSONText(text)
            if isWanted(json) { return json }
        }
        return nil
    }
}
