import Market
import Network
import Storage
import Venues

/// One symbol of a download: what it is, which pages of it are missing, and what has come of them.
struct SymbolDownload {
    let instrument: Instrument
    var pages: [Gap]
    var summary: DownloadSummary
    private var refused: Set<CandleRefusal> = []
    /// How many pages were not answered yet.
    private var open: Int
    private var isAskedAgain = false

    private init(_ instrument: Instrument, _ pages: [Gap], _ summary: DownloadSummary) {
        (self.instrument, self.pages, self.summary) = (instrument, pages, summary)
        open = pages.count
    }

    /// How long after its end a candle is taken for closed: by then every server of a venue has its last trade.
    static let settling: Int64 = 5_000_000_000

    /// Asks the venue about a symbol, and the store what it has of it.
    ///
    /// - Throws: `VenueError`, `StoreError`.
    static func plan(
        _ symbol: String, _ options: DownloadOptions, _ venue: any HistoricalVenue, _ store: Store,
        listing known: Listing?, pausing: @Sendable (RequestPause) -> Void
    ) async throws -> SymbolDownload {
        let listing = if let known { known } else { try await venue.listing(of: symbol, pausing: pausing) }
        // Scales never change once something is stored.
        let stored = try store.instrument(venue: venue.name, symbol: symbol)
        let scales = stored.map { ($0.priceScale, $0.quantityScale) } ?? listing.usualScales
        let instrument = try listing.instrument(priceScale: scales.0, quantityScale: scales.1)
        let timeframe = options.timeframe
        let closed = listing.serverTime.adding(nanoseconds: -settling).floored(to: timeframe)
        let to = min(options.to?.floored(to: timeframe) ?? closed, closed)
        let floor = options.from.floored(to: timeframe)
        let from = floor == options.from ? floor : floor.adding(nanoseconds: timeframe.nanoseconds)
        var summary = DownloadSummary(symbol: instrument.name, timeframe: timeframe, from: from, to: max(from, to))
        summary.isKnown = true
        var stretches = try MissingCandles.stretches(
            store, venue: venue.name, symbol: symbol, timeframe, from: from, to: to)
        if let first = stretches.first, first.from == from {
            // A symbol may have begun long after the time asked for: one question instead of a page for every gap.
            let query = CandleQuery(timeframe, from: from, to: nil, limit: 1)
            let begins = try await begin(first, to) {
                let page = try await venue.candles(query, of: instrument, pausing: pausing)
                return page.candles.first?.openTime ?? page.refusals.first?.time
            }
            if begins > from {
                summary.begins = begins
                stretches = try MissingCandles.stretches(
                    store, venue: venue.name, symbol: symbol, timeframe, from: begins, to: to)
            }
        }
        let missing = stretches.reduce(0) { $0 + $1.count(of: timeframe) }
        summary.unchanged = Gap(from: summary.begins ?? from, to: summary.to).count(of: timeframe) - missing
        return SymbolDownload(
            instrument, MissingCandles.pages(stretches, timeframe, size: venue.pageSize), summary)
    }

    /// Where a symbol begins, by the venue's first candle and by what is stored: `hole` is what is missing before the latter.
    /// An empty answer is asked for again, and where candles are stored it says nothing.
    private static func begin(
        _ hole: Gap, _ to: Timestamp, asking: () async throws -> Timestamp?
    ) async throws -> Timestamp {
        var first = try await asking()
        if first == nil { first = try await asking() }
        let isStored = hole.to < to
        guard let first else { return isStored ? hole.from : to }
        return min(first, hole.to)
    }

    /// What is still missing, to be asked for once more: one answer that is short or empty may be the word of a server that
    /// lags.
    ///
    /// - Throws: `StoreError`.
    mutating func planAgain(_ store: Store, size: Int) throws(StoreError) -> [Gap] {
        try verify(in: store)
        pages = MissingCandles.pages(summary.gaps, summary.timeframe, size: size)
        isAskedAgain = true
        open += pages.count
        return pages
    }

    /// Stores a page in one transaction.
    ///
    /// - Throws: `StoreError`.
    mutating func take(_ page: CandlePage, into store: Store, at now: Timestamp) throws(StoreError) {
        for refusal in page.refusals { refuse(refusal) }
        let candles = page.candles.filter { $0.volume <= Store.largestVolume }
        for candle in page.candles where candle.volume > Store.largestVolume {
            refuse(
                CandleRefusal(
                    time: candle.openTime, kind: .number,
                    text: "\(candle.openTime): its volume does not fit \(instrument.quantityScale) decimals"))
        }
        let merge = try store.write(candles, of: instrument, summary.timeframe, conflicts: .keepsStored, at: now)
        open -= 1
        summary.taken += merge.inserted
        summary.rounded += page.rounded
        summary.zeroVolume += candles.count { $0.volume.isZero }
        for conflict in merge.conflicts {
            let candle = candles[conflict.index]
            refuse(
                CandleRefusal(
                    time: candle.openTime, kind: .conflict,
                    text: "\(candle.openTime): \(candle.text(instrument)) contradicts "
                        + "\(conflict.stored.text(instrument)) that was stored meanwhile"))
        }
    }

    /// Notes a row that was not taken, once: it may come again when its hole is asked for once more.
    private mutating func refuse(_ refusal: CandleRefusal) {
        if refused.insert(refusal).inserted { summary.refuse(refusal) }
    }

    /// Counts in the store what is there now and what is missing.
    ///
    /// - Throws: `StoreError`.
    mutating func verify(in store: Store) throws(StoreError) {
        let span = Gap(from: summary.begins ?? summary.from, to: summary.to)
        summary.gaps = try MissingCandles.stretches(
            store, venue: instrument.venue, symbol: instrument.symbol, summary.timeframe, from: span.from, to: span.to)
        summary.isConfirmed = isAskedAgain && open == 0
        summary.stored = span.count(of: summary.timeframe) - summary.missing
    }
}
