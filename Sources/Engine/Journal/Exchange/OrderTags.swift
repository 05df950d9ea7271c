import Bytes
import Trading

/// What the journal says of an order beside its own record: where it was sent, and what began the chain that led to it.
struct OrderTag: Hashable {
    /// The order.
    var order: OrderID
    /// The decision record that sent it; its client order id derives from this number.
    var submission: UInt64
    /// The record that began the chain.
    var correlation: UInt64
}

/// The tags of the orders that may still be heard of, by number.
struct OrderTags {
    /// How many are kept; closed orders older than that have nothing more to say.
    private static let capacity = 8_192

    private(set) var tags: [OrderTag] = []

    /// Tags of an earlier session.
    init(_ tags: [OrderTag] = []) { self.tags = tags }

    /// The tag of an order, or `nil`. O(log n).
    subscript(_ order: OrderID) -> OrderTag? {
        var low = 0
        var high = tags.count
        while low < high {
            let middle = (low + high) / 2
            if tags[middle].order < order { low = middle + 1 } else { high = middle }
        }
        return low < tags.count && tags[low].order == order ? tags[low] : nil
    }

    /// Notes a further order; orders come in order of their numbers.
    mutating func append(_ tag: OrderTag) {
        tags.append(tag)
        if tags.count >= 2 * OrderTags.capacity { tags.removeFirst(OrderTags.capacity) }
    }
}

extension OrderTag: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.unsigned(order.rawValue)
        writer.unsigned(submission)
        writer.unsigned(correlation)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        order = OrderID(rawValue: try reader.unsigned())
        submission = try reader.unsigned()
        correlation = try reader.unsigned()
    }
}
