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

    /// Its number.
    let number: UInt64?
    /// Whether nothing is known to come behind the session: its engine runs, or it was killed and none started since.
    let isOpen: Bool
    /// Whether all of its decisions were given out.
    var isBehindLastDecision: Bool { waiting == nil || (waiting?.sequence ?? 0) > end }

    private var decisions: JournalReader
    private var market: JournalReader
    private let end: UInt64
    /// How many market updates were taken in when it ended.
    private let endPosition: UInt64
    private var waiting: JournalRecord?
    private var batch: MarketBatchReader?
    /// How many market updates were given out, those before the session included.
    private var position: UInt64
    /// How many updates of the batch under way came before.
    private var skipped: UInt64 = 0

    /// The session of this number, or the one that began after decision record `session`, or the last one.
    ///
    /// - Throws: `CommandFailure` when there is none; `JournalError` when the journal is damaged.
    init(_ directory: String, session: UInt64?) throws {
        let starts = try SessionStarts(directory)
        let places = starts.places
        let place = try starts.index(session)
        checkpoint = places[place].checkpoint
        number = places[place].number
        let next = place + 1 < places.count ? places[place + 1].checkpoint : nil
        isOpen = next == nil
        end = next?.decision ?? .max
        endPosition = next?.position ?? .max
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

    /// The next item, or `nil` after the session's last decision and the market updates behind it.
    ///
    /// - Throws: `JournalError` when the journal is damaged; `CommandFailure` when market updates are missing.
    mutating func next() throws -> ReplayItem? {
        guard let record = waiting, record.sequence <= end else {
            guard position < endPosition else { return nil }
            return try nextInput().map { .market($0) } ?? pruned(before: endPosition)
        }
        if position < record.position {
            return try nextInput().map { .market($0) } ?? pruned(before: record.position)
        }
        waiting = try decisions.record()
        guard let kind = JournalKind(rawValue: record.kind) else { return try next() }
        var suspended: [StrategyID] = []
        // Who was kept out of a step stands right behind what the step was about.
        while let note = waiting, note.kind == JournalKind.supervision.rawValue,
            let suspension = try? RecordedSession.suspension(note.payload), suspension.input == record.sequence
        {
            suspended.append(suspension.strategy)
            waiting = try decisions.record()
        }
        return .record(
            ReplayRecord(
                sequence: record.sequence, kind: kind, payload: SessionReading.payload(of: record, kind),
                suspended: suspended))
    }

    /// The market stream is over.
    ///
    /// - Throws: `CommandFailure` where what came later is known to have come after more.
    private func pruned(before needed: UInt64) throws -> ReplayItem? {
        if needed == .max { return nil }
        throw CommandFailure(
            .noInput,
            "market updates \(position + 1) to \(needed) were pruned or lost, and the session can't be run again")
    }

    /// A command's time stands in its record; an event carries it.
    static func payload(of record: JournalRecord, _ kind: JournalKind) -> ArraySlice<UInt8> {
        guard kind == .command else { return record.payload }
        var writer = ByteWriter(capacity: record.payload.count + 8)
        writer.value(Timestamp(nanoseconds: record.time))
        writer.raw(record.payload)
        return writer.bytes[...]
    }

    /// The next market update, or `nil` at the end of the stream.
    private mutating func nextInput() throws -> MarketInput? {
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
            guard let next = try market.record() else { return nil }
            guard next.kind == JournalKind.marketBatch.rawValue else { continue }
            if next.position > position + 1 { _ = try pruned(before: next.position - 1) }
            skipped = position + 1 - next.position
            batch = MarketBatchReader(next.payload)
        }
    }
}
