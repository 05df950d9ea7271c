/// A question to a server: GET of an address.
public struct HTTPRequest: Sendable, Hashable {
    /// The address without what follows the `?`: `https://api.binance.com/api/v3/klines`. Messages name this one.
    public var location: String
    /// The parameters, in the order in which they are sent, not yet percent-encoded.
    public var query: [Parameter]

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
    public init(_ location: String, query: [Parameter] = []) {
        self.location = location
        self.query = query
    }

    /// The whole address. Not for messages and logs: what it is signed with would stand in it.
    var address: String {
        guard !query.isEmpty else { return location }
        return location + "?"
            + query.map { HTTPRequest.encoded($0.name) + "=" + HTTPRequest.encoded($0.value) }.joined(separator: "&")
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
