import Bytes
import Market
import Simulation
import Strategies
import Testing

@testable import Trading

@Suite("Replays of a session")
struct ReplayTests {
    /// A session that began after some hundred things had happened.
    private func session(_ seed: Int) -> (begin: SessionState, end: TwinRig) {
        var happenings = Happenings(seed: seed, hasBooks: seed % 2 == 0)
        var rig = TwinRig(venue: SimulatedVenueOptions())
        for happening in happenings.registrations() { rig.take(happening) }
        for _ in 0..<100 { for happening in happenings.next() { rig.take(happening) } }
        let begin = SessionState(kernel: rig.kernel.image, venue: rig.venue.image)
        rig.journal = []
        for _ in 0..<300 { for happening in happenings.next() { rig.take(happening) } }
        return (begin, rig)
    }

    private func replay(_ items: [ReplayItem], from state: SessionState) throws -> (KernelReplay, ReplayDifference?) {
        var replay = KernelReplay(try Kernel(state.kernel, catalog: .bundled))
        for item in items {
            let difference: ReplayDifference?
            switch item {
            case .market(let input): difference = replay.take(input)
            case .record(let record): difference = replay.take(record)
            }
            if let difference { return (replay, difference) }
        }
        let difference = replay.finish()
        return (replay, difference)
    }

    @Test("a session run again makes the same effects, byte for byte, and ends in the same state", arguments: 0..<12)
    func identical(seed: Int) throws {
        let (begin, end) = session(seed)
        let (replay, difference) = try replay(end.journal, from: begin)
        #expect(difference == nil)
        #expect(replay.events > 300 && replay.orders > 0 && replay.effects > replay.orders)
        var writer = ByteWriter()
        writer.value(replay.kernel.image)
        #expect(end.stateBytes.starts(with: writer.bytes))
    }

