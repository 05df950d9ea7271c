import Bytes
import Market
import Venues

/// A venue's limits as bytes.
struct LimitsForm: BinaryCodable {
    let limits: VenueLimits

    init(_ limits: VenueLimits) { self.limits = limits }

    func write(to writer: inout ByteWriter) {
        writer.value(limits.weight)
        writer.value(limits.limit)
        writer.optional(limits.pause)
        writer.optional(limits.until)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        limits = VenueLimits(
            weight: try reader.value(), limit: try reader.value(), pause: try reader.optional(),
            until: try reader.optional())
    }
}
