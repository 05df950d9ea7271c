import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("Backtests pane")
struct BacktestsPaneTests {
    static func report(seed: UInt64) -> BacktestReport {
        var random = Random(seed: seed)
        var value = 10_000.0
        let start = Timestamp(iso8601: "2023-01-01")!
        var equity: [(time: Timestamp, value: Double)] = []
        for hour in 0..<800 {
            value *= 1 + random.normal() * 0.004
            equity.append((start.adding(seconds: Int64(hour) * 3_600), value))
        }
        let figures: [(key: String, value: Double?)] = [
            ("bars", 525_600), ("initial_equity", 10_000), ("final_equity", value),
            ("total_return", value / 10_000 - 1),
            ("sharpe", 1.314), ("max_drawdown", 0.1234), ("win_rate", 0.5), ("profit_factor", nil),
            ("trade_count", 1_432),
            ("average_trade_seconds", 8_640), ("fees_paid", 2_134.5), ("unknown_figure", 7),
        ]
        let trips = (0..<40).map { index in
            [
                "2023-01-02T03:0\(index % 10):00Z", "2023-01-02T05:00:00Z", "long", "0.12300", "27100.10", "27200.20",
                index % 2 == 0 ? "12.10" : "-3.40", "exit",
            ]
        }
        return BacktestReport(figures: figures, equity: equity, trips: trips)
    }

    static func snapshot() -> Snapshot {
        var snapshot = Fixture.snapshot()
        let request = BacktestRequest(
            className: "sma-crossover", parameters: ["slow": "50", "fast": "10"], series: "BINANCE:BTCUSDT",
            timeframe: .oneHour)
        snapshot.backtests = [
            BacktestView(id: -1, request: request, state: .running(progress: 0.43, secondsLeft: 12)),
            BacktestView(id: 3, request: request, state: .done(report(seed: 1))),
            BacktestView(id: 2, request: request, state: .done(report(seed: 2))),
            BacktestView(id: 1, request: request, state: .failed("no candles there")),
        ]
        return snapshot
    }

    static let catalog = Catalog(
        classes: Fixture.classes,
        series: [
            StoredSeries(
                name: "BINANCE:BTCUSDT", timeframe: .oneMinute, from: Timestamp(iso8601: "2023-01-01")!,
                to: Timestamp(iso8601: "2024-01-01")!, count: 525_600)
        ])

    private func press(_ actions: [Action], _ view: inout ViewState) -> [Consequence] {
        actions.flatMap { BacktestsPane.handle($0, &view, PanePicture.handler(100, 20, Self.snapshot())) ?? [] }
    }

    @Test("looks as it did: list, result, comparison, and a result in a low pane")
    func pictures() throws {
        let snapshot = Self.snapshot()
        var view = ViewState()
        try Golden.check(
            PanePicture.draw(BacktestsPane.self, 100, 8, view: view, snapshot: snapshot), "pane-backtests-list")
        view.backtests.page = .result(3)
        try Golden.check(
            PanePicture.draw(BacktestsPane.self, 110, 30, view: view, snapshot: snapshot), "pane-backtests-result")
        view.backtests.section = .equity
        try Golden.check(
            PanePicture.draw(BacktestsPane.self, 60, 12, view: view, snapshot: snapshot, theme: GoldenTests.ascii),
            "pane-backtests-equity-ascii")
        view.backtests.marked = [3, 2]
        _ = BacktestsPane.handle(.backtestCompare, &view, PanePicture.handler(110, 20, snapshot))
        try Golden.check(
            PanePicture.draw(BacktestsPane.self, 140, 24, view: view, snapshot: snapshot), "pane-backtests-compare")
        try Golden.check(
            PanePicture.draw(BacktestsPane.self, 78, 20, view: view, snapshot: snapshot, theme: GoldenTests.ascii),
            "pane-backtests-compare-ascii")
    }

