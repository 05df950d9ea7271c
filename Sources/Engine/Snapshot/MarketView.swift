public import Market
public import Trading

/// One instrument as the screen shows it.
public struct MarketView: Sendable {
    /// The instrument's place in the kernel's table.
    public var id: InstrumentID
    /// The instrument.
    public var instrument: Instrument
    /// The last price traded.
    public var last: Price?
    /// When anything of it was heard last.
    public var lastHeard: Timestamp
    /// Whether its data are fit to act on.
    public var status: FeedStatus
    /// The best bid and ask, where the source has them.
    public var quote: Quote?
    /// The visible book, where the source has one.
    public var depth: BookDepth?
    /// The book once a second, oldest first, for the heat map; at most ten minutes.
    public var depthHistory: [BookDepth]
    /// Prints, oldest first; the newest few hundred.
    public var tape: [TradePrint]
    /// Why there is no book or tape, in words, when the source has none.
    public var missing: String?
    /// Closed one-minute candles, oldest first.
    public var minutes: [Candle]
    /// The minute that is forming.
    public var forming: Candle?
    /// The price a day ago (or the oldest known), which the change is measured from.
    public var dayReference: Price?
    /// The highest price of the last 24 hours.
    public var dayHigh: Price?
    /// The lowest price of the last 24 hours.
    public var dayLow: Price?

    /// An instrument of which nothing is known yet.
    public init(id: InstrumentID, instrument: Instrument) {
        self.id = id
        self.instrument = instrument
        last = nil
        lastHeard = .epoch
        status = .waiting
        quote = nil
        depth = nil
        depthHistory = []
        tape = []
        missing = nil
        minutes = []
        forming = nil
        dayReference = nil
        dayHigh = nil
        dayLow = nil
    }

    /// The change over 24 hours as a fraction, or `nil` when unknown.
    public var dayChange: Double? {
        guard let last, let dayReference, dayReference.mantissa > 0 else { return nil }
        return Double(last.mantissa - dayReference.mantissa) / Double(dayReference.mantissa)
    }
}

/// Whether an instrument's data are fit to act on.
public enum FeedStatus: Sendable, Hashable {
    /// Nothing has come yet.
    case waiting
    /// Data come as they should.
    case live
    /// Nothing has come for this many seconds.
    case stale(seconds: Int)
    /// The recording is over.
    case finished
}
