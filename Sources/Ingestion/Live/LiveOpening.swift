public import Market
import Network
public import Storage
public import Venues

// Finding out what is to be followed, and fetching its past, before anything trades.
extension LiveMarket {
    /// The instruments of symbols as the venue has them now, and behind them those that an account knows from earlier; with
    /// what the venue says of each, by symbol.
    ///
    /// - Parameters:
    ///   - symbols: what is wanted, in capitals.
    ///   - known: instruments of the account; they keep their decimals. One that the venue has no more is left out.
    ///   - store: what is stored of a symbol already says its decimals, too.
    /// - Throws: `VenueError` when the venue can't be asked or has none of a symbol, `StoreError`.
    public static func instruments(
        _ symbols: [String], known: [Instrument], of source: any StreamingVenue, store: Store,
        now: @escaping @Sendable () -> Timestamp
    ) async throws -> (instruments: [Instrument], listings: [String: Listing]) {
        let known = known.filter { $0.venue == source.name }
        let others = known.map(\.symbol).filter { !symbols.contains($0) }
        PauseMemory(store, source, now).recall()
        @Sendable func listing(of symbol: String) async throws(VenueError) -> Listing? {
            do throws(VenueError) {
                return try await source.listing(of: symbol) { _ in }
            } catch {
                // What was traded once and is not any more.
                if error.kind == .unknownSymbol, others.contains(symbol) { return nil }
                throw error
            }
        }
        var listings: [String: Listing] = [:]
        // A venue that is not there is not asked for every symbol before that is known.
        if let first = symbols.first { listings[first] = try await listing(of: first) }
        try await withThrowingTaskGroup(of: (String, Listing?).self) { group in
            for symbol in symbols.dropFirst() + others {
                group.addTask { (symbol, try await listing(of: symbol)) }
            }
            for try await (symbol, listing) in group { listings[symbol] = listing }
        }
        let instruments = try (symbols + others).compactMap { symbol -> Instrument? in
            guard let listing = listings[symbol] else { return nil }
            let stored = try store.instrument(venue: source.name, symbol: symbol)
            let model = known.first { $0.symbol == symbol } ?? stored
            let scales = model.map { ($0.priceScale, $0.quantityScale) } ?? listing.usualScales
            return try listing.instrument(priceScale: scales.0, quantityScale: scales.1)
        }
        return (instruments, listings)
    }

    /// Fetches what is not stored of the past of instruments, for as long as it may take. What is missing behind the newest
    /// minute then comes as soon as they are followed; a hole before it stays until the next start.
    ///
    /// - Parameter listings: what the venue said of symbols already; it is not asked for those again.
    public static func fetchPast(
        of instruments: [Instrument], _ listings: [String: Listing] = [:], from source: any StreamingVenue,
        into store: Store, minutes: Int, patience: Duration, now: @escaping @Sendable () -> Timestamp
    ) async {
        guard minutes > 0 else { return }
        let download = CandleDownload(
            from: source, into: store,
            DownloadOptions(
                symbols: instruments.map(\.symbol), timeframe: .oneMinute,
                from: now().adding(seconds: -60 * Int64(minutes))),
            listings: listings, at: now)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await download.run() }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }
}
