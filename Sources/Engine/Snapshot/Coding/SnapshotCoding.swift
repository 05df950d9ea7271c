public import Bytes
import Market
import Trading

extension ReplayView: BinaryCodable {
    /// Appends the state of the replay.
    public func write(to writer: inout ByteWriter) {
        writer.text(series)
        writer.optional(speed)
        writer.value(isPaused)
        writer.value(from)
        writer.value(to)
        writer.value(isFinished)
    }

    /// Reads the state of a replay.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            series: try reader.text(), speed: try reader.optional(), isPaused: try reader.value(),
            from: try reader.value(), to: try reader.value(), isFinished: try reader.value())
    }
}

extension FeedSource: BinaryCodable {
    /// Appends the source.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .synthetic(let seed):
            writer.byte(0)
            writer.value(seed)
        case .replay(let view):
            writer.byte(1)
            writer.value(view)
        case .live(let venue, let problem):
            writer.byte(2)
            writer.text(venue)
            writer.value(problem != nil)
            if let problem { writer.text(problem) }
        }
    }

    /// Reads a source.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .synthetic(seed: try reader.value())
        case 1: self = .replay(try reader.value())
        case 2:
            let venue = try reader.text()
            let hasProblem: Bool = try reader.value()
            self = .live(venue: venue, problem: hasProblem ? try reader.text() : nil)
        case let other: throw MalformedBytes("\(other) is no source of market data", at: reader.offset)
        }
    }
}

extension Snapshot: BinaryCodable {
    /// A snapshot of nothing, which a stream of snapshots begins from.
    static let blank = Snapshot(mode: .paper, source: .synthetic(seed: 0), currency: .usdt)

    /// Appends the snapshot whole.
    public func write(to writer: inout ByteWriter) { SnapshotDelta.write(self, since: .blank, to: &writer) }

    /// Reads a snapshot.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self = try SnapshotDelta.read(&reader, applyingTo: .blank)
    }
}
