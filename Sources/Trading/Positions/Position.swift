public import Market

/// What one owner holds of one instrument, with its cost and its results.
public struct Position: Sendable, Hashable {
    /// Who holds it.
    public let owner: StrategyID
    /// Of what.
    public let instrument: InstrumentID
    /// How much; short below zero.
    public var quantity: Quantity
    /// What the open quantity cost: its notional at the prices it was opened at; negative for a short.
    public var cost: Money
    /// Profit and loss of what has been closed since the start, before fees; funding paid counts as a loss.
    public var realized: Money
    /// All fees paid since the start, in the quote currency.
    public var fees: Money
    /// When the open quantity was opened first; the epoch when flat.
    public var openedAt: Timestamp
    /// The running round trip: its fees and realised result so far.
    public var trip: RoundTrip

    /// A flat position.
    public init(owner: StrategyID, instrument: InstrumentID, quote: Currency) {
        self.owner = owner
        self.instrument = instrument
        quantity = .zero
        cost = .zero(quote)
        realized = .zero(quote)
        fees = .zero(quote)
        openedAt = .epoch
        trip = RoundTrip(owner: owner, instrument: instrument, quote: quote)
    }

    /// Whether nothing is held.
    @inlinable
    public var isFlat: Bool { quantity.mantissa == 0 }

    /// The average price of the open quantity, rounded half to even; `nil` when flat.
    public func averagePrice(_ instrument: Instrument) -> Price? {
        isFlat ? nil : instrument.averagePrice(cost, quantity, rounding: .halfEven)
    }

    /// Profit and loss of the open quantity at `mark`, before fees.
    public func unrealized(at mark: Price, _ instrument: Instrument) -> Money {
        instrument.notional(mark, quantity) - cost
    }
}

/// One round trip: from flat to flat, or still open at the end of the data.
public struct RoundTrip: Sendable, Hashable {
    /// Who made it.
    public var owner: StrategyID
    /// Of what.
    public var instrument: InstrumentID
    /// Bought first, or sold first.
    public var side: Side
    /// When it was opened.
    public var openedAt: Timestamp
    /// When it was closed, or marked while open.
    public var closedAt: Timestamp
    /// All that was opened.
    public var quantity: Quantity
    /// The notional at which it was opened, without sign.
    public var entryNotional: Money
    /// The notional at which it was closed (or is marked), without sign.
    public var exitNotional: Money
    /// Fees of both sides in the quote currency.
    public var fees: Money
    /// Funding and dividends paid while it was open; negative where more was received.
    public var funding: Money
    /// Why the last order closed it.
    public var exitPurpose: OrderPurpose
    /// Whether it is still open.
    public var isOpen: Bool

    /// An empty trip.
    public init(owner: StrategyID, instrument: InstrumentID, quote: Currency) {
        self.owner = owner
        self.instrument = instrument
        side = .buy
        openedAt = .epoch
        closedAt = .epoch
        quantity = .zero
        entryNotional = .zero(quote)
        exitNotional = .zero(quote)
        fees = .zero(quote)
        funding = .zero(quote)
        exitPurpose = .exit
        isOpen = false
    }

    /// Profit and loss after fees and funding.
    public var profit: Money {
        let gross = side == .buy ? exitNotional - entryNotional : entryNotional - exitNotional
        return gross - fees - funding
    }
}