    @Test("opens a result, marks two and compares them, and goes back a level at a time")
    func navigation() {
        var view = ViewState()
        #expect(press([.backtestCompare], &view).count == 1)
        _ = press([.down, .open], &view)
        #expect(view.backtests.page == .result(3))
        _ = press([.back], &view)
        #expect(view.backtests.page == .list)
        _ = press([.toggle, .down, .toggle, .backtestCompare], &view)
        #expect(view.backtests.page == .comparison([3, 2]))
        _ = press([.back, .toggle], &view)
        #expect(view.backtests.page == .list && view.backtests.marked == [3])
    }

    @Test("cancels only what runs")
    func cancel() {
        var view = ViewState()
        guard case .request(.cancelBacktest(-1))? = press([.backtestCancel], &view).first else {
            Issue.record("the running one was not cancelled")
            return
        }
        guard case .toast? = press([.down, .backtestCancel], &view).first else {
            Issue.record("a finished one was cancelled")
            return
        }
    }

    @Test("falls back to the list when what was open is gone")
    func gone() {
        var view = ViewState()
        view.backtests.page = .result(99)
        #expect(
            PanePicture.draw(BacktestsPane.self, 100, 8, view: view, snapshot: Self.snapshot()).text().contains("43%"))
    }

    @Test("figures have the names people know, and undefined ones a dash")
    func figures() {
        let rows = BacktestFigures.rows(Self.report(seed: 1))
        #expect(rows.first?.name == "Total return")
        #expect(rows.contains { $0.name == "Profit factor" && $0.text == "–" })
        #expect(rows.contains { $0.name == "Trades" && $0.text == "1,432" })
        #expect(rows.contains { $0.name == "Average trade" && $0.text == "2h 24m" })
        #expect(rows.last?.name == "unknown figure")
        #expect(BacktestFigures.best("max_drawdown", [0.1, 0.2, 0.3]) == [0])
        #expect(BacktestFigures.best("sharpe", [0.1, 0.2, 0.2]) == [1, 2])
        #expect(BacktestFigures.best("bars", [1, 2]).isEmpty)
        #expect(BacktestFigures.best("sharpe", [nil, 2]).isEmpty)
        #expect(BacktestFigures.best("sharpe", [2, 2]).isEmpty)
    }

    @Test(
        "samples of an equity curve keep its deepest drawdown, however few they are", arguments: [2, 3, 10, 80, 2_000])
    func drawdown(count: Int) {
        let points = Self.report(seed: 4).equity
        var peak = 0.0
        var deepest = 0.0
        for point in points {
            peak = max(peak, point.value)
            deepest = max(deepest, 1 - point.value / peak)
        }
        let curve = EquityCurve(points, count: count)
        #expect(curve.values.count == count)
        #expect(abs(curve.drawdowns.max()! - deepest) < 1e-12)
        #expect(curve.values.last == points.last?.value)
    }

    @Test("the form refuses what can't be run, each with its reason")
    func form() {
        let form = BacktestForm(Self.catalog)
        func problems(_ changes: [String: String]) -> [String] {
            let values = FormValues(pairs: form.fields.map { ($0.name, changes[$0.name] ?? $0.value) })
            return form.review(values, Fixture.snapshot()).problems.map(\.name)
        }
        #expect(problems([:]).isEmpty)
        #expect(problems(["sma-crossover.fast": "0", "cash": "-1"]) == ["sma-crossover.fast", "cash"])
        #expect(problems(["from": "soon"]) == ["from"])
        #expect(problems(["from": "2025-01-01"]) == ["from"])
        #expect(problems(["to": "2022-01-01"]) == ["to"])
        #expect(problems(["fee-bps": "ten", "slippage-bps": "20000"]) == ["fee-bps", "slippage-bps"])
        #expect(problems(["sizing": "everything"]) == ["sizing"])
        #expect(problems(["sizing": "percent:25"]).isEmpty)
        #expect(problems(["sizing": "percent:250"]) == ["sizing"])
        #expect(problems(["sizing": "fixed:0.25"]).isEmpty)
        // The other class's parameters don't matter.
        #expect(problems(["rsi-mean-reversion.period": "none"]).isEmpty)
    }

    @Test("what is asked is what was typed")
    func submit() {
        let form = BacktestForm(Self.catalog)
        let changes = ["sma-crossover.fast": "12", "timeframe": "1h", "from": "2023-03-01", "sizing": "percent:50"]
        let values = FormValues(pairs: form.fields.map { ($0.name, changes[$0.name] ?? $0.value) })
        guard case .request(.runBacktest(let request))? = form.submit(values, Fixture.snapshot()).first else {
            Issue.record("nothing was run")
            return
        }
        #expect(request.className == "sma-crossover")
        #expect(request.parameters == ["fast": "12", "slow": "21", "short": "off"])
        #expect(request.series == "BINANCE:BTCUSDT" && request.timeframe == .oneHour)
        #expect(request.from == Timestamp(iso8601: "2023-03-01") && request.to == nil)
        #expect(request.sizing == "percent:50" && request.cash == "10000")
    }

    @Test("without stored candles it says how to get some")
    func noSeries() {
        let registration = Fixture.snapshot().strategies[0].registration
        let consequences = BacktestsState.opening(
            registration, Fixture.snapshot(), Catalog(classes: Fixture.classes, series: []))
        #expect(consequences.contains { if case .toast(_, BacktestForm.noSeries) = $0 { true } else { false } })
    }
}

