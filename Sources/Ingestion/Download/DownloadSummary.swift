public import Market
public import Venues

/// What came of downloading one symbol.
public struct DownloadSummary: Sendable {
    /// The venue's name, a colon and the symbol.
    public var symbol: String
    /// The length of the candles.
    public var timeframe: Timeframe
    /// The earliest open time asked for, on a whole candle.
    public var from: Timestamp
    /// The end, exclusive: the one asked for, or that of the last candle which has closed.
    public var to: Timestamp
    /// The open time of the venue's first candle, where the venue begins later than asked.
    public var begins: Timestamp?
    /// How many candles are new.
    public var taken = 0
    /// How many of the span were stored before.
    public var unchanged = 0
    /// How many candles of the span are stored now, counted in the store.
    public var stored = 0
    /// How many candles have no volume.
    public var zeroVolume = 0
    /// How many have a number that was rounded to the decimals of the instrument.
    public var rounded = 0
    /// How many rows were not taken.
    public var refused = 0
    /// The first of them.
    public var refusals: [CandleRefusal] = []
    /// The stretches of the span that are without candles now, as the store shows them; nothing before the venue begins.
    public var gaps: [Gap] = []
    /// How long it took, in seconds.
    public var seconds = 0.0
    /// Whether the venue said what the symbol is; without that, nothing but the failure means anything.
    public var isKnown = false
    /// Whether the venue was asked twice for every candle that is missing and answered without it, so that it has none there.
    public var isConfirmed = false
    /// Why it ended early; what was taken until then is stored.
    public var failure: (any Error)?

    init(symbol: String, timeframe: Timeframe, from: Timestamp, to: Timestamp) {
        self.symbol = symbol
        self.timeframe = timeframe
        self.from = from
        self.to = to
    }

    /// How many candles of the span are missing.
    public var missing: Int { gaps.reduce(0) { $0 + $1.count(of: timeframe) } }

    mutating func refuse(_ refusal: CandleRefusal) {
        refused += 1
        if refusals.count < ImportSummary.listLimit { refusals.append(refusal) }
    }
}
