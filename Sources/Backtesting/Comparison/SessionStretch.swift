public import Market
public import Trading

/// A round trip of a recorded session.
public struct PaperTrade: Sendable, Hashable {
    /// The trip; one that is open is marked at the last close.
    public var trip: RoundTrip
    /// What its fills were worse than the middle of bid and ask at their instants; below zero where they were better.
    public var spreadCost: Money

    /// A trade of its parts.
    public init(trip: RoundTrip, spreadCost: Money) {
        self.trip = trip
        self.spreadCost = spreadCost
    }
}

/// A stretch of a session in which a strategy was enabled and kept its parameters.
public struct SessionStretch: Sendable {
    /// The strategy as it was registered.
    public var registration: StrategyRegistration
    /// When the stretch began.
    public var from: Timestamp
    /// The closed candles that the strategy had seen by then, as far as they are known, oldest first.
    public var history: [Candle]
    /// The candles of its timeframe that closed in the stretch.
    public var candles: [Candle]
    /// The round trips that it opened in the stretch.
    public var trades: [PaperTrade]

    /// A stretch of its parts.
    public init(
        registration: StrategyRegistration, from: Timestamp, history: [Candle], candles: [Candle] = [],
        trades: [PaperTrade] = []
    ) {
        self.registration = registration
        self.from = from
        self.history = history
        self.candles = candles
        self.trades = trades
    }
}
