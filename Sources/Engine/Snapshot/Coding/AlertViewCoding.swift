public import Bytes
import Market
import Trading

extension AlertState: BinaryCodable {
    /// Appends the state.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .unacknowledged: writer.byte(0)
        case .acknowledged: writer.byte(1)
        case .shelved(let until):
            writer.byte(2)
            writer.value(until)
        }
    }

    /// Reads a state.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .unacknowledged
        case 1: self = .acknowledged
        case 2: self = .shelved(until: try reader.value())
        case let other: throw MalformedBytes("\(other) is no state of an alert", at: reader.offset)
        }
    }
}

extension AlertView: BinaryCodable {
    /// Appends the alert.
    public func write(to writer: inout ByteWriter) {
        writer.value(id)
        writer.value(alert)
        writer.value(count)
        writer.value(state)
    }

    /// Reads an alert.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            id: try reader.value(), alert: try reader.value(), count: try reader.value(), state: try reader.value())
    }
}

extension HealthView: BinaryCodable {
    /// Appends the figures.
    public func write(to writer: inout ByteWriter) {
        writer.value(stepMedianNanoseconds)
        writer.value(stepTailNanoseconds)
        writer.value(eventsPerSecond)
        writer.value(storeBacklog)
        writer.optional(engineProblem)
        writer.optional(storeProblem)
        writer.value(residentBytes)
        writer.value(processorShare)
    }

    /// Reads figures.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init()
        stepMedianNanoseconds = try reader.value()
        stepTailNanoseconds = try reader.value()
        eventsPerSecond = try reader.value()
        storeBacklog = try reader.value()
        engineProblem = try reader.optional()
        storeProblem = try reader.optional()
        residentBytes = try reader.value()
        processorShare = try reader.value()
    }
}

extension LogLine: BinaryCodable {
    /// Appends the line.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        writer.text(level)
        writer.text(text)
    }

    /// Reads a line.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(time: try reader.value(), level: try reader.text(), text: try reader.text())
    }
}

extension Notice: BinaryCodable {
    private static let kinds: [Kind] = [.info, .fill, .refused, .error]

    /// Appends the notice.
    public func write(to writer: inout ByteWriter) {
        writer.value(number)
        writer.byte(UInt8(Notice.kinds.firstIndex(of: kind) ?? 0))
        writer.text(text)
    }

    /// Reads a notice.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let number: UInt64 = try reader.value()
        let kind = Int(try reader.byte())
        guard Notice.kinds.indices.contains(kind) else {
            throw MalformedBytes("\(kind) is no kind of a notice", at: reader.offset)
        }
        self.init(number: number, kind: Notice.kinds[kind], text: try reader.text())
    }
}

extension EmergencyReceipt.Row: BinaryCodable {
    /// Appends the row.
    public func write(to writer: inout ByteWriter) {
        writer.text(venue)
        writer.value(sent)
        writer.value(confirmed)
        writer.value(remaining)
        writer.value(milliseconds)
    }

    /// Reads a row.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            venue: try reader.text(), sent: try reader.value(), confirmed: try reader.value(),
            remaining: try reader.value(), milliseconds: try reader.value())
    }
}

extension EmergencyReceipt: BinaryCodable {
    /// Appends the receipt.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        writer.text(origin)
        writer.array(venues)
        writer.value(isFlattening)
        writer.value(openPositions)
    }

    /// Reads a receipt.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            time: try reader.value(), origin: try reader.text(), venues: try reader.array(),
            isFlattening: try reader.value(), openPositions: try reader.value())
    }
}
