public import Bytes

extension Quote: BinaryCodable {
    /// Appends time and bid, the ask by how far it stands from the bid, and the sizes.
    public func write(to writer: inout ByteWriter) {
        writer.fixed(time.nanoseconds)
        writer.signed(bid.mantissa)
        writer.signed(ask.mantissa, near: bid.mantissa)
        writer.signed(bidSize.mantissa)
        writer.signed(askSize.mantissa)
    }

    /// Reads a quote.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let time = try reader.value(Timestamp.self)
        let bid = try reader.signed()
        let ask = try reader.signed(near: bid)
        let bidSize = try reader.value(Quantity.self)
        self.init(
            time: time, bid: Price(mantissa: bid), ask: Price(mantissa: ask), bidSize: bidSize,
            askSize: try reader.value())
    }
}

extension TradePrint: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        writer.value(price)
        writer.value(quantity)
        writer.value(aggressor)
        writer.unsigned(id)
    }

    /// Reads a print.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let time = try reader.value(Timestamp.self)
        let price = try reader.value(Price.self)
        let quantity = try reader.value(Quantity.self)
        let aggressor = try reader.value(Side.self)
        self.init(time: time, price: price, quantity: quantity, aggressor: aggressor, id: try reader.unsigned())
    }
}

extension BookLevel: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(price)
        writer.value(quantity)
    }

    /// Reads a level.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let price = try reader.value(Price.self)
        self.init(price: price, quantity: try reader.value())
    }
}

extension BookDepth: BinaryCodable {
    /// Appends the time and both sides, each price by how far it stands from the one before.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        for side in [bids, asks] {
            writer.count(side.count)
            var last: Int64 = 0
            for level in side {
                writer.signed(level.price.mantissa, near: last)
                writer.value(level.quantity)
                last = level.price.mantissa
            }
        }
    }

    /// Reads a depth.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let time = try reader.value(Timestamp.self)
        let bids = try BookDepth.levels(from: &reader)
        self.init(time: time, bids: bids, asks: try BookDepth.levels(from: &reader))
    }

    private static func levels(from reader: inout ByteReader) throws(MalformedBytes) -> [BookLevel] {
        let count = try reader.count(minimumSize: 2)
        var levels: [BookLevel] = []
        levels.reserveCapacity(count)
        var last: Int64 = 0
        for _ in 0..<count {
            last = try reader.signed(near: last)
            levels.append(BookLevel(price: Price(mantissa: last), quantity: try reader.value()))
        }
        return levels
    }
}
