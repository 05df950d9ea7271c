import Market
import Testing
import Trading

@testable import Venues

/// One thing that every venue does, in words, and how to try it.
struct Behaviour: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the venue has to have for it. One that has not declares so, and the behaviour is skipped by that declaration.
    var needs: [VenueCapabilities.Feature]
    /// Whether requests may take two seconds only: for venues that never answer.
    var isImpatient: Bool
    /// Tries it; throws or records what is otherwise.
    var run: @Sendable (any VenueBench) async throws -> Void

    init(
        _ words: String, needs: VenueCapabilities.Feature..., isImpatient: Bool = false,
        run: @escaping @Sendable (any VenueBench) async throws -> Void
    ) {
        testDescription = words
        self.needs = needs
        self.isImpatient = isImpatient
        self.run = run
    }

    /// Everything that an adapter is tried for.
    static let all: [Behaviour] =
        placing + meeting + cancelling + changing + lists + brackets + doubt + refusals + standing + stream
        + account

    /// Tries it with a bench, unless the venue declares that it can't.
    func tried(with bench: any VenueBench) async throws {
        for feature in needs where !bench.venue.capabilities.has(feature) {
            await bench.end()
            try Test.cancel("\(bench.venue.name) declares that it has no \(feature.rawValue)")
        }
        do {
            try await run(bench)
        } catch {
            await bench.end()
            throw error
        }
        await bench.end()
    }
}

extension VenueBench {
    /// A quantity of so many ten-thousandths of the base asset.
    func quantity(_ tenThousandths: Int64) -> Quantity {
        let unit = (0..<instrument.quantityScale).reduce(Int64(1)) { unit, _ in unit * 10 }
        return Quantity(mantissa: unit / 10_000 * tenThousandths).rounded(toStep: instrument.rules.quantityStep, .down)
    }

    /// The last price moved by so many tenths of a percent.
    func price(_ permille: Int64) -> Price {
        Price(mantissa: last.mantissa / 1_000 * (1_000 + permille)).rounded(toTick: instrument.rules.tick, .down)
    }

    /// A limit order of ours.
    func limit(
        _ side: Side = .buy, _ tenThousandths: Int64 = 100, at permille: Int64 = -10,
        _ time: TimeInForce = .goodTilCancelled,
        id: String? = nil
    ) -> OrderPlacement {
        OrderPlacement(
            instrument, clientOrderID: id ?? number(), side, .limit, quantity: quantity(tenThousandths),
            limitPrice: price(permille), timeInForce: time)
    }

    /// A market order of ours.
    func market(_ side: Side = .buy, _ tenThousandths: Int64 = 100, id: String? = nil) -> OrderPlacement {
        OrderPlacement(
            instrument, clientOrderID: id ?? number(), side, .market, quantity: quantity(tenThousandths))
    }

    /// Places an order of ours that rests, and waits until the stream has told of it.
    func resting(_ order: OrderPlacement) async throws -> OrderReceipt {
        let receipt = try await venue.place(order).confirmed("the order")
        try await events.wait("\(order.clientOrderID) accepted") { _ in !events.of(order.clientOrderID).isEmpty }
        return receipt
    }

    /// What the venue says of an order.
    func asked(_ number: String) async throws -> StandingOrder {
        guard let order = try await venue.order(number, of: instrument).confirmed("the question") else {
            throw Misfit("the venue does not know \(number)")
        }
        return order
    }
}

extension VenueBench {
    /// Expects the account to have these orders open, and no others.
    func expectOrders(_ numbers: Set<String>) async throws {
        let open = try await trueOrders()
        guard open.count == numbers.count, Set(open) == numbers else {
            throw Misfit("open are \(open), expected \(numbers)")
        }
    }
}
