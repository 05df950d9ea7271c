public import Bytes
import Market

extension RoundTrip: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        var flags = FlagBits()
        flags.add(side == .sell)
        flags.add(isOpen)
        // Came later: a form without the bit is of a trip without funding.
        flags.add(!funding.isZero)
        flags.write(to: &writer)
        writer.value(owner)
        writer.value(instrument)
        writer.value(openedAt)
        writer.value(closedAt)
        writer.value(quantity)
        writer.value(entryNotional)
        writer.value(exitNotional)
        writer.value(fees)
        writer.raw(exitPurpose)
        if !funding.isZero { writer.value(funding) }
    }

    /// Reads a round trip.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        var flags = try FlagBits(from: &reader, count: 3)
        let owner = try reader.value(StrategyID.self)
        self.init(owner: owner, instrument: try reader.value(), quote: .usdt)
        side = flags.take() ? .sell : .buy
        isOpen = flags.take()
        let hasFunding = flags.take()
        openedAt = try reader.value()
        closedAt = try reader.value()
        quantity = try reader.value()
        entryNotional = try reader.value()
        exitNotional = try reader.value()
        fees = try reader.value()
        exitPurpose = try reader.raw()
        funding = hasFunding ? try reader.value() : .zero(fees.currency)
        // Its profit is reckoned from all of them.
        guard [exitNotional, fees, funding].allSatisfy({ $0.currency == entryNotional.currency }) else {
            throw reader.malformed("amounts of several currencies are no round trip")
        }
    }
}

extension Position: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(owner)
        writer.value(instrument)
        writer.value(quantity)
        writer.value(cost)
        writer.value(realized)
        writer.value(fees)
        writer.value(openedAt)
        writer.value(trip)
    }

    /// Reads a position.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let owner = try reader.value(StrategyID.self)
        let instrument = try reader.value(InstrumentID.self)
        let quantity = try reader.value(Quantity.self)
        let cost = try reader.value(Money.self)
        self.init(owner: owner, instrument: instrument, quote: cost.currency)
        self.quantity = quantity
        self.cost = cost
        realized = try reader.value()
        fees = try reader.value()
        openedAt = try reader.value()
        trip = try reader.value()
    }
}

extension Account: BinaryCodable {
    /// Appends the currency once, then every amount.
    public func write(to writer: inout ByteWriter) {
        writer.value(currency)
        for amount in [initialEquity, cash, equity, peakEquity, dayStartEquity, fees] { writer.wide(amount.units) }
        writer.signed(day)
    }

    /// Reads an account.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let currency = try reader.value(Currency.self)
        self.init(cash: Money(units: try reader.wide(), currency))
        cash = Money(units: try reader.wide(), currency)
        equity = Money(units: try reader.wide(), currency)
        peakEquity = Money(units: try reader.wide(), currency)
        dayStartEquity = Money(units: try reader.wide(), currency)
        fees = Money(units: try reader.wide(), currency)
        day = try reader.signed()
    }
}
