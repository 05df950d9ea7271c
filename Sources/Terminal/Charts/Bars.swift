/// Bars with a resolution of an eighth of a cell.
public enum Bar {
    private static let rightward: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    private static let upward: [Unicode.Scalar] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// A bar that grows to the right: depth, gauges.
    ///
    /// - Parameters:
    ///   - fraction: 0…1, clamped; what is not a number counts as 0. Anything above 0 shows at least a sliver.
    ///   - width: columns of a full bar.
    ///   - ascii: the character of the ASCII set; by convention `#` and `=` tell two sides apart.
    /// - Returns: `width` characters.
    public static func horizontal(
        _ fraction: Double, width: Int, set: GlyphSet, ascii: Unicode.Scalar = "#"
    ) -> [Unicode.Scalar] {
        cells(fraction, count: width, set: set, ascii: ascii, partial: rightward)
    }

    /// A bar that grows upward: volume. The first character is the lowest row.
    public static func vertical(
        _ fraction: Double, height: Int, set: GlyphSet, ascii: Unicode.Scalar = ":"
    ) -> [Unicode.Scalar] {
        cells(fraction, count: height, set: set, ascii: ascii, partial: upward)
    }

    private static func cells(
        _ fraction: Double, count: Int, set: GlyphSet, ascii: Unicode.Scalar, partial: [Unicode.Scalar]
    ) -> [Unicode.Scalar] {
        guard count > 0 else { return [] }
        let share = fraction > 0 ? min(fraction, 1) : 0
        if set == .ascii {
            let full = share > 0 ? max(1, Int((share * Double(count)).rounded())) : 0
            return (0..<count).map { $0 < full ? ascii : " " }
        }
        let eighths = share > 0 ? max(1, Int((share * Double(count) * 8).rounded())) : 0
        return (0..<count).map { partial[min(8, max(0, eighths - $0 * 8))] }
    }

    /// One character per value, higher for larger ones.
    ///
    /// - Parameters:
    ///   - values: those that are not finite leave a gap.
    ///   - range: smallest and largest value shown; nil for those of the values.
    public static func sparkline(
        _ values: [Double], range: ClosedRange<Double>? = nil, set: GlyphSet
    ) -> [Unicode.Scalar] {
        let finite = values.filter(\.isFinite)
        let low = range?.lowerBound ?? finite.min() ?? 0
        let high = range?.upperBound ?? finite.max() ?? 0
        let steps: [Unicode.Scalar] = set == .ascii ? ["_", ".", "-", "^"] : Array(upward.dropFirst())
        return values.map { value in
            guard value.isFinite else { return " " }
            guard high > low else { return steps[steps.count / 2] }
            let share = min(1, max(0, (value - low) / (high - low)))
            return steps[min(steps.count - 1, Int(share * Double(steps.count)))]
        }
    }

    /// How far a task has come: `[#####    ]  56%`, or eighth blocks without brackets.
    public static func progress(
        _ fraction: Double, into canvas: inout Canvas, x: Int, y: Int, width: Int, theme: Theme
    ) {
        let share = fraction > 0 ? min(fraction, 1) : 0
        let percent = "\(Int(share * 100))%"
        let label = String(repeating: " ", count: 5 - percent.utf8.count) + percent
        let barWidth = max(0, width - label.utf8.count)
        canvas.hline(
            x: x, y: y, width: barWidth, scalar: theme.glyphs == .ascii ? "." : "─", style: theme[.gaugeRest])
        for (offset, glyph) in horizontal(share, width: barWidth, set: theme.glyphs).enumerated() where glyph != " " {
            canvas.put(scalar: glyph, x: x + offset, y: y, style: theme[.gaugeLow])
        }
        canvas.put(label, x: x + barWidth, y: y, style: theme[.text], maxWidth: width - barWidth)
    }

    /// The picture of a spinner at a time.
    ///
    /// - Parameter milliseconds: on any clock; the picture changes every 80.
    public static func spinner(milliseconds: Int, set: GlyphSet) -> Unicode.Scalar {
        let frames: [Unicode.Scalar] =
            switch set {
            case .utf8: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
            case .block: ["▖", "▘", "▝", "▗"]
            case .ascii: ["|", "/", "-", "\\"]
            }
        return frames[max(0, milliseconds) / 80 % frames.count]
    }
}
