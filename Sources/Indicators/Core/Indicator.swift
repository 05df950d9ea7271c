/// A streaming indicator over a single series of values, such as closing prices.
///
/// Conforming types are values: a copy goes its own way and shares nothing with the original. `update` allocates
/// nothing. The arithmetic exists once, in `update`; `batch` only repeats it over an array.
///
/// **Undefined values.** Until `warmUp` values have come in, every output is NaN and `isReady` is false.
///
/// **Holes.** A value that is not finite, or whose magnitude exceeds 1e100, is a hole in the series: the outputs
/// become NaN and the indicator starts afresh with the next value, as if just made. So a bad value can neither
/// poison an indicator for ever nor be averaged in unnoticed, and an indicator may be fed the NaN-led output of
/// another one.
public protocol ValueIndicator: Sendable {
    /// What one update yields: a `Double`, or a small structure of doubles for indicators of several lines.
    associatedtype Output: Sendable

    /// Takes the next value of the series and returns the new output, NaN while warming up.
    @discardableResult
    mutating func update(_ value: Double) -> Output

    /// Whether the last update yielded a defined output.
    var isReady: Bool { get }

    /// How many values, the current one included, the first defined output takes.
    var warmUp: Int { get }
}

extension ValueIndicator {
    /// Runs a copy of this indicator over `values`: one output a value, NaN while warming up. The indicator itself
    /// is left as it was. O(n) in the length of `values`.
    @inlinable
    public func batch(_ values: [Double]) -> [Output] {
        var indicator = self
        return values.map { indicator.update($0) }
    }
}

/// A streaming indicator over the high, low and close of consecutive bars.
///
/// The rules of `ValueIndicator` on copies, warm-up and holes hold here too; a bar is a hole when any of its three
/// prices is.
public protocol BarIndicator: Sendable {
    /// What one update yields: a `Double`, or a small structure of doubles for indicators of several lines.
    associatedtype Output: Sendable

    /// Takes the next bar and returns the new output, NaN while warming up.
    @discardableResult
    mutating func update(high: Double, low: Double, close: Double) -> Output

    /// Whether the last update yielded a defined output.
    var isReady: Bool { get }

    /// How many bars, the current one included, the first defined output takes.
    var warmUp: Int { get }
}

extension BarIndicator {
    /// Runs a copy of this indicator over the bars: one output a bar, NaN while warming up. The indicator itself is
    /// left as it was. The three arrays must be of one length. O(n) in that length.
    @inlinable
    public func batch(high: [Double], low: [Double], close: [Double]) -> [Output] {
        precondition(high.count == close.count && low.count == close.count, "the columns differ in length")
        var indicator = self
        return close.indices.map { indicator.update(high: high[$0], low: low[$0], close: close[$0]) }
    }
}

/// The upper, middle and lower line of a band or channel around a price; all three NaN while warming up.
@frozen
public struct PriceChannel: Sendable, Equatable {
    /// The upper line, in the unit of the input.
    public var upper: Double
    /// The middle line, in the unit of the input.
    public var middle: Double
    /// The lower line, in the unit of the input.
    public var lower: Double

    /// Makes a channel of its three lines.
    @inlinable
    public init(upper: Double, middle: Double, lower: Double) {
        self.upper = upper
        self.middle = middle
        self.lower = lower
    }

    /// What a channel is before its indicator has warmed up.
    @inlinable
    public static var undefined: PriceChannel { PriceChannel(upper: .nan, middle: .nan, lower: .nan) }
}

/// Whether a value takes part in a series, or is a hole in it (see `ValueIndicator`). The bound keeps squares and
/// sums of squares far from overflow.
@inlinable
@inline(__always)
func isUsable(_ value: Double) -> Bool {
    abs(value) <= 1e100
}

/// Traps unless `period` is a sensible length of a window.
@inlinable
@inline(__always)
func requirePeriod(_ period: Int, atLeast minimum: Int = 1) {
    precondition(
        period >= minimum && period <= maximumPeriod, "an indicator's period must lie within its documented range")
}

/// The longest window any indicator takes. It keeps `period * mantissa` splits exact and rings below 8 MB.
public let maximumPeriod = 1_000_000
