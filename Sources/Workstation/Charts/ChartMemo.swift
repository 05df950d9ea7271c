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
        var lines: [(indicator: String, lines: [IndicatorLine])] = []
        var count = 0
        var last: Candle?
    }

    private let entries = Mutex<[Entry]>([])
    /// Series kept: the symbols and timeframes somebody goes back and forth between.
    private static let capacity = 8
    /// Candles that indicators look at, at most.
    static let indicatorLimit = 5_000

    /// The candles of a market. See `SeriesBuilder.candles`.
    func series(_ market: MarketView, _ timeframe: Timeframe) -> ChartSeries {
        if timeframe == .oneMinute {
            var candles = market.minutes
            let forming = market.forming.flatMap { forming in
                candles.last.map { $0.openTime < forming.openTime } ?? true ? forming : nil
            }
            if let forming { candles.append(forming) }
            return ChartSeries(
                candles: candles, isLastForming: forming != nil, timeframe: timeframe, instrument: market.instrument)
        }
        return entries.withLock { entries in
            let index = ChartMemo.index(of: market, timeframe, in: &entries)
            let result = entries[index].builder.candles(market.minutes, forming: market.forming)
            return ChartSeries(
                candles: result.candles, isLastForming: result.hasForming, timeframe: timeframe,
                instrument: market.instrument)
        }
    }

    /// An indicator's lines over the last `indicatorLimit` candles of a series, one value a candle.
    func lines(_ indicator: ConfiguredIndicator, _ market: MarketView, _ series: ChartSeries) -> [IndicatorLine] {
        entries.withLock { entries in
            let index = ChartMemo.index(of: market, series.timeframe, in: &entries)
            if entries[index].count != series.candles.count || entries[index].last != series.candles.last {
                entries[index].lines = []
                entries[index].count = series.candles.count
                entries[index].last = series.candles.last
            }
            let name = indicator.label
            if let known = entries[index].lines.first(where: { $0.indicator == name }) { return known.lines }
            let lines = ChartMemo.compute(indicator, series)
            entries[index].lines.append((name, lines))
            return lines
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

    private static func compute(_ indicator: ConfiguredIndicator, _ series: ChartSeries) -> [IndicatorLine] {
        let candles = series.candles.suffix(indicatorLimit)
        let priceUnit = Double(DecimalText.powerOfTen(series.instrument.priceScale))
        let quantityUnit = Double(DecimalText.powerOfTen(series.instrument.quantityScale))
        return indicator.compute(
            open: candles.map { Double($0.open.mantissa) / priceUnit },
            high: candles.map { Double($0.high.mantissa) / priceUnit },
            low: candles.map { Double($0.low.mantissa) / priceUnit },
            close: candles.map { Double($0.close.mantissa) / priceUnit },
            volume: candles.map { Double($0.volume.mantissa) / quantityUnit },
            dayIndex: candles.map(\.openTime.day))
    }
}
