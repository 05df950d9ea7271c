public import Market

/// An instrument in which nothing opens, because what is held does not agree with what its venue says.
public struct InstrumentBlock: Sendable, Hashable {
    /// The instrument.
    public var instrument: InstrumentID
    /// Why, in words.
    public var reason: String
    /// Since when.
    public var since: Timestamp

    /// A block of its parts.
    public init(instrument: InstrumentID, reason: String, since: Timestamp) {
        self.instrument = instrument
        self.reason = reason
        self.since = since
    }
}

/// What is missing between an owner's position and the venue's: booked as a fill that nobody reported.
public struct PositionCorrection: Sendable, Hashable {
    /// Whose position.
    public var owner: StrategyID
    /// Of what.
    public var instrument: InstrumentID
    /// How much more the venue holds; negative for less. Not zero.
    public var quantity: Quantity
    /// The price to book it at.
    public var price: Price
    /// The trade id: a hash of what was compared, with `Fill.inferredBit`, so that the same correction is booked once.
    public var tradeID: UInt64

    /// A correction of its parts.
    public init(owner: StrategyID, instrument: InstrumentID, quantity: Quantity, price: Price, tradeID: UInt64) {
        self.owner = owner
        self.instrument = instrument
        self.quantity = quantity
        self.price = price
        self.tradeID = tradeID
    }
}

/// What a venue proved and a person takes over: positions, cash, or both.
public struct VenueTruth: Sendable, Hashable {
    /// The corrections of positions, in the order they are booked.
    public var corrections: [PositionCorrection]
    /// The venue's cash, once the corrections are booked; `nil` leaves ours.
    public var cash: Money?
    /// The instruments whose blocks end.
    public var instruments: [InstrumentID]

    /// A truth of its parts.
    public init(corrections: [PositionCorrection] = [], cash: Money? = nil, instruments: [InstrumentID] = []) {
        self.corrections = corrections
        self.cash = cash
        self.instruments = instruments
    }
}
