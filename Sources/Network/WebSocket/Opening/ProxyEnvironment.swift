import Glibc

/// The proxy that the environment names, by the rules of libcurl, which asks by REST.
struct ProxyEnvironment: Sendable {
    private let variables: [String: String]

    private static let names = [
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]

    init(_ variables: [String: String]) { self.variables = variables }

    /// The environment of this process.
    static func current() -> ProxyEnvironment {
        var variables: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return ProxyEnvironment(variables)
    }

    /// The proxy to an address; `nil` for none.
    ///
    /// `HTTP_PROXY` in capitals is not looked at: a web server puts a client's header field there.
    /// - Throws: `WebSocketTrouble` when what is named is not an HTTP proxy.
    func proxy(for address: WebSocketAddress) throws(WebSocketTrouble) -> Proxy? {
        let names = (address.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + ["all_proxy", "ALL_PROXY"]
        guard let name = names.first(where: { variables[$0]?.isEmpty == false }), let text = variables[name],
            !NoProxyList(value("no_proxy", "NO_PROXY")).contains(address.host)
        else { return nil }
        guard let proxy = Proxy(text) else {
            throw WebSocketTrouble(.cannotConnect, "\(name) does not name a proxy as http://host:port")
        }
        return proxy
    }

    private func value(_ names: String...) -> String {
        names.lazy.compactMap { variables[$0] }.first ?? ""
    }
}

/// An HTTP proxy, with the name and password that it wants.
struct Proxy: Hashable {
    let host: String
    let port: Int
    private let credentials: [UInt8]?

    /// Reads `[http://][name:password@]host[:port]`; `nil` for anything else, other kinds of proxy among it.
    init?(_ text: String) {
        var rest = Substring(text)
        if let scheme = text.firstRange(of: "://") {
            guard text[..<scheme.lowerBound].lowercased() == "http" else { return nil }
            rest = text[scheme.upperBound...]
        }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = rest.lastIndex(of: "@") {
            guard let name = Proxy.decoded(rest[..<at]) else { return nil }
            credentials = name
            rest = rest[rest.index(after: at)...]
        } else {
            credentials = nil
        }
        // The port that libcurl takes when none is named.
        guard let (host, port) = WebSocketAddress.hostAndPort(rest, standing: 1_080) else { return nil }
        self.host = host
        self.port = port
    }

    /// The request for a way to a server. Not for messages: the password stands in it.
    func request(to address: WebSocketAddress) -> [UInt8] {
        var text = "CONNECT \(address.endpoint) HTTP/1.1\r\nHost: \(address.endpoint)\r\nUser-Agent: wick\r\n"
        if let credentials {
            let whole = credentials.contains(0x3A) ? credentials : credentials + [0x3A]
            text += "Proxy-Authorization: Basic \(Proxy.base64(whole))\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    private static func decoded(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? digits[value >> (18 - 6 * index) & 0x3F] : 0x3D)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
