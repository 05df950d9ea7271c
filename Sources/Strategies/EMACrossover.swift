public import Bytes
import Indicators
public import Trading

/// Follows the trend by two exponential moving averages of the close.
///
/// Long when the fast average crosses above the slow one, flat (or short) when it crosses below.
public final class EMACrossover: CompiledStrategy {
    /// Name `ema-crossover`; parameters `fast`, `slow` and `allow-short`.
    public static let descriptor = StrategyDescriptor(
        name: "ema-crossover",
        summary: "Buys when the fast exponential moving average of the close crosses above the slow one and leaves "
            + "when it crosses below.",
        parameters: [
            .integer(
                "fast", "The span of the faster average.", unit: "candles", default: 12,
                in: 1...(ParameterDescriptor.longestWindow - 1)),
            .integer(
                "slow", "The span of the slower average.", unit: "candles", default: 26,
                in: 2...ParameterDescriptor.longestWindow),
            .allowShort,
        ],
        overlays: [OverlayDescriptor("ema", ["fast"]), OverlayDescriptor("ema", ["slow"])])

    /// `slow` + 1 candles: both averages must be defined on the candle before.
    public let warmUp: Int

    @exclusivity(unchecked) private var fast: ExponentialMovingAverage
    @exclusivity(unchecked) private var slow: ExponentialMovingAverage
    @exclusivity(unchecked) private var crossing = Crossing()
    private let exit: Direction

    /// A strategy with these parameters.
    ///
    /// - Throws: `ParameterErrors` unless `fast` is below `slow`.
    public init(_ parameters: Parameters) throws(ParameterErrors) {
        try parameters.require("fast", below: "slow")
        fast = ExponentialMovingAverage(period: parameters.integer("fast"))
        slow = ExponentialMovingAverage(period: parameters.integer("slow"))
        exit = parameters.isOn("allow-short") ? .short : .flat
        warmUp = parameters.integer("slow") + 1
    }

    /// Signals where the averages cross.
    @inline(__always)
    public func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        let fastMean = fast.update(bar.close)
        let slowMean = slow.update(bar.close)
        let event = crossing.update(fastMean, slowMean)
        if event == .none { return nil }
        return averagesSignal(event, fast: fastMean, slow: slowMean, exit: exit)
    }

    /// The form of `save`.
    public static var stateVersion: UInt8? { 1 }

    /// Appends what it has seen.
    public func save(to writer: inout ByteWriter) {
        fast.save(to: &writer)
        slow.save(to: &writer)
        crossing.save(to: &writer)
    }

    /// Takes over what one of the same parameters has seen.
    public func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try fast.restore(from: &reader)
        try slow.restore(from: &reader)
        try crossing.restore(from: &reader)
    }
}
