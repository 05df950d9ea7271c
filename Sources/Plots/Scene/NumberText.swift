/// Numbers as text, without a locale.
enum NumberText {
    /// A number with a fixed count of decimals; a minus sign of its own width, thousands apart.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        var factor = 1.0
        for _ in 0..<decimals { factor *= 10 }
        let scaled = (abs(value) * factor).rounded()
        guard scaled.isFinite, scaled < 9e15 else { return value.description }
        let whole = Int64(scaled)
        let unit = Int64(factor)
        var text = grouped(whole / unit)
        if decimals > 0 {
            let rest = String(whole % unit)
            text += "." + String(repeating: "0", count: decimals - rest.count) + rest
        }
        return value < 0 && whole != 0 ? "−" + text : text
    }

    /// A number of an axis whose ticks are `step` apart.
    static func tick(_ value: Double, step: Double, _ unit: Axis.Unit) -> String {
        switch unit {
        case .percent: return fixed(value * 100, decimals(of: step * 100)) + " %"
        case .plain:
            // Six digits and more say little beside an axis.
            for (factor, sign) in [(1e12, "T"), (1e9, "G"), (1e6, "M")]
            where step >= factor / 1_000 && abs(value) >= factor {
                return fixed(value / factor, decimals(of: step / factor)) + sign
            }
            return fixed(value, decimals(of: step))
        }
    }

    /// How many decimals tell neighbours apart, at most 9.
    static func decimals(of step: Double) -> Int {
        var rest = abs(step)
        var count = 0
        while count < 9, rest > 0, abs(rest - rest.rounded()) > 1e-6 * max(rest, 1) || rest < 0.999_999 {
            rest *= 10
            count += 1
        }
        return count
    }

    private static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number))
        guard digits.count > 4 else { return String(digits) }
        var text = ""
        for (index, digit) in digits.enumerated() {
            // A space that no line breaks at, and that no language takes for a decimal point.
            if index > 0, (digits.count - index) % 3 == 0 { text.append("\u{A0}") }
            text.append(digit)
        }
        return text
    }
}

/// Numbers as plots write them, for what stands beside plots.
public enum PlotText {
    /// A number with a fixed count of decimals, without a locale: a minus sign of its own, thousands apart from 10 000 on.
    public static func number(_ value: Double, decimals: Int) -> String { NumberText.fixed(value, decimals) }
}
