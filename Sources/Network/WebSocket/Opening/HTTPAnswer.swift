import CCurl
import Glibc

/// The head of an HTTP answer to an upgrade or to a proxy's CONNECT, with the beginning of its body.
///
/// Read here and not by a decoder in the pipeline: the first frames may come in the same piece as the answer, and the end
/// of the connection right behind them, and none of it may get lost while handlers change places.
struct HTTPAnswer {
    let status: Int
    /// Names and values, in the order in which they came.
    let fields: [(String, String)]
    /// The first bytes of the body of an answer that refuses.
    var body: [UInt8] = []

    /// No server sends a longer head.
    static let longest = 64 << 10

    /// Reads a head without the empty line at its end.
    init(_ head: some Collection<UInt8>) throws(WebSocketTrouble) {
        func trouble(_ detail: String) -> WebSocketTrouble { WebSocketTrouble(.brokenAnswer, detail) }
        let lines = HTTPAnswer.lines(head)
        guard let first = lines.first else { throw trouble("an empty answer") }
        let words = first.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8), words[0].count == 8, words[1].count == 3,
            let status = Int(String(decoding: words[1], as: UTF8.self)), (100...599).contains(status)
        else { throw trouble("it is not HTTP") }
        self.status = status
        var fields: [(String, String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: 0x3A), HTTPAnswer.isToken(line[..<colon]) else {
                throw trouble("a header field that is none")
            }
            let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw trouble("a header field with control characters")
            }
            let isBlank = { (character: Character) in character == " " || character == "\t" }
            let left = value.drop(while: isBlank)
            let count = left.reversed().drop(while: isBlank).count
            fields.append((String(decoding: line[..<colon], as: UTF8.self), String(left.prefix(count))))
        }
        self.fields = fields
    }

    private static func lines(_ head: some Collection<UInt8>) -> [ArraySlice<UInt8>] {
        let bytes = Array(head)
        return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? line.dropLast() : line
        }
    }

    /// The values of all fields of a name, which is given in lower case.
    func values(_ name: String) -> [String] { fields.filter { $0.0.lowercased() == name }.map { $0.1 } }

    /// The members of a list that is parted by commas, in lower case.
    static func list(_ value: String) -> [String] {
        value.lowercased().split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }).map(String.init)
    }

    /// Whether bytes may be the name of a header field.
    static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// The trouble that an answer is which opens no WebSocket.
    var refusal: WebSocketTrouble {
        let response = HTTPResponse(status: status, headers: [:], body: body, retryAfterSeconds: nil)
        var detail = response.excerpt
        if (300..<400).contains(status), let place = values("location").first {
            detail = "it points to " + WebSocketAddress.location(place)
        }
        return WebSocketTrouble(.refused(status: status, retryAfterSeconds: retryAfterSeconds), detail)
    }

    /// For how long the server asks to be left alone; `nil` where it does not say so that it can be read.
    var retryAfterSeconds: Int64? {
        values("retry-after").first.flatMap { RetryAfter.seconds($0, answeredAt: values("date").first) }
    }

    /// How many bytes of body are announced; `nil` when not said.
    var announcedLength: Int? { values("content-length").first.flatMap { Int($0) } }
}
