import Glibc
import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Emergency stop")
struct EmergencyTests {
    private func quiet(_ configuration: inout EngineConfiguration) { configuration.registersStarters = false }

    /// A session with a long position by hand, a resting buy and a protective sell.
    private func session(_ folder: TemporaryDirectory) throws -> EngineRig {
        let rig = try EngineRig(in: folder, quiet)
        rig.pass(seconds: 5)
        let instrument = rig.core.instruments[0]
        let quantity = try instrument.quantity("0.01")
        let last = try #require(rig.snapshot.markets[0].last)
        let bought = rig.ask(.placeOrder(order(.buy, .market, quantity)))
        #expect(bought.order?.state == .filled)
        var low = order(.buy, .limit, quantity)
        low.limitPrice = last.moved(by: -.percent(5), rounding: .down).rounded(toTick: instrument.rules.tick, .down)
        #expect(rig.ask(.placeOrder(low)).order?.state == .accepted)
        var stop = order(.sell, .stop, quantity)
        stop.triggerPrice = last.moved(by: -.percent(4), rounding: .down).rounded(toTick: instrument.rules.tick, .down)
        stop.isReduceOnly = true
        stop.purpose = .stopLoss
        #expect(rig.ask(.placeOrder(stop)).order?.state == .accepted)
        return rig
    }

    private func order(_ side: Side, _ type: OrderType, _ quantity: Quantity) -> OrderRequest {
        OrderRequest(instrument: InstrumentID(0), side: side, type: type, quantity: quantity, purpose: .manual)
    }

    @Test("a position shows the stop and the target that a person placed")
    func protectionOfAPerson() throws {
        let rig = try session(try TemporaryDirectory())
        let view = try #require(rig.snapshot.positions.first)
        let stopOrder = rig.snapshot.orders.first { $0.order.request.type == .stop }
        let stop = try #require(stopOrder?.order.request.triggerPrice)
        #expect(view.stop == stop && view.target == nil)
        var target = order(.sell, .limit, view.position.quantity)
        target.limitPrice = view.mark.moved(by: .percent(4), rounding: .up)
            .rounded(toTick: rig.core.instruments[0].rules.tick, .up)
        target.isReduceOnly = true
        #expect(rig.ask(.placeOrder(target)).order?.state == .accepted)
        #expect(rig.snapshot.positions.first?.target == target.limitPrice)
    }

    @Test("the first stage denies what opens, lets out what reduces, and leaves orders alone")
    func halt() throws {
        let rig = try session(try TemporaryDirectory())
        #expect(rig.ask(.halt(origin: "keyboard")).isDone)
        #expect(rig.snapshot.tradingState == .halted)
        #expect(rig.snapshot.orders.count { !$0.order.state.isClosed } == 2)
        let quantity = try rig.core.instruments[0].quantity("0.01")
        let denied = rig.ask(.placeOrder(order(.buy, .market, quantity)))
        #expect(denied.order?.state == .denied)
        var reducing = order(.sell, .market, try rig.core.instruments[0].quantity("0.005"))
        reducing.isReduceOnly = true
        #expect(rig.ask(.placeOrder(reducing)).order?.state == .filled)
    }

    @Test("the second stage cancels every order, says so by venue, and latches at once")
    func cancels() throws {
        let folder = try TemporaryDirectory()
        let rig = try session(folder)
        #expect(rig.ask(.emergencyStop(keepsProtection: false, origin: "keyboard")).isDone)
        let snapshot = rig.snapshot
        #expect(snapshot.orders.allSatisfy { $0.order.state.isClosed })
        let receipt = try #require(snapshot.receipt)
        #expect(receipt.origin == "keyboard")
        #expect(receipt.venues.map(\.venue) == ["SYNTHETIC"])
        #expect(receipt.venues[0].sent == 2)
        #expect(receipt.venues[0].confirmed == 2)
        #expect(receipt.venues[0].remaining == 0)
        #expect(receipt.openPositions == 1)
        #expect(!receipt.isFlattening)
        // Nothing has been written to the store yet, and the latch is there already.
        #expect(rig.core.latchThread.waitUntilIdle(milliseconds: 10_000))
        #expect(EmergencyLatch.isSet(directory: folder.path))
        rig.write()
        #expect(try rig.store.tradingState() == .halted)
        #expect(try rig.store.auditTrail().contains { $0.action == "emergency stop" && $0.origin == "keyboard" })
        #expect(snapshot.alerts.contains { $0.alert.kind == "emergency-stop" && $0.alert.priority == .critical })
    }

