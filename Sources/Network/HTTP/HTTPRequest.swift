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
        // An order waits for this three times: no more than one piece of memory, and few instructions a byte.
        let most = parameters.reduce(0) { $0 + 3 * ($1.name.utf8.count + $1.value.utf8.count) + 2 }
        return String(unsafeUninitializedCapacity: most) { buffer in
            var end = 0
            for parameter in parameters {
                if end > 0 { put(UInt8(ascii: "&"), in: buffer, at: &end) }
                put(parameter.name, in: buffer, at: &end)
                put(UInt8(ascii: "="), in: buffer, at: &end)
                put(parameter.value, in: buffer, at: &end)
            }
            return end
        }
    }

    /// Percent-encoding after RFC 3986: all bytes but letters, digits and `- . _ ~`, in capital hexadecimal digits.
    private static func put(_ text: String, in buffer: UnsafeMutableBufferPointer<UInt8>, at end: inout Int) {
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: put(byte, in: buffer, at: &end)
                default:
                    put(UInt8(ascii: "%"), in: buffer, at: &end)
                    put(digit(byte >> 4), in: buffer, at: &end)
                    put(digit(byte & 0xF), in: buffer, at: &end)
                }
            }
        }
    }

    private static func put(_ byte: UInt8, in buffer: UnsafeMutableBufferPointer<UInt8>, at end: inout Int) {
        buffer[end] = byte
        end += 1
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
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
