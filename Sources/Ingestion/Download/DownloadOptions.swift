public import Market

/// What is to be downloaded.
public struct DownloadOptions: Sendable, Hashable {
    /// The venue's symbols, in capitals.
    public var symbols: [String]
    /// The length of the candles.
    public var timeframe: Timeframe
    /// The earliest open time.
    public var from: Timestamp
    /// The end, exclusive; `nil` is the last candle that has closed.
    public var to: Timestamp?
    /// How many requests are under way at once.
    public var concurrency = 8

    /// Options of their parts.
    public init(symbols: [String], timeframe: Timeframe = .oneMinute, from: Timestamp, to: Timestamp? = nil) {
        self.symbols = symbols
        self.timeframe = timeframe
        self.from = from
        self.to = to
    }
}
