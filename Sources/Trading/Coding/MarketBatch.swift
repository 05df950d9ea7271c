public import Bytes
public import Market

/// One thing that a market said, as the journal's market stream keeps it.
public enum MarketInput: Sendable, Hashable {
    /// A new best bid and ask.
    case quote(InstrumentID, Quote)
    /// A trade of the tape.
    case print(InstrumentID, TradePrint)
    /// Time passed without anything else happening.
    case timer(Timestamp)
    /// A closed minute of a market whose quotes and prints are there too.
    case minute(InstrumentID, Candle)
    /// A recorded candle of which nothing else is known: orders meet it.
    case bar(InstrumentID, Candle)
    /// The visible levels of a book that orders meet; without any, nothing is known of it any more.
    case book(InstrumentID, BookDepth)

    /// The instrument, where there is one.
    public var instrument: InstrumentID? {
        switch self {
        case .quote(let id, _), .print(let id, _), .minute(let id, _), .bar(let id, _), .book(let id, _): return id
        case .timer: return nil
        }
    }
}

/// Writes market inputs in order, each by what changed since the one before: a quote of a quiet market takes some eight
/// bytes.
///
/// A batch stands alone: it begins with nothing known, so that it can be read without those before it.
///
/// An input is a head byte (kind in the lowest three bits, then what is unchanged), the instrument where it is another
/// than the last input's, the time as nanoseconds since the last input, and changes against the instrument's last quote
/// and print.
public struct MarketBatchWriter: Sendable {
    private var memory = MarketMemory()
    private var writer: ByteWriter

    /// How many inputs were written.
    public private(set) var count = 0

    /// An empty batch.
    public init(capacity: Int = 4_096) { writer = ByteWriter(capacity: capacity) }

    /// What was written so far.
    public var bytes: [UInt8] { writer.bytes }

    /// How many bytes were written so far.
    public var byteCount: Int { writer.count }

    /// Begins another batch in the same memory.
    public mutating func removeAll() {
        writer.removeAll()
        memory.forget()
        count = 0
    }

    /// Appends an input.
    public mutating func append(_ input: MarketInput) {
        switch input {
        case .quote(let id, let quote): append(quote, of: id)
        case .print(let id, let print): append(print, of: id)
        case .timer(let time):
            writer.byte(MarketMemory.timer)
            advance(to: time)
            count += 1
        case .minute(let id, let candle): append(candle, of: id, MarketMemory.minute)
        case .bar(let id, let candle): append(candle, of: id, MarketMemory.bar)
        case .book(let id, let depth): append(depth, of: id)
        }
    }

    /// Appends a quote.
    public mutating func append(_ quote: Quote, of id: InstrumentID) {
        let isSame = memory.turn(to: id)
        let last = memory.states[memory.place].quote
        var head = MarketMemory.quote
        if !isSame { head |= 1 << 3 }
        if quote.bid != last.bid { head |= 1 << 4 }
        let spread = quote.ask.mantissa &- quote.bid.mantissa
        if spread != last.ask.mantissa &- last.bid.mantissa { head |= 1 << 5 }
        if quote.bidSize != last.bidSize { head |= 1 << 6 }
        if quote.askSize != last.askSize { head |= 1 << 7 }
        writer.byte(head)
        if !isSame { writer.value(id) }
        advance(to: quote.time)
        if head & 1 << 4 != 0 { writer.signed(quote.bid.mantissa, near: last.bid.mantissa) }
        if head & 1 << 5 != 0 { writer.signed(spread) }
        if head & 1 << 6 != 0 { writer.value(quote.bidSize) }
        if head & 1 << 7 != 0 { writer.value(quote.askSize) }
        memory.states[memory.place].quote = quote
        count += 1
    }

