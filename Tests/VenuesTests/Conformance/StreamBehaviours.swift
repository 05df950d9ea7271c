import Market
import Testing
import Trading

@testable import Venues

extension Behaviour {
    /// What the venue tells as it happens.
    static let stream: [Behaviour] = [
        Behaviour("the stream begins with a gap: what was before is not known", needs: .privateStream) { bench in
            #expect(bench.events.gaps.map(\.reason) == [.start])
        },
        Behaviour("what comes twice is told once", needs: .privateStream) { bench in
            try bench.misbehave(.event(.repeated, times: nil, skipping: 0))
            let order = bench.limit(at: -5)
            _ = try await bench.resting(order)
            try await bench.take(.sell, bench.quantity(40), at: bench.price(-5))
            _ = try await bench.venue.cancel(order.clientOrderID, of: bench.instrument).confirmed()
            let last = bench.limit(at: -20)
            _ = try await bench.resting(last)
            #expect(bench.events.words(order.clientOrderID) == ["accepted", "filled", "canceled"])
        },
        Behaviour("an order that is told to have filled does not go back to working", needs: .privateStream) { bench in
            // The acceptance comes after what follows it.
            try bench.misbehave(.event(.overtaken, times: 1, skipping: 0))
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            let order = bench.limit(at: 1)
            _ = try await bench.venue.place(order).confirmed()
            try await bench.events.wait("the fill") { _ in !bench.events.executions(order.clientOrderID).isEmpty }
            _ = try await bench.resting(bench.limit(at: -20))
            let states = bench.events.of(order.clientOrderID).map(\.order.status.state)
            #expect(states.last == .filled && !states.drop { $0 != .filled }.contains(.accepted))
        },
        Behaviour("fills that overtake each other are all told, each once", needs: .privateStream) { bench in
            let order = bench.limit(at: -5)
            _ = try await bench.resting(order)
            try bench.misbehave(.event(.overtaken, times: 1, skipping: 0))
            try await bench.take(.sell, bench.quantity(30), at: bench.price(-5))
            try await bench.take(.sell, bench.quantity(30), at: bench.price(-5))
            try await bench.take(.sell, bench.quantity(40), at: bench.price(-5))
            try await bench.events.wait("three fills") { _ in
                bench.events.executions(order.clientOrderID).count >= 3
            }
            let executions = bench.events.executions(order.clientOrderID)
            #expect(Set(executions.map(\.tradeID)).count == 3 && executions.count == 3)
            #expect(executions.reduce(.zero) { $0 + $1.quantity } == order.quantity)
        },
        Behaviour("events that come late are told", needs: .privateStream) { bench in
            try bench.misbehave(.event(.late(300), times: 2, skipping: 0))
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            let order = bench.limit(at: 1)
            _ = try await bench.venue.place(order).confirmed()
            try await bench.events.expect(["accepted", "filled"], of: order.clientOrderID)
        },
        Behaviour("a fill that was missed while the connection was gone is found", needs: .privateStream) { bench in
            let order = bench.limit(at: -5)
            _ = try await bench.resting(order)
            // The event of the fill cuts the connection instead.
            try bench.misbehave(.event(.cut, times: 1, skipping: 0))
            try await bench.take(.sell, bench.quantity(40), at: bench.price(-5))
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count == 2 }
            #expect(bench.events.gaps.last?.reason == .reconnected)
            #expect(bench.events.all.contains { if case .lost = $0 { true } else { false } })
            #expect(bench.events.executions(order.clientOrderID) == [])
            let statement = await bench.venue.reconciliationView(since: [:])
            #expect(statement.executions?.map(\.quantity) == [bench.quantity(40)])
            #expect(statement.openOrders?.map(\.status.filled) == [bench.quantity(40)])
            try await bench.take(.sell, bench.quantity(60), at: bench.price(-5))
            try await bench.events.wait("the stream goes on") { _ in
                bench.events.of(order.clientOrderID).last?.order.status.state == .filled
            }
        },
        Behaviour("a connection is made again when the first attempts fail", needs: .privateStream) { bench in
            _ = try await bench.resting(bench.limit())
            try bench.misbehave(.event(.cut, times: 1, skipping: 0), .connection(times: 1))
            _ = try await bench.venue.place(bench.limit(at: -20)).confirmed()
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count == 2 }
            let order = bench.limit(at: -30)
            _ = try await bench.resting(order)
        },
        Behaviour("an event that never came is found by comparing", needs: .privateStream) { bench in
            let order = bench.limit(at: -5)
            _ = try await bench.resting(order)
            try bench.misbehave(.event(.lost, times: 1, skipping: 0))
            try await bench.take(.sell, bench.quantity(40), at: bench.price(-5))
            let statement = await bench.venue.reconciliationView(since: [:])
            #expect(statement.executions?.first?.clientOrderID == order.clientOrderID)
        },
        Behaviour("an event that can't be read is a gap", needs: .privateStream) { bench in
            try bench.misbehave(.event(.damaged, times: 1, skipping: 0))
            _ = try await bench.venue.place(bench.limit()).confirmed()
            try await bench.events.wait("the gap") { _ in bench.events.gaps.last?.reason == .damaged }
            // The stream goes on.
            _ = try await bench.resting(bench.limit(at: -20))
        },
        Behaviour("nothing is told after the stream was stopped", needs: .privateStream) { bench in
            await bench.venue.stop()
            let count = bench.events.all.count
            _ = try await bench.venue.place(bench.limit()).confirmed()
            _ = try await bench.trueOrders()
            #expect(bench.events.all.count == count)
        },
    ]

    /// The account.
    static let account: [Behaviour] = [
        Behaviour("balances that change are told as the venue answers them", needs: .privateStream) { bench in
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            _ = try await bench.venue.place(bench.limit(at: 1)).confirmed()
            let answered = try await bench.venue.balances().confirmed()
            let base = bench.instrument.base
            try await bench.events.wait("the balance of \(base)") { events in
                events.contains {
                    guard case .balances(let told, _) = $0 else { return false }
                    return told.contains { $0.currency == base && answered.contains($0) }
                }
            }
        },
        Behaviour("fees are told in the currency that they were taken in") { bench in
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            try await bench.rest(.buy, bench.quantity(100), at: bench.price(-1))
            let bought = try await bench.venue.place(bench.limit(.buy, 100, at: 1)).confirmed()
            let sold = try await bench.venue.place(bench.limit(.sell, 100, at: -1)).confirmed()
            for (receipt, currency) in [(bought, bench.instrument.base), (sold, bench.instrument.quote)] {
                let fee = try #require(receipt.executions?.first?.fee)
                #expect(fee.currency == currency && fee > .zero(currency))
            }
            let fill = try #require(bought.executions?.first?.fill())
            #expect(fill.baseFee.mantissa > 0 && fill.quoteFee.isZero)
        },
        Behaviour("what a fee left over is not sold by surprise") { bench in
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            let before = try await bench.held()
            let bought = try await bench.venue.place(bench.limit(.buy, 100, at: 1)).confirmed()
            let after = try await bench.held()
            let fee = try #require(bought.executions?.first?.fee)
            #expect(after - before == bench.money(bench.quantity(100)) - fee)
            // All of it is more than the step allows; rounded down the venue takes it, and the rest is dust.
            let gained = Quantity(mantissa: bench.quantity(100).mantissa - bench.quantity(100).mantissa / 1_000)
            var order = bench.limit(.sell, at: 10)
            order.quantity = Quantity(mantissa: gained.mantissa + 1)
            #expect(!bench.venue.objections(to: order, given: PlacementCircumstances()).isEmpty)
            order.quantity = gained.rounded(toStep: bench.instrument.rules.quantityStep, .down)
            #expect(bench.venue.objections(to: order, given: PlacementCircumstances()).isEmpty)
            _ = try await bench.venue.place(order).confirmed()
        },
        Behaviour("rates are told") { bench in
            let rates = try await bench.venue.rates(of: bench.instrument).confirmed()
            #expect(rates.maker > .zero && rates.taker >= rates.maker && rates.taker < .percent(5))
        },
        Behaviour("executions are told from a number on, with some before it", needs: .fillsSince) { bench in
            try await bench.rest(.sell, bench.quantity(300), at: bench.price(1))
            for _ in 0..<3 { _ = try await bench.venue.place(bench.limit(at: 1)).confirmed() }
            let all = try await bench.venue.fills(of: bench.instrument, since: nil).confirmed()
            #expect(all.count == 3 && all.map(\.tradeID) == all.map(\.tradeID).sorted())
            let since = try await bench.venue.fills(of: bench.instrument, since: all[1].tradeID).confirmed()
            #expect(Set(since.map(\.tradeID)).isSuperset(of: [all[1].tradeID, all[2].tradeID]))
        },
        Behaviour("orders of other clients are told as theirs") { bench in
            let number = bench.foreignNumber()
            try await bench.restForeign(.buy, bench.quantity(50), at: bench.price(-5), number)
            try await bench.events.expect(["accepted"], of: number)
            #expect(bench.events.of(number).first?.order.isExternal == true)
            let open = try await bench.venue.openOrders(of: bench.instrument).confirmed()
            #expect(open.map(\.isExternal) == [true])
            try await bench.take(.sell, bench.quantity(50), at: bench.price(-5))
            try await bench.events.expect(["accepted", "filled"], of: number)
            #expect(bench.events.executions(number).first?.isExternal == true)
        },
        Behaviour("a statement has everything, and of one moment") { bench in
            try await bench.rest(.sell, bench.quantity(100), at: bench.price(1))
            let filled = bench.limit(at: 1)
            let resting = bench.limit(at: -10)
            let foreign = bench.foreignNumber()
            _ = try await bench.venue.place(filled).confirmed()
            _ = try await bench.venue.place(resting).confirmed()
            try await bench.restForeign(.buy, bench.quantity(50), at: bench.price(-20), foreign)
            let statement = await bench.venue.reconciliationView(since: [:])
            #expect(statement.isSteady && statement.problems == [])
            #expect(Set(statement.openOrders?.map(\.clientOrderID) ?? []) == [resting.clientOrderID, foreign])
            #expect(statement.executions?.map(\.clientOrderID) == [filled.clientOrderID])
            let numbers = [filled.clientOrderID: OrderID(rawValue: 1), resting.clientOrderID: OrderID(rawValue: 2)]
            let view = statement.view([bench.instrument: InstrumentID(0)]) { numbers[$0] }
            #expect(
                view.openOrders?.map(\.order).sorted { ($0?.rawValue ?? 0) < ($1?.rawValue ?? 0) } == [
                    nil, OrderID(rawValue: 2),
                ])
            #expect(view.fills?.map(\.order) == [OrderID(rawValue: 1)])
            let held = try await bench.held()
            #expect(view.positions?.count == 1 && view.positions?.first.map { bench.money($0.quantity) } == held)
            #expect(view.cash?.currency == bench.instrument.quote)
        },
        Behaviour("what can't be read is missing from a statement, not empty") { bench in
            _ = try await bench.resting(bench.limit())
            try bench.misbehave(.request(.openOrders, .fails, times: nil))
            let statement = await bench.venue.reconciliationView(since: [:])
            #expect(statement.openOrders == nil && statement.executions == [] && !statement.isSteady)
            #expect(statement.problems.count == 1)
        },
    ]
}

extension VenueBench {
    /// What is held of the base asset.
    func held() async throws -> Money {
        let balances = try await venue.balances().confirmed()
        return balances.first { $0.currency == instrument.base }?.total ?? .zero(instrument.base)
    }

    /// A quantity as an amount of the base asset.
    func money(_ quantity: Quantity) -> Money {
        let unit = (instrument.quantityScale..<Money.scale).reduce(Int128(1)) { unit, _ in unit * 10 }
        return Money(units: Int128(quantity.mantissa) * unit, instrument.base)
    }
}
