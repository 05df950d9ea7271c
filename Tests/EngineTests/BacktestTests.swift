import Backtesting
import Market
import Simulation
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Backtests in the background")
struct BacktestRunnerTests {
    private func engine(_ folder: TemporaryDirectory) throws -> Engine {
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 3, historyMinutes: 10))
        configuration.registersStarters = false
        return try Engine.start(configuration)
    }

    /// A directory with two days of minutes.
    private func prepared() throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let store = try Store(directory: folder.directory)
        let market = SyntheticMarket(seed: 9, start: monday)
        let candles = market.candles(InstrumentID(0), from: monday, to: monday.adding(seconds: 2 * 86_400))
        try store.write(candles, of: market.instruments[0], .oneMinute, at: monday)
        try store.close()
        return folder
    }

    private func finished(_ engine: Engine) -> BacktestView? {
        engine.snapshot.backtests.first { view in
            if case .running = view.state { return false }
            return true
        }
    }

    @Test("a run gives the figures of the backtester, is kept, and is there again in the next session")
    func runAndKeep() throws {
        let folder = try prepared()
        let first = try engine(folder)
        #expect(first.storedSeries().first?.name == "SYNTHETIC:BTCUSDT")
        var request = BacktestRequest(
            className: "sma-crossover", parameters: ["fast": "5", "slow": "20"], series: "SYNTHETIC:BTCUSDT",
            timeframe: .oneMinute)
        request.sizing = "percent:50"
        first.send(.runBacktest(request))
        while finished(first) == nil { Poll.wait(first) }
        let view = try #require(finished(first))
        guard case .done(let report) = view.state else {
            Issue.record("\(view.state)")
            return
        }
        first.stop()

        let store = try Store(directory: folder.directory)
        let series = try store.candles(venue: "SYNTHETIC", symbol: "BTCUSDT", .oneMinute)
        var text = BacktestText(strategy: "sma-crossover", parameters: [.init("fast", "5"), .init("slow", "20")])
        text.sizing = "percent:50"
        let expected = try Backtest.run(series, try text.configuration(for: series.instrument))
        #expect(report["final_equity"] == expected.finalEquity.approximation)
        #expect(report["trade_count"] == Double(expected.metrics.tradeCount))
        #expect(report.trips.count == expected.trips.count)
        #expect(report.trips.allSatisfy { $0.count == 8 })
        #expect((100...2_000).contains(report.equity.count))
        #expect(report.equity.last?.value == expected.finalEquity.approximation)
        try store.close()

        let second = try engine(folder)
        while finished(second) == nil { Poll.wait(second) }
        let stored = try #require(finished(second))
        #expect(stored.id > 0 && stored.request == request)
        guard case .done(let again) = stored.state else {
            Issue.record("\(stored.state)")
            return
        }
        #expect(again.figures.map(\.key) == report.figures.map(\.key))
        for (stored, shown) in zip(again.figures, report.figures) {
            #expect(abs((stored.value ?? 0) - (shown.value ?? 0)) <= 1e-12 * abs(shown.value ?? 0), "\(stored.key)")
            #expect((stored.value == nil) == (shown.value == nil))
        }
        #expect(again.trips == report.trips)
        #expect(again.equity.map(\.value) == report.equity.map(\.value))
        second.stop()
    }

    @Test("orders under hours are filled on the minutes below them, as on the command line")
    func minutesBelow() throws {
        let folder = try prepared()
        let engine = try engine(folder)
        let request = BacktestRequest(
            className: "sma-crossover", parameters: ["fast": "2", "slow": "4"], series: "SYNTHETIC:BTCUSDT",
            timeframe: Timeframe("1h")!)
        engine.send(.runBacktest(request))
        while finished(engine) == nil { Poll.wait(engine) }
        engine.stop()
        let store = try Store(directory: folder.directory)
        let record = try #require(try store.backtests(limit: 1).first)
        let minutes = try store.candles(venue: "SYNTHETIC", symbol: "BTCUSDT", .oneMinute)
        #expect(record.result.contains("\"detail\":\"1m\""))
        #expect(RunOrigin(json: record.origin)?.detailHash == minutes.fingerprint)
    }

    @Test func `hours that are stored without minutes are played on themselves`() throws {
        let folder = try TemporaryDirectory()
        let store = try Store(directory: folder.directory)
        let market = SyntheticMarket(seed: 9, start: monday)
        let hour = try #require(Timeframe("1h"))
        let hours = CandleSeries(
            instrument: market.instruments[0], timeframe: .oneMinute,
            candles: market.candles(InstrumentID(0), from: monday, to: monday.adding(seconds: 2 * 86_400))
        ).resampled(to: hour)
        try store.write(hours.candles, of: hours.instrument, hour, at: monday)
        try store.close()
        let engine = try engine(folder)
        engine.send(
            .runBacktest(
                BacktestRequest(
                    className: "sma-crossover", parameters: ["fast": "2", "slow": "4"], series: "SYNTHETIC:BTCUSDT",
                    timeframe: hour)))
        while finished(engine) == nil { Poll.wait(engine) }
        engine.stop()
        let record = try #require(try Store(directory: folder.directory).backtests(limit: 1).first)
        #expect(!record.result.contains("\"detail\""))
        #expect(RunOrigin(json: record.origin)?.detailHash == nil)
    }

    @Test("a run that can't be made says why")
    func failures() throws {
        let folder = try prepared()
        let engine = try engine(folder)
        let requests = [
            BacktestRequest(className: "sma-crossover", series: "SYNTHETIC:DOGEUSDT", timeframe: .oneMinute),
            BacktestRequest(className: "no-such", series: "SYNTHETIC:BTCUSDT", timeframe: .oneMinute),
            BacktestRequest(
                className: "sma-crossover", parameters: ["fast": "x"], series: "SYNTHETIC:BTCUSDT",
                timeframe: .oneMinute),
            BacktestRequest(className: "sma-crossover", series: "nonsense", timeframe: .oneMinute),
        ]
        for request in requests { engine.send(.runBacktest(request)) }
        func failures() -> Int {
            engine.snapshot.backtests.count { view in
                if case .failed(let reason) = view.state { return !reason.isEmpty }
                return false
            }
        }
        while failures() < requests.count { Poll.wait(engine) }
        #expect(failures() == requests.count)
        engine.stop()
    }

    @Test("cancelling ends a run that waits")
    func cancel() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        let runner = try BacktestRunner(
            store: rig.store, synthetic: nil, catalog: .bundled, clock: EngineClock { monday }, inbox: rig.inbox)
        rig.core.connect(runner)
        let request = BacktestRequest(className: "macd", series: "SYNTHETIC:BTCUSDT", timeframe: .oneMinute)
        #expect(rig.ask(.runBacktest(request)).isDone)
        rig.pump()
        let id = try #require(rig.snapshot.backtests.first).id
        #expect(rig.ask(.cancelBacktest(id)).isDone)
        #expect(rig.ask(.cancelBacktest(-77)).refusal != nil)
        try runner.start()
        while true {
            rig.pump()
            if case .cancelled? = rig.snapshot.backtests.first?.state { break }
        }
        #expect(rig.snapshot.backtests.count == 1)
        runner.stop()
    }
}
