/// A price: a 64-bit mantissa at the scale of its instrument (`Instrument.priceScale`).
///
/// The scale lives in the instrument so that a candle stays small and two prices of one instrument compare as
/// integers. Prices of two instruments must not be mixed; everything that needs the scale is a method of `Instrument`.
@frozen
public struct Price: Hashable, Comparable, Sendable, Codable {
    /// The price in units of 10^−`priceScale`.
    public var mantissa: Int64

    /// A price of `mantissa` units of its instrument's scale.
    @inlinable
    public init(mantissa: Int64) { self.mantissa = mantissa }

    /// The price zero.
    @inlinable
    public static var zero: Price { Price(mantissa: 0) }

    /// Whether the first price is lower.
    @inlinable
    public static func < (a: Price, b: Price) -> Bool { a.mantissa < b.mantissa }

    /// The sum of two prices of one instrument. Traps on overflow.
    @inlinable
    public static func + (a: Price, b: Price) -> Price { Price(mantissa: a.mantissa + b.mantissa) }

    /// The difference of two prices of one instrument. Traps on overflow.
    @inlinable
    public static func - (a: Price, b: Price) -> Price { Price(mantissa: a.mantissa - b.mantissa) }

    /// The nearest multiple of `tick` in the named direction.
    @inlinable
    public func rounded(toTick tick: Price, _ rounding: Rounding) -> Price {
        Price(mantissa: mantissa.rounded(toMultipleOf: tick.mantissa, rounding))
    }

    /// The price moved by a share of itself, rounded in the named direction: `price × (1 + ratio)`.
    @inlinable
    public func moved(by ratio: Ratio, rounding: Rounding) -> Price {
        let product = Int128(mantissa) * Int128(Ratio.one.units + ratio.units)
        return Price(mantissa: Int64(product.divided(by: Int128(Ratio.one.units), rounding: rounding)))
    }
}

/// A quantity of the base asset: a 64-bit mantissa at the scale of its instrument (`Instrument.quantityScale`).
///
/// Order and fill quantities are positive; a position's is signed, short below zero.
@frozen
public struct Quantity: Hashable, Comparable, Sendable, Codable {
    /// The quantity in units of 10^−`quantityScale`.
    public var mantissa: Int64

    /// A quantity of `mantissa` units of its instrument's scale.
    @inlinable
    public init(mantissa: Int64) { self.mantissa = mantissa }

    /// Nothing.
    @inlinable
    public static var zero: Quantity { Quantity(mantissa: 0) }

    /// Whether the first quantity is smaller.
    @inlinable
    public static func < (a: Quantity, b: Quantity) -> Bool { a.mantissa < b.mantissa }

    /// The sum of two quantities of one instrument. Traps on overflow.
    @inlinable
    public static func + (a: Quantity, b: Quantity) -> Quantity { Quantity(mantissa: a.mantissa + b.mantissa) }

    /// The difference of two quantities of one instrument. Traps on overflow.
    @inlinable
    public static func - (a: Quantity, b: Quantity) -> Quantity { Quantity(mantissa: a.mantissa - b.mantissa) }

    /// The opposite quantity.
    @inlinable
    public static prefix func - (a: Quantity) -> Quantity { Quantity(mantissa: -a.mantissa) }

    /// The quantity without its sign.
    @inlinable
    public var magnitude: Quantity { Quantity(mantissa: Swift.abs(mantissa)) }

    /// Whether there is nothing.
    @inlinable
    public var isZero: Bool { mantissa == 0 }

    /// The nearest multiple of `step` in the named direction.
    @inlinable
    public func rounded(toStep step: Quantity, _ rounding: Rounding) -> Quantity {
        Quantity(mantissa: mantissa.rounded(toMultipleOf: step.mantissa, rounding))
    }

    /// The share `ratio` of this quantity, rounded toward zero.
    @inlinable
    public func share(_ ratio: Ratio) -> Quantity {
        let product = Int128(mantissa) * Int128(ratio.units)
        return Quantity(mantissa: Int64(product.divided(by: Int128(Ratio.one.units), rounding: .down)))
    }
}
