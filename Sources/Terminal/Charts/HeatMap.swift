import Glibc

/// Maps amounts to the levels of a colour ramp.
///
/// Cut-offs come from percentiles rather than from the maximum: one wall in the book must not blacken the rest.
public struct HeatScale: Sendable, Hashable {
    /// How amounts between the cut-offs are spread over the levels.
    public enum Curve: Sendable, Hashable {
        /// Evenly.
        case linear
        /// By square root: small amounts get more levels.
        case squareRoot
        /// By logarithm: small amounts get most levels.
        case logarithmic
    }

    /// Amounts up to here are level 0.
    public let low: Double
    /// Amounts from here are the highest level.
    public let high: Double
    /// How many levels there are, at least 2.
    public let levels: Int
    /// How amounts in between are spread.
    public let curve: Curve

    /// Makes a scale from its cut-offs.
    public init(low: Double, high: Double, levels: Int = 16, curve: Curve = .squareRoot) {
        self.low = max(0, low.isFinite ? low : 0)
        self.high = max(self.low, high.isFinite ? high : 0)
        self.levels = max(2, levels)
        self.curve = curve
    }

    /// Makes a scale whose cut-offs are percentiles of amounts.
    ///
    /// - Parameters:
    ///   - amounts: what is to be shown; zero and what is not finite is left out.
    ///   - lower: percentile of the lower cut-off, 0…100.
    ///   - upper: percentile of the upper cut-off, 0…100.
    /// - Complexity: O(n log n).
    public init(
        percentilesOf amounts: [Double], lower: Double = 5, upper: Double = 95, levels: Int = 16,
        curve: Curve = .squareRoot
    ) {
        let sorted = amounts.filter { $0.isFinite && $0 > 0 }.sorted()
        func percentile(_ percent: Double) -> Double {
            guard !sorted.isEmpty else { return 0 }
            let place = Int((min(100, max(0, percent)) / 100 * Double(sorted.count - 1)).rounded())
            return sorted[place]
        }
        self.init(low: percentile(lower), high: percentile(upper), levels: levels, curve: curve)
    }

    /// The level of an amount.
    ///
    /// - Parameters:
    ///   - amount: nothing, or less, is level 0; anything positive is at least 1, so that it can be seen.
    ///   - previous: the level this place had before; it is kept while the amount is less than three quarters of a
    ///     level beyond it, so that small changes do not flicker.
    public func level(_ amount: Double, previous: Int? = nil) -> Int {
        guard amount.isFinite, amount > 0 else { return 0 }
        let top = Double(levels - 1)
        let exact = max(1, min(top, position(amount) * top))
        if let previous, previous > 0, previous < levels, abs(exact - Double(previous)) < 0.75 { return previous }
        return Int(exact.rounded())
    }

    private func position(_ amount: Double) -> Double {
        guard high > low else { return amount >= high ? 1 : 0 }
        let share = min(1, max(0, (amount - low) / (high - low)))
        switch curve {
        case .linear: return share
        case .squareRoot: return share.squareRoot()
        case .logarithmic: return log1p(share * 99) / log(100)
        }
    }
}

/// Two amounts in one cell, one above the other.
public enum HeatCell {
    private static let asciiRamp: [Unicode.Scalar] = [" ", ".", ":", "-", "=", "+", "*", "%", "@"]
    private static let shadeRamp: [Unicode.Scalar] = [" ", "·", "░", "▒", "▓", "█"]

    /// The cell that shows two levels: the upper half in the glyph's colour, the lower in the ground's.
    ///
    /// In ASCII, and with a ramp that has but one colour, the larger of the two is shown by a denser character.
    ///
    /// - Parameters:
    ///   - upper: level of the upper half.
    ///   - lower: level of the lower half.
    ///   - ramp: a colour per level; level 0 is the ground. Make it once with ``Theme/heat(_:of:)``.
    public static func cell(upper: Int, lower: Int, ramp: [Color], ground: Color, set: GlyphSet) -> Cell {
        func color(_ level: Int) -> Color {
            level <= 0 || ramp.isEmpty ? ground : ramp[min(level, ramp.count - 1)]
        }
        let isColorless = ramp.count < 2 || ramp[1] == ramp[ramp.count - 1]
        if set == .ascii || isColorless {
            let dense = set == .ascii ? asciiRamp : shadeRamp
            let level = max(upper, lower)
            let steps = dense.count - 1
            let last = max(1, ramp.count - 1)
            let place = level <= 0 ? 0 : max(1, min(steps, (level * steps + last / 2) / last))
            return Cell(dense[place], style: Style(foreground: color(level), background: ground))
        }
        let (top, bottom) = (color(upper), color(lower))
        if top == bottom { return Cell(" ", style: Style(background: top)) }
        if top == ground { return Cell("▄", style: Style(foreground: bottom, background: ground)) }
        return Cell("▀", style: Style(foreground: top, background: bottom))
    }
}
