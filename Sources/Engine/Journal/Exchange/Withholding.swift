import Bytes
import Trading

/// Orders that were decided on and judged, and held back on their last step.
struct Withholding: Equatable {
    /// The orders.
    var orders: [OrderID]
    /// Why: the emergency stop, or a journal that could not be written.
    var reason: OrderReason
}

extension Withholding: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.array(orders.map(\.rawValue))
        writer.raw(reason)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        orders = try reader.array(UInt64.self).map { OrderID(rawValue: $0) }
        reason = try reader.raw()
    }
}
