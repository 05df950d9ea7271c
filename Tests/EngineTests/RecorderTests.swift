import Glibc
import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Recorder")
struct RecorderTests {
    @Test("a database that another program holds for a while costs an alert and loses nothing")
    func lockedDatabase() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        rig.write()
        let lock = try ForeignLock(path: rig.folder.directory.databasePath)
        try rig.recorder.start(rig.writer)
        rig.pass(seconds: 1_800)
        while rig.recorder.problem == nil { usleep(10_000) }
        #expect(rig.recorder.problem?.contains("locked") == true)
        rig.pass(seconds: 60)
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "store-failed" && $0.alert.priority == .critical })
        #expect(rig.snapshot.health.storeProblem != nil)
        #expect(rig.recorder.backlog > 30)
        let expected = rig.core.kernel.account.cash
        try lock.release()
        while rig.recorder.backlog > 0 || rig.recorder.problem != nil { usleep(10_000) }
        rig.pump()
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "store-recovered" })
        #expect(rig.recorder.stop(milliseconds: 20_000))
        #expect(try rig.store.account()?.cash == expected)
        try checkIdentity(rig.store)
        #expect(try rig.store.equity().count >= 30)
    }

    @Test("a record that the store refuses is named, and what comes behind it is written")
    func poison() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        rig.pass(seconds: 60)
        rig.write()
        var twin = rig.core.kernel.registrations[0]
        twin.name = rig.core.kernel.registrations[1].name
        rig.recorder.add(.record(.strategy(twin, reason: ""), at: rig.time))
        rig.recorder.add(.record(.tradingState(.halted, at: rig.time), at: rig.time))
        rig.recorder.add(.note(.audit(action: "after", subject: "", detail: "", origin: "test", at: rig.time)))
        try rig.recorder.start(rig.writer)
        #expect(rig.recorder.stop(milliseconds: 20_000))
        rig.pump()
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "store-refused" })
        #expect(try rig.store.tradingState() == .halted)
        #expect(try rig.store.auditTrail().contains { $0.action == "after" })
    }

    @Test("too much waiting for the store stops what opens")
    func overfull() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        rig.pass(seconds: 60)
        rig.recorder.add(
            .candles(
                [Candle](repeating: rig.snapshot.markets[0].minutes[0], count: Recorder.capacity + 1),
                rig.core.instruments[0]))
        while rig.snapshot.tradingState == .active {
            usleep(50_000)
            rig.pass(seconds: 1)
        }
        #expect(rig.snapshot.tradingState == .halted)
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "store-backlog" })
    }
}
