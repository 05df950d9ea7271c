import Journal
import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Why did this order happen?")
struct OrderExplanationTests {
    private let folder: TemporaryDirectory
    private let rig: JournalRig

    /// An engine whose one strategy trades often and protects what it buys, and a person beside it.
    init() throws {
        folder = try TemporaryDirectory()
        rig = try JournalRig(in: folder) { configuration in
            configuration.registersStarters = false
            configuration.limits = RiskLimits(maximumOpenOrders: 30, maximumDrawdown: .percent(40))
            configuration.journal.segmentBytes = 2_000
        }
        let bitcoin = try #require(rig.core.instruments.firstIndex { $0.symbol == "BTCUSDT" })
        let strategy = try #require(rig.core.configuration.catalog.strategyClass(named: "ema-crossover"))
        let parameters = try Parameters(strategy.descriptor.parameters, overrides: [("fast", "2"), ("slow", "5")])
        let reply = rig.ask(
            .addStrategy(
                StrategyRegistration(
                    id: .manual, name: "fast", className: "ema-crossover", parameters: parameters,
                    instrument: InstrumentID(bitcoin), timeframe: .oneMinute, sizing: .equityShare(.percent(30)),
                    protection: Protection(stopLoss: .percent(1)))))
        try #require(reply.isDone, "\(reply)")
    }

    private var directory: String { folder.directory.file(Journal.directoryName) }

    private func settle() {
        _ = rig.journal.waitUntilDurable(
            decisions: rig.journal.last(.decisions), market: rig.journal.last(.market), milliseconds: 10_000)
    }

    private func explain(_ number: UInt64) throws -> OrderExplanation {
        settle()
        return try #require(try OrderExplanation(OrderID(rawValue: number), directory: directory))
    }

    private func firstOrder(_ purpose: OrderPurpose) throws -> OrderExplanation {
        for _ in 0..<60 {
            rig.pass(seconds: 60)
            settle()
            for number in 1..<rig.core.kernel.nextOrderID.rawValue {
                guard let order = rig.core.kernel.order(OrderID(rawValue: number)), order.state.isClosed,
                    order.request.purpose == purpose
                else { continue }
                return try explain(number)
            }
        }
        throw TestFailure("no order of purpose \(purpose.name) within an hour")
    }

    private struct TestFailure: Error {
        var text: String
        init(_ text: String) { self.text = text }
    }

    @Test("an entry is explained from the candle to the position")
    func entry() throws {
        let entry = try firstOrder(.entry)
        guard case .candle(let instrument, .oneMinute, let seen) = entry.causes.first?.content else {
            throw TestFailure("it begins with \(entry.causes.map(\.kindName))")
        }
        #expect(entry.causes.count == 1)
        #expect(instrument == entry.order.request.instrument)
        guard case .candle(_, _, let last) = entry.candles.last?.content else { throw TestFailure("no candle") }
        #expect(last == seen)
        guard case .record(.signal(let signal)) = entry.signal?.content else { throw TestFailure("no signal") }
        #expect(signal.outcome.contains("order \(entry.order.id.rawValue)"))
        #expect(!signal.signal.values.isEmpty)
        guard case .record(.verdict(let verdict)) = entry.verdict?.content else { throw TestFailure("no verdict") }
        #expect(verdict.isAllowed && verdict.outcomes.contains { $0.check == .openOrders && $0.limit == 30 })
        #expect(entry.registration?.sizing == .equityShare(.percent(30)))
        #expect(entry.submission?.record.cause == entry.causes[0].sequence)
        #expect(entry.way.first?.sequence == entry.submission?.sequence)
        #expect(entry.order.state == .filled)
        guard case .record(.position(let position)) = entry.position?.content else { throw TestFailure("no position") }
        #expect(position.owner == entry.order.owner)
        #expect((entry.account?.sequence ?? 0) > (entry.position?.sequence ?? .max))
        #expect(entry.missing.isEmpty)
        rig.abandon()
    }

