public import Bytes
import Indicators
public import Trading

/// Follows the trend by Appel's moving average convergence/divergence of the close.
///
/// Long when the MACD line crosses above its signal line, flat (or short) when it crosses below.
public final class MACDCrossover: CompiledStrategy {
    /// Name `macd`; parameters `fast`, `slow`, `signal` and `allow-short`.
    public static let descriptor = StrategyDescriptor(
        name: "macd",
        summary: "Buys when the MACD line crosses above its signal line and leaves when it crosses below.",
        parameters: [
            .integer(
                "fast", "The span of the faster average of the close.", unit: "candles", default: 12,
                in: 1...(ParameterDescriptor.longestWindow - 1)),
            .integer(
                "slow", "The span of the slower average of the close.", unit: "candles", default: 26,
                in: 2...ParameterDescriptor.longestWindow),
            .integer(
                "signal", "The span of the average of their difference.", unit: "candles", default: 9,
                in: 1...ParameterDescriptor.longestWindow),
            .allowShort,
        ],
        overlays: [OverlayDescriptor("macd", ["fast", "slow", "signal"])])

    /// `slow` + `signal` candles: both lines must be defined on the candle before.
    public let warmUp: Int

    @exclusivity(unchecked) private var macd: MACD
    @exclusivity(unchecked) private var crossing = Crossing()
    private let exit: Direction

    /// A strategy with these parameters.
    ///
    /// - Throws: `ParameterErrors` unless `fast` is below `slow`.
    public init(_ parameters: Parameters) throws(ParameterErrors) {
        try parameters.require("fast", below: "slow")
        let slow = parameters.integer("slow")
        let signal = parameters.integer("signal")
        macd = MACD(fast: parameters.integer("fast"), slow: slow, signal: signal)
        exit = parameters.isOn("allow-short") ? .short : .flat
        warmUp = slow + signal
    }

    /// Signals where the lines cross.
    @inline(__always)
    public func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        let lines = macd.update(bar.close)
        let event = crossing.update(lines.line, lines.signal)
        if event == .none { return nil }
        return signal(event, lines, close: bar.close)
    }

    /// The typical distance between the lines is a ten-thousandth of the close.
    @inline(never)
    private func signal(_ event: Crossing.Event, _ lines: MACD.Lines, close: Double) -> Signal {
        Signal(
            event == .above ? .long : exit, confidence: confidence(distance: lines.histogram, unit: close / 10_000),
            rule: event == .above ? "MACD crossed above its signal" : "MACD crossed below its signal",
            values: [NamedValue("MACD", lines.line), NamedValue("signal", lines.signal)])
    }

    /// The form of `save`.
    public static var stateVersion: UInt8? { 1 }

    /// Appends what it has seen.
    public func save(to writer: inout ByteWriter) {
        macd.save(to: &writer)
        crossing.save(to: &writer)
    }

    /// Takes over what one of the same parameters has seen.
    public func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try macd.restore(from: &reader)
        try crossing.restore(from: &reader)
    }
}
