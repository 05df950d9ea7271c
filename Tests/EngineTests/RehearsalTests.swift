import Market
import Simulation
import Storage
import Testing
import Trading

@testable import Engine

@Suite("An engine whose venue has a bad day")
struct RehearsalTests {
    private func configure(_ faults: FaultPlan?) -> (inout EngineConfiguration) -> Void {
        { configuration in
            configuration.registersStarters = false
            configuration.limits = RiskLimits(maximumOpenOrders: 30)
            configuration.faults = faults
        }
    }

    /// A directory with a strategy that trades often, behind stops and targets.
    private func busy() throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let rig = try JournalRig(in: folder, configure(nil))
        let bitcoin = try #require(try rig.stores.account.instruments().first { $0.symbol == "BTCUSDT" })
        _ = try rig.stores.account.add(
            StrategyRecord(
                name: "fast", className: "ema-crossover", parameters: ["fast": "2", "slow": "5"], instrument: bitcoin,
                timeframe: .oneMinute, sizing: .equityShare(.percent(30)),
                protection: Protection(stopLoss: .percent(1), takeProfit: .percent(1)), status: .enabled), at: monday)
        rig.write()
        rig.abandon()
        return folder
    }

    @Test("killed at any moment of a bad day and started again, it ends as if nothing had happened")
    func killedOnABadDay() throws {
        let faults = FaultPlan.badDay(seed: 11)
        let whole = try JournalRig(in: try busy(), configure(faults))
        var copies: [(folder: TemporaryDirectory, time: Timestamp)] = []
        for seconds: Int64 in [1_203, 67, 1_799] {
            whole.pass(seconds: seconds)
            copies.append((try whole.crashImage(), whole.time))
        }
        whole.pass(seconds: 3_600)
        #expect(whole.core.kernel.account.fees.units > 0)
        // Comparisons of sessions that go on may ask earlier than a session that nobody killed: they are held apart.
        for copy in copies {
            let resumed = try JournalRig(in: copy.folder, at: copy.time, configure(faults))
            let followed = try JournalRig(in: try resumed.crashImage(), at: copy.time, configure(faults))
            #expect(followed.state == resumed.state, "killed at \(copy.time)")
            followed.abandon()
            resumed.pass(seconds: whole.time.nanoseconds(since: copy.time) / 1_000_000_000)
            #expect(resumed.core.kernel.blocks.isEmpty)
            resumed.abandon()
        }
        whole.abandon()
    }

    @Test("nothing is lost: once the venue is sound again, books and venue agree")
    func settles() throws {
        let rig = try JournalRig(in: try busy(), configure(.badDay(seed: 5)))
        rig.pass(seconds: 7_200)
        rig.core.exchange.rehearse(nil)
        rig.pass(seconds: 300)
        let net = rig.core.kernel.positions.reduce(Quantity.zero) { $0 + $1.quantity }
        let held = rig.core.exchange.venue.allHoldings.reduce(Quantity.zero) { $0 + $1.quantity }
        #expect(net == held)
        #expect(rig.core.kernel.account.cash == rig.core.exchange.venue.cash)
        rig.abandon()
    }

    @Test(
        "the receipt of an emergency stop counts what a venue did not confirm as remaining",
        arguments: [FaultPlan.silent(seed: 1), FaultPlan.refusing(seed: 1)])
    func emergencyStop(faults: FaultPlan) throws {
        let first = try JournalRig(in: try TemporaryDirectory(), configure(nil))
        first.pass(seconds: 5)
        let instrument = first.core.instruments[0]
        let mark = try #require(first.core.kernel.mark(InstrumentID(0)))
        for _ in 0..<3 {
            let reply = first.ask(
                .placeOrder(
                    OrderRequest(
                        instrument: InstrumentID(0), side: .buy, type: .limit,
                        quantity: Quantity(mantissa: 500 * instrument.rules.quantityStep.mantissa),
                        limitPrice: Price(mantissa: mark.mantissa / 2).rounded(toTick: instrument.rules.tick, .down),
                        purpose: .manual)))
            #expect(reply.order?.state == .accepted)
        }
        first.pass(seconds: 30)
        let rig = try JournalRig(in: try first.crashImage(), at: first.time, configure(faults))
        first.abandon()
        #expect(rig.core.exchange.connection.plan == faults)
        _ = rig.ask(.emergencyStop(keepsProtection: false, origin: "test"))
        rig.pass(seconds: 20)
        let row = try #require(rig.core.currentReceipt()?.venues.first)
        #expect(row.sent == 3 && row.confirmed == 0 && row.remaining == 3)
        #expect(rig.core.kernel.tradingState == .halted)
        let next = try JournalRig(in: try rig.crashImage(), at: rig.time, configure(faults))
        #expect(next.state == rig.state)
        next.abandon()
        // A venue that is sound again is told anew, and the receipt follows.
        rig.core.exchange.rehearse(nil)
        rig.pass(seconds: 120)
        let after = try #require(rig.core.currentReceipt()?.venues.first)
        if faults == .silent(seed: 1) { #expect(after.confirmed == 3 && after.remaining == 0) }
        rig.abandon()
    }
}
