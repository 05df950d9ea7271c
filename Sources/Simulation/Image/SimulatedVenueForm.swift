public import Bytes
import Market
import Trading

extension SimulatedVenueImage: BinaryCodable {
    private static let version: UInt8 = 3

    /// Appends the form's version and the parts.
    public func write(to writer: inout ByteWriter) {
        writer.byte(SimulatedVenueImage.version)
        writer.array(instruments)
        writer.value(options)
        writer.value(cash)
        writer.unsigned(nextTradeID)
        writer.count(books.count)
        for book in books { writer.array(book) }
        writer.count(holdings.count)
        for held in holdings { writer.array(held) }
        writer.array(markets)
        writer.value(walk)
        writer.value(memory)
        writer.array(pending)
        writer.bool(hasEnded)
        writer.byte(queue == .pessimistic ? 0 : 1)
        writer.array(displays)
        writer.array(places)
    }

    /// Reads an image; whether its parts fit together is checked when a venue is made from it.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let version = try reader.byte()
        guard (1...SimulatedVenueImage.version).contains(version) else {
            throw reader.malformed("version \(version) of a venue's state is not known")
        }
        instruments = try reader.array()
        options = try reader.value()
        cash = try reader.value()
        nextTradeID = try reader.unsigned()
        books = []
        for _ in 0..<(try reader.count()) { books.append(try reader.array()) }
        holdings = []
        for _ in 0..<(try reader.count()) { holdings.append(try reader.array()) }
        markets = try reader.array()
        walk = try reader.value()
        memory = try reader.value()
        pending = try reader.array()
        hasEnded = try reader.bool()
        guard version > 1 else { return }
        queue = try reader.bool() ? .proportional : .pessimistic
        displays = try reader.array()
        places = try reader.array()
    }
}

extension SimulatedVenueOptions: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(makerFee)
        writer.value(takerFee)
        writer.byte(feeAsset == .quote ? 0 : 1)
        writer.value(slippage)
        writer.optional(participation)
        switch path {
        case .pessimistic: writer.byte(0)
        case .nearestExtremeFirst: writer.byte(1)
        case .highFirst: writer.byte(2)
        case .lowFirst: writer.byte(3)
        case .optimistic: writer.byte(4)
        }
        writer.bool(fillsInEmptyBars)
    }

    /// Reads options; whether they are in range is the venue's to check.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init()
        makerFee = try reader.value()
        takerFee = try reader.value()
        feeAsset = try reader.bool() ? .received : .quote
        slippage = try reader.value()
        participation = try reader.optional()
        switch try reader.byte() {
        case 0: path = .pessimistic
        case 1: path = .nearestExtremeFirst
        case 2: path = .highFirst
        case 3: path = .lowFirst
        case 4: path = .optimistic
        case let other: throw reader.malformed("\(other) is no way through a bar")
        }
        fillsInEmptyBars = try reader.bool()
    }
}

extension VenueHolding: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(owner)
        writer.value(instrument)
        writer.value(quantity)
    }

    /// Reads a holding.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let owner = try reader.value(StrategyID.self)
        let instrument = try reader.value(InstrumentID.self)
        self.init(owner: owner, instrument: instrument, quantity: try reader.value())
    }
}

extension WorkingOrder: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(id)
        writer.value(owner)
        writer.value(request)
        writer.value(filled)
        writer.value(spent)
        writer.byte((isArriving ? 1 : 0) | (isTriggered ? 2 : 0) | (isAsleep ? 4 : 0) | (best == nil ? 0 : 8))
        writer.unsigned(metEvent)
        if let best { writer.value(best) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        id = try reader.value()
        owner = try reader.value()
        request = try reader.value()
        filled = try reader.value()
        spent = try reader.value()
        let flags = try reader.byte()
        guard flags < 16 else { throw reader.malformed("\(flags) are no marks of a working order") }
        isArriving = flags & 1 != 0
        isTriggered = flags & 2 != 0
        isAsleep = flags & 4 != 0
        // Conditions of a backtest are not in an image: nothing is on its way.
        due = .epoch
        metEvent = try reader.unsigned()
        best = flags & 8 != 0 ? try reader.value(Price.self) : nil
    }
}
