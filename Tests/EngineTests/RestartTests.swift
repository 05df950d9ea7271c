import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Restart")
struct RestartTests {
    /// One strategy whose averages don't depend on how much history it was warmed up with.
    private func averages(_ configuration: inout EngineConfiguration) {
        configuration.registersStarters = false
        configuration.limits = .none
    }

    private func register(_ store: Store, stop: Ratio? = nil) throws -> StrategyRecord {
        let instrument = try #require(try store.instruments().first { $0.symbol == "BTCUSDT" })
        return try store.add(
            StrategyRecord(
                name: "averages", className: "sma-crossover", parameters: ["fast": "3", "slow": "9"],
                instrument: instrument, timeframe: .oneMinute, sizing: .equityShare(.percent(50)),
                protection: Protection(stopLoss: stop), status: .enabled), at: monday)
    }

    private func session(_ folder: TemporaryDirectory, at time: Timestamp = monday) throws -> EngineRig {
        try EngineRig(in: folder, at: time, averages)
    }

    /// A directory whose store knows the instruments and one strategy.
    private func prepared(stop: Ratio? = nil) throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let rig = try session(folder)
        _ = try register(rig.store, stop: stop)
        rig.write()
        try rig.store.close()
        return folder
    }

    private struct Essentials: Equatable {
        var cash: Money
        var fees: Money
        var positions: [String]
        var fills: [String]
        var trips: Int

        init(_ store: Store) throws {
            let account = try store.account()
            cash = account?.cash ?? .zero(.usdt)
            fees = account?.fees ?? .zero(.usdt)
            positions = try store.positions(includingFlat: true).map {
                "\($0.position.owner.rawValue) \($0.instrument.name) \($0.position.quantity) \($0.position.cost) \($0.position.realized)"
            }
            fills = try store.fills(limit: 10_000).map { "\($0.record.order) \($0.record.time) \($0.record.fill)" }
            trips = try store.trips(limit: 10_000).count
        }
    }

    @Test("a session that was stopped and started again goes on exactly as one that was not")
    func restartEqualsNoRestart() throws {
        let whole = try prepared(stop: .percent(1))
        let rig = try session(whole)
        rig.pass(seconds: 100 * 60)
        rig.core.end()
        rig.write()

        let parts = try prepared(stop: .percent(1))
        var time = monday
        for minutes: Int64 in [31, 1, 29, 20, 19] {
            let part = try session(parts, at: time)
            part.pass(seconds: minutes * 60)
            part.core.end()
            part.write()
            try part.store.close()
            time = part.time
        }
        let expected = try Essentials(rig.store)
        let got = try Essentials(try Store(directory: parts.directory))
        #expect(expected.fills.count > 10)
        #expect(expected.fills == got.fills)
        #expect(expected == got)
    }

    @Test("a position whose strategy asks for a stop that is not working gets one at the start")
    func protectionReplaced() throws {
        let folder = try prepared()
        let first = try session(folder)
        while first.snapshot.positions.isEmpty { first.pass(seconds: 60) }
        #expect(first.snapshot.positions[0].stop == nil)
        first.core.end()
        first.write()
        var record = try #require(try first.store.strategy(named: "averages"))
        record.protection = Protection(stopLoss: .percent(5))
        _ = try first.store.change(record, at: first.time)
        try first.store.close()

        let second = try session(folder, at: first.time)
        second.pass(seconds: 1)
        let position = try #require(second.snapshot.positions.first)
        let stop = try #require(position.stop)
        #expect(stop < position.entry)
        second.write()
        let working = try second.store.orders(openOnly: true)
        #expect(working.map(\.order.request.purpose) == [.stopLoss])
        #expect(working.map(\.order.state) == [.accepted])
    }

    @Test("an account that holds several things is not taken for half an account at the start")
    func breakersAtTheStart() throws {
        let folder = try TemporaryDirectory()
        func session(_ time: Timestamp) throws -> EngineRig {
            try EngineRig(in: folder, at: time) {
                $0.registersStarters = false
                $0.limits.maximumDailyLoss = .percent(1)
                $0.limits.maximumDrawdown = .percent(1)
            }
        }
        let first = try session(monday)
        first.pass(seconds: 5)
        for (index, quantity) in ["0.02", "0.3", "5"].enumerated() {
            let order = OrderRequest(
                instrument: InstrumentID(index), side: .buy, type: .market,
                quantity: try first.core.instruments[index].quantity(quantity), purpose: .manual)
            #expect(first.ask(.placeOrder(order)).order?.state == .filled)
        }
        first.pass(seconds: 30)
        let before = first.snapshot.account.equity
        first.core.end()
        first.write()
        try first.store.close()

        let second = try session(first.time)
        let known = second.snapshot.account.equity
        #expect(abs(known.approximation - before.approximation) < before.approximation / 200)
        second.pass(seconds: 60, slice: 1)
        #expect(second.snapshot.tradingState == .active)
        #expect(second.snapshot.positions.count == 3)
    }

    @Test("working orders, results and alerts are on the screen again after a restart")
    func screenAfterRestart() throws {
        let folder = try prepared()
        let first = try session(folder)
        first.pass(seconds: 1_800)
        let instrument = first.core.instruments[0]
        let last = try #require(first.snapshot.markets[0].last)
        let limit = Price(mantissa: last.mantissa / 2).rounded(toTick: instrument.rules.tick, .down)
        let reply = first.ask(
            .placeOrder(
                OrderRequest(
                    instrument: InstrumentID(0), side: .buy, type: .limit,
                    quantity: try instrument.quantity("0.001"), limitPrice: limit, purpose: .manual)))
        let placed = try #require(reply.order)
        #expect(placed.state == .accepted)
        _ = first.ask(.addPriceAlert(InstrumentID(1), try first.core.instruments[1].price("1")))
        first.core.raise(.warning, "test", "something to see to")
        first.core.end()
        first.write()
        let before = first.snapshot
        try first.store.close()

        let second = try session(folder, at: first.time)
        second.pass(seconds: 1)
        let after = second.snapshot
        #expect(after.orders.first { $0.order.id == placed.id }?.order.state == .accepted)
        #expect(after.strategies[0].tripCount == before.strategies[0].tripCount)
        #expect(after.strategies[0].winCount == before.strategies[0].winCount)
        #expect(after.strategies[0].lastSignal?.time == before.strategies[0].lastSignal?.time)
        #expect(after.alerts.contains { $0.alert.kind == "test" && $0.id > 0 })
        #expect(second.core.priceAlerts.levels == first.core.priceAlerts.levels)
        #expect(after.account.equityHistory.count >= 29)
        #expect(second.ask(.cancelOrder(placed.id)).isDone)
        #expect(second.snapshot.orders.first { $0.order.id == placed.id }?.order.state == .canceled)
    }

    @Test("strategies that can't be loaded are named, and the rest trades")
    func unloadableStrategies() throws {
        let folder = try prepared()
        let store = try Store(directory: folder.directory)
        let bitcoin = try #require(try store.instrument(venue: "SYNTHETIC", symbol: "BTCUSDT"))
        _ = try store.add(
            StrategyRecord(name: "lost", className: "no-such-class", instrument: bitcoin, timeframe: .oneMinute),
            at: monday)
        let foreign = Instrument(
            venue: "BINANCE", symbol: "ETHBTC", base: Currency("ETH")!, quote: Currency("BTC")!,
            rules: bitcoin.rules)
        _ = try store.add(
            StrategyRecord(name: "foreign", className: "sma-crossover", instrument: foreign, timeframe: .oneMinute),
            at: monday)
        _ = try store.add(
            StrategyRecord(
                name: "wrong", className: "sma-crossover", parameters: ["fast": "-1"], instrument: bitcoin,
                timeframe: .oneMinute), at: monday)
        try store.close()
        let rig = try session(folder)
        #expect(rig.core.kernel.registrations.map(\.name) == ["averages"])
        let session = try Session(
            store: rig.store, feed: rig.core.feed, configuration: rig.core.configuration, isEphemeral: false,
            isHalted: false,
            on: Session.Foundation(
                log: DecisionLog(),
                means: ResumedExchange.Means(catalog: rig.core.configuration.catalog, gate: rig.inbox.gate)))
        #expect(session.remarks.count == 3)
        for name in ["lost", "foreign", "wrong"] {
            #expect(session.remarks.contains { $0.contains(name) })
        }
        rig.pass(seconds: 60)
        #expect(rig.snapshot.markets.allSatisfy { $0.status == .live })
    }
}

/// A seeded generator for tests (S. Vigna's SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
