public import Market
public import Network

/// A venue that tells its market as it happens.
public protocol StreamingVenue: HistoricalVenue {
    /// How long a connection may last before another takes its place: well before the venue cuts it.
    var connectionLifetime: Duration { get }

    /// Where the trades, best prices, books and one-minute candles of instruments are told, and how to connect.
    func stream(of instruments: [Instrument]) -> MarketStream

    /// What reads the messages of a connection that was opened for these instruments.
    func decoder(of instruments: [Instrument]) -> any MarketDecoder

    /// A book as it stands.
    ///
    /// - Throws: `VenueError`.
    func depthSnapshot(
        of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> DepthSnapshot

    /// The venue's time.
    ///
    /// - Throws: `VenueError`.
    func time(pausing: @Sendable (RequestPause) -> Void) async throws(VenueError) -> Timestamp

    /// How many trades an answer holds at most.
    var tradePageSize: Int { get }

    /// A page of trades from a number on, whose numbers rise. Numbers that are passed over do not exist.
    ///
    /// - Throws: `VenueError`.
    func trades(
        from id: UInt64, of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> [TradePrint]
}

/// Where a market is told.
public struct MarketStream: Sendable, Hashable {
    /// The address, with everything that says what is wanted.
    public var address: String
    /// How to connect.
    public var options: WebSocketOptions

    /// A stream of its parts.
    public init(address: String, options: WebSocketOptions) {
        self.address = address
        self.options = options
    }
}

/// Reads the messages of one market data connection.
public protocol MarketDecoder: Sendable {
    /// The change of a book that the last message brought.
    var depth: DepthDiff { get }

    /// What a message says.
    ///
    /// - Throws: `StreamDamage`; `depth` is meaningless then.
    mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(StreamDamage) -> MarketMessage
}

extension MarketStreamDecoder: MarketDecoder {}
