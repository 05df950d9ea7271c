import Bytes
import Market
public import Trading

/// A record of the decision stream, as a replay takes it.
public struct ReplayRecord: Sendable {
    /// Its number in the journal.
    public var sequence: UInt64
    /// What it is.
    public var kind: JournalKind
    /// What it carries.
    public var payload: ArraySlice<UInt8>
    /// Strategies that were kept out of its step, in which they had got stuck. Where it is a command, it was not carried
    /// out.
    public var suspended: [StrategyID]

    /// A record of its parts.
    public init(sequence: UInt64, kind: JournalKind, payload: ArraySlice<UInt8>, suspended: [StrategyID] = []) {
        self.sequence = sequence
        self.kind = kind
        self.payload = payload
        self.suspended = suspended
    }
}

/// The first place at which a replay and its journal part.
public struct ReplayDifference: Sendable, Hashable, CustomStringConvertible {
    /// The record at which they part; after the last record, its number.
    public var sequence: UInt64
    /// What the journal has there; `nil` where it has nothing more.
    public var recorded: String?
    /// What the kernel did now; `nil` where it did nothing.
    public var replayed: String?

    /// Both sides, a line each.
    public var description: String {
        "record \(sequence):\n  recorded: \(recorded ?? "nothing")\n  replayed: \(replayed ?? "nothing")"
    }
}

/// Runs a kernel over recorded inputs and holds each effect against the recorded one, byte for byte.
///
/// Feed it the records of both streams in their one order: a decision record comes after as many market inputs as its
/// market position says. The venue meets a market input before the kernel does, so the reports behind an input come first,
/// then the input's own record where it led to something. Effects need not name what caused them: they must be the same,
/// in the same order, and none may be missing when the next input comes.
public struct KernelReplay {
    /// The kernel, as far as it has come.
    public let kernel: Kernel
    /// How many inputs the kernel was given.
    public private(set) var events = 0
    /// How many orders were sent, and were the same as recorded.
    public private(set) var orders = 0
    /// How many effects were the same as recorded.
    public private(set) var effects = 0

    private let describer: RecordDescriber
    private var produced: [Effect] = []
    private var taken = 0
    private var writer = ByteWriter(capacity: 512)
    private var last: UInt64 = 0
    /// A market input that the venue has met and the kernel has not: what the venue answered to it is recorded first.
    private var pending: Event?

    /// A replay that begins with a kernel as it was when the first record came.
    public init(_ kernel: Kernel) {
        self.kernel = kernel
        describer = RecordDescriber(instruments: kernel.image.instruments)
    }

    /// Takes a market input; returns where the journal lacks what the kernel did before it.
    public mutating func take(_ input: MarketInput) -> ReplayDifference? {
        if let difference = settle(at: last) { return difference }
        switch input {
        case .quote(let id, let quote): pending = .quote(id, quote)
        case .timer(let time): pending = .timer(time)
        // Prints and books reach the venue alone, and a closed candle has a decision record of its own.
        case .print, .minute, .bar, .book: break
        }
        return nil
    }

    /// Takes a decision record: steps the kernel with an event, compares an effect, passes over the engine's own.
    public mutating func take(_ record: ReplayRecord) -> ReplayDifference? {
        defer { last = record.sequence }
        if record.kind == .finding { return take(finding: record) }
        if record.kind.isEvent || record.kind == .mark {
            if let difference = missing(at: record.sequence) { return difference }
            if let pending, pending.journalKind == record.kind {
                // A market input that led to something has a record of its own, at which the kernel hears of it.
                self.pending = nil
                writer.removeAll()
                pending.writePayload(to: &writer)
                guard writer.bytes.elementsEqual(record.payload) else {
                    return ReplayDifference(
                        sequence: record.sequence, recorded: text(record),
                        replayed: "\(record.kind.name) \(describer.describe(pending).text)")
                }
                return step(pending, at: record.sequence, without: record.suspended)
            }
            if record.kind != .report, let difference = settle(at: record.sequence) { return difference }
            var reader = ByteReader(record.payload)
            do {
                let event = try Event(record.kind == .mark ? .quote : record.kind, from: &reader)
                try reader.expectEnd()
                return step(event, at: record.sequence, without: record.suspended)
            } catch {
                return ReplayDifference(
                    sequence: record.sequence, recorded: "a \(record.kind.name) that can't be read: \(error)",
                    replayed: nil)
            }
        }
        return record.kind.isEffect ? compare(record) : nil
    }