    @Test("a stop is explained by the order that it protects and the fill that asked for it")
    func protective() throws {
        let stop = try firstOrder(.stopLoss)
        #expect(stop.causes.map(\.kindName) == ["candle", "submit", "report"])
        #expect(stop.signal == nil)
        guard case .report(let report) = stop.causes.last?.content, case .filled = report.kind else {
            throw TestFailure("no fill")
        }
        #expect(report.order < stop.order.id)
        let cancel = stop.way.first { if case .cancel = $0.content { true } else { false } }
        if let cancel { #expect(stop.reasons[cancel.sequence] != nil) }
        rig.abandon()
    }

    @Test("an order by hand has its command as the cause, and one that was denied its failed checks")
    func manual() throws {
        rig.pass(seconds: 5)
        let ether = try #require(rig.core.instruments.firstIndex { $0.symbol == "ETHUSDT" })
        func place(_ units: Int64) throws -> UInt64 {
            let reply = rig.ask(
                .placeOrder(
                    OrderRequest(
                        instrument: InstrumentID(ether), side: .buy, type: .market,
                        quantity: try rig.core.instruments[ether].quantity("\(units)"), purpose: .manual)))
            guard case .order(let order, _) = reply else { throw TestFailure("\(reply)") }
            return order.id.rawValue
        }
        let filled = try explain(place(1))
        guard case .command(.place) = filled.causes.first?.content else { throw TestFailure("no command") }
        #expect(filled.order.state == .filled && filled.order.owner.isManual)
        #expect(filled.signal == nil && filled.candles.isEmpty && filled.missing.isEmpty)
        let denied = try explain(place(1_000_000))
        #expect(denied.order.state == .denied && denied.submission == nil)
        guard case .record(.verdict(let verdict)) = denied.verdict?.content else { throw TestFailure("no verdict") }
        #expect(verdict.outcomes.contains { $0.check == .balance && !$0.isPassed })
        rig.abandon()
    }

    @Test("what was pruned is named")
    func pruned() throws {
        let stop = try firstOrder(.stopLoss)
        let last = try #require(stop.way.last)
        rig.pass(seconds: 600)
        settle()
        _ = try JournalPruner.prune(directory: directory, stream: .decisions, olderThan: last.record.time)
        let first = try #require(try JournalPruning.read(.decisions, in: directory)).firstSequence
        #expect(try JournalWalk(from: first - 1, directory: directory, limit: 1) == nil)
        let rest = try explain(stop.order.id.rawValue)
        #expect(rest.order == stop.order)
        #expect(rest.missing.contains { $0.contains("before record \(first) were pruned") })
        rig.abandon()
    }

    @Test("a client order id finds its order, one of a record that sent nothing does not")
    func clientID() throws {
        let entry = try firstOrder(.entry)
        let sequence = try #require(entry.submission?.sequence)
        let instance = try #require(ClientOrderID.Instance("K7Q"))
        func find(_ sequence: UInt64) throws -> OrderID? {
            try OrderExplanation.order(
                of: ClientOrderID(instance, sequence: sequence, ordinal: 0), directory: directory)
        }
        #expect(try find(sequence) == entry.order.id)
        #expect(try find(entry.causes[0].sequence) == nil)
        #expect(try OrderExplanation(OrderID(rawValue: 9_999), directory: directory) == nil)
        rig.abandon()
    }

    @Test("a walk goes from the candle through the order to its fill and back")
    func walk() throws {
        let entry = try firstOrder(.entry)
        let fill = try #require(
            entry.way.first {
                if case .report(let report) = $0.content, case .filled = report.kind { true } else { false }
            })
        let walk = try #require(try JournalWalk(from: fill.sequence, directory: directory, limit: 100))
        #expect(walk.steps.prefix(walk.place + 1).map(\.entry.kindName) == ["candle", "submit", "report"])
        #expect(walk.steps.dropFirst(walk.place + 1).contains { $0.entry.kindName == "position" })
        #expect(walk.steps.allSatisfy { $0.depth == 0 || $0.entry.record.cause > 0 })
        #expect(try JournalWalk(from: 10_000_000, directory: directory, limit: 1) == nil)
        rig.abandon()
    }

    @Test("a strategy's records are its own, its orders' verdicts and reports too")
    func strategy() throws {
        let entry = try firstOrder(.entry)
        let mine = try JournalQuery(strategy: "fast").run(directory: directory, limit: 10_000)
        #expect(mine.knowsStrategy)
        let numbers = Set(mine.entries.map(\.sequence))
        #expect(numbers.contains(try #require(entry.verdict?.sequence)))
        #expect(numbers.isSuperset(of: entry.way.map(\.sequence)))
        #expect(!mine.entries.contains { $0.kindName == "candle" })
        #expect(try !JournalQuery(strategy: "none").run(directory: directory, limit: 10).knowsStrategy)
        let newest = try JournalQuery().run(directory: directory, limit: 3)
        #expect(
            newest.entries.map(\.sequence) == Array((rig.journal.last(.decisions) - 2)...rig.journal.last(.decisions)))
        rig.abandon()
    }
}
