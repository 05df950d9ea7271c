import CBaseline
import Indicators
import Market

/// The indicators of the bundled strategies, one update a candle, against plain C loops over arrays.
enum IndicatorBenchmark: Benchmark {
    static let name = "indicators"

    private struct Columns {
        var high: [Double]
        var low: [Double]
        var close: [Double]
    }

    static func run() throws -> [Figure] {
        let candles = SyntheticYear.walk().candles
        func column(_ price: (Candle) -> Price) -> [Double] { candles.map { Double(price($0).mantissa) / 1e8 } }
        let columns = Columns(high: column(\.high), low: column(\.low), close: column(\.close))
        let count = columns.close.count
        var out = [Double](repeating: 0, count: 3 * count)
        return [
            values("SMA(50)", columns, SimpleMovingAverage(period: 50)) {
                baseline_sma(columns.close, count, 50, &out)
            },
            values("EMA(26)", columns, ExponentialMovingAverage(period: 26)) {
                baseline_ema(columns.close, count, 26, &out)
            },
            values("RSI(14)", columns, RelativeStrengthIndex(period: 14)) {
                baseline_rsi(columns.close, count, 14, &out)
            },
            values("Bollinger(20, 2)", columns, BollingerBands(period: 20, width: 2)) {
                baseline_bollinger(columns.close, count, 20, 2, &out)
            },
            values("MACD(12, 26, 9)", columns, MACD(fast: 12, slow: 26, signal: 9)) {
                baseline_macd(columns.close, count, 12, 26, 9, &out)
            },
            bars("ATR(14)", columns, AverageTrueRange(period: 14)) {
                baseline_atr(columns.high, columns.low, columns.close, count, 14, &out)
            },
            bars("Supertrend(10, 3)", columns, Supertrend(period: 10, multiplier: 3)) {
                baseline_supertrend(columns.high, columns.low, columns.close, count, 10, 3, &out)
            },
        ]
    }

    // The outputs go to an array as those of the C loop do; unused ones would be optimised away.

    @inline(__always)
    private static func values<Indicator: ValueIndicator>(
        _ name: String, _ columns: Columns, _ indicator: Indicator, baseline: () -> Void
    ) -> Figure {
        let count = columns.close.count
        var first = indicator
        var out = [Indicator.Output](repeating: first.update(columns.close[0]), count: count)
        let nanoseconds = Measure.nanoseconds {
            var copy = indicator
            for index in 0..<count { out[index] = copy.update(columns.close[index]) }
        }
        Measure.keep(out)
        return Figure(
            name: name, value: nanoseconds / Double(count), unit: "ns/update",
            baseline: .c(Measure.nanoseconds(baseline) / Double(count)))
    }

    @inline(__always)
    private static func bars<Indicator: BarIndicator>(
        _ name: String, _ columns: Columns, _ indicator: Indicator, baseline: () -> Void
    ) -> Figure {
        let count = columns.close.count
        var first = indicator
        var out = [Indicator.Output](
            repeating: first.update(high: columns.high[0], low: columns.low[0], close: columns.close[0]), count: count)
        let nanoseconds = Measure.nanoseconds {
            var copy = indicator
            for index in 0..<count {
                out[index] = copy.update(
                    high: columns.high[index], low: columns.low[index], close: columns.close[index])
            }
        }
        Measure.keep(out)
        return Figure(
            name: name, value: nanoseconds / Double(count), unit: "ns/update",
            baseline: .c(Measure.nanoseconds(baseline) / Double(count)))
    }
}
