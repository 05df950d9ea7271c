import Market
import Storage
import Trading

/// The recorder's hands: carries jobs out on the store and watches what others change there. Belongs to its thread.
///
/// The watch compares the store with what this engine last wrote or saw itself, not with what the kernel holds now: a
/// change of the engine's own that still waits in the queue is never taken for somebody else's.
final class StoreWriter {
    private let store: Store
    private let table: InstrumentTable
    private var mark: ChangeMark
    private var knownStrategies: [StrategyID: StrategyRecord]
    private var knownState: TradingState
    /// The store's numbers of alerts by the numbers the engine gave them.
    private var alertNumbers: [Int64: Int64] = [:]
    /// How far the journal was taken in.
    private(set) var place: UInt64
    /// Where the process ends without warning; for tests alone.
    var crashPlan: CrashPlan?

    /// A writer that goes on from a recovery.
    init(store: Store, recovery: Recovery, place: UInt64 = 0) {
        self.store = store
        self.place = place
        table = recovery.table
        mark = recovery.mark
        knownState = recovery.tradingState
        knownStrategies = Dictionary(
            recovery.strategies.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Carries out jobs, all in one transaction.
    ///
    /// - Throws: `StoreError`; nothing is written then, and the jobs may be tried again.
    func write(_ entries: ArraySlice<RecorderEntry>, _ inbox: Inbox) throws(StoreError) {
        guard let first = entries.first else { return }
        switch first.job {
        case .addStrategy(let strategy, let time, let done): try addStrategy(strategy, time, done)
        case .candles(let candles, let instrument):
            _ = try store.write(candles, of: instrument, .oneMinute, at: candles.last?.closeTime(.oneMinute) ?? .epoch)
        default: try project(entries, inbox)
        }
    }

    private func project(_ entries: ArraySlice<RecorderEntry>, _ inbox: Inbox) throws(StoreError) {
        // What the journal hands out a second time after a restart is in the store already.
        let fresh = entries.filter { $0.sequence.map { $0 > place } ?? true }
        let last = fresh.last { $0.sequence != nil }?.sequence
        crashPlan?.reach("projecting")
        let known = alertNumbers
        let numbers = try store.project(fresh.compactMap { $0.job.row { known[$0] ?? $0 } }, upTo: last, table)
        if let last { place = last }
        var given = numbers.makeIterator()
        for entry in fresh {
            switch entry.job {
            case .record(let record, _): note(record)
            case .alert(_, let number):
                guard let id = given.next() else { continue }
                alertNumbers[number] = id
                inbox.tell { $0.alertStored(number: number, id: id) }
            default: break
            }
        }
    }

    private func addStrategy(
        _ strategy: StrategyRecord, _ time: Timestamp, _ done: @Sendable (Result<StrategyRecord, StoreError>) -> Void
    ) throws(StoreError) {
        do {
            let stored = try store.add(strategy, at: time)
            knownStrategies[stored.id] = stored
            done(.success(stored))
        } catch {
            // Whoever asked is waiting: a contradiction is theirs to hear, and so is a store that fails.
            done(.failure(error))
        }
    }

    /// Passes over a job that the store does not take, for good: a restart must not stumble over it again.
    func passOver(_ entry: RecorderEntry) {
        guard let sequence = entry.sequence, sequence > place else { return }
        if (try? store.project([], upTo: sequence, table)) != nil { place = sequence }
    }

    private func note(_ record: Record) {
        switch record {
        case .strategy(let registration, let reason):
            knownStrategies[registration.id] = StrategyRecord(
                registration, instrument: table[registration.instrument], reason: reason)
        case .strategyRemoved(let id): knownStrategies[id] = nil
        case .tradingState(let state, _): knownState = state
        default: break
        }
    }

    // MARK: What others change

    /// Looks for changes that another process made and tells the core of them. A store that can't be read now is asked
    /// again next time: what is counted from stays where it was.
    func watch(_ inbox: Inbox) {
        var newMark = mark
        guard let changes = try? store.changes(since: &newMark) else { return }
        guard changes.isEmpty || (try? look(changes, inbox)) != nil else { return }
        mark = newMark
    }

    private func look(_ changes: StoreChanges, _ inbox: Inbox) throws(StoreError) {
        if changes.contains(.strategies) { try lookAtStrategies(inbox) }
        if changes.contains(.settings) {
            let state = try store.tradingState()
            if state != knownState {
                knownState = state
                if state == .halted { inbox.tell { $0.stoppedFromOutside() } }
            }
        }
        if changes.contains(.alerts) {
            var states: [Int64: AlertState] = [:]
            for record in try store.alerts(.unacknowledged, limit: 1_000) {
                states[record.id] = AlertState(record.status)
            }
            let standing = states
            inbox.tell { $0.alertsChanged(standing) }
        }
    }

    private func lookAtStrategies(_ inbox: Inbox) throws(StoreError) {
        let records = try store.strategies()
        for record in records {
            let known = knownStrategies[record.id]
            if let known, known.saysTheSame(as: record) { continue }
            knownStrategies[record.id] = record
            inbox.tell { $0.strategyChanged(record, from: known) }
        }
        let present = Set(records.map(\.id))
        for id in knownStrategies.keys.sorted() where !present.contains(id) {
            knownStrategies[id] = nil
            inbox.tell { $0.strategyRemovedFromOutside(id) }
        }
    }
}

extension StrategyRecord {
    /// Whether two records describe one strategy in the same way; revisions, times and reasons don't count.
    func saysTheSame(as other: StrategyRecord, butStatus: Bool = false) -> Bool {
        id == other.id && name == other.name && className == other.className && parameters == other.parameters
            && instrument.name == other.instrument.name && timeframe == other.timeframe && sizing == other.sizing
            && capitalShare == other.capitalShare && protection == other.protection && limits == other.limits
            && (butStatus || status == other.status)
    }
}

extension AlertState {
    /// The state of a stored alert.
    init(_ status: AlertStatus) {
        switch status {
        case .unacknowledged: self = .unacknowledged
        case .acknowledged: self = .acknowledged
        case .shelved(let until): self = .shelved(until: until)
        }
    }
}
