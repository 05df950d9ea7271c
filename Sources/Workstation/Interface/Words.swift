import Market
import Terminal

/// Numbers and times in words, the same way on the whole screen.
enum Words {
    /// `1 order`, `3 orders`.
    static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }

    /// An amount with two decimals and groups of three digits: `10,432.11`.
    static func money(_ money: Money, decimals: Int = 2) -> String { grouped(money.text(decimals: decimals)) }

    /// An amount with its sign, for profits: `+88.10`, `-4.02`, `0.00`.
    static func profit(_ money: Money, decimals: Int = 2) -> String {
        let text = money.text(decimals: decimals)
        let isZero = !text.contains { $0 != "0" && $0 != "." && $0 != "-" }
        if isZero { return text.hasPrefix("-") ? grouped(String(text.dropFirst())) : grouped(text) }
        return (money.units > 0 ? "+" : "") + grouped(text)
    }

    /// A share in percent with its sign: `+1.24%`.
    static func signedPercent(_ share: Double, decimals: Int = 2) -> String {
        guard share.isFinite else { return "–" }
        let text = fixed(share * 100, decimals)
        return (share > 0 && text.contains { $0 != "0" && $0 != "." } ? "+" : "") + text + "%"
    }

    /// A share in percent: `38%`.
    static func percent(_ share: Double, decimals: Int = 0) -> String {
        share.isFinite ? fixed(share * 100, decimals) + "%" : "–"
    }

    /// A number with so many decimals, for statistics; money and prices have their own texts.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value.isNaN ? "–" : value > 0 ? "∞" : "-∞" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let units = (value * scale).rounded()
        guard abs(units) < 9e18 else { return "∞" }
        let text = DecimalText.text(Int128(Int64(units)), scale: decimals, minimumDecimals: decimals)
        return text
    }

    /// The digits before the point in groups of three.
    static func grouped(_ text: String) -> String {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
        guard let whole = parts.first else { return text }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        if parts.count > 1 { result += "." + parts[1] }
        return (isNegative ? "-" : "") + result
    }

    /// A length of time, the two largest units: `4s`, `2m 05s`, `3h 12m`, `2d 04h`.
    static func duration(_ seconds: Int64) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let seconds = max(0, seconds)
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m \(two(seconds % 60))s" }
        if seconds < 86_400 { return "\(seconds / 3_600)h \(two(seconds / 60 % 60))m" }
        return "\(seconds / 86_400)d \(two(seconds / 3_600 % 24))h"
    }

    /// Minutes and seconds left: `09:41`.
    static func clock(_ seconds: Int64) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(seconds / 60)):\(two(seconds % 60))"
    }

    /// A count of bytes: `640 B`, `1.2 kB`, `84 MB`.
    static func bytes(_ count: Int) -> String {
        if count < 1_000 { return "\(count)B" }
        if count < 1_000_000 { return "\(fixed(Double(count) / 1_000, 1))kB" }
        return "\(fixed(Double(count) / 1_000_000, 0))MB"
    }
}
