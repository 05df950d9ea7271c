import Market
import Testing
import Trading

@testable import Venues

extension Behaviour {
    /// Answers that do not come.
    static let doubt: [Behaviour] =
        [
            found("when the server fails after it took an order, the order is found", .failsAfter),
            found("when the answer to an order is lost, the order is found", .answerLost),
            found("when half of an answer comes, the order is found", .garbled),
            found("when an answer never comes, the order is found", .answerHangs, isImpatient: true),
            absent("when an order is lost on its way, its absence is proved", .lost),
            absent("when the server fails before it took an order, its absence is proved", .fails),
            absent("when nothing ever comes and nothing was done, absence is proved", .hangs, isImpatient: true),
        ] + [
            Behaviour("an order that filled while its answer was lost is found with its executions") { bench in
                try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
                try bench.misbehave(.request(.place, .answerLost, times: 1))
                let order = bench.market(.buy, 60)
                #expect(await bench.venue.place(order).word == "unknown")
                guard case .found(let receipt) = await bench.venue.resolve(order.clientOrderID, of: bench.instrument)
                else { throw Misfit("it filled") }
                #expect(receipt.order.status.state == .filled)
                #expect(receipt.executions?.map(\.quantity) == [bench.quantity(60)])
            },
            Behaviour("the stream's word is enough, whatever the venue answers", needs: .privateStream) { bench in
                try bench.misbehave(.request(.place, .answerLost, times: 1), .request(.query, .fails, times: nil))
                let order = bench.limit()
                #expect(await bench.venue.place(order).word == "unknown")
                guard case .found(let receipt) = await bench.venue.resolve(order.clientOrderID, of: bench.instrument)
                else { throw Misfit("the stream told of it") }
                #expect(receipt.order.isOpen && receipt.order.clientOrderID == order.clientOrderID)
            },
            Behaviour("without the stream the venue's answer is enough") { bench in
                try bench.misbehave(
                    .event(.lost, times: nil, skipping: 0), .request(.place, .answerLost, times: 1))
                let order = bench.limit()
                #expect(await bench.venue.place(order).word == "unknown")
                guard case .found(let receipt) = await bench.venue.resolve(order.clientOrderID, of: bench.instrument)
                else { throw Misfit("the venue knows it") }
                #expect(receipt.order.isOpen)
                #expect(bench.events.of(order.clientOrderID) == [])
            },
            Behaviour("an order that is taken in late is found, not taken for absent", isImpatient: true) { bench in
                try bench.misbehave(.request(.place, .late(4_000), times: 1))
                let order = bench.limit()
                #expect(await bench.venue.place(order).word == "unknown")
                let known = try await bench.venue.order(order.clientOrderID, of: bench.instrument).confirmed()
                #expect(known == nil)
                guard case .found(let receipt) = await bench.venue.resolve(order.clientOrderID, of: bench.instrument)
                else { throw Misfit("it came in") }
                #expect(receipt.order.isOpen)
            },
            Behaviour("nobody's silence proves an absence") { bench in
                try bench.misbehave(
                    .request(.place, .lost, times: 1), .request(.query, .fails, times: nil))
                let order = bench.limit()
                #expect(await bench.venue.place(order).word == "unknown")
                let task = Task { await bench.venue.resolve(order.clientOrderID, of: bench.instrument) }
                try await Task.sleep(for: .milliseconds(600))
                task.cancel()
                guard case .undecided = await task.value else { throw Misfit("nothing was proved") }
            },
            Behaviour("a cancel whose answer is lost may be sent again") { bench in
                let order = bench.limit()
                _ = try await bench.resting(order)
                try bench.misbehave(.request(.cancel, .answerLost, times: 1))
                #expect(await bench.venue.cancel(order.clientOrderID, of: bench.instrument).word == "unknown")
                let again = await bench.venue.cancel(order.clientOrderID, of: bench.instrument).word
                #expect(again == "refused noSuchOrder")
                #expect(try await bench.asked(order.clientOrderID).status.state == .canceled)
                try await bench.events.expect(["accepted", "canceled"], of: order.clientOrderID)
            },
            Behaviour("a cancel that is lost leaves the order as it is") { bench in
                let order = bench.limit()
                _ = try await bench.resting(order)
                try bench.misbehave(.request(.cancel, .lost, times: 1))
                #expect(await bench.venue.cancel(order.clientOrderID, of: bench.instrument).word == "unknown")
                #expect(try await bench.asked(order.clientOrderID).isOpen)
            },
            Behaviour("an amendment whose answer is lost is seen at the order", needs: .shrinking) { bench in
                let order = bench.limit()
                _ = try await bench.resting(order)
                try bench.misbehave(.request(.amend, .answerLost, times: 1))
                let outcome = await bench.venue.amend(
                    order.clientOrderID, of: bench.instrument, to: bench.quantity(60))
                #expect(outcome.word == "unknown")
                #expect(try await bench.asked(order.clientOrderID).status.quantity == bench.quantity(60))
            },
            Behaviour("a replacement whose answer is lost is seen at both orders", needs: .replacing) { bench in
                let old = bench.limit()
                _ = try await bench.resting(old)
                try bench.misbehave(.request(.replace, .answerLost, times: 1))
                let new = bench.limit(at: -15)
                #expect(await bench.venue.replace(old.clientOrderID, by: new, isStrict: true).word == "unknown")
                #expect(try await bench.asked(old.clientOrderID).status.state == .canceled)
                guard case .found = await bench.venue.resolve(new.clientOrderID, of: bench.instrument) else {
                    throw Misfit("the new order is there")
                }
            },
        ]

