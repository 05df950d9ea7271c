import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("Chart pane")
struct ChartPaneTests {
    private func press(_ actions: [Action], _ view: inout ViewState, _ width: Int = 118, _ height: Int = 30)
        -> [Consequence]
    {
        var all: [Consequence] = []
        for action in actions {
            all += ChartPane.handle(action, &view, PanePicture.handler(width, height)) ?? []
        }
        return all
    }

    @Test("looks as it did, at three sizes, zoomed, in ASCII and without colours")
    func pictures() throws {
        var view = ViewState()
        view.chart.indicators = [
            .init(identifier: "ema", values: [9]), .init(identifier: "bollinger", values: [20, 2]),
            .init(identifier: "rsi", values: [14]),
        ]
        for (width, height) in [(53, 13), (78, 20), (118, 40)] {
            try Golden.check(
                PanePicture.draw(ChartPane.self, width, height, view: view), "pane-chart-\(width)x\(height)")
        }
        try Golden.check(
            PanePicture.draw(ChartPane.self, 78, 20, view: view, theme: GoldenTests.ascii), "pane-chart-ascii")
        view.chart.zoom = .wide
        try Golden.check(
            PanePicture.draw(ChartPane.self, 78, 20, view: view, theme: Theme.mono.adapted(to: .none)),
            "pane-chart-mono-wide")
        view.chart.isLogarithmic = true
        view.timeframe = Timeframe("5m")!
        view.chart.volume = .profile
        _ = press([.chartCrosshair, .left, .left, .up], &view, 78, 20)
        try Golden.check(PanePicture.draw(ChartPane.self, 78, 20, view: view), "pane-chart-crosshair")
    }

    @Test("a trade changes a few cells, not the picture")
    func tick() {
        var snapshot = Fixture.snapshot()
        let view = ViewState()
        var before = PanePicture.draw(ChartPane.self, 118, 40, view: view, snapshot: snapshot)
        var worst = 0
        for step in 1...20 {
            let tick = snapshot.markets[0].instrument.rules.tick.mantissa
            let price = Price(mantissa: snapshot.markets[0].last!.mantissa + (step % 2 == 0 ? tick : -tick))
            snapshot.markets[0].last = price
            snapshot.markets[0].forming?.close = price
            snapshot.markets[0].forming?.volume = Quantity(mantissa: 300_000 + Int64(step) * 1_000)
            let after = PanePicture.draw(ChartPane.self, 118, 40, view: view, snapshot: snapshot)
            worst = max(worst, PanePicture.changes(before, after))
            before = after
        }
        // The last-price line and label move with their row, the live candle and its indicator values change.
        #expect(worst <= 80)
    }

    @Test("a new candle mostly adds a column; every eighth moves the window")
    func newCandle() {
        var snapshot = Fixture.snapshot()
        var view = ViewState()
        view.chart.showsMarkers = false
        snapshot.orders = []
        snapshot.positions = []
        var changes: [Int] = []
        var before = PanePicture.draw(ChartPane.self, 118, 30, view: view, snapshot: snapshot)
        for _ in 0..<16 {
            var candle = snapshot.markets[0].forming!
            snapshot.markets[0].minutes.append(candle)
            candle.openTime = candle.openTime.adding(seconds: 60)
            snapshot.markets[0].forming = candle
            let after = PanePicture.draw(ChartPane.self, 118, 30, view: view, snapshot: snapshot)
            changes.append(PanePicture.changes(before, after))
            before = after
        }
        #expect(changes.filter { $0 > 200 }.count <= 2)
        #expect(changes.sorted()[8] <= 100)
    }

    @Test("scrolls back, stands still while candles come, and follows again at the end")
    func scrolling() {
        var snapshot = Fixture.snapshot()
        var view = ViewState()
        _ = press([.left, .left, .chartPageBack], &view)
        let edge = view.chart.edge
        #expect(edge != nil)
        func places() -> [Timestamp] {
            ChartScene(Rect(x: 0, y: 0, width: 118, height: 30), snapshot.markets[0], view, snapshot)!.window.places
                .map(\.time)
        }
        let before = places()
        var candle = snapshot.markets[0].forming!
        snapshot.markets[0].minutes.append(candle)
        candle.openTime = candle.openTime.adding(seconds: 60)
        snapshot.markets[0].forming = candle
        #expect(places() == before)
        _ = press([.bottom], &view)
        #expect(view.chart.edge == nil)
        _ = press([.top], &view)
        let first = places().first
        #expect(first == snapshot.markets[0].minutes[0].openTime)
    }

