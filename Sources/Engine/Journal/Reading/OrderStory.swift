import Bytes
import Journal
import Market
import Trading

/// Puts the explanation of an order together: one look through the decisions for what is about it, then the records that
/// led there.
struct OrderStory {
    private(set) var explanation: OrderExplanation
    private let id: OrderID
    private let directory: String

    /// Looks through the decisions; `nil` when they tell nothing of the order.
    init?(_ id: OrderID, directory: String) throws(JournalError) {
        self.id = id
        self.directory = directory
        var reader = try JournalReader(directory: directory, stream: .decisions, verifies: false)
        var registrations = JournalNames()
        var verdict: JournalEntry?
        var found: OrderExplanation?
        var lastRecord: UInt64 = 0
        while let record = try reader.record() {
            guard OrderStory.mayTell(record, of: id, isFound: found != nil) else { continue }
            let entry = JournalEntry(record)
            registrations.learn(entry.content)
            if let content = entry.content, content.order == id || content.holds(id) {
                if case .record(.verdict) = content { verdict = entry }
                if let order = content.wholeOrder, found == nil {
                    found = OrderExplanation(order, RecordText(registrations))
                    found?.registration = registrations.strategies[order.owner]
                    found?.verdict = verdict
                }
                found?.take(entry)
                lastRecord = record.sequence
            } else if found != nil {
                found?.follow(entry, lastRecord)
            }
        }
        guard let found else { return nil }
        explanation = found
    }

    /// Whether a record may be about an order, by its first bytes: most are not, and need not be taken apart. What stands
    /// after the order is of interest only once it was found.
    private static func mayTell(_ record: JournalRecord, of id: OrderID, isFound: Bool) -> Bool {
        switch JournalKind(rawValue: record.kind) {
        case .report, .cancel, .amend, .query, .verdict, .fill:
            var reader = record.reader
            return (try? reader.value(OrderID.self)) == id
        case .submit, .order:
            var reader = record.reader
            return (try? reader.value(Order.self))?.id == id
        case .withheld, .strategy, .alert: return true
        case .position, .account: return isFound
        case .command: return record.payload.first == 0
        default: return false
        }
    }

    /// Adds what led to it, and the names.
    mutating func complete() throws(JournalError) {
        let first = explanation.verdict ?? explanation.submission
        let pruning = try JournalPruning.read(.decisions, in: directory)
        let names = try JournalNames.read(directory: directory, notAfter: first?.sequence ?? .max)
        let owner = explanation.order.owner
        if explanation.registration == nil { explanation.registration = names.strategies[owner] }
        var all = try JournalNames.read(directory: directory)
        all.grow(to: names)
        if let registration = explanation.registration { all.learn(.record(.strategy(registration, reason: ""))) }
        explanation.text = RecordText(all)
        explanation.text.learn(.submit(explanation.asMade))
        if explanation.registration == nil, !owner.isManual {
            explanation.missing.append("the registration of strategy \(owner.rawValue) at that time")
        }
        if explanation.text.names.instrument(explanation.order.request.instrument) == nil {
            explanation.missing.append("its instrument: no checkpoint can be used; figures are whole units")
        }
        guard let first else {
            let from = pruning.map { ": decisions before record \($0.firstSequence) were pruned" } ?? ""
            explanation.missing.append("how it was made and judged" + from)
            return
        }
        try findCauses(of: first, pruning)
        try findSignal(of: first)
        try findReasons()
    }

    private mutating func findCauses(of first: JournalEntry, _ pruning: JournalPruning?) throws(JournalError) {
        var cause = first.record.cause
        while cause > 0 {
            guard let entry = try JournalEntry.read(cause, directory) else {
                let from = pruning.map { ": decisions before record \($0.firstSequence) were pruned" } ?? ""
                explanation.missing.append("record \(cause), which led to it" + from)
                break
            }
            explanation.causes.insert(entry, at: 0)
            if case .submit(let order) = entry.content { explanation.text.learn(.submit(order)) }
            cause = entry.record.cause
        }
        guard case .candle(let instrument, let timeframe, _) = explanation.causes.first?.content,
            let root = explanation.causes.first
        else { return }
        // Some hours of a busy market lie within this distance.
        let distance: UInt64 = 5_000
        let start = root.sequence > distance ? root.sequence - distance : 1
        var reader = try JournalReader(directory: directory, stream: .decisions, from: start, verifies: false)
        while let record = try reader.record(), record.sequence <= root.sequence {
            guard record.kind == JournalKind.candle.rawValue else { continue }
            let entry = JournalEntry(record)
            guard case .candle(instrument, timeframe, _) = entry.content else { continue }
            explanation.candles.append(entry)
            if explanation.candles.count > OrderExplanation.formerCandles + 1 { explanation.candles.removeFirst() }
        }
    }

    /// The signal is written down right after the orders that it led to, with the same cause.
    private mutating func findSignal(of first: JournalEntry) throws(JournalError) {
        let purpose = explanation.asMade.request.purpose
        guard purpose == .entry || purpose == .exit, first.record.cause > 0 else { return }
        var reader = try JournalReader(
            directory: directory, stream: .decisions, from: first.sequence, verifies: false)
        while let record = try reader.record() {
            // What the kernel answers to one input is written without a gap.
            guard record.cause == first.record.cause else { return }
            guard record.kind == JournalKind.signal.rawValue else { continue }
            let entry = JournalEntry(record)
            guard case .record(.signal(let signal)) = entry.content, signal.strategy == explanation.order.owner else {
                continue
            }
            explanation.signal = entry
            return
        }
    }

    /// What led to cancels and amendments: another record than the order's own.
    private mutating func findReasons() throws(JournalError) {
        for entry in explanation.way {
            switch entry.content {
            case .cancel, .amend, .query:
                if let reason = try JournalEntry.read(entry.record.cause, directory) {
                    explanation.reasons[entry.sequence] = reason
                    // What is said of another order has the decimals of that order's instrument.
                    if case .report = reason.content, let sent = try JournalEntry.read(reason.record.cause, directory) {
                        explanation.text.learn(sent.content)
                    }
                }
            default: continue
            }
        }
    }
}

extension OrderExplanation {
    /// Takes in a record that names the order.
    fileprivate mutating func take(_ entry: JournalEntry) {
        switch entry.content {
        case .submit(let order):
            submission = entry
            self.order = order
            way.append(entry)
        case .record(.order(let order)): self.order = order
        case .cancel, .amend, .query, .report, .finding, .withheld, .alert: way.append(entry)
        default: return
        }
    }

    /// Takes in a record that came after the last that names the order.
    fileprivate mutating func follow(_ entry: JournalEntry, _ lastRecord: UInt64) {
        switch entry.content {
        case .record(.position(let position)):
            // A fill is followed by the position that it made, in the same step.
            guard position.owner == order.owner, position.instrument == order.request.instrument,
                case .report(let report) = way.last?.content, case .filled = report.kind,
                entry.record.cause == way.last?.sequence
            else { return }
            self.position = entry
        case .account: if (account?.sequence ?? 0) < lastRecord { account = entry }
        default: return
        }
    }
}

extension RecordContent {
    /// Whether it holds back an order on its last step.
    fileprivate func holds(_ id: OrderID) -> Bool {
        if case .withheld(let orders, _) = self { return orders.contains(id) }
        return false
    }

    /// The order, where the record holds all of it.
    fileprivate var wholeOrder: Order? {
        switch self {
        case .submit(let order), .record(.order(let order)): return order
        default: return nil
        }
    }
}
