import Bytes
import Journal
import Market
import Storage
import Trading

/// Brings a store up to the journal that it is a projection of, before a session begins.
struct StoreCatchUp {
    /// How many rows one transaction takes.
    private static let groupSize = 2_000

    let store: Store
    let table: InstrumentTable

    /// What is left to write when the store did not take everything.
    struct Outcome {
        /// The entries that are still to be written, in order.
        var left: [RecorderEntry] = []
        /// How far the store has come.
        var place: UInt64
        /// Why it did not take everything.
        var problem: String?
        /// How many rows it took.
        var count = 0
    }

    /// Takes the records behind the store's place into it. A store that is locked or full now gets them later.
    func run(_ records: some Sequence<JournalRecord>, from place: UInt64) -> Outcome {
        var outcome = Outcome(place: place)
        var group: [RecorderEntry] = []
        var numbers: [Int64: Int64] = [:]
        for record in records {
            guard record.sequence > place, let entry = RecorderEntry(record) else { continue }
            group.append(entry)
            if group.count >= StoreCatchUp.groupSize {
                write(group, &outcome, &numbers)
                group.removeAll(keepingCapacity: true)
            }
        }
        write(group, &outcome, &numbers)
        return outcome
    }

    private func write(_ group: [RecorderEntry], _ outcome: inout Outcome, _ numbers: inout [Int64: Int64]) {
        guard let last = group.last?.sequence else { return }
        if outcome.problem != nil {
            outcome.left += group
            return
        }
        let known = numbers
        do {
            let given = try store.project(group.compactMap { $0.job.row { known[$0] ?? $0 } }, upTo: last, table)
            var next = given.makeIterator()
            for entry in group {
                if case .alert(_, let number) = entry.job { numbers[number] = next.next() }
            }
            outcome.place = last
            outcome.count += group.count
        } catch {
            outcome.problem = error.description
            outcome.left += group
        }
    }
}

extension RecorderEntry {
    /// What the store keeps of a decision record; `nil` for records that only a replay needs.
    init?(_ record: JournalRecord) {
        guard let kind = JournalKind(rawValue: record.kind) else { return nil }
        let time = Timestamp(nanoseconds: record.time)
        // What an alert is known by until the store has numbered it.
        let number = -Int64(clamping: record.sequence)
        var reader = record.reader
        let job: RecorderJob
        do throws(MalformedBytes) {
            switch kind {
            case .account: job = .account(try reader.value(), at: time)
            case .note:
                let note = try EngineNote(from: &reader)
                if case .alert(let alert) = note { job = .alert(alert, number: number) } else { job = .note(note) }
            default:
                guard kind.isEffect else { return nil }
                switch try Effect(kind, from: &reader) {
                case .record(.refusal): return nil
                case .record(let record): job = .record(record, at: time)
                case .alert(var alert):
                    if alert.strategy != nil { alert.order = nil }
                    job = .alert(alert, number: number)
                default: return nil
                }
            }
        } catch {
            return nil
        }
        self.init(job: job, sequence: record.sequence)
    }
}
