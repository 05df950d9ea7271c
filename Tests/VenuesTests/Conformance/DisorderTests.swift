import Market
import Synchronization
import Testing
import Trading

@testable import StandIn
@testable import Venues

/// Whatever goes wrong: never two orders for one intent, no fill lost, none counted twice.
@Suite("an account in disorder comes out in order", .serialized)
struct DisorderTests {
    /// What an owner of orders keeps: what it wanted, what became of it, and every execution by its number.
    private actor Owner {
        enum Belief: Equatable { case open, closed, absent }
        var beliefs: [String: Belief] = [:]
        var trades: [UInt64: VenueExecution] = [:]
        var contradictions: [String] = []

        func believe(_ order: StandingOrder) {
            // What has ended stays so, whatever is heard later.
            if beliefs[order.clientOrderID] == .closed { return }
            if beliefs[order.clientOrderID] == .absent { contradictions.append("\(order.clientOrderID) was absent") }
            beliefs[order.clientOrderID] = order.isOpen ? .open : .closed
        }

        func absent(_ number: String) {
            if let belief = beliefs[number] { contradictions.append("\(number) is absent and was \(belief)") }
            beliefs[number] = .absent
        }

        func take(_ execution: VenueExecution) {
            guard let known = trades.updateValue(execution, forKey: execution.tradeID) else { return }
            if known.price != execution.price || known.quantity != execution.quantity || known.fee != execution.fee {
                contradictions.append("trade \(execution.tradeID) was told in two ways")
            }
        }

        func take(_ statement: AccountStatement) {
            for execution in statement.executions ?? [] { take(execution) }
            guard let open = statement.openOrders else { return }
            for order in open { believe(order) }
        }

        /// The orders that are believed to be open.
        var open: Set<String> { Set(beliefs.filter { $0.value == .open }.keys) }
        func isUnsettled(_ number: String) -> Bool { beliefs[number] == nil }
        func close(_ number: String) { beliefs[number] = .closed }
    }

    /// Each trouble happens now and then, and a few times only: a venue that fails five times in a row is left alone.
    private static let script = """
        drop rest:POST:/api/v3/order p=0.08 n=1
        drop-after rest:POST:/api/v3/order p=0.08 n=1
        error-after=503/-1007 rest:POST:/api/v3/order p=0.08 n=1
        truncate rest:POST:/api/v3/order p=0.08 n=1
        drop-after rest:DELETE:/api/v3/order p=0.2 n=1
        error=500/-1000 rest:GET:/api/v3/order p=0.1 n=1
        duplicate user:executionReport p=0.2
        reorder user:executionReport p=0.2
        drop user:executionReport p=0.1
        delay=40 user:executionReport p=0.1
        truncate user:executionReport p=0.03
        disconnect user:executionReport p=0.04 n=2
        """

    @Test("twenty-four accounts in disorder", arguments: UInt64(1)...24)
    func disorder(_ seed: UInt64) async throws {
        let bench = try await BinanceSpotBench(.init(isPlain: true, kind: seed % 2 == 0 ? .hmac : .ed25519), seed: seed)
        do {
            try await Self.live(bench, seed)
        } catch {
            await bench.end()
            throw error
        }
        await bench.end()
    }

    private static func live(_ bench: BinanceSpotBench, _ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let owner = Owner()
        var numbers: [String] = []
        // Whoever else is there: enough to trade with on both sides.
        try await bench.rest(.sell, bench.quantity(2_000), at: bench.price(3))
        try await bench.rest(.buy, bench.quantity(2_000), at: bench.price(-3))
        try bench.misbehave(script: script)
        for _ in 0..<18 {
            switch random.next() % 6 {
            case 0, 1, 2:
                let side: Side = random.next() % 2 == 0 ? .buy : .sell
                // Some take at once, some rest before the others.
                let isTaking = random.next() % 3 == 0
                let permille: Int64 = (isTaking ? 3 : -2) * (side == .buy ? 1 : -1)
                var order = bench.limit(side, Int64(random.next() % 40) + 10, at: permille)
                order.priority = random.next() % 2 == 0 ? .open : .reduce
                numbers.append(order.clientOrderID)
                await settle(bench, owner, order)
            case 3, 4:
                // Somebody takes what rests; whether it goes through is not the question.
                let quantity = bench.quantity(Int64(random.next() % 30) + 5)
                let isSell = random.next() % 2 == 0
                try? await bench.take(isSell ? .sell : .buy, quantity, at: bench.price(isSell ? -2 : 2))
            default:
                guard let number = await owner.open.sorted().first else { continue }
                if case .confirmed(let order) = await bench.venue.cancel(number, of: bench.instrument) {
                    await owner.believe(order)
                }
            }
        }
        bench.behave()
        try await judge(bench, owner, numbers)
    }

    /// Places an order, and finds out what became of it when nobody says.
    private static func settle(_ bench: BinanceSpotBench, _ owner: Owner, _ order: OrderPlacement) async {
        func take(_ receipt: OrderReceipt) async {
            await owner.believe(receipt.order)
            for execution in receipt.executions ?? [] { await owner.take(execution) }
        }
        switch await bench.venue.place(order) {
        case .confirmed(let receipt): await take(receipt)
        case .refused, .denied: await owner.absent(order.clientOrderID)
        case .unknown:
            switch await bench.venue.resolve(order.clientOrderID, of: bench.instrument) {
            case .found(let receipt): await take(receipt)
            case .absent: await owner.absent(order.clientOrderID)
            case .undecided(let words): Issue.record("\(order.clientOrderID) stayed unknown: \(words)")
            }
        }
    }

    /// Compares once, as after a gap, and holds what came of it against the venue itself.
    private static func judge(_ bench: BinanceSpotBench, _ owner: Owner, _ numbers: [String]) async throws {
        // What is still on its way; a late event must not be needed, and must do no harm.
        for event in bench.events.all {
            guard case .order(let event) = event, !event.order.isExternal else { continue }
            if case .filled(let execution) = event.kind { await owner.take(execution) }
            await owner.believe(event.order)
        }
        let statement = await bench.venue.reconciliationView(since: [:])
        #expect(statement.problems == [])
        await owner.take(statement)
        // What was believed to be open and is not listed any more is asked for, one by one.
        let listed = Set(statement.openOrders?.map(\.clientOrderID) ?? [])
        for number in await owner.open where !listed.contains(number) {
            if case .confirmed(let order?) = await bench.venue.order(number, of: bench.instrument) {
                await owner.believe(order)
            }
        }
        #expect(await owner.contradictions == [])
        for number in numbers { #expect(await !owner.isUnsettled(number)) }
        let open = try await bench.trueOrders()
        let believed = await owner.open
        #expect(Set(open).count == open.count && Set(open) == believed)
        let placed = try await bench.everyOrder()
        for number in numbers {
            let count = placed.count { $0.clientOrderID == number }
            let isAbsent = await owner.beliefs[number] == .absent
            #expect(count == (isAbsent ? 0 : 1), "\(number)")
        }
        let trades = await owner.trades
        #expect(Set(try await bench.trueTrades()) == Set(trades.keys))
        for order in placed {
            let sum = trades.values.filter { $0.venueOrderID == "\(order.id)" }.reduce(Quantity.zero) {
                $0 + $1.quantity
            }
            #expect(sum == order.executed, "\(order.clientOrderID)")
        }
    }
}
