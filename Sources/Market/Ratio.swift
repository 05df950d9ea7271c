/// A dimensionless share (a fee rate, a limit, a drawdown) in units of 10^−8; 10 basis points are 100,000 units.
@frozen
public struct Ratio: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The share in units of 10^−8.
    public var units: Int64

    /// The decimals a ratio carries.
    public static let scale = 8

    /// A share of `units` × 10^−8.
    @inlinable
    public init(units: Int64) { self.units = units }

    /// The share 1 (all of it).
    @inlinable
    public static var one: Ratio { Ratio(units: 100_000_000) }

    /// The share 0.
    @inlinable
    public static var zero: Ratio { Ratio(units: 0) }

    /// Whole basis points: one is a ten-thousandth.
    @inlinable
    public static func basisPoints(_ count: Int) -> Ratio { Ratio(units: Int64(count) * 10_000) }

    /// Whole percent.
    @inlinable
    public static func percent(_ count: Int) -> Ratio { Ratio(units: Int64(count) * 1_000_000) }

    /// The ratio written as a fraction (`0.001`).
    ///
    /// - Throws: `DecimalTextError` for a malformed text or more than eight decimals.
    public init(fraction text: some StringProtocol) throws(DecimalTextError) {
        units = try DecimalText.mantissa(text, scale: 8)
    }

    /// The ratio written in basis points (`7.5`), up to four decimals.
    ///
    /// - Throws: `DecimalTextError` for a malformed text or more than four decimals.
    public init(basisPoints text: some StringProtocol) throws(DecimalTextError) {
        units = try DecimalText.mantissa(text, scale: 4)
    }

    /// The ratio written in percent (`12.5`), up to six decimals.
    ///
    /// - Throws: `DecimalTextError` for a malformed text or more than six decimals.
    public init(percent text: some StringProtocol) throws(DecimalTextError) {
        units = try DecimalText.mantissa(text, scale: 6)
    }

    /// Whether the first ratio is smaller.
    @inlinable
    public static func < (a: Ratio, b: Ratio) -> Bool { a.units < b.units }

    /// The opposite ratio.
    @inlinable
    public static prefix func - (a: Ratio) -> Ratio { Ratio(units: -a.units) }

    /// The ratio as a binary floating-point number, for statistics and the screen only.
    @inlinable
    public var approximation: Double { Double(units) / 1e8 }

    /// The ratio in percent, for people: `0.5%`.
    public var description: String { DecimalText.text(Int128(units), scale: 6) + "%" }
}
