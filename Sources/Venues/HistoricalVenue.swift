public import Market
public import Network

/// A venue that gives the candles of the past.
public protocol HistoricalVenue: Sendable {
    /// The venue's name in capitals, `BINANCE`.
    var name: String { get }
    /// The server that counts what it is asked, `https://api.binance.com`.
    var server: String { get }
    /// The most candles of one page.
    var pageSize: Int { get }
    /// What every request to it passes.
    var gate: RequestGate { get }

    /// What the venue says of a symbol.
    ///
    /// - Throws: `VenueError`; of the kind `unknownSymbol` when there is none.
    func listing(of symbol: String, pausing: @Sendable (RequestPause) -> Void) async throws(VenueError) -> Listing

    /// A page of candles, oldest first.
    ///
    /// - Throws: `VenueError`.
    func candles(
        _ query: CandleQuery, of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> CandlePage
}

/// Which candles a page is to hold.
public struct CandleQuery: Sendable, Hashable {
    /// Their length.
    public var timeframe: Timeframe
    /// The earliest open time.
    public var from: Timestamp
    /// The end, exclusive, of open times; `nil` for none.
    public var to: Timestamp?
    /// The most candles.
    public var limit: Int

    /// A query of its parts.
    public init(_ timeframe: Timeframe, from: Timestamp, to: Timestamp?, limit: Int) {
        self.timeframe = timeframe
        self.from = from
        self.to = to
        self.limit = limit
    }
}

/// The candles that a venue gave for a query.
public struct CandlePage: Sendable, Hashable {
    /// The candles, open times strictly increasing, consistent, on whole intervals.
    public var candles: [Candle] = []
    /// Rows that are no such candles.
    public var refusals: [CandleRefusal] = []
    /// How many have a number that was rounded to the decimals of the instrument.
    public var rounded = 0

    /// An empty page.
    public init() {}
}

/// A row of a venue that is no candle.
public struct CandleRefusal: Sendable, Hashable {
    /// Its open time.
    public var time: Timestamp
    /// What is wrong with it.
    public var kind: Kind
    /// What was seen and what was expected, in words.
    public var text: String

    /// What can be wrong with a row.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A field is no decimal number, or one that doesn't fit.
        case number
        /// The time is not on a whole candle.
        case offGrid = "off-grid"
        /// The prices contradict each other, or are not positive.
        case inconsistent
        /// A stored candle of the same time has other numbers.
        case conflict
    }

    /// A refusal of its parts.
    public init(time: Timestamp, kind: Kind, text: String) {
        self.time = time
        self.kind = kind
        self.text = text
    }
}
