import Market
import Testing
import Trading

@testable import Venues

extension Behaviour {
    /// Orders that wait for another.
    static let brackets: [Behaviour] = [
        Behaviour("what waits for an order ends with it when it is cancelled", needs: .bracket) { bench in
            let list = bench.bracket()
            _ = try await bench.venue.place(list).confirmed()
            _ = try await bench.venue.cancel(list.orders[0].clientOrderID, of: bench.instrument).confirmed()
            try await bench.expectEnds(list.orders)
            try await bench.expectOrders([])
        },
        Behaviour("what waits for an order that is cancelled half filled never works", needs: .bracket) { bench in
            let list = bench.bracket()
            _ = try await bench.venue.place(list).confirmed()
            try await bench.take(.sell, bench.quantity(20), at: bench.price(-5))
            try await bench.events.wait("a part of the entry") { _ in
                !bench.events.executions(list.orders[0].clientOrderID).isEmpty
            }
            let cancelled = try await bench.venue.cancel(list.orders[0].clientOrderID, of: bench.instrument).confirmed()
            #expect(cancelled.clientOrderID == list.orders[0].clientOrderID)
            #expect(cancelled.status.filled == bench.quantity(20))
            try await bench.expectEnds(list.orders)
            for order in list.orders.dropFirst() {
                let told = bench.events.of(order.clientOrderID).allSatisfy { $0.order.isWaiting || !$0.order.isOpen }
                #expect(told && bench.events.executions(order.clientOrderID) == [])
            }
            try await bench.expectOrders([])
        },
        Behaviour("who cancels what waits cancels what it waits for", needs: .bracket) { bench in
            let list = bench.bracket()
            _ = try await bench.venue.place(list).confirmed()
            let stop = list.orders[2].clientOrderID
            let cancelled = try await bench.venue.cancel(stop, of: bench.instrument).confirmed()
            #expect(cancelled.clientOrderID == stop)
            try await bench.expectEnds(list.orders)
            try await bench.expectOrders([])
        },
        Behaviour("what can't be paid for when its time comes ends without a trade", needs: .sequence) { bench in
            let entry = bench.limit(.buy, 50, at: -5)
            // A hundred of them, and nobody here has that many.
            let after = bench.limit(.sell, 1_000_000, at: 10)
            let list = OrderListPlacement(clientListID: bench.number(), .sequence, [entry, after])
            _ = try await bench.venue.place(list).confirmed()
            try await bench.take(.sell, bench.quantity(50), at: bench.price(-5))
            try await bench.expectEnds(list.orders)
            #expect(bench.events.of(entry.clientOrderID).last?.order.status.state == .filled)
            #expect(bench.events.executions(after.clientOrderID) == [])
            try await bench.expectOrders([])
        },
        Behaviour("when the answer to an entry with its pair is lost, all of it is found", needs: .bracket) { bench in
            try bench.misbehave(.request(.placeList, .answerLost, times: 1))
            let list = bench.bracket()
            #expect(await bench.venue.place(list).word == "unknown")
            for order in list.orders {
                guard case .found(let receipt) = await bench.venue.resolve(order.clientOrderID, of: bench.instrument)
                else { throw Misfit("\(order.clientOrderID) is there") }
                #expect(receipt.order.isOpen && receipt.order.listID != nil)
            }
            try await bench.expectOrders(Set(list.orders.map(\.clientOrderID)))
        },
        Behaviour("when an entry with its pair never arrives, the absence of all of it is proved", needs: .bracket) {
            bench in
            try bench.misbehave(.request(.placeList, .lost, times: 1))
            let list = bench.bracket()
            #expect(await bench.venue.place(list).word == "unknown")
            for order in list.orders {
                guard case .absent = await bench.venue.resolve(order.clientOrderID, of: bench.instrument) else {
                    throw Misfit("\(order.clientOrderID) never was")
                }
            }
        },
        Behaviour(
            "an entry with a number that works already brings nothing", needs: .bracket, .refusesDuplicates
        ) { bench in
            let first = bench.limit()
            _ = try await bench.resting(first)
            var list = bench.bracket()
            list.orders[0].clientOrderID = first.clientOrderID
            if case .confirmed = await bench.venue.place(list) { throw Misfit("it was taken twice") }
            try await bench.expectOrders([first.clientOrderID])
        },
        Behaviour("an entry that can't be paid for brings nothing", needs: .bracket) { bench in
            var list = bench.bracket()
            list.orders[0].quantity = bench.quantity(9_000_000)
            #expect(await bench.venue.place(list).word.hasPrefix("refused"))
            try await bench.expectOrders([])
        },
    ]
}

extension VenueBench {
    /// An entry below the market with a target and a stop for what a fee leaves of it.
    fileprivate func bracket() -> OrderListPlacement {
        let (pair, target, stop) = pair(40)
        return OrderListPlacement(clientListID: pair.clientListID, .bracket, [limit(.buy, 50, at: -5), target, stop])
    }

    /// Expects all of them to end.
    fileprivate func expectEnds(_ orders: [OrderPlacement]) async throws {
        for order in orders {
            try await events.wait("the end of \(order.clientOrderID)") { _ in
                events.of(order.clientOrderID).last?.order.isOpen == false
            }
        }
    }
}
