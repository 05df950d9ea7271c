import Market
import Testing

@testable import Trading

/// A stop that takes the place of another.
@Suite("Moving a stop where a sale locks what it sells") struct ReplacementTests {
    /// A position of 1 with a trailing stop that works at 90, and the stop that was sent to take its place at 108.
    private func moving(flat: String = "9") -> (fixture: Fixture, old: OrderID, new: OrderID, effects: [Effect]) {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(
            script: [("long", "1"), ("flat", flat)], protection: Protection(trailingStop: .percent(10)))
        let entry = fixture.candle(100).submitted[0]
        let old = fixture.fill(entry.id, at: 100).submitted[0]
        fixture.report(old.id, .accepted)
        let effects = fixture.candle(120)
        return (fixture, old.id, effects.submitted.first?.id ?? old.id, effects)
    }

    /// The stops that are open by the books, and which of them are being cancelled.
    private func stops(_ fixture: Fixture) -> [OrderID: Bool] {
        Dictionary(
            fixture.kernel.openOrders.filter(\.request.purpose.isStop).map { ($0.id, $0.isCancelPending) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Lets seconds pass.
    @discardableResult
    private func pass(_ fixture: inout Fixture, _ seconds: Int64) -> [Effect] {
        let start = max(fixture.kernel.now, fixture.now)
        return (1...seconds).flatMap { fixture.step(.timer(start.adding(seconds: $0))) }
    }

    @Test("the new stop and the cancel of the old one leave in one step")
    func together() {
        let (fixture, old, new, effects) = moving()
        #expect(effects.submitted.map(\.request.triggerPrice) == [Price(mantissa: 10_800)])
        #expect(effects.submitted.map(\.request.quantity.mantissa) == [1_000])
        #expect(effects.cancelled == [old] && stops(fixture) == [old: true, new: false])
    }

    @Test("exchanged, the new one is all there is, in whatever order it is told", arguments: [true, false])
    func exchanged(_ isOldFirst: Bool) {
        var (fixture, old, new, _) = moving()
        if isOldFirst { fixture.report(old, .canceled(.venue)) }
        fixture.report(new, .accepted)
        if !isOldFirst { fixture.report(old, .canceled(.venue)) }
        #expect(stops(fixture) == [new: false])
        #expect(fixture.candle(130).submitted.map(\.request.triggerPrice) == [Price(mantissa: 11_700)])
    }

    @Test("where nothing was done the old one stays, is asked about, and moves with a later candle")
    func notDone() {
        var (fixture, old, new, _) = moving()
        let after = fixture.report(new, .rejected(.notSent))
        #expect(after.submitted.isEmpty && after.cancelled.isEmpty)
        #expect(after.alerts.map(\.kind).contains("stop-not-moved"))
        #expect(!after.alerts.map(\.kind).contains("unprotected"))
        #expect(stops(fixture) == [old: false] && fixture.kernel.inquiries.map(\.order) == [old])
        // At once the same would come of it.
        #expect(fixture.step(.timer(fixture.now.adding(seconds: 2))).submitted.isEmpty)
        #expect(fixture.candle(130).submitted.map(\.request.triggerPrice) == [Price(mantissa: 11_700)])
    }

    @Test("cancelled and not placed: another is placed at once, and once, and a person is told")
    func halfDone() {
        var (fixture, old, new, _) = moving()
        fixture.report(old, .canceled(.venue))
        let after = fixture.report(new, .rejected(.insufficientBalance))
        #expect(after.submitted.map(\.request.purpose) == [.trailingStop])
        #expect(after.alerts.contains { $0.kind == "unprotected" && $0.priority == .critical })
        let again = fixture.report(after.submitted[0].id, .rejected(.insufficientBalance))
        #expect(again.submitted.isEmpty && again.alerts.contains { $0.kind == "unprotected" })
        #expect(pass(&fixture, 10).submitted.map(\.request.purpose) == [.trailingStop])
    }

    @Test("cancelled and passed by the market meanwhile: the position is closed at the market")
    func overtaken() {
        var (fixture, old, new, _) = moving()
        fixture.report(old, .canceled(.venue))
        let after = fixture.report(new, .rejected(.overtaken)).submitted
        #expect(after.map(\.request.purpose) == [.exit])
    }

    @Test("an old stop that fills instead closes the position, and nothing is left")
    func filledInstead() {
        var (fixture, old, new, _) = moving()
        fixture.fill(old, at: 90)
        fixture.report(new, .rejected(.notSent))
        #expect(
            fixture.kernel.openOrders.isEmpty && fixture.kernel.position(StrategyID(rawValue: 1), Fixture.btc).isFlat)
    }

    @Test("while nobody knows whether the new one works the old one's cancel is not repeated, and then it stays")
    func inDoubt() {
        var (fixture, old, new, _) = moving()
        fixture.report(new, .unanswered)
        fixture.report(old, .cancelUnanswered)
        let status = OrderStatus(
            state: .accepted, quantity: Quantity(mantissa: 1_000), triggerPrice: Price(mantissa: 9_000))
        #expect(fixture.report(old, .status(status)).cancelled.isEmpty)
        // Proved never to have arrived.
        for _ in 0..<70 {
            pass(&fixture, 1)
            if fixture.kernel.order(new)?.state == .unknown {
                fixture.step(.report(OrderReport(order: new, time: fixture.kernel.now, kind: .notFound)))
            }
        }
        #expect(fixture.kernel.order(new)?.state == .lost)
        #expect(stops(fixture) == [old: false])
    }

    @Test("that the old one is gone and nobody knows of the new one is told as critical")
    func nothingKnown() {
        var (fixture, old, new, _) = moving()
        fixture.report(new, .unanswered)
        let after = fixture.report(old, .canceled(.venue))
        #expect(after.submitted.isEmpty)
        #expect(after.alerts.contains { $0.kind == "protection-in-doubt" && $0.priority == .critical })
    }

    @Test("an exit that comes meanwhile has both cancelled, and leaves when both are gone")
    func exitMeanwhile() {
        var (fixture, old, new, _) = moving(flat: "3")
        let leaving = fixture.candle(121)
        #expect(Set(leaving.cancelled) == [old, new] && leaving.submitted.isEmpty)
        #expect(fixture.report(new, .rejected(.notSent)).submitted.isEmpty)
        let sent = fixture.report(old, .canceled(.venue)).submitted
        #expect(sent.map(\.request.purpose) == [.exit])
    }

    @Test("the emergency stop cancels both, and neither comes back")
    func emergency() {
        var (fixture, old, new, _) = moving()
        let stop = fixture.step(.command(.emergencyStop(keepsProtection: false), at: fixture.now))
        #expect(Set(stop.cancelled) == [old, new])
        fixture.report(new, .rejected(.notSent))
        #expect(stops(fixture) == [old: true])
        #expect(fixture.report(old, .canceled(.venue)).submitted.isEmpty)
        #expect(pass(&fixture, 20).submitted.isEmpty)
    }

    @Test("a stop that has grown too small is replaced by one of the right size")
    func resized() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(script: [("long", "1"), ("flat", "9")], protection: Protection(stopLoss: .percent(2)))
        let entry = fixture.candle(100).submitted[0]
        fixture.fill(entry.id, at: 100, 400)
        // Taken for ended, and then it goes on: what it fills with besides is protected too.
        let small = fixture.report(entry.id, .expired(.notFilledAtOnce)).submitted[0]
        fixture.report(small.id, .accepted)
        let grown = fixture.fill(entry.id, at: 100, 600)
        #expect(grown.submitted.map(\.request.quantity.mantissa) == [1_000] && grown.cancelled == [small.id])
    }

    // MARK: - Whatever happens

    @Test(
        "whatever becomes of requests and answers, stops never sell more than is held, and none is missing untold",
        arguments: 0..<400)
    func whatever(_ seed: Int) {
        var world = StopWorld(seed: UInt64(seed))
        for round in 0..<25 {
            world.candle()
            for _ in 0..<12 { world.second() }
            #expect(world.problem == nil, "seed \(seed), round \(round)")
            if world.problem != nil { return }
        }
        world.calm()
        for _ in 0..<120 { world.second() }
        #expect(world.problem == nil && world.restProblem == nil, "seed \(seed): \(world.restProblem ?? "")")
    }
}
