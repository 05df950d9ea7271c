import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Changes that another process makes in the store")
struct StoreWatchTests {
    /// A session and a second opening of its store, as a command has it.
    private func session() throws -> (EngineRig, Store) {
        let folder = try TemporaryDirectory()
        let rig = try EngineRig(in: folder)
        rig.pass(seconds: 60)
        rig.write()
        look(rig)
        return (rig, try Store(directory: folder.directory))
    }

    /// What the recorder's thread does a few times a second.
    private func look(_ rig: EngineRig) {
        rig.writer.watch(rig.inbox)
        rig.pump()
        rig.write()
    }

    private func status(_ rig: EngineRig, _ name: String) -> StrategyStatus? {
        rig.core.kernel.registrations.first { $0.name == name }?.status
    }

    @Test("a strategy that is disabled there trades no more from the next look on")
    func disable() throws {
        let (rig, store) = try session()
        #expect(status(rig, "sma-cross") == .enabled)
        try store.setStatus(.disabled, ofStrategyNamed: "sma-cross", at: rig.time)
        look(rig)
        #expect(status(rig, "sma-cross") == .disabled)
        let signals = rig.snapshot.strategies[0].lastSignal
        rig.pass(seconds: 1_800)
        #expect(rig.snapshot.strategies[0].lastSignal == signals)
        try store.setStatus(.enabled, ofStrategyNamed: "sma-cross", at: rig.time)
        look(rig)
        #expect(status(rig, "sma-cross") == .enabled)
        #expect(rig.core.kernel.warmUpRemaining(StrategyID(rawValue: 1)) == 0)
        rig.pass(seconds: 1_800)
        #expect(rig.snapshot.strategies[0].lastSignal != signals)
    }

    @Test("a strategy that is added there is warmed up and trades")
    func add() throws {
        let (rig, store) = try session()
        let instrument = try #require(try store.instrument(venue: "SYNTHETIC", symbol: "SOLUSDT"))
        let added = try store.add(
            StrategyRecord(
                name: "new", className: "ema-crossover", instrument: instrument, timeframe: Timeframe("3m")!,
                sizing: .equityShare(.percent(10)), status: .enabled), at: rig.time)
        look(rig)
        let registration = try #require(rig.core.kernel.registrations.first { $0.name == "new" })
        #expect(registration.id == added.id)
        rig.pass(seconds: 600)
        look(rig)
        #expect(try store.strategies().count == 4)
        #expect(status(rig, "new") == .enabled)
    }

    @Test("changed parameters are taken over, the status stays")
    func change() throws {
        let (rig, store) = try session()
        var record = try #require(try store.strategy(named: "sma-cross"))
        record.parameters["fast"] = "7"
        _ = try store.change(record, at: rig.time)
        look(rig)
        let registration = try #require(rig.core.kernel.registrations.first)
        #expect(registration.parameters.integer("fast") == 7)
        #expect(registration.status == .enabled)
    }

    @Test("a strategy that is removed there goes at once when it is flat, and after its position when it is not")
    func remove() throws {
        let (rig, store) = try session()
        try store.removeStrategy(named: "trend", at: rig.time)
        look(rig)
        #expect(status(rig, "trend") == nil)

        while !rig.snapshot.positions.contains(where: { $0.ownerName == "sma-cross" }) { rig.pass(seconds: 60) }
        rig.write()
        look(rig)
        try store.removeStrategy(named: "sma-cross", at: rig.time)
        look(rig)
        #expect(status(rig, "sma-cross") == .disabled)
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "removal-waits" })
        let position = try #require(rig.snapshot.positions.first { $0.ownerName == "sma-cross" }).position
        #expect(rig.ask(.closePosition(position.owner, position.instrument)).order?.state == .filled)
        rig.pass(seconds: 60)
        #expect(status(rig, "sma-cross") == nil)
    }

    @Test("what the engine changes itself, and what still waits to be written, is never taken for somebody else's")
    func ownChanges() throws {
        let (rig, store) = try session()
        #expect(rig.ask(.disableStrategy(StrategyID(rawValue: 1))).isDone)
        // The store still says enabled, and something else changed in it.
        try store.setValue("x", for: "some.key", at: rig.time)
        var record = try #require(try store.strategy(named: "rsi-dip"))
        record.capitalShare = .percent(11)
        _ = try store.change(record, at: rig.time)
        rig.writer.watch(rig.inbox)
        rig.pump()
        #expect(status(rig, "sma-cross") == .disabled)
        look(rig)
        look(rig)
        #expect(status(rig, "sma-cross") == .disabled)
        #expect(try store.strategy(named: "sma-cross")?.status == .disabled)
        #expect(rig.core.kernel.registrations[1].capitalShare == .percent(11))
    }

    @Test("alerts acknowledged there are acknowledged here")
    func acknowledge() throws {
        let (rig, store) = try session()
        rig.core.raise(.warning, "one", "first")
        rig.core.raise(.warning, "two", "second")
        rig.write()
        look(rig)
        let alerts = rig.snapshot.alerts.filter { $0.alert.kind == "one" || $0.alert.kind == "two" }
        #expect(alerts.allSatisfy { $0.id > 0 && $0.state == .unacknowledged })
        let first = try #require(alerts.first { $0.alert.kind == "one" })
        try store.acknowledgeAlerts([first.id], by: "command line")
        look(rig)
        let after = rig.snapshot.alerts
        #expect(after.first { $0.id == first.id }?.state == .acknowledged)
        #expect(after.first { $0.alert.kind == "two" }?.state == .unacknowledged)
    }

    @Test("a name that is taken is refused, and a new strategy gets its number from the store")
    func addHere() throws {
        let (rig, store) = try session()
        var registration = rig.core.kernel.registrations[0]
        #expect(rig.ask(.addStrategy(registration)).refusal?.contains("already a strategy named") == true)
        registration.name = "another"
        registration.status = .enabled
        #expect(rig.ask(.addStrategy(registration)).isDone)
        rig.write()
        look(rig)
        let stored = try #require(try store.strategy(named: "another"))
        #expect(stored.id == StrategyID(rawValue: 4))
        #expect(stored.status == .enabled)
        #expect(status(rig, "another") == .enabled)
    }
}
