public import Bytes
import Indicators
public import Trading

/// Follows the direction of the Supertrend line.
///
/// Long when the trend turns up, flat (or short) when it turns down.
public final class SupertrendFollower: CompiledStrategy {
    /// Name `supertrend`; parameters `period`, `multiplier` and `allow-short`.
    public static let descriptor = StrategyDescriptor(
        name: "supertrend",
        summary: "Buys when the Supertrend turns up and leaves when it turns down.",
        parameters: [
            .integer(
                "period", "The true ranges averaged.", unit: "candles", default: 10,
                in: 1...ParameterDescriptor.longestWindow),
            .number(
                "multiplier", "The distance of the bands from the middle of the candle.", unit: "×ATR", default: 3,
                in: 0.1...20, step: 0.1),
            .allowShort,
        ],
        overlays: [OverlayDescriptor("supertrend", ["period", "multiplier"])])

    /// `period` + 2 candles: the trend must be defined on the candle before.
    public let warmUp: Int

    @exclusivity(unchecked) private var supertrend: Supertrend
    @exclusivity(unchecked) private var wasUp: Bool?
    private let exit: Direction

    /// A strategy with these parameters.
    ///
    /// - Throws: nothing; every value within the bounds goes with every other.
    public init(_ parameters: Parameters) throws(ParameterErrors) {
        supertrend = Supertrend(period: parameters.integer("period"), multiplier: parameters["multiplier"])
        exit = parameters.isOn("allow-short") ? .short : .flat
        warmUp = parameters.integer("period") + 2
    }

    /// Signals where the trend turns.
    @inline(__always)
    public func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        let output = supertrend.update(high: bar.high, low: bar.low, close: bar.close)
        guard !output.line.isNaN else {
            wasUp = nil
            return nil
        }
        let isUp = output.direction == .up
        let before = wasUp
        wasUp = isUp
        guard let before, before != isUp else { return nil }
        return signal(isUp: isUp, close: bar.close)
    }

    /// The typical distance beyond the band that was crossed is that between the two bands.
    @inline(never)
    private func signal(isUp: Bool, close: Double) -> Signal {
        let upper = supertrend.upperBand
        let lower = supertrend.lowerBand
        return Signal(
            isUp ? .long : exit,
            confidence: confidence(distance: close - (isUp ? upper : lower), unit: upper - lower),
            rule: isUp ? "Supertrend turned up" : "Supertrend turned down",
            values: [NamedValue("close", close), NamedValue("upper", upper), NamedValue("lower", lower)])
    }

    /// The form of `save`.
    public static var stateVersion: UInt8? { 1 }

    /// Appends what it has seen.
    public func save(to writer: inout ByteWriter) {
        supertrend.save(to: &writer)
        writer.optional(wasUp)
    }

    /// Takes over what one of the same parameters has seen.
    public func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try supertrend.restore(from: &reader)
        wasUp = try reader.optional()
    }
}
