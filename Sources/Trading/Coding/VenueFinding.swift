public import Bytes

/// What a comparison with a venue found and an engine acts on: an input that follows from nothing recorded before it.
public enum VenueFinding: Sendable {
    /// Something that happened and was not heard of; the kernel takes it as if the venue had just said it.
    case report(OrderReport)
    /// An order that one side knows otherwise than the other: its venue is asked about it, without the kernel's doing.
    case query(OrderID)
}

extension VenueFinding: BinaryCodable {
    /// Appends the finding.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .report(let report):
            writer.byte(1)
            writer.value(report)
        case .query(let order):
            writer.byte(2)
            writer.value(order)
        }
    }

    /// Reads a finding.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 1: self = .report(try reader.value())
        case 2: self = .query(try reader.value())
        case let kind: throw reader.malformed("\(kind) is no kind of finding")
        }
    }
}
