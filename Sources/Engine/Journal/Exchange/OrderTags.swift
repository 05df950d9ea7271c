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
    /// The orders by the records that sent them.
    private var orders: [UInt64: OrderID] = [:]

    /// Tags of an earlier session.
    init(_ tags: [OrderTag] = []) {
        self.tags = tags
        for tag in tags where tag.submission > 0 { orders[tag.submission] = tag.order }
    }

    /// The order that a record sent, or `nil`.
    func order(submittedBy submission: UInt64) -> OrderID? { orders[submission] }

    /// The tag of an order, or `nil`. O(log n).
    subscript(_ order: OrderID) -> OrderTag? {
        let place = place(of: order)
        return place < tags.count && tags[place].order == order ? tags[place] : nil
    }

    /// Notes a further order. Most come in order of their numbers; one that waited for others comes later.
    ///
    /// - Parameter isOpen: whether an order may still be heard of, so that its tag must be kept.
    mutating func append(_ tag: OrderTag, keeping isOpen: (OrderID) -> Bool) {
        let place = tags.last.map { $0.order < tag.order } ?? true ? tags.count : place(of: tag.order)
        tags.insert(tag, at: place)
        if tag.submission > 0 { orders[tag.submission] = tag.order }
        guard tags.count >= 2 * OrderTags.capacity else { return }
        let kept = tags.prefix(OrderTags.capacity).filter { isOpen($0.order) }
        for old in tags.prefix(OrderTags.capacity) where !isOpen(old.order) { orders[old.submission] = nil }
        tags.replaceSubrange(..<OrderTags.capacity, with: kept)
    }

    /// The first place of an order that is not before this one.
    private func place(of order: OrderID) -> Int {
        var low = 0
        var high = tags.count
        while low < high {
            let middle = (low + high) / 2
            if tags[middle].order < order { low = middle + 1 } else { high = middle }
        }
        return low
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
