/// An amount of one currency in units of 10^−16.
///
/// An instrument's price and quantity scales together never exceed sixteen decimals, so **every notional
/// (price × quantity) is exact**; only fees, averages and sizes are ever rounded, and each names its direction. 128 bits
/// hold amounts up to 1.7 × 10^22. Adding two currencies is a programmer's error and traps; see `docs/architecture.md`
/// for why this is wider than the 64 bits of a price.
@frozen
public struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The amount in units of 10^−16 of the currency.
    public var units: Int128
    /// What it is an amount of.
    public var currency: Currency

    /// The decimals of an amount.
    public static let scale = 16

    /// The units in one whole of a currency.
    @inlinable
    public static var unitsPerWhole: Int128 { 10_000_000_000_000_000 }

    /// An amount of `units` × 10^−16.
    @inlinable
    public init(units: Int128, _ currency: Currency) {
        self.units = units
        self.currency = currency
    }

    /// A whole amount.
    @inlinable
    public init(whole: Int64, _ currency: Currency) {
        self.init(units: Int128(whole) * Money.unitsPerWhole, currency)
    }

    /// The amount written as a decimal with at most eight decimals (`10000.25`).
    ///
    /// - Throws: `DecimalTextError` for a malformed text, more than eight decimals or more than 92 billion.
    public init(_ text: some StringProtocol, _ currency: Currency) throws(DecimalTextError) {
        self.init(units: Int128(try DecimalText.mantissa(text, scale: 8)) * 100_000_000, currency)
    }

    /// The amount without its sign.
    @inlinable
    public var magnitude: Money { units < 0 ? Money(units: -units, currency) : self }

    /// Nothing, in a currency.
    @inlinable
    public static func zero(_ currency: Currency) -> Money { Money(units: 0, currency) }

    /// The sum. Traps when the currencies differ.
    @inlinable
    public static func + (a: Money, b: Money) -> Money {
        precondition(a.currency == b.currency, "amounts of two currencies do not add")
        return Money(units: a.units + b.units, a.currency)
    }

    /// The difference. Traps when the currencies differ.
    @inlinable
    public static func - (a: Money, b: Money) -> Money {
        precondition(a.currency == b.currency, "amounts of two currencies do not subtract")
        return Money(units: a.units - b.units, a.currency)
    }

    /// Adds in place. Traps when the currencies differ.
    @inlinable
    public static func += (a: inout Money, b: Money) { a = a + b }

    /// Subtracts in place. Traps when the currencies differ.
    @inlinable
    public static func -= (a: inout Money, b: Money) { a = a - b }

    /// The opposite amount.
    @inlinable
    public static prefix func - (a: Money) -> Money { Money(units: -a.units, a.currency) }

    /// Whether the first amount is smaller. Traps when the currencies differ.
    @inlinable
    public static func < (a: Money, b: Money) -> Bool {
        precondition(a.currency == b.currency, "amounts of two currencies do not compare")
        return a.units < b.units
    }

    /// Whether the first amount is larger. Traps when the currencies differ.
    @inlinable
    public static func > (a: Money, b: Money) -> Bool { b < a }

    /// Whether there is nothing.
    @inlinable
    public var isZero: Bool { units == 0 }

    /// The share `ratio` of the amount, rounded in the named direction.
    @inlinable
    public func share(_ ratio: Ratio, rounding: Rounding) -> Money {
        // Split so that the product cannot overflow: (whole, rest) by the ratio's denominator.
        let one = Int128(Ratio.one.units)
        let (whole, rest) = units.quotientAndRemainder(dividingBy: one)
        let part = (rest * Int128(ratio.units)).divided(by: one, rounding: rounding)
        return Money(units: whole * Int128(ratio.units) + part, currency)
    }

    /// The amount as a binary floating-point number, for statistics and the screen only.
    @inlinable
    public var approximation: Double { units.approximation / 1e16 }

    /// The exact decimal text without trailing zeros and without the currency.
    public var decimalText: String { DecimalText.text(units, scale: Money.scale) }

    /// The decimal text rounded half to even to `decimals` places, without the currency.
    public func text(decimals: Int) -> String {
        precondition((0...Money.scale).contains(decimals), "0…16 decimals")
        var divisor: Int128 = 1
        for _ in 0..<(Money.scale - decimals) { divisor *= 10 }
        return DecimalText.text(
            units.divided(by: divisor, rounding: .halfEven), scale: decimals, minimumDecimals: decimals)
    }

    /// The amount and its currency.
    public var description: String { "\(decimalText) \(currency.code)" }
}
