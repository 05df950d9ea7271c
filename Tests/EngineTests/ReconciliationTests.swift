import Bytes
import Glibc
import Journal
import Market
import Storage
import Testing
import Trading

@testable import Engine
@testable import Simulation

@Suite("What a resumed engine makes of its venue's word")
struct ReconciliationTests {
    private static let id = InstrumentID(0)

    private func configure(_ configuration: inout EngineConfiguration) {
        configuration.registersStarters = false
        configuration.limits = .none
    }

    /// An engine that holds something, with a buy that rests far below the market; a minute later, so that all is quiet.
    private func resting() throws -> (rig: JournalRig, order: OrderID) {
        let rig = try JournalRig(in: try TemporaryDirectory(), configure)
        rig.pass(seconds: 5)
        let step = rig.core.instruments[0].rules.quantityStep.mantissa
        #expect(rig.ask(buy(rig, steps: 1_000)).order?.state == .filled)
        let mark = try #require(rig.core.kernel.mark(ReconciliationTests.id))
        let low = Price(mantissa: mark.mantissa / 2).rounded(toTick: rig.core.instruments[0].rules.tick, .down)
        let reply = rig.ask(
            .placeOrder(
                OrderRequest(
                    instrument: ReconciliationTests.id, side: .buy, type: .limit,
                    quantity: Quantity(mantissa: 500 * step), limitPrice: low, purpose: .manual)))
        let order = try #require(reply.order)
        #expect(order.state == .accepted)
        rig.pass(seconds: 60)
        return (rig, order.id)
    }

    private func buy(_ rig: JournalRig, steps: Int64) -> EngineRequest {
        .placeOrder(
            OrderRequest(
                instrument: ReconciliationTests.id, side: .buy, type: .market,
                quantity: Quantity(mantissa: steps * rig.core.instruments[0].rules.quantityStep.mantissa),
                purpose: .manual))
    }

    /// What a killed engine leaves whose venue meanwhile became another.
    private func killed(
        _ rig: JournalRig, _ change: (inout SimulatedVenueImage) throws -> Void
    ) throws -> TemporaryDirectory {
        let exchange = rig.core.exchange
        var image = exchange.image(session: rig.core.sessionNumber)
        try change(&image.venue)
        var writer = ByteWriter()
        image.write(to: &writer)
        let checkpoints = Checkpointer(journal: rig.journal)
        checkpoints.writeNow(
            JournalCheckpoint(
                decision: exchange.log.lastDecision, market: exchange.log.lastMarket, position: exchange.log.position,
                time: rig.core.kernel.now.nanoseconds, bordersSession: true), writer.bytes)
        #expect(checkpoints.problem == nil)
        let copy = try rig.crashImage()
        rig.abandon()
        return copy
    }

    private func resumed(_ folder: TemporaryDirectory, at time: Timestamp) throws -> JournalRig {
        try JournalRig(in: folder, at: time, configure)
    }

    /// Kills the engine, and has another follow it: it must come to the same state, and find nothing new.
    private func expectFollowed(_ rig: JournalRig) throws {
        let findings = try rig.decisions([.finding]).count
        let next = try resumed(try rig.crashImage(), at: rig.time)
        #expect(next.state == rig.state)
        #expect(try next.decisions([.finding]).count == findings)
        #expect(next.core.kernel.blocks == rig.core.kernel.blocks)
        next.abandon()
        rig.abandon()
    }

    private func kinds(_ rig: JournalRig) -> [String] { rig.core.alerts.views.map(\.alert.kind) }

    @Test("a venue that agrees leaves nothing to do")
    func healthy() throws {
        let (rig, _) = try resting()
        let folder = try killed(rig) { _ in }
        let next = try resumed(folder, at: rig.time)
        #expect(try next.decisions([.finding, .reconciliation]).isEmpty)
        #expect(next.state == rig.state)
        #expect(next.core.kernel.blocks.isEmpty && !kinds(next).contains("venue-differed"))
        #expect(next.ask(.acceptPosition(ReconciliationTests.id)).refusal?.contains("agrees") == true)
        #expect(next.ask(.acceptCash).refusal?.contains("agrees") == true)
        try expectFollowed(next)
    }

