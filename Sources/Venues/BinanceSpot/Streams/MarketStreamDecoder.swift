public import Market

/// Reads the messages of one market data connection of Binance Spot: `/ws` (bare) or `/stream` (wrapped), times in
/// milliseconds.
///
/// Strict on what it needs and tolerant of what it does not know: fields may come in any order and others among them, but
/// a number that is not exact at the instrument's decimals, a field that is missing or there twice, or text that is no
/// JSON refuses the whole message. No input traps, and memory stays below a message's most levels.
///
/// ```swift
/// var decoder = MarketStreamDecoder([bitcoin, ether])
/// switch try decoder.decode(bytes) {
/// case .depth: book[decoder.depth.instrument].apply(decoder.depth)
/// case .trade(let trade): tape[trade.instrument].append(trade.print)
/// …
/// ```
public struct MarketStreamDecoder: Sendable {
    /// The change of a book that the last message brought; its arrays are used again for the next one.
    public private(set) var depth: DepthDiff
    let symbols: SymbolTable

    /// The longest message that is looked at; the venue's are below a megabyte.
    public static let mostBytes = 16 << 20

    /// A decoder for a connection.
    ///
    /// - Parameter instruments: what the connection carries; a message names one by its index here.
    /// - Precondition: no symbol is there twice.
    public init(_ instruments: [Instrument]) {
        symbols = SymbolTable(instruments)
        depth = DepthDiff(time: .epoch, firstID: 0, lastID: 0)
        depth.bids.reserveCapacity(512)
        depth.asks.reserveCapacity(512)
    }

    /// What a message says. Linear in its length; takes memory only for answers and errors.
    ///
    /// - Throws: `StreamDamage`; `depth` is meaningless then.
    public mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(StreamDamage) -> MarketMessage {
        let bytes = bytes.bindMemory(to: UInt8.self)
        guard bytes.count <= MarketStreamDecoder.mostBytes else {
            throw StreamDamage(
                .tooLarge, "a message of at most \(MarketStreamDecoder.mostBytes) bytes was expected", at: 0, in: bytes)
        }
        var cursor = JSONCursor(bytes)
        var fields = EventFields()
        if cursor.sees(0x7B) {
            var event: EventFields? = nil
            try walk(&cursor, &fields, event: &event)
            if let event { fields = event }
        } else if !cursor.skipValue() {
            throw StreamDamage(.notJSON, "a JSON text was expected", at: cursor.index, in: bytes)
        }
        guard cursor.isAtEnd() else {
            throw StreamDamage(.notJSON, "nothing was expected behind the message", at: cursor.index, in: bytes)
        }
        return try message(EventReader(bytes, fields))
    }

    /// Walks over an object and notes where its fields are. What is wrapped in `data` is noted apart, as `event`.
    private mutating func walk(
        _ cursor: inout JSONCursor, _ fields: inout EventFields, event: inout EventFields?
    ) throws(StreamDamage) {
        try cursor.object { (cursor, key) throws(StreamDamage) in
            if EventFields.equals(key, "data"), cursor.sees(0x7B) {
                guard event == nil else { throw cursor.damage(.field, "'data' was expected once") }
                var inner = EventFields()
                try cursor.object { (cursor, key) throws(StreamDamage) in try self.note(key, &cursor, &inner) }
                event = inner
            } else {
                try note(key, &cursor, &fields)
            }
        }
    }

    /// Notes a field of an event and steps over its value.
    @inline(__always)
    private mutating func note(
        _ key: UnsafeBufferPointer<UInt8>, _ cursor: inout JSONCursor, _ fields: inout EventFields
    ) throws(StreamDamage) {
        cursor.skipBlanks()
        guard fields.note(key, at: cursor.index) else {
            throw cursor.damage(.field, "the field '\(String(decoding: key, as: UTF8.self))' was expected once")
        }
        if key.count == 1 {
            switch key[0] {
            case UInt8(ascii: "e") where cursor.sees(0x22):
                guard let name = cursor.plainString() else {
                    throw cursor.damage(.field, "the event's name was expected")
                }
                fields.kind = EventFields.kind(name)
                return
            case UInt8(ascii: "s") where cursor.sees(0x22):
                guard let name = cursor.plainString() else { throw cursor.damage(.field, "a symbol was expected") }
                fields.subject = symbols.index(of: name).map { .instrument($0) } ?? .other
                return
            // The venue tells the kind and the symbol first: then the levels need not be gone over twice.
            case UInt8(ascii: "b"):
                if fields.kind == .depthUpdate, case .instrument(let index) = fields.subject {
                    try cursor.side(into: &depth.bids, most: DepthDiff.mostLevels, symbols.entries[index])
                    fields.hasBids = true
                    return
                }
            case UInt8(ascii: "a"):
                if fields.kind == .depthUpdate, case .instrument(let index) = fields.subject {
                    try cursor.side(into: &depth.asks, most: DepthDiff.mostLevels, symbols.entries[index])
                    fields.hasAsks = true
                    return
                }
            default: break
            }
        }
        guard cursor.skipValue() else { throw cursor.damage(.notJSON, "a value was expected") }
    }

    private mutating func message(_ event: EventReader) throws(StreamDamage) -> MarketMessage {
        switch event.fields.kind {
        case .depthUpdate:
            guard let index = try event.instrument() else { return .other }
            try readDepth(event, of: index)
            return .depth
        case .trade:
            guard let index = try event.instrument() else { return .other }
            return .trade(try event.trade(of: index, symbols.entries[index]))
        case .aggTrade:
            guard let index = try event.instrument() else { return .other }
            return .aggregateTrade(try event.aggregateTrade(of: index, symbols.entries[index]))
        case .kline:
            guard let index = try event.instrument() else { return .other }
            return try event.kline(of: index, symbols.entries[index]).map { .kline($0) } ?? .other
        case .serverShutdown: return .serverShutdown(try event.time("E"))
        case .none:
            if event.isBookTicker {
                guard let index = try event.instrument() else { return .other }
                return .bookTicker(try event.bookTicker(of: index, symbols.entries[index]))
            }
            return try event.answer().map { .answer($0) } ?? .other
        case .other: return .other
        }
    }

    private mutating func readDepth(_ event: EventReader, of index: Int) throws(StreamDamage) {
        depth.instrument = index
        depth.time = try event.time("E")
        depth.firstID = try event.identifier("U")
        depth.lastID = try event.identifier("u")
        guard depth.firstID <= depth.lastID else {
            throw event.damage(.contradiction, "update numbers that do not run backwards were expected", "u")
        }
        if !event.fields.hasBids {
            var cursor = try event.cursor("b")
            try cursor.side(into: &depth.bids, most: DepthDiff.mostLevels, symbols.entries[index])
        }
        if !event.fields.hasAsks {
            var cursor = try event.cursor("a")
            try cursor.side(into: &depth.asks, most: DepthDiff.mostLevels, symbols.entries[index])
        }
    }
}
