public import Bytes
public import Market

/// A trade of an order that another client of the account placed and a person has claimed.
public struct ClaimedTrade: Sendable, Hashable {
    /// Of what.
    public var instrument: InstrumentID
    /// Bought or sold.
    public var side: Side
    /// The trade as the venue tells it.
    public var fill: Fill

    /// A trade of its parts.
    public init(instrument: InstrumentID, side: Side, fill: Fill) {
        self.instrument = instrument
        self.side = side
        self.fill = fill
    }
}

extension ClaimedTrade: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(instrument)
        writer.value(side)
        writer.value(fill)
    }

    /// Reads a trade.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let instrument = try reader.value(InstrumentID.self)
        let side = try reader.value(Side.self)
        self.init(instrument: instrument, side: side, fill: try reader.value())
    }
}

extension Kernel {
    /// Whether a side of a trade of an instrument is booked, on whichever order: two orders of one account that trade with each
    /// other share its number. O(orders).
    public func hasBooked(trade id: UInt64, _ side: Side, of instrument: InstrumentID) -> Bool {
        ledger.entries.contains { entry in
            entry.order.request.instrument == instrument && entry.order.request.side == side
                && (entry.firstTrade?.id == id || entry.furtherTrades.contains { $0.id == id })
        }
    }

    /// Books a trade of a claimed order, once: it is the person's who claimed it, as an order of its own that has filled, with
    /// the venue's price and fees.
    func book(_ trade: ClaimedTrade, _ effects: inout [Effect]) {
        guard instruments.indices.contains(trade.instrument.index), trade.fill.quantity.mantissa > 0,
            trade.fill.price.mantissa > 0
        else { return refuse("a trade needs an instrument, a quantity and a price", &effects) }
        guard !hasBooked(trade: trade.fill.tradeID, trade.side, of: trade.instrument) else { return }
        var order = Order(
            id: ledger.nextID, owner: .manual,
            request: OrderRequest(
                instrument: trade.instrument, side: trade.side, type: .market, quantity: trade.fill.quantity,
                purpose: .manual),
            quote: account.currency, decisionPrice: trade.fill.price, createdAt: now)
        order.state = .accepted
        order.isAcknowledged = true
        ledger.append(order)
        recordOrder(order, &effects)
        reported(OrderReport(order: order.id, time: now, kind: .filled(trade.fill)), &effects)
    }
}
