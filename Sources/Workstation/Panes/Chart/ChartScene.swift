import Engine
import Indicators
import Market
import Terminal
import Trading

/// Everything a frame of the chart is drawn from: computed once, then only read.
struct ChartScene: Sendable {
    let areas: ChartAreas
    let series: ChartSeries
    let slots: CandleSlots
    let window: ChartWindow
    let scale: PriceScale
    let indicators: ChartIndicators
    let overlayLines: [[ChartLine]]
    /// Units of a price in one whole, to bring indicator values onto the scale.
    let priceUnit: Double

    /// The scene of a market in an area; `nil` where there is no room or nothing to show.
    init?(_ area: Rect, _ market: MarketView, _ view: ViewState, _ snapshot: Snapshot) {
        guard area.width >= 4, area.height >= 1 else { return nil }
        let state = view.chart
        series = state.memo.series(market, view.timeframe)
        guard !series.candles.isEmpty else { return nil }
        indicators = ChartIndicators(state, view.symbol, view.timeframe, snapshot, view.catalog)
        areas = ChartAreas(
            area, axisWidth: ChartScene.axisWidth(market, series), showsVolume: state.volume == .columns,
            studyCount: indicators.studies.count)
        slots = series.slots
        window = ChartWindow(slots, columns: areas.columns, zoom: state.zoom, edge: state.edge)
        priceUnit = Double(DecimalText.powerOfTen(market.instrument.priceScale))
        let memo = state.memo
        let series = series
        overlayLines = indicators.overlays.map { memo.lines($0, market, series) }
        scale = ChartScene.scale(window, series, areas.plot.height, isLogarithmic: state.isLogarithmic)
    }

    /// The candle at a place, or `nil` where none is.
    func candle(_ place: Int) -> Candle? {
        guard window.places.indices.contains(place), case .candle(let index) = window.places[place].slot else {
            return nil
        }
        return series.candles[index]
    }

    /// Whether the candle with this index is still forming.
    func isForming(_ index: Int) -> Bool { series.isLastForming && index == series.candles.count - 1 }

    /// The value of an indicator line at a candle; NaN where it has none.
    func value(_ line: ChartLine, _ index: Int) -> Double {
        let offset = index - (series.candles.count - line.values.count)
        return line.values.indices.contains(offset) ? line.values[offset] : .nan
    }

    /// The index of the last candle shown; `nil` when none is.
    var lastShownIndex: Int? {
        for place in window.places.reversed() {
            if case .candle(let index) = place.slot { return index }
        }
        return nil
    }

    /// Columns of the price labels: the widest price of the last day, with a blank and a mark.
    static func axisWidth(_ market: MarketView, _ series: ChartSeries) -> Int {
        let last = series.candles[series.candles.count - 1]
        let highest = max(market.dayHigh ?? last.high, last.high)
        return market.instrument.text(highest.rounded(toTick: market.instrument.tick, .ceiling)).utf8.count + 2
    }

    private static func scale(
        _ window: ChartWindow, _ series: ChartSeries, _ rows: Int, isLogarithmic: Bool
    ) -> PriceScale {
        var lows: [Double] = []
        var highs: [Double] = []
        lows.reserveCapacity(window.places.count)
        highs.reserveCapacity(window.places.count)
        for place in window.places {
            guard case .candle(let index) = place.slot else { continue }
            lows.append(Double(series.candles[index].low.mantissa))
            highs.append(Double(series.candles[index].high.mantissa))
        }
        let last = Double(series.candles[series.candles.count - 1].close.mantissa)
        let range = Outliers.range(lows: lows, highs: highs) ?? last...last
        return .fitting(
            low: range.lowerBound, high: range.upperBound, rows: max(1, rows), tick: series.instrument.tick.mantissa,
            isLogarithmic: isLogarithmic)
    }
}
