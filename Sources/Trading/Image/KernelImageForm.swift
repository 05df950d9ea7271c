public import Bytes
import Market

extension KernelImage: BinaryCodable {
    private static let version: UInt8 = 2

    /// Appends the form's version and the parts.
    public func write(to writer: inout ByteWriter) {
        writer.byte(KernelImage.version)
        writer.array(instruments)
        writer.value(options)
        writer.value(now)
        writer.value(account)
        writer.value(tradingState)
        writer.value(limits)
        writer.array(positions)
        writer.value(nextOrder)
        writer.value(ledger)
        writer.array(markets)
        writer.array(strategies)
        writer.array(inquiries)
        writer.array(blocks)
        writer.unsigned(nextGroup)
        writer.bool(isFlattening)
        writer.bool(hasWordedRefusal)
        writer.array(brackets)
    }

    /// Reads an image; whether its parts fit together is checked when a kernel is made from it.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let version = try reader.byte()
        guard (1...KernelImage.version).contains(version) else {
            throw reader.malformed("version \(version) of a kernel's state is not known")
        }
        instruments = try reader.array()
        options = try reader.value()
        now = try reader.value()
        account = try reader.value()
        tradingState = try reader.value()
        limits = try reader.value()
        positions = try reader.array()
        nextOrder = try reader.value()
        ledger = try reader.value()
        markets = try reader.array()
        strategies = try reader.array()
        inquiries = try reader.array()
        blocks = try reader.array()
        nextGroup = try reader.unsigned()
        isFlattening = try reader.bool()
        hasWordedRefusal = try reader.bool()
        // The first form knew no entries with protection of their own.
        brackets = version < 2 ? [] : try reader.array()
    }
}

extension OrderLedger.KnownTrade: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.unsigned(id)
        writer.value(price)
        writer.value(quantity)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        id = try reader.unsigned()
        price = try reader.value()
        quantity = try reader.value()
    }
}

extension OrderLedger.Entry: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.optional(firstTrade)
        writer.array(furtherTrades)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        order = try reader.value()
        firstTrade = try reader.optional()
        furtherTrades = try reader.array()
    }
}

extension LedgerImage: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.array(entries)
        writer.array(open)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        entries = try reader.array()
        open = try reader.array()
    }
}

extension MarketImage: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.optional(mark)
        writer.value(lastHeard)
        writer.count(held.count)
        for index in held { writer.count(index) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        mark = try reader.optional()
        lastHeard = try reader.value()
        held = []
        for _ in 0..<(try reader.count()) { held.append(try reader.number()) }
    }
}

extension StrategyImage: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(registration)
        writer.count(position)
        writer.count(candleCount)
        writer.value(direction)
        writer.double(entryPrice)
        writer.optional(entry)
        writer.optional(exit)
        writer.optional(stop)
        writer.optional(target)
        writer.optional(bestClose)
        writer.value(base)
        writer.value(peak)
        writer.bool(stateVersion != nil)
        if let stateVersion {
            writer.byte(stateVersion)
            writer.block(state)
        }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        registration = try reader.value()
        position = try reader.number()
        candleCount = try reader.number()
        direction = try reader.value()
        entryPrice = try reader.double()
        entry = try reader.optional()
        exit = try reader.optional()
        stop = try reader.optional()
        target = try reader.optional()
        bestClose = try reader.optional()
        base = try reader.value()
        peak = try reader.value()
        stateVersion = try reader.bool() ? try reader.byte() : nil
        state = stateVersion == nil ? [] : Array(try reader.block())
    }
}
