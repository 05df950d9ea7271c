import Market
import Testing
import Trading

@testable import Venues

extension Behaviour {
    /// Orders are cancelled.
    static let cancelling: [Behaviour] = [
        Behaviour("a cancel is confirmed and told under the order's own number") { bench in
            let order = bench.limit()
            _ = try await bench.resting(order)
            let cancelled = try await bench.venue.cancel(order.clientOrderID, of: bench.instrument).confirmed()
            #expect(cancelled.status.state == .canceled && cancelled.clientOrderID == order.clientOrderID)
            try await bench.events.expect(["accepted", "canceled"], of: order.clientOrderID)
        },
        Behaviour("what filled before a cancel stays filled") { bench in
            let order = bench.limit(at: -5)
            _ = try await bench.resting(order)
            try await bench.take(.sell, bench.quantity(40), at: bench.price(-5))
            let cancelled = try await bench.venue.cancel(order.clientOrderID, of: bench.instrument).confirmed()
            #expect(cancelled.status.state == .canceled && cancelled.status.filled == bench.quantity(40))
            try await bench.events.expect(["accepted", "filled", "canceled"], of: order.clientOrderID)
        },
        Behaviour("a cancel of what has filled is refused, and the order says why") { bench in
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            let order = bench.limit(at: 1)
            _ = try await bench.venue.place(order).confirmed()
            #expect(await bench.venue.cancel(order.clientOrderID, of: bench.instrument).word == "refused noSuchOrder")
            #expect(try await bench.asked(order.clientOrderID).status.state == .filled)
        },
        Behaviour("a cancel of what never was is refused") { bench in
            #expect(await bench.venue.cancel(bench.number(), of: bench.instrument).word == "refused noSuchOrder")
        },
        Behaviour("a cancel may be asked for twice") { bench in
            let order = bench.limit()
            _ = try await bench.resting(order)
            _ = try await bench.venue.cancel(order.clientOrderID, of: bench.instrument).confirmed()
            #expect(await bench.venue.cancel(order.clientOrderID, of: bench.instrument).word == "refused noSuchOrder")
            try await bench.events.expect(["accepted", "canceled"], of: order.clientOrderID)
        },
        Behaviour("of a cancel and a fill that race one wins, and all agree which") { bench in
            for _ in 0..<5 {
                let order = bench.limit(at: -5)
                _ = try await bench.resting(order)
                async let taken: Void = bench.take(.sell, bench.quantity(100), at: bench.price(-5))
                async let cancel = bench.venue.cancel(order.clientOrderID, of: bench.instrument)
                let word = await cancel.word
                try await taken
                let asked = try await bench.asked(order.clientOrderID)
                #expect(
                    !asked.isOpen && word == (asked.status.state == .canceled ? "confirmed" : "refused noSuchOrder"))
                let words = asked.status.state == .canceled ? ["accepted", "canceled"] : ["accepted", "filled"]
                try await bench.events.expect(words, of: order.clientOrderID)
            }
        },
        Behaviour("all orders of an instrument are cancelled at once", needs: .cancelAllOfInstrument) { bench in
            let orders = [bench.limit(), bench.limit(at: -20), bench.limit(.sell, at: 20)]
            for order in orders { _ = try await bench.resting(order) }
            let cancelled = try await bench.venue.cancelAll(of: bench.instrument).confirmed()
            #expect(Set(cancelled.map(\.clientOrderID)) == Set(orders.map(\.clientOrderID)))
            #expect(cancelled.allSatisfy { $0.status.state == .canceled })
            try await bench.expectOrders([])
            for order in orders { try await bench.events.expect(["accepted", "canceled"], of: order.clientOrderID) }
        },
        Behaviour("with nothing open everything is cancelled already", needs: .cancelAllOfInstrument) { bench in
            let cancelled = try await bench.venue.cancelAll(of: bench.instrument).confirmed()
            #expect(cancelled == [])
        },
    ]

    /// Orders are changed.
    static let changing: [Behaviour] = [
        Behaviour("an order is made smaller and keeps its number", needs: .shrinking) { bench in
            let order = bench.limit()
            let receipt = try await bench.resting(order)
            let smaller = try await bench.venue.amend(
                order.clientOrderID, of: bench.instrument, to: bench.quantity(60)
            ).confirmed()
            #expect(smaller.status.quantity == bench.quantity(60) && smaller.clientOrderID == order.clientOrderID)
            #expect(smaller.venueID == receipt.order.venueID && smaller.isOpen)
            try await bench.events.expect(["accepted", "amended"], of: order.clientOrderID)
            let event = bench.events.of(order.clientOrderID).last
            #expect(event?.kind == .amended(OrderAmendment(quantity: bench.quantity(60))))
        },
        Behaviour("an order that was made smaller fills as much as is left", needs: .shrinking) { bench in
            let order = bench.limit(at: -5)
            _ = try await bench.resting(order)
            _ = try await bench.venue.amend(order.clientOrderID, of: bench.instrument, to: bench.quantity(60))
                .confirmed()
            try await bench.take(.sell, bench.quantity(100), at: bench.price(-5))
            try await bench.events.expect(["accepted", "amended", "filled"], of: order.clientOrderID)
            #expect(bench.events.of(order.clientOrderID).last?.order.status.state == .filled)
        },
        Behaviour("an order is not made larger in its place", needs: .shrinking) { bench in
            let order = bench.limit()
            _ = try await bench.resting(order)
            let outcome = await bench.venue.amend(order.clientOrderID, of: bench.instrument, to: bench.quantity(200))
            #expect(outcome.word == "refused notAmendable")
            #expect(try await bench.asked(order.clientOrderID).status.quantity == order.quantity)
        },
        Behaviour("an order that has ended is not amended", needs: .shrinking) { bench in
            let order = bench.limit()
            _ = try await bench.resting(order)
            _ = try await bench.venue.cancel(order.clientOrderID, of: bench.instrument).confirmed()
            let outcome = await bench.venue.amend(order.clientOrderID, of: bench.instrument, to: bench.quantity(60))
            #expect(outcome.word.hasPrefix("refused"))
        },
        Behaviour("an order is replaced by another", needs: .replacing) { bench in
            let old = bench.limit()
            _ = try await bench.resting(old)
            let new = bench.limit(.buy, 120, at: -15)
            let halves = try await bench.venue.replace(old.clientOrderID, by: new, isStrict: true).confirmed()
            #expect(try halves.cancelled?.confirmed().status.state == .canceled)
            #expect(try halves.placed?.confirmed().order.isOpen == true)
            try await bench.events.expect(["accepted", "canceled"], of: old.clientOrderID)
            try await bench.events.expect(["accepted"], of: new.clientOrderID)
            try await bench.expectOrders([new.clientOrderID])
        },
        Behaviour("a replacement of which only the cancel came about says so", needs: .replacing) { bench in
            let old = bench.limit()
            _ = try await bench.resting(old)
            let new = bench.limit(.buy, 90_000)
            let halves = try await bench.venue.replace(old.clientOrderID, by: new, isStrict: false).confirmed()
            #expect(halves.cancelled?.word == "confirmed" && halves.placed?.word == "refused insufficientBalance")
            try await bench.expectOrders([])
        },
        Behaviour("a strict replacement of what is gone places nothing", needs: .replacing) { bench in
            let new = bench.limit()
            let halves = try await bench.venue.replace(bench.number(), by: new, isStrict: true).confirmed()
            #expect(halves.cancelled?.word == "refused noSuchOrder" && halves.placed == nil)
            try await bench.expectOrders([])
        },
        Behaviour("a strict replacement of what has filled in part leaves it, and places nothing", needs: .replacing) {
            bench in
            let old = bench.limit()
            _ = try await bench.resting(old)
            try await bench.take(.sell, bench.quantity(20), at: try #require(old.limitPrice))
            try await bench.events.expect(["accepted", "filled"], of: old.clientOrderID)
            let new = bench.limit(.buy, 120, at: -15)
            let halves = try await bench.venue.replace(old.clientOrderID, by: new, isStrict: true).confirmed()
            #expect(halves.cancelled?.word == "refused conditionNotMet" && halves.placed == nil)
            try await bench.expectOrders([old.clientOrderID])
        },
        Behaviour("a replacement that is not strict places all the same", needs: .replacing) { bench in
            let new = bench.limit()
            let halves = try await bench.venue.replace(bench.number(), by: new, isStrict: false).confirmed()
            #expect(halves.cancelled?.word == "refused noSuchOrder" && halves.placed?.word == "confirmed")
            try await bench.expectOrders([new.clientOrderID])
        },
    ]

    /// Orders that depend on each other.
    static let lists: [Behaviour] = [
        Behaviour("of a pair the target that fills ends the stop", needs: .pair) { bench in
            let (list, target, stop) = bench.pair()
            let receipt = try await bench.venue.place(list).confirmed()
            #expect(receipt.orders.count == 2 && !receipt.isDone && receipt.clientListID == list.clientListID)
            try await bench.take(.buy, bench.quantity(50), at: bench.price(8))
            try await bench.events.wait("the stop ends") { _ in
                bench.events.of(stop.clientOrderID).last?.order.isOpen == false
            }
            try await bench.events.wait("the target filled") { _ in
                bench.events.of(target.clientOrderID).last?.order.status.state == .filled
            }
            #expect(bench.events.executions(stop.clientOrderID) == [])
            try await bench.expectOrders([])
        },
        Behaviour("of a pair the stop that triggers ends the target", needs: .pair) { bench in
            try await bench.rest(.buy, bench.quantity(500), at: bench.price(-12))
            let (list, target, stop) = bench.pair()
            _ = try await bench.venue.place(list).confirmed()
            try await bench.trade(at: bench.price(-9))
            try await bench.events.wait("the stop filled") { _ in
                bench.events.of(stop.clientOrderID).last?.order.status.state == .filled
            }
            try await bench.events.wait("the target ends") { _ in
                bench.events.of(target.clientOrderID).last?.order.isOpen == false
            }
            #expect(bench.events.executions(target.clientOrderID) == [])
        },
        Behaviour("a pair is cancelled as one", needs: .pair) { bench in
            let (list, target, stop) = bench.pair()
            _ = try await bench.venue.place(list).confirmed()
            let receipt = try await bench.venue.cancelList(list.clientListID, of: bench.instrument).confirmed()
            #expect(receipt.isDone)
            for order in [target, stop] {
                try await bench.events.wait("\(order.clientOrderID) ends") { _ in
                    bench.events.of(order.clientOrderID).last?.order.isOpen == false
                }
            }
            try await bench.events.wait("the list is done") { events in
                events.contains {
                    if case .list(let event) = $0 {
                        return event.clientListID == list.clientListID && event.state == .done
                    }
                    return false
                }
            }
        },
        Behaviour("what follows an order begins when that has filled", needs: .sequence) { bench in
            let entry = bench.limit(.buy, 50, at: -5)
            let after = bench.limit(.sell, 40, at: 10)
            let list = OrderListPlacement(clientListID: bench.number(), .sequence, [entry, after])
            _ = try await bench.venue.place(list).confirmed()
            #expect(try await bench.asked(after.clientOrderID).isWaiting)
            try await bench.take(.sell, bench.quantity(50), at: bench.price(-5))
            try await bench.events.wait("the second works") { _ in
                bench.events.of(after.clientOrderID).last?.order.isWaiting == false
            }
        },
        Behaviour("an entry brings its target and its stop", needs: .bracket) { bench in
            let entry = bench.limit(.buy, 50, at: -5)
            let (pair, target, stop) = bench.pair(40)
            let list = OrderListPlacement(clientListID: pair.clientListID, .bracket, [entry] + pair.orders)
            _ = try await bench.venue.place(list).confirmed()
            #expect(try await bench.asked(target.clientOrderID).isWaiting)
            try await bench.take(.sell, bench.quantity(50), at: bench.price(-5))
            try await bench.events.wait("the target works") { _ in
                bench.events.of(target.clientOrderID).last?.order.isWaiting == false
            }
            let open = Set(try await bench.trueOrders())
            #expect(open == [target.clientOrderID, stop.clientOrderID])
        },
        Behaviour("a pair of two targets is never sent", needs: .pair) { bench in
            let two = [bench.limit(.sell, at: 5), bench.limit(.sell, at: 8)]
            let list = OrderListPlacement(clientListID: bench.number(), .pair, two)
            #expect(await bench.venue.place(list).word == "refused unsupported")
            try await bench.expectOrders([])
        },
    ]
}

extension VenueBench {
    /// A target and a stop for something held.
    func pair(_ tenThousandths: Int64 = 50) -> (OrderListPlacement, target: OrderPlacement, stop: OrderPlacement) {
        var target = limit(.sell, tenThousandths, at: 8)
        target.isPostOnly = true
        let stop = OrderPlacement(
            instrument, clientOrderID: number(), .sell, .stop, quantity: quantity(tenThousandths),
            triggerPrice: price(-8), priority: .protective)
        return (OrderListPlacement(clientListID: number(), .pair, [target, stop]), target, stop)
    }
}