    /// What a comparison with the venue found: the kernel hears of reports; questions go past it, to the venue.
    private mutating func take(finding record: ReplayRecord) -> ReplayDifference? {
        if let difference = settle(at: record.sequence) { return difference }
        var reader = ByteReader(record.payload)
        do {
            let finding = try VenueFinding(from: &reader)
            try reader.expectEnd()
            guard case .report(let report) = finding else { return nil }
            return step(.report(report), at: record.sequence)
        } catch {
            return ReplayDifference(
                sequence: record.sequence, recorded: "a finding that can't be read: \(error)", replayed: nil)
        }
    }

    /// Ends the replay; returns where the journal lacks what the kernel did last.
    public mutating func finish() -> ReplayDifference? { settle(at: last) }

    /// Tells the kernel of a market input that led to nothing.
    private mutating func settle(at sequence: UInt64) -> ReplayDifference? {
        if let difference = missing(at: sequence) { return difference }
        guard let event = pending else { return nil }
        pending = nil
        return step(event, at: sequence) ?? missing(at: sequence)
    }

    private mutating func step(
        _ event: Event, at sequence: UInt64? = nil, without suspended: [StrategyID] = []
    ) -> ReplayDifference? {
        if let instrument = event.instrument, instrument.index >= describer.instruments.count {
            return ReplayDifference(
                sequence: sequence ?? last,
                recorded: "an event of instrument \(instrument.rawValue), which there is not",
                replayed: nil)
        }
        events += 1
        if case .command = event, !suspended.isEmpty { return nil }
        for strategy in suspended { kernel.suspend(strategy, true) }
        kernel.step(event, into: &produced)
        for strategy in suspended { kernel.suspend(strategy, false) }
        return nil
    }

    private mutating func compare(_ record: ReplayRecord) -> ReplayDifference? {
        guard taken < produced.count else {
            return ReplayDifference(sequence: record.sequence, recorded: text(record), replayed: nil)
        }
        let effect = produced[taken]
        writer.removeAll()
        effect.writePayload(to: &writer)
        guard effect.journalKind == record.kind, writer.bytes.elementsEqual(record.payload) else {
            return ReplayDifference(sequence: record.sequence, recorded: text(record), replayed: text(effect))
        }
        taken += 1
        effects += 1
        if record.kind == .submit { orders += 1 }
        return nil
    }

    /// What the kernel did and no record tells of.
    private mutating func missing(at sequence: UInt64) -> ReplayDifference? {
        defer {
            produced.removeAll(keepingCapacity: true)
            taken = 0
        }
        guard taken < produced.count else { return nil }
        return ReplayDifference(sequence: sequence, recorded: nil, replayed: text(produced[taken]))
    }

    private func text(_ record: ReplayRecord) -> String {
        "\(record.kind.name) \(describer.describe(record.kind, record.payload).text)"
    }

    private func text(_ effect: Effect) -> String { "\(effect.journalKind.name) \(describer.describe(effect).text)" }
}

extension Event {
    /// The instrument that the kernel will look up, where the event names one.
    var instrument: InstrumentID? {
        switch self {
        case .candle(let id, _, _), .quote(let id, _): return id
        case .command(.place(let request, _), _): return request.instrument
        case .command(.close(_, let id), _): return id
        case .command, .report, .timer: return nil
        }
    }
}
