/// The hosts that are asked without the proxy: names with all that stand under them, IP numbers, and ranges of these.
struct NoProxyList {
    private let entries: [String]

    /// Reads a list parted by commas or blanks.
    init(_ text: String) {
        entries = text.lowercased().split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }).map(String.init)
    }

    /// Whether a host is in it.
    func contains(_ host: String) -> Bool {
        if entries == ["*"] { return true }
        if let number = WebSocketAddress.bytes(host) { return entries.contains { NoProxyList.covers($0, number) } }
        let name = NoProxyList.bare(host.lowercased())
        return entries.contains { entry in
            let entry = NoProxyList.bare(entry)
            return !entry.isEmpty && (name == entry || name.hasSuffix("." + entry))
        }
    }

    /// A name without the dots around it.
    private static func bare(_ name: String) -> String {
        var name = Substring(name)
        if name.hasPrefix(".") { name = name.dropFirst() }
        if name.hasSuffix(".") { name = name.dropLast() }
        return String(name)
    }

    /// Whether an entry is the number, or a range (`10.0.0.0/8`) with the number in it.
    private static func covers(_ entry: String, _ number: [UInt8]) -> Bool {
        let parts = entry.split(separator: "/", maxSplits: 1)
        let text = parts[0].hasPrefix("[") && parts[0].hasSuffix("]") ? parts[0].dropFirst().dropLast() : parts[0]
        guard let base = WebSocketAddress.bytes(String(text)), base.count == number.count else { return false }
        guard parts.count == 2 else { return base == number }
        guard let bits = Int(parts[1]), (0...base.count * 8).contains(bits) else { return false }
        let whole = bits / 8
        guard base[..<whole] == number[..<whole] else { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits % 8))
        return base[whole] & mask == number[whole] & mask
    }
}
