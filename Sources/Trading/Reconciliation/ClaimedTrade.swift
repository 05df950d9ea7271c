public import Bytes
public import Market

/// A trade of the account that no order of the kernel's made: one of an order that another client placed and a person has
/// claimed, or what a fee takes from another holding.
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

    /// Books a trade that no order of the kernel's made, once, as an order of its own that has filled, with the trade's price and
    /// fees. It is the person's; of an asset of which the person does not hold so much a sale took what others hold.
    func book(_ trade: ClaimedTrade, _ effects: inout [Effect]) {
        guard instruments.indices.contains(trade.instrument.index), trade.fill.quantity.mantissa > 0,
            trade.fill.price.mantissa > 0
        else { return refuse("a trade needs an instrument, a quantity and a price", &effects) }
        guard !hasBooked(trade: trade.fill.tradeID, trade.side, of: trade.instrument) else { return }
        // What it sold was locked until now; a fee is taken from what is free.
        if trade.side == .sell, !trade.fill.isInferred { noteBoundGone(trade.instrument, trade.fill.quantity) }
        var fill = trade.fill
        for (owner, quantity) in owners(of: trade) {
            fill.quantity = quantity
            var order = Order(
                id: ledger.nextID, owner: owner,
                request: OrderRequest(
                    instrument: trade.instrument, side: trade.side, type: .market, quantity: quantity,
                    purpose: owner.isManual ? .manual : .reconciliation),
                quote: account.currency, decisionPrice: fill.price, createdAt: now)
            order.state = .accepted
            order.isAcknowledged = true
            ledger.append(order)
            recordOrder(order, &effects)
            reported(OrderReport(order: order.id, time: now, kind: .filled(fill)), &effects)
            // The fee is paid once.
            fill.quoteFee = .zero(fill.quoteFee.currency)
            fill.baseFee = .zero
        }
    }

    /// Whose holding a trade changes, and by how much.
    private func owners(of trade: ClaimedTrade) -> [(owner: StrategyID, quantity: Quantity)] {
        guard options.locksHoldings, trade.side == .sell else { return [(.manual, trade.fill.quantity)] }
        return Position.shares(
            of: trade.fill.quantity, among: positions.filter { $0.instrument == trade.instrument })
    }
}

extension ClaimedTrade {
    /// What a fee takes from the holding of the asset that it is paid in: a sale of so much for just what the fee is worth, so
    /// that the fill's own booking, which takes the fee from the cash, leaves the cash as the venue has it.
    ///
    /// - Parameters:
    ///   - quantity: of the asset, above zero.
    ///   - asset: the instrument whose base asset it is, and its number.
    ///   - fill: the trade that cost the fee, which is booked with its worth.
    ///   - instrument: what was traded in it.
    public init(
        feeOf fill: Fill, in instrument: InstrumentID, paidWith quantity: Quantity, of asset: Instrument,
        _ number: InstrumentID
    ) {
        let price = asset.averagePrice(fill.quoteFee, quantity, rounding: .halfEven)
        // What the price can't tell of the worth is a fee of its own, most often of a billionth.
        let rest = asset.notional(price, quantity) - fill.quoteFee
        self.init(
            instrument: number, side: .sell,
            fill: Fill(
                tradeID: InferredTrade.id(feeOf: fill.tradeID, in: instrument), price: price, quantity: quantity,
                quoteFee: rest, liquidity: fill.liquidity))
    }
}
