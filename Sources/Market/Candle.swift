/// One candle: what traded in [open time, open time + timeframe).
///
/// The timeframe belongs to the series that holds the candle. Prices and the volume are at the scales of the instrument.
@frozen
public struct Candle: Hashable, Sendable {
    /// The start of the interval (the label of Binance and most venues).
    public var openTime: Timestamp
    /// The first price traded.
    public var open: Price
    /// The highest price traded.
    public var high: Price
    /// The lowest price traded.
    public var low: Price
    /// The last price traded.
    public var close: Price
    /// The base volume.
    public var volume: Quantity
    /// How many one-minute candles it was made of, where it was derived; 1 for a candle taken as it came.
    public var minutes: UInt32
    /// Marks of the candle.
    public var flags: Flags

    /// Marks a candle can carry.
    @frozen
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt32
        /// Marks from their bits.
        @inlinable
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Derived from fewer one-minute candles than its timeframe holds (an outage inside it).
        @inlinable
        public static var isPartial: Flags { Flags(rawValue: 1) }
    }

    /// A candle of its parts; nothing is checked here, see `isConsistent`.
    @inlinable
    public init(
        openTime: Timestamp, open: Price, high: Price, low: Price, close: Price, volume: Quantity,
        minutes: UInt32 = 1, flags: Flags = []
    ) {
        self.openTime = openTime
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.minutes = minutes
        self.flags = flags
    }

    /// Whether the prices are positive, low ≤ open and close ≤ high, and the volume is not negative.
    @inlinable
    public var isConsistent: Bool {
        low.mantissa > 0 && low <= open && low <= close && open <= high && close <= high && volume.mantissa >= 0
    }

    /// The end of the interval: when a candle of `timeframe` is known.
    @inlinable
    public func closeTime(_ timeframe: Timeframe) -> Timestamp { openTime.adding(nanoseconds: timeframe.nanoseconds) }

    /// Takes in a later candle of the same interval: the first open, the extremes, the last close, the sum of volume.
    @inlinable
    public mutating func merge(_ later: Candle) {
        high = max(high, later.high)
        low = min(low, later.low)
        close = later.close
        volume = volume + later.volume
        minutes += later.minutes
    }
}

/// A stretch of time without candles, [from, to).
public struct Gap: Hashable, Sendable, Codable {
    /// The open time of the first missing candle.
    public var from: Timestamp
    /// The open time of the next candle that is there.
    public var to: Timestamp

    /// The gap [from, to).
    public init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = to
    }

    /// How many candles of `timeframe` are missing.
    public func count(of timeframe: Timeframe) -> Int { Int(to.nanoseconds(since: from) / timeframe.nanoseconds) }
}