    private static func found(
        _ words: String, _ trouble: Misbehaviour.Trouble, isImpatient: Bool = false
    ) -> Behaviour {
        Behaviour(words, isImpatient: isImpatient) { bench in
            try bench.misbehave(.request(.place, trouble, times: 1))
            let order = bench.limit()
            #expect(await bench.venue.place(order).word == "unknown")
            guard case .found(let receipt) = await bench.venue.resolve(order.clientOrderID, of: bench.instrument) else {
                throw Misfit("it is there")
            }
            #expect(receipt.order.isOpen && receipt.order.status.quantity == order.quantity)
            try await bench.expectOrders([order.clientOrderID])
        }
    }

    private static func absent(
        _ words: String, _ trouble: Misbehaviour.Trouble, isImpatient: Bool = false
    ) -> Behaviour {
        Behaviour(words, isImpatient: isImpatient) { bench in
            try bench.misbehave(.request(.place, trouble, times: 1))
            let order = bench.limit()
            #expect(await bench.venue.place(order).word == "unknown")
            #expect(await bench.venue.resolve(order.clientOrderID, of: bench.instrument) == .absent)
            try await bench.expectOrders([])
            #expect(bench.events.of(order.clientOrderID) == [])
        }
    }

    /// Requests that are not done.
    static let refusals: [Behaviour] = [
        Behaviour("over the limit nothing is done, and the pause is told") { bench in
            try bench.misbehave(.request(.place, .overLimit(7), times: 1))
            let order = bench.limit()
            guard case .denied(let denial) = await bench.venue.place(order) else { throw Misfit("it was not done") }
            #expect(denial.reason == .overLimit && denial.retryAfter == .seconds(7))
            #expect(bench.events.of(order.clientOrderID) == [])
        },
        Behaviour("under a ban nothing is done, and nothing more is sent") { bench in
            try bench.misbehave(.request(.place, .banned(30), times: 1))
            guard case .denied(let denial) = await bench.venue.place(bench.limit()) else {
                throw Misfit("it was not done")
            }
            #expect(denial.reason == .banned && denial.retryAfter == .seconds(30))
            guard case .denied(let second) = await bench.venue.place(bench.limit()) else {
                throw Misfit("it must not be sent")
            }
            #expect(second.reason == .paused && (second.retryAfter ?? .zero) > .zero)
        },
        Behaviour("one order too many is denied, and what cancels still leaves") { bench in
            let resting = bench.limit(at: -20)
            _ = try await bench.resting(resting)
            try bench.misbehave(.request(.place, .tooManyOrders, times: 1))
            #expect(await bench.venue.place(bench.limit()).word == "denied tooManyOrders")
            // Not sent: the fault was for one.
            #expect(await bench.venue.place(bench.limit()).word == "denied tooManyOrders")
            #expect(await bench.venue.cancel(resting.clientOrderID, of: bench.instrument).word == "confirmed")
            try await bench.expectOrders([])
        },
        Behaviour("when the venue's clock moves, the time is asked for and the order sent anew, once") { bench in
            _ = try await bench.resting(bench.limit())
            try bench.misbehave(.clock(60_000))
            let order = bench.limit(at: -20)
            #expect(await bench.venue.place(order).word == "confirmed")
            try await bench.events.expect(["accepted"], of: order.clientOrderID)
        },
        Behaviour("while the venue is down nothing is confirmed, and afterwards everything is") { bench in
            let resting = bench.limit()
            _ = try await bench.resting(resting)
            try bench.misbehave(.request(.any, .fails, times: nil))
            let order = bench.limit(at: -20)
            #expect(await bench.venue.place(order).word == "unknown")
            #expect(await bench.venue.openOrders(of: bench.instrument).word.hasPrefix("denied"))
            bench.behave()
            #expect(await bench.venue.resolve(order.clientOrderID, of: bench.instrument) == .absent)
            #expect(
                try await bench.venue.cancel(resting.clientOrderID, of: bench.instrument).confirmed().isOpen == false)
        },
    ]
}