    @Test("a fill that was missed is booked, and cash and position agree")
    func missedFill() throws {
        let (rig, order) = try resting()
        let folder = try killed(rig) { venue in
            let working = try #require(venue.books[0].first { $0.id == order })
            venue.books[0].removeAll { $0.id == order }
            let price = try #require(working.request.limitPrice)
            let fill = Fill(
                tradeID: venue.nextTradeID, price: price, quantity: working.request.quantity, quoteFee: .zero(.usdt),
                liquidity: .maker)
            venue.nextTradeID += 1
            var filled = working
            filled.filled = working.request.quantity
            venue.memory.note(fill, of: working, at: rig.core.kernel.now)
            venue.memory.note(filled, .filled, .none, at: rig.core.kernel.now)
            venue.holdings[0][0].quantity = venue.holdings[0][0].quantity + fill.quantity
            venue.cash -= rig.core.instruments[0].notional(price, fill.quantity)
        }
        let next = try resumed(folder, at: rig.time)
        #expect(next.core.kernel.order(order)?.state == .filled)
        #expect(
            next.core.kernel.position(.manual, ReconciliationTests.id).quantity
                == next.core.exchange.venue.holding(.manual, ReconciliationTests.id))
        #expect(next.core.kernel.account.cash == next.core.exchange.venue.cash)
        #expect(next.core.kernel.blocks.isEmpty)
        #expect(kinds(next).contains("venue-differed"))
        try expectFollowed(next)
    }

    @Test("an order that is missing at the venue is asked about, and given up only once that is proved")
    func missingOrder() throws {
        let (rig, order) = try resting()
        let folder = try killed(rig) { $0.books[0].removeAll { $0.id == order } }
        let next = try resumed(folder, at: rig.time)
        #expect(try next.decisions([.finding]).count == 1)
        #expect(next.core.kernel.order(order)?.state == .unknown)
        let middle = try resumed(try next.crashImage(), at: next.time)
        #expect(middle.state == next.state)
        next.pass(seconds: 120)
        middle.pass(seconds: 120)
        #expect(next.core.kernel.order(order)?.state.isClosed == true)
        #expect(middle.state == next.state)
        middle.abandon()
        try expectFollowed(next)
    }

    @Test("a position that differs is blocked until a person accepts the venue's word")
    func mismatch() throws {
        let (rig, _) = try resting()
        let held = rig.core.kernel.position(.manual, ReconciliationTests.id).quantity
        let step = rig.core.instruments[0].rules.quantityStep.mantissa
        let folder = try killed(rig) { venue in
            venue.holdings[0][0].quantity = Quantity(mantissa: held.mantissa + 300 * step)
        }
        let next = try resumed(folder, at: rig.time)
        next.core.publishNow()
        #expect(next.core.kernel.blocks.map(\.instrument) == [ReconciliationTests.id])
        #expect(next.core.snapshot.blocks == next.core.kernel.blocks)
        #expect(kinds(next).contains("unreconciled"))
        let denied = next.ask(buy(next, steps: 50)).order
        #expect(denied?.state == .denied)
        let followed = try resumed(try next.crashImage(), at: next.time)
        #expect(followed.state == next.state && followed.core.kernel.blocks.count == 1)
        followed.abandon()

        #expect(next.ask(.acceptPosition(ReconciliationTests.id)).isDone)
        #expect(
            next.core.kernel.position(.manual, ReconciliationTests.id).quantity.mantissa == held.mantissa + 300 * step)
        #expect(next.core.kernel.blocks.isEmpty)
        // What the difference cost nobody knows: that cash differs now is told, and settled by a word of its own.
        #expect(kinds(next).contains("cash-differs"))
        #expect(next.ask(.acceptCash).isDone)
        #expect(next.core.kernel.account.cash == next.core.exchange.venue.cash)
        #expect(next.ask(buy(next, steps: 50)).order?.state == .filled)
        next.write()
        let audit = try next.stores.account.auditTrail(limit: 20)
        #expect(audit.contains { $0.action == "accept position" && $0.origin == "test" })
        next.pass(seconds: 10)
        try expectFollowed(next)
    }

    @Test("an instrument that nobody holds by our books and the venue does is shown and blocked, too")
    func unknownHolding() throws {
        let (rig, _) = try resting()
        let other = InstrumentID(1)
        let quantity = Quantity(mantissa: 500 * rig.core.instruments[1].rules.quantityStep.mantissa)
        let folder = try killed(rig) {
            $0.holdings[1].append(VenueHolding(owner: .manual, instrument: other, quantity: quantity))
        }
        let next = try resumed(folder, at: rig.time)
        #expect(next.core.kernel.blocks.map(\.instrument) == [other])
        #expect(next.ask(buy(next, steps: 50)).order?.state == .filled)
        #expect(next.ask(.acceptPosition(other)).isDone)
        #expect(next.core.kernel.position(.manual, other).quantity == quantity)
        next.pass(seconds: 10)
        try expectFollowed(next)
    }

    @Test("venues know orders by numbers of the journal, which a restart does not change")
    func clientOrderIDs() throws {
        let (rig, order) = try resting()
        rig.core.publishNow()
        let view = try #require(rig.core.snapshot.orders.first { $0.order.id == order })
        let number = try #require(view.clientID)
        let submission = try #require(rig.core.exchange.tags[order]?.submission)
        #expect(number.sequence == submission && number.ordinal == 0)
        #expect(try rig.decisions([.submit]).map(\.sequence).contains(submission))
        let next = try resumed(try killed(rig) { _ in }, at: rig.time)
        next.core.publishNow()
        #expect(next.core.snapshot.orders.first { $0.order.id == order }?.clientID == number)
        next.abandon()
    }

    @Test("an engine's name is made once, and a file that holds none is never replaced")
    func instance() throws {
        let folder = try TemporaryDirectory()
        let made = try InstanceFile.take(directory: folder.path)
        #expect(try InstanceFile.take(directory: folder.path) == made)
        let file = try #require(fopen(folder.path + "/" + InstanceFile.fileName, "w"))
        fputs("no name\n", file)
        fclose(file)
        #expect(throws: EngineError.self) { try InstanceFile.take(directory: folder.path) }
        #expect(throws: EngineError.self) { try InstanceFile.take(directory: folder.path) }
    }
}
