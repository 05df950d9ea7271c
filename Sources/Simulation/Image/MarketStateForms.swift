import Bytes
import Market
import Trading

extension MarketState: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.optional(last)
        writer.optional(quote)
        for number in [buyable, sellable, quietLow, quietHigh] { writer.signed(number) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        last = try reader.optional()
        quote = try reader.optional()
        buyable = try reader.signed()
        sellable = try reader.signed()
        quietLow = try reader.signed()
        quietHigh = try reader.signed()
    }
}

extension MarketPoint: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(bid)
        writer.value(ask)
        writer.optional(traded)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let bid = try reader.value(Price.self)
        let ask = try reader.value(Price.self)
        self.init(bid: bid, ask: ask, traded: try reader.optional())
    }
}

extension MarketWalk: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        switch stage {
        case .idle: writer.byte(0)
        case .point: writer.byte(1)
        case .path: writer.byte(2)
        }
        writer.count(instrument)
        writer.value(time)
        writer.value(point)
        writer.unsigned(event)
        writer.optional(bar)
        writer.optional(owner)
        for end in [ends.0, ends.1, ends.2, cursor] { writer.value(end) }
        writer.count(leg)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: stage = .idle
        case 1: stage = .point
        case 2: stage = .path
        case let other: throw reader.malformed("\(other) is no stage of a walk")
        }
        instrument = try reader.number()
        time = try reader.value()
        point = try reader.value()
        event = try reader.unsigned()
        bar = try reader.optional()
        owner = try reader.optional()
        ends = (try reader.value(), try reader.value(), try reader.value())
        cursor = try reader.value()
        leg = try reader.number()
    }
}

extension VenueMemory: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.count(kept)
        writer.array(closed)
        writer.array(fills)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let kept = try reader.number()
        // Twice as many are held: what a run can hold is far below this.
        guard kept < 1 << 32 else { throw reader.malformed("\(kept) orders are more than a venue remembers") }
        self.init(kept: kept)
        closed = try reader.array()
        fills = try reader.array()
    }
}

extension VenueMemory.Closed: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.raw(state)
        writer.raw(reason)
        writer.value(time)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        order = try reader.value()
        state = try reader.raw()
        reason = try reader.raw()
        time = try reader.value()
    }
}
