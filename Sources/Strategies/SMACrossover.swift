public import Bytes
import Indicators
public import Trading

/// Follows the trend by two simple moving averages of the close.
///
/// Long when the fast average crosses above the slow one, flat (or short) when it crosses below.
public final class SMACrossover: CompiledStrategy {
    /// Name `sma-crossover`; parameters `fast`, `slow` and `allow-short`.
    public static let descriptor = StrategyDescriptor(
        name: "sma-crossover",
        summary: "Buys when the fast simple moving average of the close crosses above the slow one and leaves when it "
            + "crosses below.",
        parameters: [
            .integer(
                "fast", "The shorter window.", unit: "candles", default: 10,
                in: 1...(ParameterDescriptor.longestWindow - 1)),
            .integer(
                "slow", "The longer window.", unit: "candles", default: 30, in: 2...ParameterDescriptor.longestWindow),
            .allowShort,
        ],
        overlays: [OverlayDescriptor("sma", ["fast"]), OverlayDescriptor("sma", ["slow"])])

    /// `slow` + 1 candles: both averages must be defined on the candle before.
    public let warmUp: Int

    @exclusivity(unchecked) private var fast: SimpleMovingAverage
    @exclusivity(unchecked) private var slow: SimpleMovingAverage
    @exclusivity(unchecked) private var crossing = Crossing()
    private let exit: Direction

    /// A strategy with these parameters.
    ///
    /// - Throws: `ParameterErrors` unless `fast` is below `slow`.
    public init(_ parameters: Parameters) throws(ParameterErrors) {
        try parameters.require("fast", below: "slow")
        fast = SimpleMovingAverage(period: parameters.integer("fast"))
        slow = SimpleMovingAverage(period: parameters.integer("slow"))
        exit = parameters.isOn("allow-short") ? .short : .flat
        warmUp = parameters.integer("slow") + 1
    }

    /// Signals where the averages cross.
    @inline(__always)
    public func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        // In whole price units: equal means of two windows are equal numbers then.
        let fastMean = fast.update(bar.closeUnits)
        let slowMean = slow.update(bar.closeUnits)
        let event = crossing.update(fastMean, slowMean)
        if event == .none { return nil }
        return averagesSignal(
            event, fast: fastMean / bar.priceUnits, slow: slowMean / bar.priceUnits, exit: exit)
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
