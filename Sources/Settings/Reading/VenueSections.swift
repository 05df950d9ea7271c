/// The sections about venues that are asked over the network.
extension Section {
    /// Binance Spot.
    func binance() -> BinanceSettings {
        var binance = BinanceSettings()
        binance.restURL = text(
            "rest-url", default: binance.restURL,
            expected: "https:// and a host, without a path; http:// for a server on this machine only",
            check: Section.isServer)
        binance.certificateFile = read(
            "ca-file", binance.certificateFile, expected: "a file of certificates", example: "/etc/ssl/testnet.pem"
        ) { .some($0) }
        return binance
    }

    /// Whether a text is the address of a server: no path, no name of a user, and nothing in the clear over a network.
    static func isServer(_ text: String) -> Bool {
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
        if let host = host("https://") { return isHost(host) }
        guard let host = host("http://"), isHost(host) else { return false }
        return ["127.0.0.1", "localhost", "[::1]"].contains { host == $0 || host.hasPrefix($0 + ":") }
    }
}