    @Test("protective orders stay when they are to be kept")
    func keepsProtection() throws {
        let rig = try session(try TemporaryDirectory())
        _ = rig.ask(.emergencyStop(keepsProtection: true, origin: "command"))
        let working = rig.snapshot.orders.filter { !$0.order.state.isClosed }
        #expect(working.map(\.order.request.purpose) == [.stopLoss])
        #expect(rig.snapshot.receipt?.venues[0].sent == 1)
    }

    @Test("the third stage closes every position with reduce-only orders")
    func flattens() throws {
        let rig = try session(try TemporaryDirectory())
        _ = rig.ask(.emergencyFlatten(origin: "keyboard"))
        rig.pass(seconds: 2)
        let snapshot = rig.snapshot
        #expect(snapshot.positions.isEmpty)
        #expect(snapshot.receipt?.openPositions == 0)
        #expect(snapshot.receipt?.isFlattening == true)
        let closing = snapshot.orders.filter { $0.order.request.purpose == .close }
        #expect(closing.count == 1)
        #expect(closing.allSatisfy { $0.order.request.isReduceOnly })
        rig.write()
        try checkIdentity(rig.store)
    }

    @Test("a restart finds the latch, whether the file or the store kept it", arguments: [true, false])
    func latchedOverRestart(byFile: Bool) throws {
        let folder = try TemporaryDirectory()
        let rig = try session(folder)
        _ = rig.ask(.emergencyStop(keepsProtection: false, origin: "signal"))
        // A slow disk gets the latch a little later than the stop has its answer.
        #expect(rig.core.latchThread.waitUntilIdle(milliseconds: 30_000))
        if byFile {
            // The database was gone: nothing of the stop was written.
            _ = rig.recorder.takeJobs()
        } else {
            rig.write()
            #expect(unlink(folder.directory.file(EmergencyLatch.fileName)) == 0)
        }
        try rig.store.close()
        let next = try EngineRig(in: folder, at: rig.time, quiet)
        next.pass(seconds: 5)
        #expect(next.snapshot.tradingState == .halted)
        let quantity = try next.core.instruments[0].quantity("0.01")
        #expect(next.ask(.placeOrder(order(.buy, .market, quantity))).order?.state == .denied)
        #expect(next.ask(.rearm).isDone)
        #expect(!EmergencyLatch.isSet(directory: folder.path))
        #expect(next.ask(.placeOrder(order(.buy, .market, quantity))).order?.state == .filled)
        next.write()
        let states = next.records.compactMap { record -> TradingState? in
            if case .tradingState(let state, _) = record { return state }
            return nil
        }
        #expect(states == [.active])
        #expect(try next.store.tradingState() == .active)
    }

    @Test("arming what is not latched is refused")
    func rearmRefused() throws {
        let rig = try EngineRig(in: try TemporaryDirectory(), quiet)
        #expect(rig.ask(.rearm).refusal != nil)
    }

    @Test("a stop that another process set in the store is taken over")
    func fromStore() throws {
        let rig = try session(try TemporaryDirectory())
        rig.write()
        rig.writer.watch(rig.inbox)
        rig.pump()
        #expect(rig.snapshot.tradingState == .active)
        try rig.store.setTradingState(.halted, at: rig.time)
        rig.writer.watch(rig.inbox)
        rig.pump()
        #expect(rig.snapshot.tradingState == .halted)
        #expect(rig.snapshot.orders.allSatisfy { $0.order.state.isClosed })
    }

    @Test("an engine that does not run is latched by the file alone")
    func latchWithoutEngine() throws {
        let folder = try TemporaryDirectory()
        #expect(!EmergencyLatch.isSet(directory: folder.path))
        try EmergencyLatch.set(directory: folder.path, origin: "command", time: monday)
        let rig = try EngineRig(in: folder, quiet)
        #expect(rig.snapshot.tradingState == .halted)
        try EmergencyLatch.clear(directory: folder.path)
        try EmergencyLatch.clear(directory: folder.path)
        #expect(!EmergencyLatch.isSet(directory: folder.path))
    }
}
