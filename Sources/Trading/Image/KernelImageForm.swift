public import Bytes
import Market

extension KernelImage: BinaryCodable {
    private static let version: UInt8 = 4

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
        writer.array(owedExits)
        for market in markets { writer.value(market.bound) }
        for market in markets { writer.signed(market.feeExcess) }
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
        // The second knew nothing of bound holdings, and which exits are owed from the orders alone.
        guard version > 2 else {
            owedExits = KernelImage.exitsOwed(strategies, positions, ledger, now)
            return
        }
        owedExits = try reader.array()
        for place in markets.indices { markets[place].bound = try reader.value() }
        // The third took every fee as it was rounded.
        if version > 3 { for place in markets.indices { markets[place].feeExcess = try reader.signed() } }
    }

    /// The exits that are owed by the rule of the first forms: the last that a strategy wanted was one that was not sent, or never
    /// arrived.
    private static func exitsOwed(
        _ strategies: [StrategyImage], _ positions: [Position], _ ledger: LedgerImage, _ now: Timestamp
    ) -> [OwedExit] {
        strategies.compactMap { strategy in
            let last = ledger.entries.last {
                $0.order.owner == strategy.registration.id
                    && [.entry, .exit, .close].contains($0.order.request.purpose)
            }?.order
            guard let last, last.request.purpose != .entry, positions.indices.contains(strategy.position),
                !positions[strategy.position].isFlat,
                last.state == .lost || last.state == .rejected && last.reason == .notSent
            else { return nil }
            return OwedExit(
                owner: last.owner, instrument: last.request.instrument, side: last.request.side, failures: 1,
                retryAt: now)
        }
    }
}

extension OwedExit: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(owner)
        writer.value(instrument)
        writer.value(side)
        writer.count(failures)
        writer.value(retryAt)
        writer.bool(isTold)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let owner = try reader.value(StrategyID.self)
        let instrument = try reader.value(InstrumentID.self)
        let side = try reader.value(Side.self)
        let failures: Int = try reader.number()
        let retryAt = try reader.value(Timestamp.self)
        self.init(
            owner: owner, instrument: instrument, side: side, failures: failures, retryAt: retryAt,
            isTold: try reader.bool())
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
