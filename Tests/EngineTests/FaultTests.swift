import Glibc
import Journal
import Market
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// An engine whose disk, store or strategies fail, on its own threads.
@Suite("An engine among faults", .serialized)
struct FaultTests {
    // MARK: Strategies

    @Test("a strategy in an endless loop is left behind, halted and named, and the engine trades on")
    func endlessLoop() throws {
        let trial = try Trial()
        trial.wait { !$0.orders.isEmpty }
        let orders = trial.snapshot.orders.map(\.order.id)
        WilfulStrategy.set(.hangs, trial.mark)
        trial.wait(forAlert: "engine-rebuilt")
        trial.wait { $0.strategies.first?.registration.status == .halted }
        #expect(trial.snapshot.strategies[0].statusReason.contains("did not come back"))
        #expect(trial.snapshot.alerts.contains { $0.alert.kind == "strategy-restart" })
        // What was there before is there still, and the market goes on.
        #expect(Set(trial.snapshot.orders.map(\.order.id)).isSuperset(of: orders.prefix(3)))
        let time = trial.snapshot.time
        trial.wait { $0.time > time.adding(seconds: 120) }
        #expect(trial.restOrder().order?.state == .accepted)
        WilfulStrategy.set(.trades, trial.mark)
        try trial.restart()
        #expect(trial.snapshot.strategies[0].registration.status == .halted)
        #expect(trial.snapshot.orders.contains { $0.order.request.purpose == .manual && !$0.order.state.isClosed })
        trial.engine.stop()
    }

    @Test("an emergency stop is carried out while a strategy is in an endless loop")
    func stopDuringLoop() throws {
        let trial = try Trial()
        #expect(trial.restOrder().order?.state == .accepted)
        let before = WilfulStrategy.hangingCount
        WilfulStrategy.set(.hangs, trial.mark)
        while WilfulStrategy.hangingCount == before { usleep(1_000) }
        #expect(trial.ask(.emergencyStop(keepsProtection: false, origin: "test")).isDone)
        #expect(trial.snapshot.tradingState == .halted)
        let receipt = try #require(trial.snapshot.receipt)
        #expect(receipt.venues.map(\.remaining) == [0])
        #expect(receipt.venues[0].sent >= 1)
        #expect(trial.snapshot.orders.allSatisfy { $0.order.state.isClosed })
        WilfulStrategy.set(.trades, trial.mark)
        trial.engine.stop()
    }

    @Test("a strategy that throws is halted with its reason and planned to start again")
    func throwing() throws {
        let trial = try Trial()
        WilfulStrategy.set(.throwsAlways, trial.mark)
        trial.wait { $0.strategies.first?.registration.status == .halted }
        #expect(trial.snapshot.strategies[0].statusReason == "it did not want to")
        trial.wait(forAlert: "strategy-restart")
        trial.engine.stop()
    }

    // MARK: The disk

    @Test("a full disk halts what opens, lets cancels out, and ends by itself when there is room again")
    func fullDisk() throws {
        let trial = try Trial()
        #expect(trial.restOrder().order?.state == .accepted)
        trial.files.become(.isFull)
        trial.wait(forAlert: "journal-stalled")
        let refused = trial.restOrder()
        #expect(refused.order?.state == .rejected)
        #expect(refused.order?.reason == .journal)
        let resting = try #require(trial.snapshot.orders.first { !$0.order.state.isClosed })
        #expect(trial.ask(.cancelOrder(resting.order.id)).isDone)
        trial.wait { snapshot in
            snapshot.orders.first { $0.order.id == resting.order.id }?.order.state == .canceled
        }
        trial.files.become(.works)
        trial.wait(forAlert: "journal-recovered")
        #expect(trial.restOrder().order?.state == .accepted)
        // Everything from the time without a disk is in the journal now: the next engine knows it.
        let expected = trial.snapshot.orders.filter { $0.order.request.purpose == .manual }.map(\.order.state)
        try trial.restart()
        let found = trial.snapshot.orders.filter { $0.order.request.purpose == .manual }.map(\.order.state)
        #expect(found == expected)
        trial.engine.stop()
    }

