import Indicators
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("Candles and lines of the chart")
struct ChartSeriesTests {
    @Test(
        "Candles derived step by step are those derived at once",
        arguments: [Timeframe("3m")!, Timeframe("15m")!, .oneHour])
    func incremental(timeframe: Timeframe) {
        let minutes = Candles.walk(600, seed: 21)
        var builder = SeriesBuilder(timeframe)
        var count = 0
        var random = Random(seed: 2)
        while count < minutes.count {
            count = min(minutes.count, count + 1 + random.below(7))
            let shown = builder.candles(Array(minutes[..<count]), forming: nil).candles
            let expected = CandleResampler.resample(minutes[..<count], to: timeframe)
            #expect(shown.map(\.openTime) == expected.map(\.openTime))
            #expect(shown.dropLast() == expected.dropLast())
            #expect(shown.last?.close == expected.last?.close && shown.last?.volume == expected.last?.volume)
        }
    }

    @Test("The forming minute is part of the unfinished candle, and only of that")
    func forming() {
        let minutes = [
            Candles.minute(10, 100, 110, 90, 105, volume: 3), Candles.minute(11, 105, 108, 104, 106, volume: 4),
        ]
        let forming = Candles.minute(12, 106, 130, 101, 120, volume: 5)
        var builder = SeriesBuilder(Timeframe("5m")!)
        let (candles, hasForming) = builder.candles(minutes, forming: forming)
        #expect(hasForming)
        #expect(candles.count == 1)
        #expect(candles[0].openTime == Timestamp(seconds: 600))
        #expect(candles[0].open.mantissa == 100 && candles[0].high.mantissa == 130)
        #expect(candles[0].low.mantissa == 90 && candles[0].close.mantissa == 120 && candles[0].volume.mantissa == 12)
    }

    @Test("A candle whose last minute closed is closed, and the forming minute begins the next")
    func boundary() {
        let minutes = (5..<10).map { Candles.minute($0, 100, 101, 99, 100) }
        var builder = SeriesBuilder(Timeframe("5m")!)
        #expect(builder.candles(minutes, forming: nil).hasForming == false)
        let (candles, hasForming) = builder.candles(minutes, forming: Candles.minute(10, 100, 102, 98, 101))
        #expect(hasForming && candles.count == 2)
        #expect(candles[1].openTime == Timestamp(seconds: 600) && candles[1].close.mantissa == 101)
    }

    @Test("Another market's minutes start the series anew")
    func restart() {
        var builder = SeriesBuilder(.oneHour)
        _ = builder.candles(Candles.walk(300, seed: 1), forming: nil)
        let other = Candles.walk(200, seed: 2)
        #expect(
            builder.candles(other, forming: nil).candles.map(\.close)
                == CandleResampler.resample(other, to: .oneHour).map(\.close))
    }

    @Test("Lines with a forming candle are those of the whole series, to a hundredth of a tick")
    func lines() throws {
        let market = Fixture.snapshot().markets[0]
        let memo = ChartMemo()
        let series = memo.series(market, .oneMinute)
        #expect(series.isLastForming)
        for identifier in ["sma", "ema", "bollinger", "supertrend", "rsi", "macd", "obv", "vwap"] {
            let indicator = try #require(IndicatorCatalog.descriptor(identifier)).configured()
            let lines = memo.lines(indicator, market, series)
            let unit = 100.0
            let whole = indicator.compute(
                open: series.candles.map { Double($0.open.mantissa) / unit },
                high: series.candles.map { Double($0.high.mantissa) / unit },
                low: series.candles.map { Double($0.low.mantissa) / unit },
                close: series.candles.map { Double($0.close.mantissa) / unit },
                volume: series.candles.map { Double($0.volume.mantissa) / 1e6 },
                dayIndex: series.candles.map(\.openTime.day))
            for (line, expected) in zip(lines, whole) {
                #expect(line.values.count == series.candles.count)
                for (a, b) in zip(line.values, expected.values) {
                    #expect(a.isNaN == b.isNaN)
                    if b.isFinite { #expect(abs(a - b) < 1e-3) }
                }
            }
        }
    }

    @Test("A doji is a stroke, and no candle is ever lost, however small", arguments: CandleZoom.allCases)
    func neverVanishes(zoom: CandleZoom) {
        var snapshot = Fixture.snapshot()
        var random = Random(seed: 17)
        snapshot.markets[0].minutes = (0..<200).map { index in
            let open = Int64(6_400_000 + random.below(20_000))
            let isDoji = index % 3 == 0
            let close = isDoji ? open : open + Int64(random.below(5)) - 2
            return Candles.minute(
                29_000_000 + Int64(index), open, max(open, close) + (isDoji ? 0 : 1), min(open, close), close)
        }
        snapshot.markets[0].forming = nil
        snapshot.orders = []
        snapshot.positions = []
        var view = ViewState()
        view.chart.zoom = zoom
        view.chart.volume = .none
        for set in GlyphSet.allCases {
            view.glyphs = set
            let canvas = PanePicture.draw(ChartPane.self, 70, 16, view: view, snapshot: snapshot)
            let scene = ChartScene(Rect(x: 0, y: 0, width: 70, height: 16), snapshot.markets[0], view, snapshot)!
            for (place, (slot, _)) in scene.window.places.enumerated() {
                guard case .candle = slot else { continue }
                let x = scene.window.center(place)
                let plot = scene.areas.plot
                let glyphs = (plot.y..<plot.maxY).filter { y in
                    let scalar = canvas[x, y].scalar
                    return scalar != 0x20 && scalar != 0xB7 && canvas[x, y].scalar != 0x2E
                }
                #expect(!glyphs.isEmpty, "\(set) \(zoom) place \(place)")
            }
        }
    }

    @Test("A doji is neither up nor down in the style it is drawn in")
    func neutral() {
        #expect(ChartCandles.direction(Candles.minute(1, 5, 6, 4, 5)) == .neutral)
        #expect(ChartCandles.direction(Candles.minute(1, 5, 6, 4, 6)) == .up)
        #expect(ChartCandles.direction(Candles.minute(1, 5, 6, 4, 4)) == .down)
    }

    @Test("A profile keeps the volume of candles that lie inside of its rows")
    func profile() {
        var random = Random(seed: 31)
        for _ in 0..<200 {
            let candles = (0..<20).map { _ in
                let high = Double(random.below(1_000)) / 100
                let low = min(10, high + Double(random.below(300)) / 100)
                return (high: high, low: low, volume: Double(random.below(500)))
            }
            let rows = VolumeProfile.rows(candles, count: 10)
            let sum = candles.reduce(0) { $0 + $1.volume }
            #expect(abs(rows.reduce(0, +) - sum) < 1e-6 * max(1, sum))
        }
    }
}