@Suite("Log and performance figures")
struct LogPaneTests {
    @Test("the newest line is at the bottom, and what is read stands still while lines come")
    func standsStill() {
        var snapshot = Fixture.snapshot()
        var view = ViewState()
        #expect(
            PanePicture.draw(LogPane.self, 60, 8, view: view, snapshot: snapshot).text().hasSuffix("candle 29 closed"))
        _ = LogPane.handle(.pageUp, &view, PanePicture.handler(60, 8, snapshot))
        let before = PanePicture.draw(LogPane.self, 60, 8, view: view, snapshot: snapshot).text()
        snapshot.log.append(LogLine(time: Fixture.now, level: "error", text: "disk full"))
        #expect(PanePicture.draw(LogPane.self, 60, 8, view: view, snapshot: snapshot).text() == before)
        _ = LogPane.handle(.bottom, &view, PanePicture.handler(60, 8, snapshot))
        #expect(PanePicture.draw(LogPane.self, 60, 8, view: view, snapshot: snapshot).text().hasSuffix("E disk full"))
    }

    @Test("level and filter leave out what is not asked for")
    func filters() {
        let snapshot = Fixture.snapshot()
        var view = ViewState()
        #expect(LogPane.lines(snapshot, view).count == 30)
        _ = LogPane.handle(.logLevel, &view, PanePicture.handler(60, 8, snapshot))
        #expect(LogPane.lines(snapshot, view).allSatisfy { $0.level == "warning" })
        view.logPane.level = 0
        view.filters[.log] = "!closed"
        #expect(LogPane.lines(snapshot, view).allSatisfy { !$0.text.contains("closed") })
    }

    @Test("control characters of outside text never reach the screen")
    func sanitised() {
        var snapshot = Fixture.snapshot()
        snapshot.log = [LogLine(time: Fixture.now, level: "info", text: "a\u{1B}]0;title\u{7}b\u{202E}c\r\nd")]
        let text = PanePicture.draw(LogPane.self, 60, 3, snapshot: snapshot).text()
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E })
    }

    @Test("the performance figures name bytes, frames, step times and the store's backlog")
    func performance() {
        var snapshot = Fixture.snapshot()
        snapshot.health.storeBacklog = 17
        snapshot.health.storeProblem = "disk full"
        let context = PaneContext(
            snapshot: snapshot, view: ViewState(), theme: .standard, isFocused: false, now: Fixture.now,
            statistics: FrameStatistics(lastBytes: 1_234, framesPerSecond: 8, skipped: 3))
        var canvas = Canvas(size: Size(width: 80, height: 24))
        PerformanceOverlay.draw(into: &canvas, context)
        for part in ["1.2kB", "8 frames", "3 skipped", "17", "disk full"] {
            #expect(canvas.text().contains(part), "\(part)")
        }
        for size in [Size(width: 1, height: 1), Size(width: 12, height: 3)] {
            var small = Canvas(size: size)
            PerformanceOverlay.draw(into: &small, context)
        }
    }
}
