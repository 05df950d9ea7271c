import Glibc

/// The address of a WebSocket in its parts.
struct WebSocketAddress: Hashable {
    /// Whether it is reached over TLS.
    let isSecure: Bool
    /// The name or number of the host, an IPv6 number without its brackets.
    let host: String
    let port: Int
    /// Path and parameters, as they are asked for. Not for messages: signatures stand there.
    let target: String

    /// Reads `ws[s]://host[:port][/path][?parameters]`.
    init(_ text: String) throws(WebSocketTrouble) {
        func trouble(_ detail: String) -> WebSocketTrouble { WebSocketTrouble(.invalidAddress, detail) }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.contains("#") else {
            throw trouble("a character that has to be percent-encoded")
        }
        let rest: Substring
        if text.lowercased().hasPrefix("wss://") {
            (isSecure, rest) = (true, text.dropFirst(6))
        } else if text.lowercased().hasPrefix("ws://") {
            (isSecure, rest) = (false, text.dropFirst(5))
        } else {
            throw trouble("it begins neither with wss:// nor with ws://")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest.dropFirst(authority.count)
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
        guard !authority.contains("@") else { throw trouble("a name or password in it") }
        guard let (host, port) = WebSocketAddress.hostAndPort(authority, standing: isSecure ? 443 : 80) else {
            throw trouble("no host, or a port that is none of 1…65535")
        }
        self.host = host
        self.port = port
    }

    /// Splits `host[:port]`, where an IPv6 number stands in brackets.
    static func hostAndPort(_ text: Substring, standing: Int) -> (host: String, port: Int)? {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let behind = text[text.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":"), isNumber(String(host)), host.contains(":") else {
                return nil
            }
            port = behind.isEmpty ? nil : behind.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let isName = host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard !host.isEmpty, !host.hasPrefix("."), isName || text.hasPrefix("[") else { return nil }
        guard let port else { return (String(host), standing) }
        guard port.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            (1...65_535).contains(number)
        else { return nil }
        return (String(host), number)
    }

    /// Whether a host is an IP number.
    static func isNumber(_ host: String) -> Bool { bytes(host) != nil }

    /// The bytes of an IP number, four or sixteen.
    static func bytes(_ host: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, host, &bytes) == 1 { return Array(bytes[..<4]) }
        return inet_pton(AF_INET6, host, &bytes) == 1 ? bytes : nil
    }

    /// Host and port, as they stand in the request.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Host and port, as a proxy is asked for them.
    var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// An address without what follows the `?`, for messages, whatever else may be wrong with it.
    static func location(_ text: String) -> String {
        let shown = text.prefix { $0 != "?" && $0 != "#" }
        let scheme = shown.firstRange(of: "://").map { shown[..<$0.upperBound] } ?? shown.prefix(0)
        let rest = shown[scheme.endIndex...]
        // Nor a name with a password.
        guard let at = rest.prefix(while: { $0 != "/" }).lastIndex(of: "@") else { return String(shown) }
        return String(scheme) + rest[rest.index(after: at)...]
    }
}