    @Test("zooms between one and four columns a candle and says when it can't go on")
    func zooming() {
        var view = ViewState()
        #expect(press([.finer, .finer], &view).isEmpty)
        #expect(view.chart.zoom == .wide)
        #expect(press([.finer], &view).count == 1)
        _ = press([.coarser, .coarser], &view)
        #expect(view.chart.zoom == .narrow)
        #expect(press([.coarser], &view).count == 1)
    }

    @Test("the crosshair reads the candle under it, and takes the window along")
    func crosshair() throws {
        var view = ViewState()
        _ = press([.chartCrosshair], &view)
        let newest = try #require(view.chart.crosshair)
        _ = press([Action](repeating: .left, count: 3), &view)
        let crosshair = try #require(view.chart.crosshair)
        #expect(newest.time.nanoseconds(since: crosshair.time) == 3 * 60_000_000_000)
        let snapshot = Fixture.snapshot()
        let candle = try #require(snapshot.markets[0].minutes.first { $0.openTime == crosshair.time })
        let instrument = snapshot.markets[0].instrument
        let legend = PanePicture.draw(ChartPane.self, 118, 30, view: view).text().split(separator: "\n")[0]
        for price in [candle.open, candle.high, candle.low, candle.close] {
            #expect(legend.contains(instrument.text(price)))
        }
        #expect(legend.contains("V \(instrument.text(candle.volume))"))
        _ = press([Action](repeating: .left, count: 150), &view)
        let scene = try #require(
            ChartScene(Rect(x: 0, y: 0, width: 118, height: 30), snapshot.markets[0], view, snapshot))
        #expect(scene.window.place(at: view.chart.crosshair!.time) != nil)
        _ = press([.back], &view)
        #expect(view.chart.crosshair == nil)
    }

    @Test("an alert is raised at the crosshair's price, on the tick")
    func alert() throws {
        var view = ViewState()
        #expect(press([.chartAlert], &view).count == 1)
        let consequences = press([.chartCrosshair, .up, .up, .up, .chartAlert], &view)
        guard case .request(.addPriceAlert(let symbol, let price))? = consequences.last else {
            Issue.record("no alert was asked for")
            return
        }
        #expect(symbol == InstrumentID(0))
        #expect(price.mantissa % Fixture.btc.rules.tick.mantissa == 0)
        #expect(price == view.chart.crosshair?.price)
    }

    @Test("goes to a date, and says where candles begin and end")
    func goToDate() throws {
        var view = ViewState()
        let snapshot = Fixture.snapshot()
        let target = snapshot.markets[0].minutes[200].openTime
        #expect(press([Action("chart.go \(target)")], &view).isEmpty)
        let scene = try #require(
            ChartScene(Rect(x: 0, y: 0, width: 118, height: 30), snapshot.markets[0], view, snapshot))
        #expect(scene.window.place(at: target) != nil)
        #expect(press([Action("chart.go 1999-01-01")], &view).count == 1)
        #expect(press([Action("chart.go 2099-01-01")], &view).count == 1)
        let form = GoToDateForm(start: target)
        #expect(form.time("9:30") == Timestamp(iso8601: "\(target.date)T09:30"))
        #expect(form.review(FormValues(pairs: [("date", "yesterday")]), snapshot).problems.count == 1)
    }

    @Test("a gap is a marked break, and a partial candle is dashed")
    func gaps() throws {
        var snapshot = Fixture.snapshot()
        let minutes = snapshot.markets[0].minutes
        snapshot.markets[0].minutes = Array(minutes[..<560]) + Array(minutes[583...])
        let text = PanePicture.draw(ChartPane.self, 100, 24, snapshot: snapshot).text()
        #expect(text.contains("┊"))
        var view = ViewState()
        view.timeframe = Timeframe("15m")!
        let series = view.chart.memo.series(snapshot.markets[0], view.timeframe)
        #expect(series.candles.contains { $0.flags.contains(.isPartial) })
    }

    @Test("one bad print leaves the scale alone and is marked at the edge")
    func outlier() {
        var snapshot = Fixture.snapshot()
        snapshot.markets[0].minutes[580].high = Price(mantissa: 99_000_000)
        let canvas = PanePicture.draw(ChartPane.self, 100, 24, snapshot: snapshot)
        #expect(canvas.text().contains("⇡"))
        #expect(!canvas.text().contains("99"))
    }

    @Test("draws the indicators of the symbol's strategies on their timeframe, with their parameters")
    func strategyIndicators() {
        var view = ViewState()
        var classes = Fixture.classes
        classes[0].overlays = [OverlayDescriptor("SMA", ["fast"]), OverlayDescriptor("SMA", ["slow"])]
        view.catalog = Catalog(classes: classes, series: [])
        let snapshot = Fixture.snapshot()
        let shown = ChartIndicators(view.chart, InstrumentID(0), .oneMinute, snapshot, view.catalog)
        #expect(shown.overlays.map(\.label) == ["SMA 9", "SMA 21"])
        #expect(ChartIndicators(view.chart, InstrumentID(0), .oneDay, snapshot, view.catalog).overlays.isEmpty)
    }

    @Test("an indicator chosen twice is removed again, and wrong parameters are refused with reasons")
    func indicatorForm() {
        var view = ViewState()
        _ = press([Action("chart.add-indicator ema 20"), Action("chart.add-indicator macd 12 26 9")], &view)
        #expect(view.chart.indicators.count == 2)
        _ = press([Action("chart.add-indicator ema 20")], &view)
        #expect(view.chart.indicators.map(\.identifier) == ["macd"])
        let form = IndicatorForm(chosen: view.chart.indicators)
        func values(_ changes: [String: String]) -> FormValues {
            FormValues(pairs: form.fields.map { ($0.name, changes[$0.name] ?? $0.value) })
        }
        let snapshot = Fixture.snapshot()
        #expect(form.review(values(["indicator": "ema"]), snapshot).isAcceptable)
        #expect(
            form.review(values(["indicator": "ema", "ema period": "-3"]), snapshot).problems.map(\.name) == [
                "ema period"
            ])
        #expect(
            form.review(values(["indicator": "macd", "macd fast": "30"]), snapshot).problems.map(\.name) == [
                "macd fast"
            ])
        let hidden = form.review(values(["indicator": "ema"]), snapshot).hidden
        #expect(hidden.contains("macd fast") && !hidden.contains("ema period"))
    }

    @Test("prices of working orders stand on the axis whole")
    func levels() {
        let text = PanePicture.draw(ChartPane.self, 118, 40).text()
        let levels = ChartMarks.levels(InstrumentID(0), Fixture.btc, Fixture.snapshot())
        #expect(levels.map(\.text) == ["long 0.02500", "buy 0.05000 limit", "sell 0.02500 stop-loss"])
        #expect(levels.map(\.key) == [.markerOwn, .markerOwn, .markerStop])
        #expect(!text.isEmpty)
    }

    @Test("fills known one by one are not repeated from their orders")
    func fills() {
        var snapshot = Fixture.snapshot()
        let before = ChartMarks.fills(InstrumentID(0), Fixture.btc, snapshot)
        #expect(before.count == 2)
        let filled = snapshot.orders.first { $0.order.state == .filled }!.order.id
        snapshot.positions[0].fills[0].order = filled
        #expect(ChartMarks.fills(InstrumentID(0), Fixture.btc, snapshot).count == 1)
    }

    @Test("says that it waits when there is no candle yet")
    func waiting() {
        var snapshot = Fixture.snapshot()
        snapshot.markets[0].minutes = []
        snapshot.markets[0].forming = nil
        #expect(
            PanePicture.draw(ChartPane.self, 60, 12, snapshot: snapshot).text().contains("Waiting for the first candle")
        )
    }
}