    /// Appends a print.
    public mutating func append(_ print: TradePrint, of id: InstrumentID) {
        let isSame = memory.turn(to: id)
        let state = memory.states[memory.place]
        // A print mostly trades at the bid or the ask that is known.
        let known = print.aggressor == .buy ? state.quote.ask : state.quote.bid
        var head = MarketMemory.print
        if !isSame { head |= 1 << 3 }
        if print.aggressor == .sell { head |= 1 << 4 }
        if print.price != known { head |= 1 << 5 }
        if print.id != state.printID &+ 1 { head |= 1 << 6 }
        writer.byte(head)
        if !isSame { writer.value(id) }
        advance(to: print.time)
        if head & 1 << 5 != 0 { writer.signed(print.price.mantissa, near: known.mantissa) }
        if head & 1 << 6 != 0 { writer.signed(Int64(bitPattern: print.id &- state.printID)) }
        writer.value(print.quantity)
        memory.states[memory.place].printID = print.id
        count += 1
    }

    private mutating func append(_ candle: Candle, of id: InstrumentID, _ kind: UInt8) {
        let isSame = memory.turn(to: id)
        writer.byte(kind | (isSame ? 0 : 1 << 3))
        if !isSame { writer.value(id) }
        advance(to: candle.openTime)
        candle.writePrices(to: &writer, near: memory.states[memory.place].quote.bid)
        count += 1
    }

    /// Appends a book: each price by its distance from the one before it, the first from the last best bid.
    private mutating func append(_ depth: BookDepth, of id: InstrumentID) {
        let isSame = memory.turn(to: id)
        writer.byte(MarketMemory.book | (isSame ? 0 : 1 << 3))
        if !isSame { writer.value(id) }
        advance(to: depth.time)
        var near = memory.states[memory.place].quote.bid.mantissa
        for side in [depth.bids, depth.asks] {
            writer.count(side.count)
            for level in side {
                writer.signed(level.price.mantissa, near: near)
                near = level.price.mantissa
                writer.value(level.quantity)
            }
            near = depth.bids.first?.price.mantissa ?? near
        }
        count += 1
    }

    private mutating func advance(to time: Timestamp) {
        writer.signed(time.nanoseconds, near: memory.time)
        memory.time = time.nanoseconds
    }
}

/// Reads a batch of market inputs, one after the other.
public struct MarketBatchReader {
    private var memory = MarketMemory()
    private var reader: ByteReader

    /// A reader of the bytes of one batch.
    public init(_ bytes: ArraySlice<UInt8>) { reader = ByteReader(bytes) }

    /// A reader of the bytes of one batch.
    public init(_ bytes: [UInt8]) { reader = ByteReader(bytes) }

    /// The next input, or `nil` after the last.
    ///
    /// - Throws: `MalformedBytes` when the bytes are none.
    public mutating func next() throws(MalformedBytes) -> MarketInput? {
        guard !reader.isAtEnd else { return nil }
        let head = try reader.byte()
        let kind = head & 7
        if kind == MarketMemory.timer {
            guard head == kind else { throw reader.malformed("a timer has marks that mean nothing") }
            return .timer(try advance())
        }
        let id = head & 1 << 3 != 0 ? try reader.value(InstrumentID.self) : memory.instrument
        guard memory.turn(to: id) == (head & 1 << 3 == 0), memory.states.count <= MarketMemory.mostInstruments else {
            throw reader.malformed("an instrument is named that is known, or none is")
        }
        switch kind {
        case MarketMemory.quote: return .quote(id, try quote(head))
        case MarketMemory.print: return .print(id, try tradePrint(head))
        case MarketMemory.minute, MarketMemory.bar:
            guard head & 0xF0 == 0 else { throw reader.malformed("a candle has marks that mean nothing") }
            let time = try advance()
            let candle = try Candle.prices(
                from: &reader, openTime: time, near: memory.states[memory.place].quote.bid)
            return kind == MarketMemory.minute ? .minute(id, candle) : .bar(id, candle)
        case MarketMemory.book:
            guard head & 0xF0 == 0 else { throw reader.malformed("a book has marks that mean nothing") }
            return .book(id, try depth())
        default: throw reader.malformed("\(kind) is no kind of market input")
        }
    }

