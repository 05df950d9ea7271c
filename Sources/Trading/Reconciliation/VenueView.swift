public import Market

/// What a venue says when it is asked for everything. `nil` means that it could not be read, never that there is nothing.
public struct VenueView: Sendable, Hashable {
    /// When it was asked, by its clock.
    public var time: Timestamp
    /// The orders that work.
    public var openOrders: [VenueOrder]?
    /// The fills of the time since the last comparison, with an overlap.
    public var fills: [VenueFill]?
    /// What is held. An instrument that is not listed is flat.
    public var positions: [VenuePosition]?
    /// The cash.
    public var cash: Money?

    /// A view of its parts.
    public init(
        time: Timestamp, openOrders: [VenueOrder]?, fills: [VenueFill]?, positions: [VenuePosition]?, cash: Money?
    ) {
        self.time = time
        self.openOrders = openOrders
        self.fills = fills
        self.positions = positions
        self.cash = cash
    }
}

/// A working order as its venue lists it.
public struct VenueOrder: Sendable, Hashable {
    /// The venue's own number, in its words.
    public var venueID: String
    /// Which of ours it is; `nil` when its number is not one of ours.
    public var order: OrderID?
    /// Of what.
    public var instrument: InstrumentID
    /// Buy or sell.
    public var side: Side
    /// Where it stands.
    public var status: OrderStatus

    /// An order of its parts.
    public init(venueID: String, order: OrderID?, instrument: InstrumentID, side: Side, status: OrderStatus) {
        self.venueID = venueID
        self.order = order
        self.instrument = instrument
        self.side = side
        self.status = status
    }
}

/// An execution as its venue lists it.
public struct VenueFill: Sendable, Hashable {
    /// Of which of our orders; `nil` when the order's number is not one of ours.
    public var order: OrderID?
    /// Of what.
    public var instrument: InstrumentID
    /// Bought or sold.
    public var side: Side
    /// When.
    public var time: Timestamp
    /// The execution.
    public var fill: Fill

    /// A fill of its parts.
    public init(order: OrderID?, instrument: InstrumentID, side: Side, time: Timestamp, fill: Fill) {
        self.order = order
        self.instrument = instrument
        self.side = side
        self.time = time
        self.fill = fill
    }
}

/// What is held of an instrument, as its venue says: the net of all owners.
public struct VenuePosition: Sendable, Hashable {
    /// Of what.
    public var instrument: InstrumentID
    /// How much; short below zero.
    public var quantity: Quantity
    /// The average price it was opened at, where the venue tells.
    public var averagePrice: Price?

    /// A position of its parts.
    public init(instrument: InstrumentID, quantity: Quantity, averagePrice: Price? = nil) {
        self.instrument = instrument
        self.quantity = quantity
        self.averagePrice = averagePrice
    }
}
