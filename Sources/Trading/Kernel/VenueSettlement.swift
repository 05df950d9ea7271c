public import Bytes
public import Market

/// What a venue does to a position of its own accord, without an order.
public struct VenueSettlement: Sendable, Hashable {
    /// Whose position.
    public var owner: StrategyID
    /// Of what.
    public var instrument: InstrumentID
    /// What was done.
    public var kind: Kind

    /// What a venue can do.
    public enum Kind: Sendable, Hashable {
        /// It closed the position, wholly or in part, because its margin no longer carried it.
        case liquidation(Fill)
        /// Funding was exchanged between longs and shorts, or a dividend paid: what the position paid, negative for what it
        /// received, in the quote currency.
        case funding(Money)
    }

    /// A settlement of its parts.
    public init(owner: StrategyID, instrument: InstrumentID, kind: Kind) {
        self.owner = owner
        self.instrument = instrument
        self.kind = kind
    }
}

extension Kernel {
    /// Books a settlement. A liquidation is an order that was never sent and one fill, so that whatever follows fills
    /// follows it too.
    func settle(_ settlement: VenueSettlement, _ effects: inout [Effect]) {
        guard instruments.indices.contains(settlement.instrument.index) else {
            return refuse("there is no instrument \(settlement.instrument.index)", &effects)
        }
        let position = position(settlement.owner, settlement.instrument)
        guard !position.isFlat else {
            return refuse("a settlement needs a position; \(settlement.owner.rawValue) holds none", &effects)
        }
        switch settlement.kind {
        case .liquidation(let fill): liquidate(position, fill, &effects)
        case .funding(let amount): fund(position, amount, &effects)
        }
    }

    private func liquidate(_ position: Position, _ fill: Fill, _ effects: inout [Effect]) {
        let place = position.instrument.index
        var order = Order(
            id: ledger.nextID, owner: position.owner,
            request: OrderRequest(
                instrument: position.instrument, side: position.quantity.mantissa > 0 ? .sell : .buy, type: .market,
                quantity: fill.quantity, purpose: .liquidation),
            quote: account.currency, decisionPrice: instruments[place].mark ?? fill.price, createdAt: now)
        order.state = .accepted
        order.reason = .liquidated
        ledger.append(order)
        recordOrder(order, &effects)
        let instrument = instruments[place].instrument
        alert(
            .critical, Alert.liquidated,
            eventText {
                "\(instrument.symbol): \(instrument.text(fill.quantity)) liquidated at \(instrument.text(fill.price))"
            }, instrument: position.instrument, strategy: position.owner, order: order.id, &effects)
        reported(OrderReport(order: order.id, time: now, kind: .filled(fill)), &effects)
    }

    private func fund(_ position: Position, _ amount: Money, _ effects: inout [Effect]) {
        let index = positionIndex(position.owner, position.instrument)
        positions[index].realized -= amount
        positions[index].trip.funding += amount
        account.cash -= amount
        revalue()
        if options.recording == .everything { record(.position(positions[index]), &effects) }
        if hasBreakers { checkBreakers(&effects) }
    }
}

extension Alert {
    /// The kind of an alert that a venue closed a position because its margin no longer carried it.
    public static let liquidated = "liquidated"
}

extension VenueSettlement: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(owner)
        writer.value(instrument)
        switch kind {
        case .liquidation(let fill):
            writer.byte(1)
            writer.value(fill)
        case .funding(let amount):
            writer.byte(2)
            writer.value(amount)
        }
    }

    /// Reads a settlement.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let owner = try reader.value(StrategyID.self)
        let instrument = try reader.value(InstrumentID.self)
        let kind: Kind
        switch try reader.byte() {
        case 1: kind = .liquidation(try reader.value())
        case 2: kind = .funding(try reader.value())
        case let other: throw reader.malformed("\(other) is no kind of settlement")
        }
        self.init(owner: owner, instrument: instrument, kind: kind)
    }
}
