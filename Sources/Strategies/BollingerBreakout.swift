public import Bytes
import Indicators
public import Trading

/// Buys a close that breaks out of the Bollinger bands and leaves when it falls back through the middle.
///
/// With `allow-short` a close that crosses below the lower band sells short, and one that crosses above the middle
/// covers that short.
public final class BollingerBreakout: CompiledStrategy {
    /// Name `bollinger-breakout`; parameters `period`, `width` and `allow-short`.
    public static let descriptor = StrategyDescriptor(
        name: "bollinger-breakout",
        summary: "Buys when the close crosses above the upper Bollinger band and leaves when it crosses below the "
            + "middle.",
        parameters: [
            .integer(
                "period", "The window of mean and deviation.", unit: "candles", default: 20,
                in: 2...ParameterDescriptor.longestWindow),
            .number(
                "width", "The distance of the bands from the middle.", unit: "deviations", default: 2, in: 0.1...20,
                step: 0.1),
            .allowShort,
        ],
        overlays: [OverlayDescriptor("bollinger", ["period", "width"])])

    /// `period` + 1 candles: the bands must be defined on the candle before.
    public let warmUp: Int

    @exclusivity(unchecked) private var bands: BollingerBands
    @exclusivity(unchecked) private var upperCrossing = Crossing()
    @exclusivity(unchecked) private var middleCrossing = Crossing()
    @exclusivity(unchecked) private var lowerCrossing = Crossing()
    private let allowsShort: Bool
    /// Where the last signal wanted to be; it tells a return to the middle from below from one from above.
    @exclusivity(unchecked) private var target = Direction.flat

    /// A strategy with these parameters.
    ///
    /// - Throws: nothing; every value within the bounds goes with every other.
    public init(_ parameters: Parameters) throws(ParameterErrors) {
        bands = BollingerBands(period: parameters.integer("period"), width: parameters["width"])
        allowsShort = parameters.isOn("allow-short")
        warmUp = parameters.integer("period") + 1
    }

    /// Signals where the close crosses a band or the middle.
    @inline(__always)
    public func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        // In whole price units: a close that equals the mean is the same number then.
        let close = bar.closeUnits
        let channel = bands.update(close)
        let atUpper = upperCrossing.update(close, channel.upper)
        let atMiddle = middleCrossing.update(close, channel.middle)
        let atLower = lowerCrossing.update(close, channel.lower)
        if atUpper == .above {
            return signal(.long, bar, channel, line: channel.upper, "close crossed above the upper band")
        }
        if allowsShort {
            if atLower == .below {
                return signal(.short, bar, channel, line: channel.lower, "close crossed below the lower band")
            }
            if atMiddle == .above, target == .short {
                return signal(.flat, bar, channel, line: channel.middle, "close crossed above the middle")
            }
        }
        if atMiddle == .below, target != .short {
            return signal(.flat, bar, channel, line: channel.middle, "close crossed below the middle")
        }
        return nil
    }

    /// The typical distance beyond a line is that between the middle and a band.
    @inline(never)
    private func signal(
        _ direction: Direction, _ bar: Bar, _ channel: PriceChannel, line: Double, _ rule: String
    ) -> Signal {
        target = direction
        return Signal(
            direction,
            confidence: confidence(distance: bar.closeUnits - line, unit: channel.upper - channel.middle), rule: rule,
            values: [
                NamedValue("close", bar.close), NamedValue("upper", channel.upper / bar.priceUnits),
                NamedValue("middle", channel.middle / bar.priceUnits),
                NamedValue("lower", channel.lower / bar.priceUnits),
            ])
    }

    /// The form of `save`.
    public static var stateVersion: UInt8? { 1 }

    /// Appends what it has seen.
    public func save(to writer: inout ByteWriter) {
        bands.save(to: &writer)
        upperCrossing.save(to: &writer)
        middleCrossing.save(to: &writer)
        lowerCrossing.save(to: &writer)
        writer.value(target)
    }

    /// Takes over what one of the same parameters has seen.
    public func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try bands.restore(from: &reader)
        try upperCrossing.restore(from: &reader)
        try middleCrossing.restore(from: &reader)
        try lowerCrossing.restore(from: &reader)
        target = try reader.value()
    }
}
