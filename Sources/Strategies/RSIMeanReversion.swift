public import Bytes
import Indicators
public import Trading

/// Buys weakness and sells strength by Wilder's relative strength index of the close.
///
/// Long when the index falls below `low`, flat (or short) when it rises above `high`.
public final class RSIMeanReversion: CompiledStrategy {
    /// Name `rsi-mean-reversion`; parameters `period`, `low`, `high` and `allow-short`.
    public static let descriptor = StrategyDescriptor(
        name: "rsi-mean-reversion",
        summary: "Buys when the relative strength index falls below its low mark and leaves when it rises above its "
            + "high mark.",
        parameters: [
            .integer(
                "period", "The changes that the index looks back over.", unit: "candles", default: 14,
                in: 2...ParameterDescriptor.longestWindow),
            .number("low", "Falling below this mark buys.", default: 30, in: 0...100, step: 1),
            .number("high", "Rising above this mark sells.", default: 70, in: 0...100, step: 1),
            .allowShort,
        ],
        overlays: [OverlayDescriptor("rsi", ["period"])])

    /// `period` + 2 candles: the index needs `period` changes, and must be defined on the candle before.
    public let warmUp: Int

    @exclusivity(unchecked) private var index: RelativeStrengthIndex
    @exclusivity(unchecked) private var lowCrossing = Crossing()
    @exclusivity(unchecked) private var highCrossing = Crossing()
    private let low: Double
    private let high: Double
    private let exit: Direction

    /// A strategy with these parameters.
    ///
    /// - Throws: `ParameterErrors` unless `low` is below `high`.
    public init(_ parameters: Parameters) throws(ParameterErrors) {
        try parameters.require("low", below: "high")
        index = RelativeStrengthIndex(period: parameters.integer("period"))
        low = parameters["low"]
        high = parameters["high"]
        exit = parameters.isOn("allow-short") ? .short : .flat
        warmUp = parameters.integer("period") + 2
    }

    /// Signals where the index leaves the band between the marks.
    @inline(__always)
    public func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        // The index has no unit; in whole price units every change is exact.
        let value = index.update(bar.closeUnits)
        let atLow = lowCrossing.update(value, low)
        let atHigh = highCrossing.update(value, high)
        if atLow == .below { return signal(.long, value, mark: low, rule: "RSI fell below the low mark") }
        if atHigh == .above { return signal(exit, value, mark: high, rule: "RSI rose above the high mark") }
        return nil
    }

    /// The typical distance beyond a mark is ten points of the index.
    @inline(never)
    private func signal(_ direction: Direction, _ value: Double, mark: Double, rule: String) -> Signal {
        Signal(
            direction, confidence: confidence(distance: value - mark, unit: 10), rule: rule,
            values: [NamedValue("RSI", value), NamedValue("mark", mark)])
    }

    /// The form of `save`.
    public static var stateVersion: UInt8? { 1 }

    /// Appends what it has seen.
    public func save(to writer: inout ByteWriter) {
        index.save(to: &writer)
        lowCrossing.save(to: &writer)
        highCrossing.save(to: &writer)
    }

    /// Takes over what one of the same parameters has seen.
    public func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try index.restore(from: &reader)
        try lowCrossing.restore(from: &reader)
        try highCrossing.restore(from: &reader)
    }
}
