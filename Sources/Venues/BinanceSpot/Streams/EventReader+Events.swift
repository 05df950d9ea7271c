import Market

/// The events themselves.
extension EventReader {
    /// Whether it has what the best bid and ask are told with; that event does not say its kind.
    var isBookTicker: Bool {
        for letter: Unicode.Scalar in ["u", "s", "b", "B", "a", "A"]
        where fields.offset(of: UInt8(ascii: letter)) == nil { return false }
        return true
    }

    func bookTicker(of index: Int, _ entry: SymbolTable.Entry) throws(StreamDamage) -> BookTicker {
        BookTicker(
            instrument: index, updateID: try identifier("u"),
            // A side without orders is told as a price of zero.
            bid: Price(mantissa: try decimal("b", scale: entry.priceScale)), bidSize: try quantity("B", entry),
            ask: Price(mantissa: try decimal("a", scale: entry.priceScale)), askSize: try quantity("A", entry))
    }

    func trade(of index: Int, _ entry: SymbolTable.Entry) throws(StreamDamage) -> StreamTrade {
        StreamTrade(
            instrument: index, eventTime: try time("E"), print: try print(entry, id: UInt64(try identifier("t"))))
    }

    func aggregateTrade(of index: Int, _ entry: SymbolTable.Entry) throws(StreamDamage) -> StreamAggregateTrade {
        StreamAggregateTrade(instrument: index, eventTime: try time("E"), trade: try aggregateTrade(entry))
    }

    /// The aggregate as both the stream and REST write it.
    func aggregateTrade(_ entry: SymbolTable.Entry) throws(StreamDamage) -> AggregateTrade {
        let (first, last) = (try identifier("f"), try identifier("l"))
        guard first <= last else { throw damage(.contradiction, "a first trade not behind the last was expected", "f") }
        return AggregateTrade(
            print: try print(entry, id: UInt64(try identifier("a"))), trades: UInt64(first)...UInt64(last))
    }

    private func print(_ entry: SymbolTable.Entry, id: UInt64) throws(StreamDamage) -> TradePrint {
        // Whoever was there first is the maker: a buyer who is the maker was hit by a seller.
        TradePrint(
            time: try time("T"), price: try price("p", entry), quantity: try quantity("q", entry),
            aggressor: try boolean("m") ? .sell : .buy, id: id)
    }

    /// The candle; `nil` for a length that is not used here (seconds, eight hours, weeks, months).
    func kline(of index: Int, _ entry: SymbolTable.Entry) throws(StreamDamage) -> StreamKline? {
        let eventTime = try time("E")
        var cursor = try cursor("k")
        var inner = EventFields()
        try cursor.object { (cursor, key) throws(StreamDamage) in
            cursor.skipBlanks()
            guard inner.note(key, at: cursor.index) else {
                throw cursor.damage(.field, "the field '\(String(decoding: key, as: UTF8.self))' was expected once")
            }
            guard cursor.skipValue() else { throw cursor.damage(.notJSON, "a value was expected") }
        }
        return try EventReader(bytes, inner).candle(of: index, entry, eventTime)
    }

    private func candle(
        of index: Int, _ entry: SymbolTable.Entry, _ eventTime: Timestamp
    ) throws(StreamDamage) -> StreamKline? {
        var name = try cursor("i")
        guard let name = name.plainString() else {
            throw damage(.field, "the candle's length was expected as 'i'", "i")
        }
        guard let timeframe = EventReader.timeframe(name) else { return nil }
        let (open, end) = (try time("t"), try time("T"))
        guard open == open.floored(to: timeframe), end.milliseconds == open.milliseconds + timeframe.seconds * 1_000 - 1
        else { throw damage(.contradiction, "a candle of one whole \(timeframe) was expected", "t") }
        let candle = Candle(
            openTime: open, open: try price("o", entry), high: try price("h", entry), low: try price("l", entry),
            close: try price("c", entry), volume: try quantity("v", entry))
        // The venue says −1 for both when nothing traded.
        let (first, last) = (try integer("f", least: -1), try integer("L", least: -1))
        let count = try integer("n")
        guard first <= last, (first < 0) == (last < 0) else {
            throw damage(.contradiction, "a first trade not behind the last was expected", "f")
        }
        return StreamKline(
            instrument: index, eventTime: eventTime, timeframe: timeframe, candle: candle, isClosed: try boolean("x"),
            trades: first < 0 ? nil : UInt64(first)...UInt64(last), tradeCount: count,
            quoteVolume: try amount("q", entry), takerBuyVolume: try quantity("V", entry),
            takerBuyQuoteVolume: try amount("Q", entry))
    }

    /// The venue tells minutes and months by the case of the letter.
    private static func timeframe(_ name: UnsafeBufferPointer<UInt8>) -> Timeframe? {
        Timeframe.all.first { $0.description.utf8.elementsEqual(name) }
    }
}
