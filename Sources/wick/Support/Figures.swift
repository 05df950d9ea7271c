import Market

/// Binary floating-point figures as text, without a locale.
enum Figures {
    /// A number with a fixed count of decimals.
    static func decimal(_ value: Double, _ decimals: Int) -> String {
        let scaled = (value * Double(DecimalText.powerOfTen(decimals))).rounded()
        guard scaled.isFinite, abs(scaled) < 9e17 else { return value.description }
        return DecimalText.text(Int128(Int64(scaled)), scale: decimals, minimumDecimals: decimals)
    }

    /// A share in percent with two decimals.
    static func percent(_ share: Double) -> String { decimal(share * 100, 2) + " %" }

    /// A count of bytes, `12.3 GB`.
    static func bytes(_ count: UInt64) -> String {
        var value = Double(count)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1_000 { return unit == "B" ? "\(count) B" : decimal(value, 1) + " " + unit }
            value /= 1_000
        }
        return decimal(value, 1) + " TB"
    }
}
