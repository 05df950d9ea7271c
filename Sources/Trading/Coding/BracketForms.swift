public import Bytes
import Market

extension EntryProtection: BinaryCodable {
    /// Appends the prices that are there.
    public func write(to writer: inout ByteWriter) {
        writer.optional(stop)
        writer.optional(target)
    }

    /// Reads the prices.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(stop: try reader.optional(), target: try reader.optional())
    }
}

extension Bracket: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(entry)
        writer.value(owner)
        writer.value(instrument)
        writer.bool(side == .sell)
        writer.value(protection)
        writer.unsigned(group)
        writer.value(opened)
        writer.value(closed)
        writer.bool(isTogether)
        writer.bool(isWithdrawn)
        writer.optional(failedAt)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            entry: try reader.value(), owner: try reader.value(), instrument: try reader.value(),
            side: try reader.bool() ? .sell : .buy, protection: try reader.value(), group: try reader.unsigned())
        opened = try reader.value()
        closed = try reader.value()
        isTogether = try reader.bool()
        isWithdrawn = try reader.bool()
        failedAt = try reader.optional()
    }
}
