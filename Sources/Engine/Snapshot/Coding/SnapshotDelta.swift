import Bytes
import Market
import Trading

/// What changed from one snapshot to the next, as bytes: sections that are the same are left out, windows of time travel
/// as what came and what went.
///
/// Whoever has the old snapshot makes the new one of it, exactly. Everything changed since a snapshot of nothing is a
/// snapshot whole.
enum SnapshotDelta {
    private struct Sections: OptionSet {
        var rawValue: UInt32
        static let source = Sections(rawValue: 1)
        static let instruments = Sections(rawValue: 1 << 1)
        static let account = Sections(rawValue: 1 << 2)
        static let equityHistory = Sections(rawValue: 1 << 3)
        static let positions = Sections(rawValue: 1 << 4)
        static let orders = Sections(rawValue: 1 << 5)
        static let strategies = Sections(rawValue: 1 << 6)
        static let alerts = Sections(rawValue: 1 << 7)
        static let backtests = Sections(rawValue: 1 << 8)
        static let tradingState = Sections(rawValue: 1 << 9)
        static let receipt = Sections(rawValue: 1 << 10)
        static let health = Sections(rawValue: 1 << 11)
        static let log = Sections(rawValue: 1 << 12)
        static let notices = Sections(rawValue: 1 << 13)
        static let blocks = Sections(rawValue: 1 << 14)
        static let externalOrders = Sections(rawValue: 1 << 15)
        static let venueLimits = Sections(rawValue: 1 << 16)
        static let searches = Sections(rawValue: 1 << 17)
        static let dataLimits = Sections(rawValue: 1 << 18)
        static let all = Sections(rawValue: 1 << 19 - 1)
    }

    /// Appends what changed since `old`.
    static func write(_ new: Snapshot, since old: Snapshot, to writer: inout ByteWriter) {
        let sections = changed(new, old)
        writer.value(new.generation)
        writer.value(new.time)
        writer.unsigned(UInt64(sections.rawValue))
        if sections.contains(.source) {
            writer.text(new.mode.rawValue)
            writer.value(new.source)
            writer.optional(new.rehearsal)
            writer.optional(new.venueProblem)
        }
        if sections.contains(.instruments) { writer.array(new.markets.map(\.instrument)) }
        let base = sections.contains(.instruments) ? blankMarkets(new.markets.map(\.instrument)) : old.markets
        for (market, former) in zip(new.markets, base) { MarketDelta.write(market, since: former, to: &writer) }
        if sections.contains(.account) { AccountCoding.write(new.account, to: &writer) }
        if sections.contains(.equityHistory) {
            let runs = ArrayDelta.window(new.account.equityHistory, since: old.account.equityHistory)
            ArrayDelta.write(runs, of: new.account.equityHistory, to: &writer)
        }
        writeLists(new, old, sections, to: &writer)
        if sections.contains(.tradingState) { writer.value(new.tradingState) }
        if sections.contains(.receipt) { writer.optional(new.receipt) }
        if sections.contains(.health) { writer.value(new.health) }
        if sections.contains(.log) {
            ArrayDelta.write(ArrayDelta.window(new.log, since: old.log), of: new.log, to: &writer)
        }
        if sections.contains(.notices) {
            ArrayDelta.write(ArrayDelta.window(new.notices, since: old.notices), of: new.notices, to: &writer)
        }
        if sections.contains(.blocks) { writer.array(new.blocks) }
        if sections.contains(.externalOrders) { writer.array(new.externalOrders) }
        if sections.contains(.venueLimits) { writer.optional(new.venueLimits.map(LimitsForm.init)) }
        if sections.contains(.dataLimits) { writer.optional(new.dataLimits.map(LimitsForm.init)) }
    }

    private static func writeLists(
        _ new: Snapshot, _ old: Snapshot, _ sections: Sections, to writer: inout ByteWriter
    ) {
        if sections.contains(.positions) {
            let runs = ArrayDelta.list(
                new.positions, since: old.positions, key: { PositionKey($0.position) }, isSame: ==)
            ArrayDelta.write(runs, of: new.positions, to: &writer)
        }
        if sections.contains(.orders) {
            let runs = ArrayDelta.list(new.orders, since: old.orders, key: \.order.id, isSame: ==)
            ArrayDelta.write(runs, of: new.orders, to: &writer)
        }
        if sections.contains(.strategies) {
            let runs = ArrayDelta.list(new.strategies, since: old.strategies, key: \.registration.id, isSame: ==)
            ArrayDelta.write(runs, of: new.strategies, to: &writer)
            writer.array(new.removedStrategies)
        }
        if sections.contains(.alerts) {
            ArrayDelta.write(
                ArrayDelta.list(new.alerts, since: old.alerts, key: \.id, isSame: ==), of: new.alerts, to: &writer)
        }
        if sections.contains(.backtests) {
            let runs = ArrayDelta.list(new.backtests, since: old.backtests, key: \.id) { $0.isSame(as: $1) }
            ArrayDelta.write(runs, of: new.backtests, to: &writer)
        }
        if sections.contains(.searches) {
            let runs = ArrayDelta.list(new.searches, since: old.searches, key: \.id) { $0.isSame(as: $1) }
            ArrayDelta.write(runs, of: new.searches, to: &writer)
        }
    }

