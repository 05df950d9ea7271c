public import Market

extension DepthSnapshot {
    /// The body of the answer to `/api/v3/depth`.
    ///
    /// - Parameters:
    ///   - limit: how many levels a side were asked for; more are refused.
    ///   - instrument: what the book is of; its scales are those of the numbers.
    /// - Throws: `StreamDamage`. Linear in the length.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, limit: Int, of instrument: Instrument
    ) throws(StreamDamage) -> DepthSnapshot {
        let entry = SymbolTable.Entry(instrument)
        var cursor = JSONCursor(bytes.bindMemory(to: UInt8.self))
        var lastID: Int64?
        var bids: [BookLevel]?
        var asks: [BookLevel]?
        try cursor.object { (cursor, key) throws(StreamDamage) in
            if EventFields.equals(key, "lastUpdateId"), lastID == nil {
                lastID = cursor.integer()
                guard let lastID, lastID >= 0 else { throw cursor.damage(.field, "an update number was expected") }
            } else if EventFields.equals(key, "bids"), bids == nil {
                bids = try cursor.orderedSide(limit, entry) { $0.price > $1.price }
            } else if EventFields.equals(key, "asks"), asks == nil {
                asks = try cursor.orderedSide(limit, entry) { $0.price < $1.price }
            } else if ["lastUpdateId", "bids", "asks"].contains(where: { EventFields.equals(key, $0) }) {
                throw cursor.damage(.field, "each field was expected once")
            } else if !cursor.skipValue() {
                throw cursor.damage(.notJSON, "a value was expected")
            }
        }
        guard cursor.isAtEnd() else { throw cursor.damage(.notJSON, "nothing was expected behind the book") }
        guard let lastID, let bids, let asks else {
            throw cursor.damage(.field, "'lastUpdateId', 'bids' and 'asks' were expected")
        }
        return DepthSnapshot(lastID: lastID, bids: bids, asks: asks, limit: limit)
    }
}

extension JSONCursor {
    /// A side of a book, each level behind the one before and none of them empty.
    fileprivate mutating func orderedSide(
        _ limit: Int, _ entry: SymbolTable.Entry, _ isInOrder: (BookLevel, BookLevel) -> Bool
    ) throws(StreamDamage) -> [BookLevel] {
        var levels: [BookLevel] = []
        let start = self
        try side(into: &levels, most: limit, entry)
        guard zip(levels, levels.dropFirst()).allSatisfy(isInOrder), levels.allSatisfy({ $0.quantity.mantissa > 0 })
        else {
            throw start.damage(.contradiction, "levels in order, best first, none empty, were expected")
        }
        return levels
    }
}

extension JSONCursor {
    /// What a step finds, which must be something.
    @inline(__always)
    fileprivate mutating func expect<Value>(_ step: (inout JSONCursor) -> Value?) throws(StreamDamage) -> Value {
        let start = self
        guard let value = step(&self) else {
            throw start.damage(
                .field, "a value of the documented type, exact at the instrument's decimals, was expected")
        }
        return value
    }
}

/// Trades by REST.
public enum TradeBodies {
    /// The most trades of an answer.
    public static let most = 1_000

    /// The body of the answer to `/api/v3/trades` or `/api/v3/historicalTrades`, oldest first.
    ///
    /// - Throws: `StreamDamage`, also when identifiers do not rise.
    public static func trades(
        _ bytes: UnsafeRawBufferPointer, of instrument: Instrument
    ) throws(StreamDamage) -> [TradePrint] {
        let entry = SymbolTable.Entry(instrument)
        var trades: [TradePrint] = []
        try read(bytes) { (cursor) throws(StreamDamage) in
            var (id, price, quantity, time, isBuyerMaker) = (
                Int64?.none, Int64?.none, Int64?.none, Int64?.none, Bool?.none
            )
            let start = cursor
            try cursor.object { (cursor, key) throws(StreamDamage) in
                if EventFields.equals(key, "id"), id == nil {
                    id = try cursor.expect({ $0.integer() })
                } else if EventFields.equals(key, "price"), price == nil {
                    price = try cursor.expect({ $0.decimal(scale: entry.priceScale) })
                } else if EventFields.equals(key, "qty"), quantity == nil {
                    quantity = try cursor.expect({ $0.decimal(scale: entry.quantityScale) })
                } else if EventFields.equals(key, "time"), time == nil {
                    time = try cursor.expect({ $0.integer() })
                } else if EventFields.equals(key, "isBuyerMaker"), isBuyerMaker == nil {
                    isBuyerMaker = try cursor.expect({ $0.boolean() })
                } else if !cursor.skipValue() {
                    throw cursor.damage(.notJSON, "a value was expected")
                }
            }
            guard let id, id >= 0, let price, price > 0, let quantity, let time,
                let time = Timestamp(plausibleMilliseconds: time), let isBuyerMaker
            else { throw start.damage(.field, "a trade of id, price, qty, time and isBuyerMaker was expected") }
            let print = TradePrint(
                time: time, price: Price(mantissa: price), quantity: Quantity(mantissa: quantity),
                aggressor: isBuyerMaker ? .sell : .buy, id: UInt64(id))
            guard trades.last.map({ $0.id < print.id }) ?? true else {
                throw start.damage(.contradiction, "trades whose identifiers rise were expected")
            }
            trades.append(print)
        }
        return trades
    }

    /// The body of the answer to `/api/v3/aggTrades`, oldest first.
    ///
    /// - Throws: `StreamDamage`, also when identifiers do not rise.
    public static func aggregateTrades(
        _ bytes: UnsafeRawBufferPointer, of instrument: Instrument
    ) throws(StreamDamage) -> [AggregateTrade] {
        let entry = SymbolTable.Entry(instrument)
        var trades: [AggregateTrade] = []
        try read(bytes) { (cursor) throws(StreamDamage) in
            let start = cursor
            var fields = EventFields()
            try cursor.object { (cursor, key) throws(StreamDamage) in
                cursor.skipBlanks()
                guard fields.note(key, at: cursor.index), cursor.skipValue() else {
                    throw cursor.damage(.field, "each field was expected once")
                }
            }
            let trade = try EventReader(cursor.bytes, fields).aggregateTrade(entry)
            guard trades.last.map({ $0.print.id < trade.print.id }) ?? true else {
                throw start.damage(.contradiction, "trades whose identifiers rise were expected")
            }
            trades.append(trade)
        }
        return trades
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer, _ element: (inout JSONCursor) throws(StreamDamage) -> Void
    ) throws(StreamDamage) {
        var cursor = JSONCursor(bytes.bindMemory(to: UInt8.self))
        var count = 0
        try cursor.list { (cursor) throws(StreamDamage) in
            count += 1
            guard count <= most else { throw cursor.damage(.tooLarge, "at most \(most) trades were expected") }
            try element(&cursor)
        }
        guard cursor.isAtEnd() else { throw cursor.damage(.notJSON, "nothing was expected behind the trades") }
    }
}
