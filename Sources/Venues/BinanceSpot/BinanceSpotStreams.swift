public import Market
public import Network

// The market as it happens.
extension BinanceSpot: StreamingVenue {
    /// An hour before the venue cuts a connection at 24.
    public var connectionLifetime: Duration { .seconds(23 * 3_600) }

    /// How many levels a side of a book are asked for.
    private static let depthLevels = 1_000
    /// What the venue counts for them.
    private static let depthWeight: Int64 = 50

    /// Trades, best prices, changes of the book every tenth of a second, and minutes, of all instruments on one connection.
    public func stream(of instruments: [Instrument]) -> MarketStream {
        let names = instruments.flatMap { instrument in
            let symbol = instrument.symbol.lowercased()
            return ["@trade", "@bookTicker", "@depth@100ms", "@kline_1m"].map { symbol + $0 }
        }
        return MarketStream(
            address: streams + "/stream?streams=" + names.joined(separator: "/"), options: streamOptions)
    }

    /// What reads the messages of such a connection.
    public func decoder(of instruments: [Instrument]) -> any MarketDecoder { MarketStreamDecoder(instruments) }

    /// A book, a thousand levels a side.
    ///
    /// - Throws: `VenueError`.
    public func depthSnapshot(
        of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> DepthSnapshot {
        let request = HTTPRequest(
            server + "/api/v3/depth",
            query: [.init("symbol", instrument.symbol), .init("limit", "\(BinanceSpot.depthLevels)")])
        return try await ask(request, BinanceSpot.depthWeight, attempts.listing, about: instrument.name, pausing) {
            response in
            response.body.withUnsafeBytes { bytes -> GuardedClient.Reading<DepthSnapshot> in
                do throws(StreamDamage) {
                    return .value(try DepthSnapshot.decode(bytes, limit: BinanceSpot.depthLevels, of: instrument))
                } catch {
                    return .damaged("the book can't be read: \(error)")
                }
            }
        }
    }

    /// A thousand.
    public var tradePageSize: Int { TradeBodies.most }

    /// What the venue counts for a page of trades.
    private static let tradesWeight: Int64 = 25

    /// Trades from a number on, a thousand at most.
    ///
    /// - Throws: `VenueError`.
    public func trades(
        from id: UInt64, of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> [TradePrint] {
        let request = HTTPRequest(
            server + "/api/v3/historicalTrades",
            query: [
                .init("symbol", instrument.symbol), .init("fromId", "\(id)"), .init("limit", "\(TradeBodies.most)"),
            ])
        return try await ask(request, BinanceSpot.tradesWeight, attempts.listing, about: instrument.name, pausing) {
            response in
            response.body.withUnsafeBytes { bytes -> GuardedClient.Reading<[TradePrint]> in
                do throws(StreamDamage) {
                    return .value(try TradeBodies.trades(bytes, of: instrument))
                } catch {
                    return .damaged("the trades can't be read: \(error)")
                }
            }
        }
    }
}