    private mutating func quote(_ head: UInt8) throws(MalformedBytes) -> Quote {
        let last = memory.states[memory.place].quote
        var quote = last
        quote.time = try advance()
        if head & 1 << 4 != 0 { quote.bid = Price(mantissa: try reader.signed(near: last.bid.mantissa)) }
        let spread = head & 1 << 5 != 0 ? try reader.signed() : last.ask.mantissa &- last.bid.mantissa
        quote.ask = Price(mantissa: quote.bid.mantissa &+ spread)
        if head & 1 << 6 != 0 { quote.bidSize = try reader.value() }
        if head & 1 << 7 != 0 { quote.askSize = try reader.value() }
        memory.states[memory.place].quote = quote
        return quote
    }

    private mutating func tradePrint(_ head: UInt8) throws(MalformedBytes) -> TradePrint {
        let state = memory.states[memory.place]
        let aggressor: Side = head & 1 << 4 != 0 ? .sell : .buy
        let known = aggressor == .buy ? state.quote.ask : state.quote.bid
        let time = try advance()
        let price = head & 1 << 5 != 0 ? Price(mantissa: try reader.signed(near: known.mantissa)) : known
        let step = head & 1 << 6 != 0 ? UInt64(bitPattern: try reader.signed()) : 1
        let id = state.printID &+ step
        memory.states[memory.place].printID = id
        return TradePrint(time: time, price: price, quantity: try reader.value(), aggressor: aggressor, id: id)
    }

    private mutating func depth() throws(MalformedBytes) -> BookDepth {
        var depth = BookDepth(time: try advance(), bids: [], asks: [])
        var near = memory.states[memory.place].quote.bid.mantissa
        depth.bids = try levels(near: near)
        near = depth.bids.first?.price.mantissa ?? near
        depth.asks = try levels(near: near)
        return depth
    }

    private mutating func levels(near first: Int64) throws(MalformedBytes) -> [BookLevel] {
        var near = first
        var levels: [BookLevel] = []
        for _ in 0..<(try reader.count()) {
            near = try reader.signed(near: near)
            levels.append(BookLevel(price: Price(mantissa: near), quantity: try reader.value()))
        }
        return levels
    }

    private mutating func advance() throws(MalformedBytes) -> Timestamp {
        memory.time = try reader.signed(near: memory.time)
        return Timestamp(nanoseconds: memory.time)
    }
}

/// What both ends of a batch know: the last of everything.
private struct MarketMemory: Sendable {
    static let quote: UInt8 = 0
    static let print: UInt8 = 1
    static let timer: UInt8 = 2
    static let minute: UInt8 = 3
    static let bar: UInt8 = 4
    static let book: UInt8 = 5
    /// More instruments than any engine watches: bytes that name more are none.
    static let mostInstruments = 65_536

    struct State: Sendable {
        var id: InstrumentID
        var quote = Quote(time: .epoch, bid: .zero, ask: .zero, bidSize: .zero, askSize: .zero)
        var printID: UInt64 = 0
    }

    var time: Int64 = 0
    var instrument = InstrumentID(rawValue: -1)
    var place = 0
    /// In the order in which the instruments came.
    var states: [State] = []

    mutating func forget() {
        states.removeAll(keepingCapacity: true)
        time = 0
        instrument = InstrumentID(rawValue: -1)
    }

    /// Turns to an instrument; says whether it was the last one's turn.
    @inline(__always)
    mutating func turn(to id: InstrumentID) -> Bool {
        if id == instrument { return id.rawValue >= 0 }
        find(id)
        return false
    }

    private mutating func find(_ id: InstrumentID) {
        instrument = id
        if let known = states.firstIndex(where: { $0.id == id }) {
            place = known
        } else {
            place = states.count
            states.append(State(id: id))
        }
    }
}
