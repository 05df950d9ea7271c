import Bytes
import Engine
import Journal
import Market
import Simulation
import Trading

/// A session of the journal: the state it began with, and its records of both streams in their one order.
struct SessionReading {
    /// The checkpoint that the session began with.
    let checkpoint: JournalCheckpoint
    /// The state in it.
    let state: SessionState

    private var decisions: JournalReader
    private var market: JournalReader
    private let end: UInt64
    private var waiting: JournalRecord?
    private var batch: MarketBatchReader?
    /// How many market updates were given out, those before the session included.
    private var position: UInt64
    /// How many updates of the batch under way came before.
    private var skipped: UInt64 = 0

    /// The session that began after decision record `session`, or the last one.
    ///
    /// - Throws: `CommandFailure` when there is none; `JournalError` when the journal is damaged.
    init(_ directory: String, session: UInt64?) throws {
        let starts = try JournalCheckpoint.list(in: directory).valid.filter(\.beginsSession)
        guard
            let place = try session.map({ number in starts.lastIndex { $0.decision == number } })
                ?? SessionReading.lastPlace(starts, directory)
        else {
            let known = starts.map { String($0.decision) }.joined(separator: " ")
            throw CommandFailure(
                .noInput,
                starts.isEmpty
                    ? "\(directory): there is no session yet; an engine begins one when it starts"
                    : "\(directory): no session begins after record \(session.map(String.init) ?? ""); they begin after: "
                        + known)
        }
        checkpoint = starts[place]
        end = place + 1 < starts.count ? starts[place + 1].decision : .max
        let body = try checkpoint.body()
        do throws(MalformedBytes) {
            state = try RecordedSession.state(body)
        } catch {
            throw CommandFailure(.data, "\(checkpoint.path): the state can't be read: \(error)")
        }
        position = checkpoint.position
        decisions = try JournalReader(directory: directory, stream: .decisions, from: checkpoint.decision + 1)
        market = try JournalReader(directory: directory, stream: .market, from: checkpoint.market + 1)
        waiting = try decisions.record()
    }

    /// The last session behind whose beginning anything is recorded: where one ended, another may begin and has not yet.
    private static func lastPlace(_ starts: [JournalCheckpoint], _ directory: String) throws -> Int? {
        guard let last = starts.last, starts.count > 1 else { return starts.indices.last }
        var reader = try JournalReader(directory: directory, stream: .decisions, from: last.decision + 1)
        return try reader.record() == nil ? starts.count - 2 : starts.count - 1
    }

    /// The next item, or `nil` after the session's last decision: market updates behind it acted on nothing that is known.
    ///
    /// - Throws: `JournalError` when the journal is damaged; `CommandFailure` when market updates are missing.
    mutating func next() throws -> ReplayItem? {
        guard let record = waiting, record.sequence <= end else { return nil }
        if position < record.position {
            return .market(try nextInput(for: record))
        }
        waiting = try decisions.record()
        guard let kind = JournalKind(rawValue: record.kind) else { return try next() }
        return .record(ReplayRecord(sequence: record.sequence, kind: kind, payload: payload(of: record, kind)))
    }

    /// A command's time stands in its record; an event carries it.
    private func payload(of record: JournalRecord, _ kind: JournalKind) -> ArraySlice<UInt8> {
        guard kind == .command else { return record.payload }
        var writer = ByteWriter(capacity: record.payload.count + 8)
        writer.value(Timestamp(nanoseconds: record.time))
        writer.raw(record.payload)
        return writer.bytes[...]
    }

    private mutating func nextInput(for record: JournalRecord) throws -> MarketInput {
        while true {
            do {
                while let input = try batch?.next() {
                    if skipped > 0 {
                        skipped -= 1
                        continue
                    }
                    position += 1
                    return input
                }
            } catch {
                throw CommandFailure(.data, "market update \(position + 1) can't be read: \(error)")
            }
            guard let next = try market.record() else {
                throw CommandFailure(
                    .noInput,
                    "record \(record.sequence) comes after market update \(record.position), and the market stream ends "
                        + "at \(position): it was pruned or lost, and the session can't be run again")
            }
            guard next.kind == JournalKind.marketBatch.rawValue else { continue }
            guard next.position <= position + 1 else {
                throw CommandFailure(
                    .noInput, "market updates \(position + 1) to \(next.position - 1) were pruned or lost")
            }
            skipped = position + 1 - next.position
            batch = MarketBatchReader(next.payload)
        }
    }
}
