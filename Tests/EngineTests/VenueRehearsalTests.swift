import Glibc
import Simulation
import Testing
import Trading

@testable import Engine

@Suite("A venue that misbehaves because the configuration wants it", .serialized)
struct VenueRehearsalTests {
    /// An engine with an order that rests, whose venue has the faults from then on.
    private func trial(_ plan: FaultPlan) throws -> Trial {
        let trial = try Trial()
        #expect(trial.restOrder().order?.state == .accepted)
        #expect(trial.snapshot.rehearsal == nil)
        try trial.restart(faults: plan)
        return trial
    }

    @Test(
        "it is said on the screen and in an alert",
        arguments: [
            (FaultPlan.silent(seed: 1), "silent"), (.refusing(seed: 1), "refusing"), (.badDay(seed: 1), "on a bad day"),
        ])
    func isSaid(plan: FaultPlan, summary: String) throws {
        let trial = try Trial(faults: plan)
        trial.wait(forAlert: "venue-rehearsal")
        #expect(trial.snapshot.rehearsal == summary)
        trial.engine.stop()
    }

    @Test("what is said before the first event has the clock's time")
    func time() throws {
        let folder = try TemporaryDirectory()
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.faults = .silent(seed: 1)
        let start = EngineClock.wall.now()
        let engine = try Engine.start(configuration)
        let alert = try #require(engine.snapshot.alerts.first { $0.alert.kind == "venue-rehearsal" })
        #expect(alert.alert.time >= start)
        engine.stop()
    }

    @Test("an emergency stop against a silent venue closes the gate, sends every cancel and says what remains")
    func silentVenue() throws {
        let trial = try trial(.silent(seed: 1))
        #expect(trial.ask(.emergencyStop(keepsProtection: false, origin: "test")).isDone)
        let row = try #require(trial.snapshot.receipt?.venues.first)
        #expect(row.sent >= 1 && row.confirmed == 0 && row.remaining == row.sent)
        #expect(trial.snapshot.tradingState == .halted)
        #expect(trial.restOrder().order?.state == .denied)
        // The venue hears again: what nobody was sure about is found out, and the stop still holds.
        try trial.restart(faults: nil)
        #expect(trial.snapshot.tradingState == .halted)
        trial.wait { snapshot in
            snapshot.orders.contains { $0.order.request.purpose == .manual && $0.order.state == .canceled }
        }
        trial.engine.stop()
    }

    @Test("an emergency stop against a venue that refuses says which orders still work there")
    func refusingVenue() throws {
        let trial = try trial(.refusing(seed: 1))
        #expect(trial.ask(.emergencyStop(keepsProtection: false, origin: "test")).isDone)
        let row = try #require(trial.snapshot.receipt?.venues.first)
        #expect(row.sent >= 1 && row.confirmed == 0 && row.remaining >= 1)
        trial.wait { $0.orders.contains { $0.order.request.purpose == .manual && $0.order.state == .accepted } }
        #expect(trial.restOrder().order?.state == .denied)
        trial.engine.stop()
    }
}
