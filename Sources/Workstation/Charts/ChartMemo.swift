import Engine
import Indicators
import Market
import Synchronization
import Trading

/// Remembers what charts derive from a market, so that a frame computes only what changed.
///
/// It changes no result, only its cost: the same market and settings always give the same candles and lines.
final class ChartMemo: Sendable {
    private struct Entry: Sendable {
        let instrument: InstrumentID
        let symbol: String
        let timeframe: Timeframe
        var builder: SeriesBuilder
        /// Lines over the closed candles, by indicator.
        var lines: [(indicator: String, lines: [ChartLine])] = []
        var closedCount = 0
        var lastClosed: Candle?
    }

    private let entries = Mutex<[Entry]>([])
    /// Series kept: the symbols and timeframes somebody goes back and forth between.
    private static let capacity = 8
    /// Closed candles that indicators look at, at most.
    static let indicatorLimit = 5_000
    /// Candles that the forming candle's values are computed from: enough for the averages in use to have forgotten
    /// what came before.
    private static let tailLength = 600

    /// The candles of a market, closed and forming. See `SeriesBuilder.candles`.
    func series(_ market: MarketView, _ timeframe: Timeframe) -> ChartSeries {
        return entries.withLock { entries in
            let index = ChartMemo.index(of: market, timeframe, in: &entries)
            let result = entries[index].builder.candles(market.minutes, forming: market.forming)
            return ChartSeries(
                candles: result.candles, isLastForming: result.hasForming, timeframe: timeframe,
                instrument: market.instrument)
        }
    }

    /// An indicator's lines over the last `indicatorLimit` closed candles of a series and the forming one, one value a
    /// candle.
    ///
    /// Closed candles are computed once; what changes with every trade is the forming candle's value alone.
    func lines(_ indicator: ConfiguredIndicator, _ market: MarketView, _ series: ChartSeries) -> [ChartLine] {
        let closedCount = series.candles.count - (series.isLastForming ? 1 : 0)
        let closed = entries.withLock { entries in
            let index = ChartMemo.index(of: market, series.timeframe, in: &entries)
            let last = closedCount > 0 ? series.candles[closedCount - 1] : nil
            if entries[index].closedCount != closedCount || entries[index].lastClosed != last {
                entries[index].lines = []
                entries[index].closedCount = closedCount
                entries[index].lastClosed = last
            }
            let name = indicator.label
            if let known = entries[index].lines.first(where: { $0.indicator == name }) { return known.lines }
            let first = max(0, closedCount - ChartMemo.indicatorLimit)
            let lines = ChartMemo.compute(indicator, series.candles[first..<closedCount], series.instrument)
            entries[index].lines.append((name, lines))
            return lines
        }
        return series.isLastForming ? ChartMemo.extend(closed, indicator, series) : closed
    }

    /// The lines with the forming candle's values, from the last candles alone: what a line moves by there is added to
    /// where it stood, which is exact for averages and right for sums that began earlier.
    private static func extend(
        _ closed: [ChartLine], _ indicator: ConfiguredIndicator, _ series: ChartSeries
    ) -> [ChartLine] {
        let count = series.candles.count
        let day = series.candles[count - 1].openTime.day
        let dayStart = series.slots.lastIndex(notAfter: Timestamp(seconds: day * 86_400 - 1)) + 1
        let first = max(0, min(count - tailLength, dayStart))
        let tail = compute(indicator, series.candles[first...], series.instrument)
        return zip(closed, tail).map { closed, tail in
            var line = closed
            let last = tail.values[tail.values.count - 1]
            if let known = closed.values.last, tail.values.count > 1, first > 0 {
                let before = tail.values[tail.values.count - 2]
                line.values.append(known.isFinite && before.isFinite ? known + (last - before) : last)
            } else {
                line.values.append(last)
            }
            return line
        }
    }

    private static func index(of market: MarketView, _ timeframe: Timeframe, in entries: inout [Entry]) -> Int {
        let symbol = market.instrument.symbol
        if let index = entries.firstIndex(where: {
            $0.instrument == market.id && $0.timeframe == timeframe && $0.symbol == symbol
        }) {
            return index
        }
        if entries.count >= capacity { entries.removeFirst() }
        entries.append(
            Entry(instrument: market.id, symbol: symbol, timeframe: timeframe, builder: SeriesBuilder(timeframe)))
        return entries.count - 1
    }

    private static func compute(
        _ indicator: ConfiguredIndicator, _ candles: ArraySlice<Candle>, _ instrument: Instrument
    ) -> [ChartLine] {
        let priceUnit = Double(DecimalText.powerOfTen(instrument.priceScale))
        let quantityUnit = Double(DecimalText.powerOfTen(instrument.quantityScale))
        return indicator.compute(
            open: candles.map { Double($0.open.mantissa) / priceUnit },
            high: candles.map { Double($0.high.mantissa) / priceUnit },
            low: candles.map { Double($0.low.mantissa) / priceUnit },
            close: candles.map { Double($0.close.mantissa) / priceUnit },
            volume: candles.map { Double($0.volume.mantissa) / quantityUnit },
            dayIndex: candles.map(\.openTime.day)
        ).map { ChartLine(name: $0.name, style: $0.style, values: $0.values) }
    }
}

/// One line of an indicator on a chart, its values aligned with the end of the series.
struct ChartLine: Sendable {
    /// The output's name, such as `upper`.
    var name: String
    /// How it wants to be drawn.
    var style: IndicatorLine.Style
    /// One value a candle, NaN where undefined.
    var values: [Double]
}
