import Market
import Testing
import Trading

@testable import Venues

extension Behaviour {
    /// Orders are taken.
    static let placing: [Behaviour] = [
        Behaviour("an order that rests is confirmed, and the stream tells of it") { bench in
            let order = bench.limit()
            let receipt = try await bench.venue.place(order).confirmed()
            #expect(receipt.order.status.state == .accepted && receipt.order.status.quantity == order.quantity)
            #expect(receipt.order.status.limitPrice == order.limitPrice && receipt.executions == [])
            #expect(receipt.order.clientOrderID == order.clientOrderID && !receipt.order.isExternal)
            try await bench.events.expect(["accepted"], of: order.clientOrderID)
            #expect(bench.events.of(order.clientOrderID).first?.order.venueID == receipt.order.venueID)
        },
        Behaviour("an order is asked for by its number", needs: .queryByClientID) { bench in
            let order = bench.limit(.sell, at: 20)
            let receipt = try await bench.resting(order)
            let asked = try await bench.asked(order.clientOrderID)
            #expect(asked.venueID == receipt.order.venueID && asked.side == .sell && asked.isOpen)
            #expect(asked.status == receipt.order.status)
        },
        Behaviour("of an order that never was the venue says so") { bench in
            let outcome = await bench.venue.order(bench.number(), of: bench.instrument)
            let known = try outcome.confirmed()
            #expect(known == nil)
        },
        Behaviour("open orders are listed") { bench in
            let orders = [bench.limit(), bench.limit(.sell, at: 20)]
            for order in orders { _ = try await bench.venue.place(order).confirmed() }
            let open = try await bench.venue.openOrders(of: bench.instrument).confirmed()
            #expect(Set(open.map(\.clientOrderID)) == Set(orders.map(\.clientOrderID)))
        },
        Behaviour("an order that would take is refused when it is post-only", needs: .postOnly) { bench in
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            var order = bench.limit(at: 1)
            order.isPostOnly = true
            #expect(await bench.venue.place(order).word == "refused wouldTake")
            let known = try await bench.venue.order(order.clientOrderID, of: bench.instrument).confirmed()
            #expect(known == nil)
        },
        Behaviour("a post-only order that takes nothing rests", needs: .postOnly) { bench in
            var order = bench.limit()
            order.isPostOnly = true
            let receipt = try await bench.venue.place(order).confirmed()
            #expect(receipt.order.isPostOnly)
        },
        Behaviour("what the account can't pay for is refused") { bench in
            #expect(await bench.venue.place(bench.limit(.buy, 90_000)).word == "refused insufficientBalance")
        },
        Behaviour("what breaks a rule is objected to, and refused by the venue") { bench in
            var order = bench.limit()
            order.quantity = Quantity(mantissa: order.quantity.mantissa + 1)
            let objections = bench.venue.objections(to: order, given: PlacementCircumstances())
            #expect(objections.map(\.rule) == ["LOT_SIZE"])
            #expect(await bench.venue.place(order).word == "refused filter")
        },
        Behaviour("what breaks no rule is not objected to") { bench in
            let balances = try await bench.venue.balances().confirmed()
            let given = PlacementCircumstances(referencePrice: bench.last, balances: balances)
            #expect(bench.venue.objections(to: bench.limit(), given: given) == [])
        },
        Behaviour("what contradicts itself is never sent") { bench in
            var order = bench.limit()
            order.triggerPrice = order.limitPrice
            #expect(await bench.venue.place(order).word == "refused unsupported")
            try await bench.expectOrders([])
        },
        Behaviour("a number that is none is never sent") { bench in
            #expect(await bench.venue.place(bench.limit(id: "a number with spaces")).word == "refused unsupported")
            let long = String(repeating: "A", count: bench.venue.capabilities.longestClientOrderID + 1)
            #expect(await bench.venue.place(bench.limit(id: long)).word == "refused unsupported")
            try await bench.expectOrders([])
        },
        Behaviour("a number that works already makes no second order", needs: .refusesDuplicates) { bench in
            let order = bench.limit()
            _ = try await bench.venue.place(order).confirmed()
            #expect(await bench.venue.place(order).word == "unknown")
            guard case .found(let receipt) = await bench.venue.resolve(order.clientOrderID, of: bench.instrument) else {
                throw Misfit("the first order is there")
            }
            #expect(receipt.order.isOpen)
            try await bench.expectOrders([order.clientOrderID])
        },
        Behaviour("orders of the account do not trade with each other", needs: .selfTradePrevention) { bench in
            var resting = bench.limit(.sell, at: 1)
            resting.selfTradePrevention = .expireTaker
            _ = try await bench.resting(resting)
            var taking = bench.limit(at: 1)
            taking.selfTradePrevention = .expireTaker
            let receipt = try await bench.venue.place(taking).confirmed()
            #expect(receipt.order.status.state == .expired && receipt.order.status.filled.isZero)
            try await bench.expectOrders([resting.clientOrderID])
        },
    ]

