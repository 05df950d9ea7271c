import Market
import Testing
import Trading

@testable import Venues

extension Behaviour {
    /// Markets that stand still for a while.
    static let standing: [Behaviour] =
        [
            (MarketState.halted, "is halted"), (.interrupted, "pauses"), (.cancelOnly, "takes cancels only"),
        ].map { state, words in
            Behaviour("while a market \(words) orders are refused and cancels go, and then it trades on") { bench in
                let (cancelled, kept) = (bench.limit(), bench.limit(at: -5))
                for order in [cancelled, kept] { _ = try await bench.resting(order) }
                try await bench.set(state)
                for refused in [bench.limit(at: -20), bench.market()] {
                    #expect(await bench.venue.place(refused).word == "refused marketClosed")
                    let known = try await bench.venue.order(refused.clientOrderID, of: bench.instrument).confirmed()
                    #expect(known == nil)
                }
                let answer = try await bench.venue.cancel(cancelled.clientOrderID, of: bench.instrument).confirmed()
                #expect(answer.status.state == .canceled)
                try await bench.events.expect(["accepted", "canceled"], of: cancelled.clientOrderID)
                try await bench.expectOrders([kept.clientOrderID])
                try await bench.set(.trading)
                #expect(await bench.venue.place(bench.limit(at: -20)).word == "confirmed")
                try await bench.take(.sell, bench.quantity(100), at: bench.price(-5))
                try await bench.events.expect(["accepted", "filled"], of: kept.clientOrderID)
            }
        } + [
            Behaviour("all orders of a market that is halted are cancelled at once", needs: .cancelAllOfInstrument) {
                bench in
                let orders = [bench.limit(), bench.limit(.sell, at: 20)]
                for order in orders { _ = try await bench.resting(order) }
                try await bench.set(.halted)
                let cancelled = try await bench.venue.cancelAll(of: bench.instrument).confirmed()
                #expect(Set(cancelled.map(\.clientOrderID)) == Set(orders.map(\.clientOrderID)))
                try await bench.expectOrders([])
            },
            Behaviour("that a market stands still is objected to once it is known, and no more when it trades again") {
                bench in
                let order = bench.limit()
                func isObjectedTo() -> Bool {
                    !bench.venue.objections(to: order, given: PlacementCircumstances()).isEmpty
                }
                #expect(!isObjectedTo())
                try await bench.set(.halted)
                // A refusal is what the adapter learns it from.
                try await bench.wait("the objection") {
                    if isObjectedTo() { return true }
                    let word = await bench.venue.place(bench.limit()).word
                    return word == "refused marketClosed" ? isObjectedTo() : false
                }
                try await bench.set(.trading)
                try await bench.wait("the end of the objection") { !isObjectedTo() }
                #expect(await bench.venue.place(order).word == "confirmed")
            },
        ]
}

extension VenueBench {
    /// Asks again and again until something is so; a minute at most.
    fileprivate func wait(_ what: String, until isTrue: () async -> Bool) async throws {
        for _ in 0..<300 {
            if await isTrue() { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw Misfit("it never came to \(what)")
    }
}
