import Market

/// Numbers as people read them, without losing a digit that matters.
enum Figures {
    /// A number with a fixed count of decimals, `1234.50`; `–` when it is not finite or too large to be written so.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        let scaled = (value * Double(DecimalText.powerOfTen(min(max(decimals, 0), 9)))).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 else { return "–" }
        return DecimalText.text(Int128(Int64(scaled)), scale: decimals, minimumDecimals: decimals)
    }

    /// A share in percent with its sign, `+1.24%`.
    static func percent(_ share: Double, decimals: Int = 2) -> String {
        let text = fixed(share * 100, decimals)
        return share > 0 && text.first != "-" ? "+\(text)%" : "\(text)%"
    }

    /// A number with its sign, `+12.50`.
    static func signed(_ value: Double, _ decimals: Int) -> String {
        let text = fixed(value, decimals)
        return value > 0 ? "+\(text)" : text
    }

    /// Bytes as `812 B`, `1.9 kB`, `84 MB`.
    static func bytes(_ count: Int64) -> String {
        if count < 1_000 { return "\(count) B" }
        if count < 1_000_000 { return "\(fixed(Double(count) / 1e3, 1)) kB" }
        if count < 10_000_000 { return "\(fixed(Double(count) / 1e6, 1)) MB" }
        return count < 1_000_000_000 ? "\(count / 1_000_000) MB" : "\(fixed(Double(count) / 1e9, 2)) GB"
    }

    /// Seconds as `42 s`, `3:05`, `2:10:00`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
        let total = Int(seconds.rounded())
        if total < 60 { return "\(total) s" }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if total < 3_600 { return "\(total / 60):\(two(total % 60))" }
        if total < 86_400 { return "\(total / 3_600):\(two(total / 60 % 60)):\(two(total % 60))" }
        return "\(total / 86_400) d \(total % 86_400 / 3_600) h"
    }
}

extension Instrument {
    /// The price nearest to a number of the quote currency, on the tick; `nil` when it is no price.
    func price(near value: Double) -> Price? {
        let mantissa = value * Double(DecimalText.powerOfTen(priceScale))
        guard mantissa.isFinite, abs(mantissa) < 9e17 else { return nil }
        return Price(mantissa: Int64(mantissa.rounded())).rounded(toTick: tick, .halfEven)
    }

    /// The tick, at least one unit.
    var tick: Price { Price(mantissa: max(1, rules.tick.mantissa)) }
}
