/// The sections about venues that are asked over the network.
extension Section {
    /// Binance Spot.
    func binance() -> BinanceSettings {
        var binance = BinanceSettings()
        binance.restURL = text(
            "rest-url", default: binance.restURL,
            expected: "https:// and a host, without a path; http:// for a server on this machine only",
            check: { Section.isServer($0, "http") })
        binance.streamURL = text(
            "stream-url", default: binance.streamURL,
            expected: "wss:// and a host, without a path; ws:// for a server on this machine only",
            check: { Section.isServer($0, "ws") })
        binance.certificateFile = read(
            "ca-file", binance.certificateFile, expected: "a file of certificates", example: "/etc/ssl/testnet.pem"
        ) { .some($0) }
        binance.key = read("key", binance.key, expected: "the name of a key of 'wick keys list'", example: "main") {
            .some($0)
        }
        let modes = SelfTradeSetting.allCases.map(\.rawValue)
        binance.selfTradePrevention = SelfTradeSetting(
            rawValue: choice("self-trade-prevention", ["default"] + modes, default: "default"))
        return binance
    }

    /// Symbols of a venue, in capitals, one after the other.
    func symbols(_ key: String, default fallback: [String]) -> [String] {
        read(
            key, fallback, expected: "1…50 symbols with spaces between, of letters and digits",
            example: fallback.joined(separator: " ")
        ) { text in
            var symbols: [String] = []
            for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
                let symbol = word.uppercased()
                let isSymbol = symbol.unicodeScalars.allSatisfy {
                    ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                }
                guard isSymbol, (2...20).contains(symbol.utf8.count) else { return nil }
                if !symbols.contains(symbol) { symbols.append(symbol) }
            }
            return (1...50).contains(symbols.count) ? symbols : nil
        }
    }

    /// Whether a text is the address of a server by a scheme, which an `s` makes a safe one: no path, no name of a user, and
    /// nothing in the clear over a network.
    static func isServer(_ text: String, _ scheme: String) -> Bool {
        func host(_ scheme: String) -> Substring? {
            text.hasPrefix(scheme) ? text.dropFirst(scheme.count) : nil
        }
        func isHost(_ text: Substring) -> Bool {
            let marks = "-.:[]".unicodeScalars
            return !text.isEmpty
                && text.unicodeScalars.allSatisfy {
                    ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                        || marks.contains($0)
                }
        }
        if let host = host(scheme + "s://") { return isHost(host) }
        guard let host = host(scheme + "://"), isHost(host) else { return false }
        return ["127.0.0.1", "localhost", "[::1]"].contains { host == $0 || host.hasPrefix($0 + ":") }
    }
}