    private struct PositionKey: Hashable {
        let owner: StrategyID
        let instrument: InstrumentID

        init(_ position: Position) {
            owner = position.owner
            instrument = position.instrument
        }
    }

    private static func changed(_ new: Snapshot, _ old: Snapshot) -> Sections {
        var sections: Sections = []
        func mark(_ section: Sections, _ isChanged: Bool) { if isChanged { sections.insert(section) } }
        mark(
            .source,
            new.mode != old.mode || new.source != old.source || new.rehearsal != old.rehearsal
                || new.venueProblem != old.venueProblem)
        mark(.instruments, !new.markets.elementsEqual(old.markets) { $0.id == $1.id && $0.instrument == $1.instrument })
        mark(.account, !AccountCoding.isSame(new.account, old.account))
        mark(.equityHistory, !ArrayDelta.isSameStorage(new.account.equityHistory, old.account.equityHistory))
        mark(.positions, !ArrayDelta.isSameStorage(new.positions, old.positions) && new.positions != old.positions)
        mark(.orders, !ArrayDelta.isSameStorage(new.orders, old.orders))
        mark(.strategies, !ArrayDelta.isSameStorage(new.strategies, old.strategies) && new.strategies != old.strategies)
        mark(.strategies, new.removedStrategies != old.removedStrategies)
        mark(.alerts, !ArrayDelta.isSameStorage(new.alerts, old.alerts) && new.alerts != old.alerts)
        mark(.backtests, !ArrayDelta.isSameStorage(new.backtests, old.backtests))
        mark(.searches, !ArrayDelta.isSameStorage(new.searches, old.searches))
        mark(.tradingState, new.tradingState != old.tradingState)
        mark(.receipt, new.receipt != old.receipt)
        mark(.health, new.health != old.health)
        mark(.log, !ArrayDelta.isSameStorage(new.log, old.log))
        mark(.blocks, new.blocks != old.blocks)
        mark(.externalOrders, new.externalOrders != old.externalOrders)
        mark(.venueLimits, new.venueLimits != old.venueLimits)
        mark(.dataLimits, new.dataLimits != old.dataLimits)
        mark(.notices, !ArrayDelta.isSameStorage(new.notices, old.notices))
        return sections
    }

    /// The snapshot that is `old` with the changes that follow.
    static func read(_ reader: inout ByteReader, applyingTo old: Snapshot) throws(MalformedBytes) -> Snapshot {
        var new = old
        new.generation = try reader.value()
        new.time = try reader.value()
        let bits = try reader.unsigned()
        guard bits <= UInt64(Sections.all.rawValue) else {
            throw MalformedBytes("a snapshot has unknown sections", at: reader.offset)
        }
        let sections = Sections(rawValue: UInt32(bits))
        if sections.contains(.source) {
            let mode = try reader.text()
            guard let known = TradingMode(rawValue: mode) else {
                throw MalformedBytes("'\(mode)' is no mode of trading", at: reader.offset)
            }
            new.mode = known
            new.source = try reader.value()
            new.rehearsal = try reader.optional()
            new.venueProblem = try reader.optional()
        }
        if sections.contains(.instruments) { new.markets = blankMarkets(try reader.array()) }
        for index in new.markets.indices { try MarketDelta.read(&reader, into: &new.markets[index]) }
        if sections.contains(.account) { try AccountCoding.read(&reader, into: &new.account) }
        if sections.contains(.equityHistory) {
            new.account.equityHistory = try ArrayDelta.read(&reader, applyingTo: old.account.equityHistory)
        }
        if sections.contains(.positions) { new.positions = try ArrayDelta.read(&reader, applyingTo: old.positions) }
        if sections.contains(.orders) { new.orders = try ArrayDelta.read(&reader, applyingTo: old.orders) }
        if sections.contains(.strategies) {
            new.strategies = try ArrayDelta.read(&reader, applyingTo: old.strategies)
            new.removedStrategies = try reader.array()
        }
        if sections.contains(.alerts) { new.alerts = try ArrayDelta.read(&reader, applyingTo: old.alerts) }
        if sections.contains(.backtests) { new.backtests = try ArrayDelta.read(&reader, applyingTo: old.backtests) }
        if sections.contains(.searches) { new.searches = try ArrayDelta.read(&reader, applyingTo: old.searches) }
        if sections.contains(.tradingState) { new.tradingState = try reader.value() }
        if sections.contains(.receipt) { new.receipt = try reader.optional() }
        if sections.contains(.health) { new.health = try reader.value() }
        if sections.contains(.log) { new.log = try ArrayDelta.read(&reader, applyingTo: old.log) }
        if sections.contains(.notices) { new.notices = try ArrayDelta.read(&reader, applyingTo: old.notices) }
        if sections.contains(.blocks) { new.blocks = try reader.array() }
        if sections.contains(.externalOrders) { new.externalOrders = try reader.array() }
        if sections.contains(.venueLimits) {
            let form: LimitsForm? = try reader.optional()
            new.venueLimits = form?.limits
        }
        if sections.contains(.dataLimits) {
            let form: LimitsForm? = try reader.optional()
            new.dataLimits = form?.limits
        }
        return new
    }

    private static func blankMarkets(_ instruments: [Instrument]) -> [MarketView] {
        instruments.enumerated().map { MarketView(id: InstrumentID($0.offset), instrument: $0.element) }
    }
}
