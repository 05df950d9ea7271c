public import Journal
public import Market
import Trading

/// Which decision records somebody wants to see.
public struct JournalQuery: Sendable {
    /// Only what is about this strategy or its orders; by name or number, `manual` for orders placed by hand.
    public var strategy: String?
    /// Only records of these kinds, by name; of all when there is none.
    public var kinds: Set<String>
    /// Only records of this time or later.
    public var since: Timestamp?
    /// Only records before this time.
    public var until: Timestamp?

    /// A query of its parts.
    public init(
        strategy: String? = nil, kinds: Set<String> = [], since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.strategy = strategy
        self.kinds = kinds
        self.since = since
        self.until = until
    }

    /// How many records before the wanted ones are looked at, for what they say of orders that those only number.
    private static let lead: UInt64 = 5_000

    /// The newest records that match, in order.
    public struct Result: Sendable {
        /// The records.
        public internal(set) var entries: [JournalEntry] = []
        /// What their numbers stand for.
        public internal(set) var text: RecordText
        /// How many further records of those that were read matched, before these.
        public internal(set) var omittedCount = 0
        /// Whether any strategy of the wanted name was heard of.
        public internal(set) var knowsStrategy = false
        /// Where the journal is damaged; the records before that place are there.
        public internal(set) var damage: JournalError?
    }

    /// Whether anything narrows it down.
    public var isFiltered: Bool { strategy != nil || !kinds.isEmpty || since != nil || until != nil }

    /// Reads a journal.
    ///
    /// - Parameter limit: how many records are wanted at most.
    /// - Throws: `JournalError` when it can't be read at all.
    public func run(directory: String, limit: Int) throws(JournalError) -> Result {
        var result = Result(text: RecordText(try JournalNames.read(directory: directory)))
        var reader = try JournalReader(
            directory: directory, stream: .decisions, from: try start(directory, limit), verifies: false)
        var owners: [OrderID: StrategyID] = [:]
        // A verdict comes right before the record of its order, which says whose it is.
        var waiting: JournalEntry?
        func judge(_ entry: JournalEntry) {
            guard matches(entry, owners, &result) else { return }
            result.entries.append(entry)
            // Twice as many before the older half goes: one by one would move the rest each time.
            if result.entries.count >= 2 * limit { trim(&result, limit) }
        }
        do throws(JournalError) {
            while let record = try reader.record() {
                let entry = JournalEntry(record)
                // Times are the events' own and may go back a little from record to record.
                if let until, entry.time >= until.adding(seconds: 3_600) { break }
                result.text.learn(entry.content)
                if let order = entry.content?.order, let owner = entry.content?.strategy { owners[order] = owner }
                if let verdict = waiting {
                    waiting = nil
                    judge(verdict)
                }
                if strategy != nil, case .record(.verdict(let verdict)) = entry.content, owners[verdict.order] == nil {
                    waiting = entry
                    continue
                }
                judge(entry)
            }
        } catch {
            result.damage = error
        }
        trim(&result, limit)
        if let strategy, !result.knowsStrategy {
            result.knowsStrategy = result.text.names.strategies.keys.contains {
                isNamed(strategy, $0, result.text.names)
            }
        }
        return result
    }

    private func trim(_ result: inout Result, _ limit: Int) {
        let surplus = result.entries.count - limit
        guard surplus > 0 else { return }
        result.entries.removeFirst(surplus)
        result.omittedCount += surplus
    }

    private func matches(_ entry: JournalEntry, _ owners: [OrderID: StrategyID], _ result: inout Result) -> Bool {
        if let since, entry.time < since { return false }
        if let until, entry.time >= until { return false }
        if !kinds.isEmpty, !kinds.contains(entry.kindName) { return false }
        guard let strategy else { return true }
        let names = result.text.names
        func isWanted(_ id: StrategyID?) -> Bool {
            guard let id, isNamed(strategy, id, names) else { return false }
            result.knowsStrategy = true
            return true
        }
        if case .withheld(let orders, _) = entry.content { return orders.contains { isWanted(owners[$0]) } }
        return isWanted(entry.content?.strategy ?? entry.content?.order.flatMap { owners[$0] })
    }

    private func isNamed(_ text: String, _ id: StrategyID, _ names: JournalNames) -> Bool {
        names.name(id) == text || text == "\(id.rawValue)"
    }

    /// The first record that has to be read: without a filter that of the newest `limit`, with a time that of the segment
    /// in which it lies.
    private func start(_ directory: String, _ limit: Int) throws(JournalError) -> UInt64 {
        let segments: [JournalSegment]
        // A damaged segment is reported where its records are read, after those before it.
        do throws(JournalError) { segments = try JournalSegment.list(.decisions, in: directory) } catch { return 1 }
        guard let first = segments.first, let last = segments.last else { return 1 }
        if !isFiltered {
            let end = last.firstSequence + last.records
            let distance = UInt64(limit) + JournalQuery.lead
            return end > distance ? max(end - distance, first.firstSequence) : 1
        }
        guard let since, strategy == nil else { return 1 }
        return segments.first { ($0.lastTime ?? .max) >= since.nanoseconds }?.firstSequence ?? last.firstSequence
    }
}
