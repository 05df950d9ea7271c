public import Market

/// What changed in a book between two updates, quantities absolute: a level is set to its quantity, and zero removes it.
public struct DepthDiff: Sendable, Hashable {
    /// Which of the decoder's instruments it is of.
    public var instrument: Int
    /// When the venue sent it.
    public var time: Timestamp
    /// The first update in it.
    public var firstID: Int64
    /// The last update in it.
    public var lastID: Int64
    /// Levels of the bid side, in the order of the message.
    public var bids: [BookLevel]
    /// Levels of the ask side, in the order of the message.
    public var asks: [BookLevel]

    /// A change of its parts.
    public init(
        instrument: Int = 0, time: Timestamp, firstID: Int64, lastID: Int64, bids: [BookLevel] = [],
        asks: [BookLevel] = []
    ) {
        self.instrument = instrument
        self.time = time
        self.firstID = firstID
        self.lastID = lastID
        self.bids = bids
        self.asks = asks
    }

    /// The most levels of a side in one message; a message with more is refused, so that memory stays bounded.
    public static let mostLevels = 10_000
}

/// A book as the venue has it after an update, as deep as was asked for.
public struct DepthSnapshot: Sendable, Hashable {
    /// The last update that is in it.
    public var lastID: Int64
    /// Bids, highest price first.
    public var bids: [BookLevel]
    /// Asks, lowest price first.
    public var asks: [BookLevel]
    /// How many levels a side were asked for: a side with fewer is told whole.
    public var limit: Int

    /// A snapshot of its parts.
    ///
    /// - Precondition: each side's prices go strictly away from the other side.
    public init(lastID: Int64, bids: [BookLevel], asks: [BookLevel], limit: Int) {
        precondition(
            zip(bids, bids.dropFirst()).allSatisfy { $0.price > $1.price }
                && zip(asks, asks.dropFirst()).allSatisfy { $0.price < $1.price },
            "a snapshot's sides are ordered, best first")
        self.lastID = lastID
        self.bids = bids
        self.asks = asks
        self.limit = limit
    }
}
