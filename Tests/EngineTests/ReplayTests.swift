import Backtesting
import Market
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

@Suite("Replay")
struct ReplayTests {
    private static let minute: Int64 = 60

    /// A store with `count` minutes of a saw-tooth, with a gap in it.
    private func folder(count: Int = 600, gap: Range<Int> = 300..<310) throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let store = try Store(directory: folder.directory)
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        let candles = (0..<count).filter { !gap.contains($0) }.map { index -> Candle in
            let level = Int64(30_000 + 40 * abs(index % 60 - 30))
            let open = Price(mantissa: level * 100_000_000)
            return Candle(
                openTime: monday.adding(seconds: Int64(index) * ReplayTests.minute), open: open,
                high: Price(mantissa: open.mantissa + 2_000_000_000),
                low: Price(mantissa: open.mantissa - 2_000_000_000),
                close: Price(mantissa: open.mantissa + 500_000_000), volume: Quantity(mantissa: 100_000_000))
        }
        try store.write(candles, of: instrument, .oneMinute, at: monday)
        try store.close()
        return folder
    }

    private func rig(
        _ folder: TemporaryDirectory, speed: Double? = 60, isPaused: Bool = false, from: Timestamp? = nil
    ) throws -> EngineRig {
        // The wall clock is years later than the recording.
        try EngineRig(in: folder, at: monday.adding(seconds: 700 * 86_400)) {
            $0.feed = .replay(
                ReplayOptions(
                    series: "binance:btcusdt", from: from ?? monday.adding(seconds: 6_000), speed: speed,
                    isPaused: isPaused))
        }
    }

    private func view(_ rig: EngineRig) -> ReplayView? {
        if case .replay(let view) = rig.snapshot.source { return view }
        return nil
    }

    @Test("candles before the beginning are history, and the rest comes at the speed asked for")
    func speed() throws {
        let rig = try rig(try folder())
        #expect(rig.snapshot.markets.count == 1)
        #expect(rig.snapshot.markets[0].minutes.count == 100)
        rig.pass(seconds: 10, slice: 1)
        #expect(rig.snapshot.markets[0].minutes.count == 110)
        #expect(rig.snapshot.time == monday.adding(seconds: 6_600))
        #expect(rig.ask(.setReplaySpeed(600)).isDone)
        rig.pass(seconds: 2, slice: 1)
        #expect(rig.snapshot.markets[0].minutes.count == 130)
        #expect(view(rig)?.speed == 600)
        #expect(rig.snapshot.markets[0].missing?.contains("no order book") == true)
    }

    @Test("a pause stops time, a step plays one candle, a resume goes on from there")
    func pauseAndStep() throws {
        let rig = try rig(try folder(), isPaused: true)
        rig.pass(seconds: 100)
        #expect(rig.snapshot.markets[0].minutes.count == 100)
        for count in 101...103 {
            #expect(rig.ask(.stepReplay).isDone)
            rig.pass(seconds: 5)
            #expect(rig.snapshot.markets[0].minutes.count == count)
        }
        #expect(rig.ask(.pauseReplay(false)).isDone)
        rig.pass(seconds: 4, slice: 1)
        #expect(rig.snapshot.markets[0].minutes.count == 107)
        #expect(rig.ask(.pauseReplay(true)).isDone)
        rig.pass(seconds: 1_000)
        #expect(rig.snapshot.markets[0].minutes.count == 107)
        #expect(view(rig)?.isPaused == true)
    }

    @Test("as fast as possible it plays everything, in slices, and says when it is over")
    func fullSpeed() throws {
        let rig = try rig(try folder(), speed: nil)
        rig.pass(seconds: 1)
        let snapshot = rig.snapshot
        #expect(snapshot.markets[0].minutes.count == 590)
        #expect(snapshot.markets[0].status == .finished)
        #expect(view(rig)?.isFinished == true)
        #expect(snapshot.strategies[0].tripCount > 3)
        let order = OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: .market, quantity: Quantity(mantissa: 100_000),
            purpose: .manual)
        #expect(rig.ask(.placeOrder(order)).refusal?.contains("over") == true)
        #expect(rig.ask(.pauseReplay(true)).refusal != nil)
    }

    @Test("an order placed between two candles fills at the next open")
    func fillsAtNextOpen() throws {
        let rig = try rig(try folder(), isPaused: true)
        let order = OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: .market, quantity: Quantity(mantissa: 1_000_000),
            purpose: .manual)
        rig.core.handle(.request(.placeOrder(order), origin: "test", reply: nil))
        #expect(rig.snapshot.positions.isEmpty)
        #expect(rig.ask(.stepReplay).isDone)
        rig.pass(seconds: 1)
        let position = try #require(rig.snapshot.positions.first { $0.ownerName == "manual" })
        let candle = try #require(rig.snapshot.markets[0].minutes.last)
        #expect(position.entry == candle.open)
        #expect(position.position.openedAt == candle.openTime)
    }

    @Test("a strategy that does not come back ends a replay, and whoever asks is told")
    func stuck() throws {
        let folder = try folder()
        let store = try Store(directory: folder.directory)
        let series = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute)
        let mark = 999_999
        _ = try store.add(
            StrategyRecord(
                name: "stubborn", className: "wilful", parameters: ["mark": "\(mark)"], instrument: series.instrument,
                timeframe: .oneMinute, sizing: .allIn, status: .enabled), at: monday)
        try store.close()
        WilfulStrategy.set(.hangs, mark)
        defer { WilfulStrategy.set(.trades, mark) }
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .replay(ReplayOptions(series: "BINANCE:BTCUSDT", speed: 60))
        configuration.catalog = StrategyCatalog([WilfulStrategy.self])
        configuration.strategyBudget = 200_000_000
        let engine = try Engine.start(configuration)
        while engine.snapshot.health.engineProblem == nil { Poll.wait(engine) }
        let snapshot = engine.snapshot
        #expect(snapshot.health.engineProblem?.contains("strategy stubborn") == true)
        #expect(snapshot.tradingState == .halted)
        #expect(snapshot.alerts.first?.alert.kind == "engine-stopped")
        let answer = Mutex<EngineReply?>(nil)
        engine.send(.cancelAll(nil)) { reply in answer.withLock { $0 = reply } }
        #expect(answer.withLock { $0 }.map { "\($0)".contains("the engine has stopped") } == true)
        engine.stop()
    }

    @Test("a replay of a recording trades exactly as a backtest of it")
    func equalsBacktest() throws {
        let folder = try folder()
        let store = try Store(directory: folder.directory)
        let series = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute)
        _ = try store.add(
            StrategyRecord(
                name: "averages", className: "sma-crossover", parameters: ["fast": "3", "slow": "8"],
                instrument: series.instrument, timeframe: .oneMinute, sizing: .allIn, status: .enabled), at: monday)
        try store.close()
        let rig = try EngineRig(in: folder, at: monday.adding(seconds: 700 * 86_400)) {
            $0.feed = .replay(ReplayOptions(series: "BINANCE:BTCUSDT", speed: nil))
            $0.limits = .none
        }
        rig.pass(seconds: 1)
        var text = BacktestText(strategy: "sma-crossover", parameters: [.init("fast", "3"), .init("slow", "8")])
        text.cash = "10000"
        let expected = try Backtest.run(series, try text.configuration(for: series.instrument))
        let strategy = try #require(rig.snapshot.strategies.first { $0.registration.name == "averages" })
        #expect(expected.metrics.tradeCount > 5)
        #expect(strategy.tripCount == expected.trips.count { !$0.isOpen })
        #expect(rig.snapshot.account.equity == expected.finalEquity)
        #expect(rig.snapshot.account.fees == expected.feesPaid)
    }

    @Test("it never touches the stored account, and two runs are the same")
    func ephemeral() throws {
        let folder = try folder()
        func play() throws -> [String] {
            let rig = try rig(folder, speed: nil)
            rig.pass(seconds: 1)
            return rig.snapshot.positions.map { "\($0.position)" } + rig.snapshot.orders.map { "\($0.order)" }
                + ["\(rig.snapshot.account.cash)"]
        }
        let first = try play()
        #expect(first.count > 10)
        let second = try play()
        #expect(first == second)
        let store = try Store(directory: folder.directory)
        #expect(try store.account() == nil)
        #expect(try store.fills().isEmpty)
        #expect(try store.strategies().isEmpty)
        #expect(!EmergencyLatch.isSet(directory: folder.path))
    }

    @Test("what can't be replayed is refused with what there is", arguments: ["BINANCE:ETHUSDT", "BTCUSDT", ""])
    func nothingToReplay(series: String) throws {
        let folder = try folder(count: 10, gap: 0..<0)
        let store = try Store(directory: folder.directory)
        #expect(throws: EngineError.self) {
            _ = try ReplayFeed(ReplayOptions(series: series), store: store, start: monday)
        }
        #expect(throws: EngineError.self) {
            _ = try ReplayFeed(
                ReplayOptions(series: "BINANCE:BTCUSDT", from: monday.adding(seconds: 86_400)), store: store,
                start: monday)
        }
    }

    @Test("the synthetic market can't be paused")
    func syntheticGoesOn() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        #expect(rig.ask(.pauseReplay(true)).refusal != nil)
        #expect(rig.ask(.setReplaySpeed(-1)).refusal != nil)
    }
}