    /// Orders meet the market.
    static let meeting: [Behaviour] = [
        Behaviour("an order that takes fills at once and says with what") { bench in
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            let order = bench.limit(at: 2)
            let receipt = try await bench.venue.place(order).confirmed()
            let execution = try #require(receipt.executions?.first)
            #expect(receipt.order.status.state == .filled && receipt.executions?.count == 1)
            #expect(execution.price == bench.price(1) && execution.quantity == bench.quantity(100))
            #expect(execution.liquidity == .taker && execution.isExternal == false)
            try await bench.events.expect(["accepted", "filled"], of: order.clientOrderID)
            let told = bench.events.executions(order.clientOrderID).first
            #expect(told?.tradeID == execution.tradeID && told?.fee == execution.fee)
        },
        Behaviour("an order that rests fills in part and then wholly") { bench in
            let order = bench.limit(at: -5)
            _ = try await bench.resting(order)
            try await bench.take(.sell, bench.quantity(40), at: bench.price(-5))
            try await bench.events.expect(["accepted", "filled"], of: order.clientOrderID)
            #expect(bench.events.of(order.clientOrderID).last?.order.status.state == .partiallyFilled)
            try await bench.take(.sell, bench.quantity(60), at: bench.price(-5))
            try await bench.events.expect(["accepted", "filled", "filled"], of: order.clientOrderID)
            let events = bench.events.of(order.clientOrderID)
            #expect(events.last?.order.status.state == .filled && events.last?.order.status.filled == order.quantity)
            let executions = bench.events.executions(order.clientOrderID)
            #expect(executions.map(\.quantity) == [bench.quantity(40), bench.quantity(60)])
            #expect(executions.allSatisfy { $0.liquidity == .maker && $0.price == order.limitPrice })
            #expect(Set(executions.map(\.tradeID)).count == 2)
        },
        Behaviour("an order at the market fills") { bench in
            try await bench.rest(.sell, bench.quantity(200), at: bench.price(1))
            let receipt = try await bench.venue.place(bench.market()).confirmed()
            #expect(receipt.order.status.state == .filled && receipt.order.status.filled == bench.quantity(100))
        },
        Behaviour("an order at the market that meets nobody expires") { bench in
            let order = bench.market()
            let receipt = try await bench.venue.place(order).confirmed()
            #expect(receipt.order.status.state == .expired && receipt.order.status.reason == .notFilledAtOnce)
            #expect(receipt.order.status.filled.isZero)
        },
        Behaviour("an amount is spent, and never more", needs: .spending) { bench in
            try await bench.rest(.sell, bench.quantity(1_000), at: bench.price(1))
            let amount = Money(whole: 500, bench.instrument.quote)
            let order = OrderPlacement(bench.instrument, clientOrderID: bench.number(), .buy, .market, spend: amount)
            let receipt = try await bench.venue.place(order).confirmed()
            let spent = try #require(receipt.order.status.filledNotional)
            #expect(
                receipt.order.status.state == .filled && !(spent > amount) && spent > Money(whole: 490, spent.currency))
        },
        Behaviour("what an immediate order does not fill at once expires") { bench in
            try await bench.rest(.sell, bench.quantity(30), at: bench.price(1))
            let order = bench.limit(at: 1, .immediateOrCancel)
            let receipt = try await bench.venue.place(order).confirmed()
            #expect(receipt.order.status.state == .expired && receipt.order.status.filled == bench.quantity(30))
            try await bench.events.expect(["accepted", "filled", "expired"], of: order.clientOrderID)
            #expect(bench.events.of(order.clientOrderID).last?.kind == .expired(.notFilledAtOnce))
        },
        Behaviour("an order to fill wholly or not at all expires when there is too little") { bench in
            try await bench.rest(.sell, bench.quantity(30), at: bench.price(1))
            let receipt = try await bench.venue.place(bench.limit(at: 1, .fillOrKill)).confirmed()
            #expect(receipt.order.status.state == .expired && receipt.order.status.filled.isZero)
        },
        Behaviour("an order to fill wholly or not at all fills when there is enough") { bench in
            try await bench.rest(.sell, bench.quantity(300), at: bench.price(1))
            let receipt = try await bench.venue.place(bench.limit(at: 1, .fillOrKill)).confirmed()
            #expect(receipt.order.status.state == .filled)
        },
        Behaviour("a stop waits for its price and sells then") { bench in
            try await bench.rest(.buy, bench.quantity(500), at: bench.price(-8))
            let order = OrderPlacement(
                bench.instrument, clientOrderID: bench.number(), .sell, .stop, quantity: bench.quantity(50),
                triggerPrice: bench.price(-5), priority: .protective)
            _ = try await bench.resting(order)
            #expect(try await bench.asked(order.clientOrderID).isWaiting)
            try await bench.trade(at: bench.price(-6))
            try await bench.events.expect(["accepted", "triggered", "filled"], of: order.clientOrderID)
            #expect(bench.events.executions(order.clientOrderID).first?.price == bench.price(-8))
        },
        Behaviour("a target waits for its price and rests at its limit then") { bench in
            let order = OrderPlacement(
                bench.instrument, clientOrderID: bench.number(), .sell, .takeProfitLimit, quantity: bench.quantity(50),
                limitPrice: bench.price(9), triggerPrice: bench.price(5))
            _ = try await bench.resting(order)
            try await bench.trade(at: bench.price(6))
            try await bench.events.expect(["accepted", "triggered"], of: order.clientOrderID)
            #expect(try await bench.asked(order.clientOrderID).isOpen)
        },
        Behaviour("a trailing stop follows the price and sells when it comes back", needs: .trailing) { bench in
            try await bench.rest(.buy, bench.quantity(500), at: bench.price(-40))
            let order = OrderPlacement(
                bench.instrument, clientOrderID: bench.number(), .sell, .trailingStop, quantity: bench.quantity(50),
                trailing: 100)
            _ = try await bench.resting(order)
            let standing = try await bench.asked(order.clientOrderID)
            #expect(standing.type == .trailingStop && standing.trailing == 100 && standing.isWaiting)
            try await bench.trade(at: bench.price(20))
            try await bench.trade(at: bench.price(5))
            try await bench.events.expect(["accepted", "triggered", "filled"], of: order.clientOrderID)
        },
    ]
}
