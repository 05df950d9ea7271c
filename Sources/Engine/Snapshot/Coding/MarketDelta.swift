public import Bytes
import Market
import Trading

extension FeedStatus: BinaryCodable {
    /// Appends the status.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .waiting: writer.byte(0)
        case .live: writer.byte(1)
        case .stale(let seconds):
            writer.byte(2)
            writer.value(seconds)
        case .finished: writer.byte(3)
        }
    }

    /// Reads a status.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .waiting
        case 1: self = .live
        case 2: self = .stale(seconds: try reader.value())
        case 3: self = .finished
        case let other: throw MalformedBytes("\(other) is no status of a feed", at: reader.offset)
        }
    }
}

/// What changed of one instrument from one snapshot to the next.
enum MarketDelta {
    private struct Parts: OptionSet {
        var rawValue: UInt8
        static let head = Parts(rawValue: 1)
        static let depth = Parts(rawValue: 2)
        static let depthHistory = Parts(rawValue: 4)
        static let tape = Parts(rawValue: 8)
        static let minutes = Parts(rawValue: 16)
    }

    /// Appends what changed; the instrument itself is written by whoever knows that it is new.
    static func write(_ new: MarketView, since old: MarketView, to writer: inout ByteWriter) {
        var parts: Parts = []
        if !isSameHead(new, old) { parts.insert(.head) }
        if new.depth != old.depth { parts.insert(.depth) }
        if !ArrayDelta.isSameStorage(new.depthHistory, old.depthHistory) { parts.insert(.depthHistory) }
        if !ArrayDelta.isSameStorage(new.tape, old.tape) { parts.insert(.tape) }
        if !ArrayDelta.isSameStorage(new.minutes, old.minutes) { parts.insert(.minutes) }
        writer.byte(parts.rawValue)
        if parts.contains(.head) { writeHead(new, to: &writer) }
        if parts.contains(.depth) { writer.optional(new.depth) }
        if parts.contains(.depthHistory) { write(new.depthHistory, since: old.depthHistory, to: &writer) }
        if parts.contains(.tape) { write(new.tape, since: old.tape, to: &writer) }
        if parts.contains(.minutes) { write(new.minutes, since: old.minutes, to: &writer) }
    }

    private static func write<Element: BinaryCodable & Equatable>(
        _ new: [Element], since old: [Element], to writer: inout ByteWriter
    ) {
        ArrayDelta.write(ArrayDelta.window(new, since: old), of: new, to: &writer)
    }

    /// Takes over what changed.
    static func read(_ reader: inout ByteReader, into view: inout MarketView) throws(MalformedBytes) {
        let parts = Parts(rawValue: try reader.byte())
        guard parts.rawValue < 32 else { throw MalformedBytes("a market has unknown parts", at: reader.offset) }
        if parts.contains(.head) { try readHead(&reader, into: &view) }
        if parts.contains(.depth) { view.depth = try reader.optional() }
        if parts.contains(.depthHistory) {
            view.depthHistory = try ArrayDelta.read(&reader, applyingTo: view.depthHistory)
        }
        if parts.contains(.tape) { view.tape = try ArrayDelta.read(&reader, applyingTo: view.tape) }
        if parts.contains(.minutes) { view.minutes = try ArrayDelta.read(&reader, applyingTo: view.minutes) }
    }

    private static func isSameHead(_ a: MarketView, _ b: MarketView) -> Bool {
        a.last == b.last && a.lastHeard == b.lastHeard && a.status == b.status && a.quote == b.quote
            && a.forming == b.forming && a.dayReference == b.dayReference && a.dayHigh == b.dayHigh
            && a.dayLow == b.dayLow && a.missing == b.missing
    }

    private static func writeHead(_ view: MarketView, to writer: inout ByteWriter) {
        writer.optional(view.last)
        writer.value(view.lastHeard)
        writer.value(view.status)
        writer.optional(view.quote)
        writer.optional(view.forming)
        writer.optional(view.dayReference)
        writer.optional(view.dayHigh)
        writer.optional(view.dayLow)
        writer.optional(view.missing)
    }

    private static func readHead(_ reader: inout ByteReader, into view: inout MarketView) throws(MalformedBytes) {
        view.last = try reader.optional()
        view.lastHeard = try reader.value()
        view.status = try reader.value()
        view.quote = try reader.optional()
        view.forming = try reader.optional()
        view.dayReference = try reader.optional()
        view.dayHigh = try reader.optional()
        view.dayLow = try reader.optional()
        view.missing = try reader.optional()
    }
}
