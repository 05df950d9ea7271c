/// A question to a server, or something that it is asked to do.
public struct HTTPRequest: Sendable, Hashable {
    /// What is done with what the address names.
    public var method: Method
    /// The address without what follows the `?`: `https://api.binance.com/api/v3/klines`. Messages name this one.
    public var location: String
    /// The parameters of the address, in the order in which they are sent, not yet percent-encoded.
    public var query: [Parameter]
    /// The parameters of the body (`application/x-www-form-urlencoded`), in the order in which they are sent, not yet
    /// percent-encoded; without any there is no body.
    public var form: [Parameter]
    /// Header fields besides those that every request has. Not for messages: keys stand there.
    public var headers: [Parameter]

    /// What is done.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// It is read.
        case get = "GET"
        /// Something is made.
        case post = "POST"
        /// Something is changed.
        case put = "PUT"
        /// Something is taken away.
        case delete = "DELETE"
    }

    /// A name with its value.
    public struct Parameter: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value.
        public var value: String

        /// A parameter of its parts.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A request of its parts.
    public init(
        _ location: String, method: Method = .get, query: [Parameter] = [], form: [Parameter] = [],
        headers: [Parameter] = []
    ) {
        self.method = method
        self.location = location
        self.query = query
        self.form = form
        self.headers = headers
    }

    /// The whole address. Not for messages and logs: what it is signed with would stand in it.
    var address: String { query.isEmpty ? location : location + "?" + HTTPRequest.encoded(query) }

    /// The bytes of the body. Not for messages and logs, as the address.
    var body: [UInt8] { Array(HTTPRequest.encoded(form).utf8) }

    /// Parameters as they are sent, in an address or a body: `name=value` joined by `&`, both sides percent-encoded.
    public static func encoded(_ parameters: [Parameter]) -> String {
        parameters.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
    }

    /// Percent-encoding after RFC 3986: all bytes but letters, digits and `- . _ ~`, in capital hexadecimal digits.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method and the address without its parameters.
    public var description: String { "\(method.rawValue) \(location)" }
    /// The method and the address without its parameters.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