    @Test("a record that was altered is found at its place, with both sides in words")
    func altered() throws {
        let (begin, end) = session(1)
        var items = end.journal
        let place = try #require(
            items.firstIndex { if case .record(let record) = $0 { record.kind == .submit } else { false } })
        guard case .record(var record) = items[place] else { return }
        var reader = ByteReader(record.payload)
        var order = try reader.value(Order.self)
        order.request.quantity = order.request.quantity + Quantity(mantissa: 1)
        var writer = ByteWriter()
        writer.value(order)
        record.payload = writer.bytes[...]
        items[place] = .record(record)
        let difference = try #require(try replay(items, from: begin).1)
        #expect(difference.sequence == record.sequence)
        let recorded = try #require(difference.recorded)
        let replayed = try #require(difference.replayed)
        #expect(recorded.hasPrefix("submit order \(order.id.rawValue)") && recorded != replayed)
    }

    @Test("an effect that is missing, and one too many, are both found")
    func missingAndExtra() throws {
        let (begin, end) = session(2)
        let place = try #require(
            end.journal.firstIndex { if case .record(let record) = $0 { record.kind.isEffect } else { false } })
        var fewer = end.journal
        fewer.remove(at: place)
        let missing = try #require(try replay(fewer, from: begin).1)
        #expect(missing.replayed != nil)
        var more = end.journal
        more.insert(end.journal[place], at: place)
        let extra = try #require(try replay(more, from: begin).1)
        #expect(extra.recorded != nil)
    }

    @Test("a record that can't be read ends a replay with its number")
    func unreadable() throws {
        let (begin, end) = session(3)
        var items = end.journal
        items.append(.record(ReplayRecord(sequence: 99, kind: .report, payload: [1, 2])))
        #expect(try replay(items, from: begin).1?.sequence == 99)
        items.removeLast()
        let quote = Event.quote(
            InstrumentID(7), Quote(time: .epoch, bid: .zero, ask: .zero, bidSize: .zero, askSize: .zero))
        var payload = ByteWriter()
        quote.writePayload(to: &payload)
        items.append(.record(ReplayRecord(sequence: 100, kind: .quote, payload: payload.bytes[...])))
        #expect(try replay(items, from: begin).1?.recorded?.contains("instrument 7") == true)
    }

    @Test("a strategy that was kept out of a step takes no part in it, and in the next it does")
    func suspended() throws {
        let (begin, end) = session(1)
        let kinds = end.journal.map { item in
            if case .record(let record) = item { record.kind } else { JournalKind.timer }
        }
        let signal = try #require(
            kinds.indices.dropFirst().first { kinds[$0] == .signal && kinds[$0 - 1] == .candle })
        guard case .record(var candle) = end.journal[signal - 1] else { return }
        candle.suspended = begin.kernel.registrations.map(\.id)
        var items = Array(end.journal[..<(signal - 1)])
        items.append(.record(candle))
        #expect(try replay(items, from: begin).1 == nil)
        items.append(end.journal[signal])
        #expect(try replay(items, from: begin).1?.replayed == nil)
        candle.suspended = []
        items[signal - 1] = .record(candle)
        items.removeLast()
        #expect(try replay(items, from: begin).1?.replayed?.hasPrefix("signal") == true)
    }

    // MARK: What if

    /// A session without reports that its venue did not send.
    private func quietSession(_ seed: Int) -> (SessionState, TwinRig) {
        var happenings = Happenings(seed: seed)
        var rig = TwinRig(venue: SimulatedVenueOptions())
        for happening in happenings.registrations() { rig.take(happening) }
        let begin = SessionState(kernel: rig.kernel.image, venue: rig.venue.image)
        rig.journal = []
        for _ in 0..<300 {
            for happening in happenings.next() {
                if case .event(.report) = happening { continue }
                rig.take(happening)
            }
        }
        return (begin, rig)
    }

    @Test("a session without a change decides as it did, to the last digit of its equity", arguments: 0..<6)
    func unchanged(seed: Int) throws {
        let (begin, end) = quietSession(seed)
        var run = try WhatIf(begin, catalog: .bundled, change: WhatIfChange())
        for item in end.journal { try run.take(item) }
        let result = try run.result()
        #expect(result.differences.isEmpty)
        #expect(result.asItWas == result.asItWould)
        #expect(result.asItWas.equity == end.kernel.equity)
    }

    @Test("limits that let nothing open deny what was allowed, and say so order by order")
    func limits() throws {
        let (begin, end) = quietSession(1)
        let limits = RiskLimits(maximumOrderNotional: Money(whole: 1, .usdt))
        var run = try WhatIf(
            begin, catalog: .bundled, change: WhatIfChange(limits: limits))
        for item in end.journal { try run.take(item) }
        let result = try run.result()
        #expect(result.asItWould.denied > result.asItWas.denied)
        #expect(
            result.differences.contains { $0.was?.contains("filled") == true && $0.would?.contains("denied") == true })
    }

    @Test("another parameter of one strategy changes its decisions alone")
    func parameters() throws {
        let (begin, end) = quietSession(2)
        let change = WhatIfChange(parameters: [.init(strategy: "s0", name: "slow", text: "40")])
        var run = try WhatIf(begin, catalog: .bundled, change: change)
        for item in end.journal { try run.take(item) }
        #expect(try run.result().differences.contains { $0.owner == StrategyID(rawValue: 1) })
    }

    @Test("a parameter of a strategy that the session does not have is refused with those that it has")
    func unknownStrategy() throws {
        let (begin, end) = quietSession(3)
        let change = WhatIfChange(parameters: [.init(strategy: "s9", name: "slow", text: "40")])
        var run = try WhatIf(begin, catalog: .bundled, change: change)
        for item in end.journal { try run.take(item) }
        let error = #expect(throws: WhatIfError.self) { try run.result() }
        let text = error?.description ?? ""
        #expect(text.contains("'s9'") && text.contains("s0"))
    }

    @Test("a parameter that a class does not take is refused before anything runs")
    func unknownParameter() {
        let (begin, _) = quietSession(3)
        let change = WhatIfChange(parameters: [.init(strategy: "s0", name: "slwo", text: "40")])
        #expect(throws: WhatIfError.self) {
            try WhatIf(begin, catalog: .bundled, change: change)
        }
    }
}
