import Market
import Simulation
import Testing

@testable import Trading

@Suite("A venue that misbehaves")
struct FaultyVenueTests {
    @Test("after a bad day kernel and venue agree to the last digit, and what is held is protected", arguments: 1...200)
    func badDay(seed: Int) throws {
        var session = try FaultSession(
            .badDay(seed: UInt64(seed)), participation: seed % 3 == 0 ? .percent(50) : nil)
        for _ in 0..<3_600 { session.second() }
        session.heal()
        #expect(session.differences == [])
        #expect(session.unprotected == [])
        #expect(session.venue.arrivals.allSatisfy { $0.count == 1 })
        #expect(!session.submitted.isEmpty)
    }

    @Test("reports that never come are found by comparing, and nothing else is", arguments: 1...100)
    func lostReports(seed: Int) throws {
        var plan = FaultPlan.badDay(seed: UInt64(seed) + 1_000)
        plan.lostReports = 60
        var session = try FaultSession(plan, participation: seed % 3 == 0 ? .percent(50) : nil)
        session.isReconciling = true
        for _ in 0..<2_400 { session.second() }
        session.heal()
        #expect(session.differences == [])
        #expect(session.unprotected == [])
        #expect(session.mismatches == [])
        #expect(session.venue.arrivals.allSatisfy { $0.count == 1 })
    }

    @Test("the same plan does the same again")
    func repeatable() throws {
        func run() throws -> [Alert] {
            var session = try FaultSession(.badDay(seed: 9))
            for _ in 0..<1_200 { session.second() }
            return session.alerts
        }
        let first = try run()
        #expect(first.count > 5)
        #expect(try run() == first)
    }

    @Test("without faults it is the venue itself: nothing is asked, nobody is told")
    func transparent() throws {
        var session = try FaultSession(FaultPlan(seed: 5))
        for _ in 0..<2_400 { session.second() }
        #expect(session.differences == [])
        let kinds = session.alerts.map(\.kind)
        #expect(!kinds.contains("unanswered") && !kinds.contains("late-fill") && !kinds.contains("duplicate-fill"))
    }

    @Test("an order whose answer is lost is found by one question, and never sent again")
    func acceptThenLoseTheAnswer() throws {
        var plan = FaultPlan(seed: 1)
        plan.lostAnswers = 1_000
        plan.toldUnanswered = 1_000
        var session = try FaultSession(plan)
        let request = OrderRequest(
            instrument: FaultSession.id, side: .buy, type: .market, quantity: Quantity(mantissa: 10_000),
            purpose: .manual)
        session.step(.command(.place(request, owner: .manual), at: session.time))
        let id = try #require(session.submitted.last)
        for _ in 0..<12 { session.second(isMoving: false) }
        #expect(session.kernel.order(id)?.state == .unknown)
        session.venue.plan.lostAnswers = 0
        for _ in 0..<40 { session.second(isMoving: false) }
        #expect(session.kernel.order(id)?.state == .filled)
        #expect(session.kernel.position(.manual, FaultSession.id).quantity == Quantity(mantissa: 10_000))
        #expect(session.venue.arrivals.filter { $0.order == id }.map(\.count) == [1])
    }

    @Test("an order that never arrived is given up after a minute and three proofs")
    func neverArrived() throws {
        var plan = FaultPlan(seed: 1)
        plan.lostRequests = 1_000
        var session = try FaultSession(plan)
        let request = OrderRequest(
            instrument: FaultSession.id, side: .buy, type: .market, quantity: Quantity(mantissa: 10_000),
            purpose: .manual)
        session.step(.command(.place(request, owner: .manual), at: session.time))
        let id = try #require(session.submitted.last)
        session.venue.plan = plan.healed
        for _ in 0..<59 { session.second(isMoving: false) }
        #expect(session.kernel.order(id)?.state == .unknown)
        for _ in 0..<60 { session.second(isMoving: false) }
        #expect(session.kernel.order(id)?.state == .lost)
        #expect(!session.venue.arrivals.contains { $0.order == id })
    }

    @Test("what somebody else trades on the account blocks the instrument until a person accepts it")
    func external() throws {
        var session = try FaultSession(FaultPlan(seed: 5))
        for _ in 0..<10 { session.second(isMoving: false) }
        #expect(session.comparison == [])
        var request = OrderRequest(
            instrument: FaultSession.id, side: .buy, type: .limit, quantity: Quantity(mantissa: 10_000),
            limitPrice: Price(mantissa: 900_000), purpose: .manual)
        session.venue.placeExternal(request, at: session.time)
        guard case .external(let shown)? = session.comparison.first else {
            Issue.record("the resting order is not shown")
            return
        }
        #expect(shown.order == nil && shown.status.state == .accepted && session.comparison.count == 1)
        request.type = .market
        request.limitPrice = nil
        session.venue.placeExternal(request, at: session.time)
        session.reconcile()
        #expect(session.kernel.block(of: FaultSession.id) != nil)
        #expect(session.alerts.contains { $0.kind == "unreconciled" && $0.priority == .critical })
        let mismatches = Reconciliation.compare(
            ours: session.unblocked, venue: session.venue.venue.view(at: session.time, fillsSince: FillTable.start))
        for case .mismatch(let mismatch) in mismatches {
            let truth = mismatch.accepted(cash: session.venue.venue.cash)
            session.step(.command(.accept(truth), at: session.time))
        }
        #expect(session.kernel.block(of: FaultSession.id) == nil)
        #expect(session.kernel.account.cash == session.venue.venue.cash)
        #expect(session.comparison == [.external(shown)])
    }
}