    @Test("the database takes in nothing that the journal could still lose")
    func databaseBehindJournal() throws {
        let trial = try Trial()
        trial.wait { !$0.orders.isEmpty }
        trial.files.become(.isFull)
        trial.wait(forAlert: "journal-stalled")
        let time = trial.snapshot.time
        trial.wait { $0.time > time.adding(seconds: 1_200) }
        let store = try Store(directory: trial.folder.directory)
        let place = try store.projected()
        try store.close()
        let journal = trial.folder.path + "/journal"
        var reader = try JournalReader(directory: journal, stream: .decisions, verifies: false)
        var last: UInt64 = 0
        while let record = try reader.record() { last = record.sequence }
        #expect(place > 0 && place <= last)
        trial.files.become(.works)
        trial.wait(forAlert: "journal-recovered")
        trial.engine.stop()
    }

    @Test("an emergency stop is carried out while the disk does not answer")
    func stopWithHangingDisk() throws {
        let trial = try Trial()
        for _ in 0..<5 { #expect(trial.restOrder().order?.state == .accepted) }
        trial.files.become(.hangs)
        #expect(trial.ask(.emergencyStop(keepsProtection: false, origin: "test")).isDone)
        let receipt = try #require(trial.snapshot.receipt)
        #expect(receipt.venues[0].sent >= 5)
        #expect(receipt.venues[0].remaining == 0)
        #expect(trial.restOrder().order?.state == .denied)
        trial.files.become(.works)
        trial.engine.stop()
    }

    @Test("an emergency stop cancels a thousand orders and says so")
    func thousandOrders() throws {
        // Every quote meets every order, which a build for tests is slow at.
        let trial = try Trial(speed: 5)
        let instrument = trial.snapshot.markets[0].instrument
        let order = OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: .limit, quantity: try instrument.quantity("0.001"),
            limitPrice: try instrument.price("20000"), purpose: .manual)
        for _ in 0..<1_000 { trial.engine.send(.placeOrder(order)) }
        trial.wait { $0.orders.count { !$0.order.state.isClosed } >= 1_000 }
        #expect(trial.ask(.emergencyStop(keepsProtection: false, origin: "test")).isDone)
        let receipt = try #require(trial.snapshot.receipt)
        #expect(receipt.venues[0].sent >= 1_000)
        #expect(receipt.venues[0].confirmed == receipt.venues[0].sent)
        trial.engine.stop()
    }

    // MARK: The store

    @Test("what a locked database could not take is taken from the journal by the next engine, each row once")
    func lockedStore() throws {
        let trial = try Trial()
        trial.wait { $0.orders.count >= 2 }
        let lock = try ForeignLock(path: trial.folder.directory.databasePath)
        let count = trial.snapshot.orders.count
        trial.wait { $0.orders.count >= count + 3 }
        #expect(trial.ask(.emergencyStop(keepsProtection: false, origin: "test")).isDone)
        #expect(trial.snapshot.health.storeBacklog > 0)
        // The engine ends with the database still locked: what waits in memory is lost there.
        trial.engine.stop(flushesStore: false)
        let orders = trial.snapshot.orders.map(\.order)
        try lock.release()
        try trial.restart()
        trial.engine.stop()
        let store = try Store(directory: trial.folder.directory)
        let stored = try store.orders(limit: 10_000).map(\.order)
        #expect(Set(stored.map(\.id)).count == stored.count)
        #expect(Set(stored.map(\.id)).isSuperset(of: orders.map(\.id)))
        let fills = try store.fills(limit: 10_000)
        #expect(Set(fills.map(\.record.fill.tradeID)).count == fills.count)
        // Whatever the strategy has sold since: the cash is what the fills came to, none missing and none twice.
        let cash = fills.reduce(Money(whole: 1_000_000, .usdt)) { cash, entry in
            let fill = entry.record.fill
            let notional = entry.instrument.notional(fill.price, fill.quantity)
            return (entry.record.side == .buy ? cash - notional : cash + notional) - fill.quoteFee
        }
        #expect(try store.account()?.cash == cash)
    }
}
