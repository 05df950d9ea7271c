import NIOHTTP1

/// A request by HTTP, whole.
struct RESTRequest {
    var method: HTTPMethod
    var path: String
    /// What followed the `?`, as it came.
    var query: String
    var headers: HTTPHeaders
    var body: [UInt8]

    init(_ head: HTTPRequestHead, body: [UInt8]) {
        method = head.method
        headers = head.headers
        self.body = body
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "")
        query = parts.count == 2 ? String(parts[1]) : ""
    }

    /// `GET /api/v3/time`
    var line: String { "\(method.rawValue) \(path)" }

    /// The name by which faults know it, `GET:/api/v3/time`.
    var faultName: String { "\(method.rawValue):\(path)" }

    private var form: String {
        headers.first(name: "content-type")?.hasPrefix("application/json") == true
            ? "" : String(decoding: body, as: UTF8.self)
    }

    /// All parameters, decoded; those of the query come first and so win.
    var parameters: Parameters {
        var parameters = Parameters()
        for text in [query, form] {
            for pair in text.split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                parameters.add(
                    PercentText.decoded(sides[0]), sides.count == 2 ? PercentText.decoded(sides[1]) : "")
            }
        }
        return parameters
    }

    /// What was signed: query and body, one directly behind the other, without the signature itself.
    var signedPayload: String { RESTRequest.unsigned(query) + RESTRequest.unsigned(form) }

    private static func unsigned(_ text: String) -> String {
        text.split(separator: "&", omittingEmptySubsequences: false).filter { !$0.hasPrefix("signature=") }
            .joined(separator: "&")
    }
}

/// Percent-encoding as forms and queries have it.
enum PercentText {
    static func decoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var source = Array(text.utf8)[...]
        while let byte = source.popFirst() {
            switch byte {
            case 0x2B: bytes.append(0x20)
            case 0x25:
                let digits = source.prefix(2)
                guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                    bytes.append(byte)
                    continue
                }
                bytes.append(value)
                source = source.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// An answer by HTTP.
struct RESTReply {
    var status: Int
    var headers: [(String, String)] = []
    var body: [UInt8]

    init(_ status: Int, _ json: JSONValue, _ unit: TimeUnit = .millisecond) {
        self.status = status
        body = json.bytes(unit)
    }

    /// How it goes out.
    enum Manner {
        case whole
        case truncated
        /// In sixteen pieces, milliseconds apart.
        case pieces(Int64)
        /// The connection breaks off instead.
        case broken
        /// Nothing comes.
        case never
    }
}
