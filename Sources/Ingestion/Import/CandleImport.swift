public import Market
import Parquet
public import Storage

/// What a file of candles is of, and how it is to be taken.
public struct ImportOptions: Sendable, Hashable {
    /// The venue's name; kept in capitals. `nil` takes the one that a Parquet file of ours names.
    public var venue: String?
    /// The venue's symbol; kept in capitals. `nil` takes the one that a Parquet file of ours names.
    public var symbol: String?
    /// The length of the candles; `nil` tells it from the file.
    public var timeframe: Timeframe?
    /// What is traded; `nil` tells it from the file or the symbol.
    public var base: Currency?
    /// What it is priced in; `nil` tells it from the file or the symbol.
    public var quote: Currency?
    /// Whether candles of the file take the place of stored ones with other numbers; otherwise such rows are refused.
    public var replacesStored: Bool

    /// Options of their parts.
    public init(
        venue: String?, symbol: String?, timeframe: Timeframe? = .oneMinute, base: Currency? = nil,
        quote: Currency? = nil, replacesStored: Bool = false
    ) {
        self.venue = venue?.uppercased()
        self.symbol = symbol?.uppercased()
        self.timeframe = timeframe
        self.base = base
        self.quote = quote
        self.replacesStored = replacesStored
    }
}

/// Reads candles from files: CSV, plain or gzip, with the columns that venues and their mirrors write, and Parquet.
public enum CandleImport {
    /// Stores the candles of a file.
    ///
    /// The store takes them in transactions of some ten thousand, so a process that is killed in the middle leaves whole
    /// candles only, and importing the file again goes on where it stopped: what is stored already is recognised and
    /// left alone.
    /// - Parameters:
    ///   - path: the file.
    ///   - store: where to.
    ///   - options: what it is of.
    ///   - now: what the series' last change is dated with.
    ///   - progress: told every twenty thousand rows and at the end; `false` stops.
    /// - Returns: what was taken, refused and is missing.
    /// - Throws: `IngestionError` when the file can't be read or holds no candles; `StoreError` when they can't be stored.
    public static func run(
        _ path: String, into store: Store, _ options: ImportOptions, at now: Timestamp,
        progress: ((ImportProgress) -> Bool)? = nil
    ) throws -> ImportSummary {
        let start = ContinuousClock.now
        let file = try open(path, options)
        let (venue, symbol) = try names(of: file, options)
        let instrument = try store.instrument(venue: venue, symbol: symbol) ?? newInstrument(file, options)
        let timeframe = try timeframe(of: file, options.timeframe)
        var reading = RowReading(
            file, ImportSummary(path: path, instrument: instrument, timeframe: timeframe), start: start,
            progress: progress)
        let policy: CandleConflictPolicy = options.replacesStored ? .replaces : .keepsStored
        let known: (Timestamp) throws -> Candle? = { time in
            try store.candle(at: time, of: instrument, timeframe)
        }
        try reading.run(known: known) { candles, lines, summary in
            let merge = try store.write(candles, of: instrument, timeframe, conflicts: policy, at: now)
            summary.taken += merge.inserted
            summary.unchanged += merge.unchanged
            summary.replaced += merge.replaced
            for conflict in merge.conflicts {
                let candle = candles[conflict.index]
                summary.refuse(
                    lines[conflict.index], .conflict,
                    "\(candle.openTime): \(candle.text(instrument)) contradicts "
                        + "\(conflict.stored.text(instrument)) that is stored")
            }
        }
        var summary = reading.check.summary
        let stored = try store.series(venue: venue, symbol: symbol)
        if let first = summary.firstOpen, let last = summary.lastOpen,
            let series = stored.first(where: { $0.timeframe == timeframe })
        {
            summary.gaps = try store.gaps(
                series, from: first, to: last.adding(nanoseconds: timeframe.nanoseconds))
        }
        summary.seconds = start.duration(to: .now).seconds
        return summary
    }

    /// The candles of a file without a store, checked in the same way.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - options: what it is of; whether stored candles are replaced does not matter.
    ///   - progress: told every twenty thousand rows and at the end; `false` stops.
    /// - Returns: the series, and what was taken, refused and is missing.
    /// - Throws: `IngestionError` when the file can't be read or holds no candles.
    public static func read(
        _ path: String, _ options: ImportOptions, progress: ((ImportProgress) -> Bool)? = nil
    ) throws -> (series: CandleSeries, summary: ImportSummary) {
        let start = ContinuousClock.now
        let file = try open(path, options)
        let instrument = try newInstrument(file, options)
        let timeframe = try timeframe(of: file, options.timeframe)
        var reading = RowReading(
            file, ImportSummary(path: path, instrument: instrument, timeframe: timeframe), start: start,
            progress: progress)
        var all: [Candle] = []
        // Ascending, so that a row that comes too late is found by halving.
        let known: (Timestamp) -> Candle? = { time in
            var low = 0
            var high = all.count
            while low < high {
                let middle = (low + high) / 2
                if all[middle].openTime < time { low = middle + 1 } else { high = middle }
            }
            return low < all.count && all[low].openTime == time ? all[low] : nil
        }
        try reading.run(known: known) { candles, _, summary in
            summary.taken += candles.count
            all += candles
        }
        let series = CandleSeries(instrument: instrument, timeframe: timeframe, candles: all)
        var summary = reading.check.summary
        summary.gaps = series.gaps
        summary.seconds = start.duration(to: .now).seconds
        return (series, summary)
    }

    /// Whether a file may say itself what its candles are of: a Parquet file, whatever its name.
    public static func canNameItsSeries(_ path: String) -> Bool { ParquetFile.isParquet(path: path) }

    /// The venue and the symbol that a Parquet file of ours names, in capitals; `nil` for any other file, and for one that
    /// can't be read.
    public static func seriesNamed(in path: String) -> (venue: String, symbol: String)? {
        guard let file = try? ParquetFile(path: path), let origin = try? SeriesOrigin(file.keyValues, path: path) else {
            return nil
        }
        return (origin.instrument.venue, origin.instrument.symbol)
    }

    private static func open(_ path: String, _ options: ImportOptions) throws(IngestionError) -> any CandleRows {
        let base = options.base ?? options.symbol.flatMap(SymbolSplit.split)?.base
        return try CandleFile.open(path: path, base: base?.code)
    }

    private static func names(
        of file: any CandleRows, _ options: ImportOptions
    ) throws(IngestionError) -> (venue: String, symbol: String) {
        guard let venue = options.venue ?? file.origin?.instrument.venue,
            let symbol = options.symbol ?? file.origin?.instrument.symbol
        else {
            throw IngestionError(
                .notCandles, file.path, "it does not say what its candles are of; say --venue and --symbol")
        }
        return (venue, symbol)
    }

    /// The instrument that the file describes, under the names asked for.
    ///
    /// Where it describes none, nothing is known but its numbers: its tick is the last decimal that prices are written
    /// with, its quantities have steps of one unit, and there are no other rules.
    private static func newInstrument(
        _ file: any CandleRows, _ options: ImportOptions
    ) throws(IngestionError) -> Instrument {
        let (venue, symbol) = try names(of: file, options)
        let split = SymbolSplit.split(symbol)
        let known = file.origin?.instrument
        guard let base = options.base ?? known?.base ?? split?.base,
            let quote = options.quote ?? known?.quote ?? split?.quote
        else {
            throw IngestionError(
                .notCandles, file.path,
                "base and quote can't be told from the symbol '\(symbol)'; say --base and --quote")
        }
        if var instrument = known {
            (instrument.venue, instrument.symbol, instrument.base, instrument.quote) = (venue, symbol, base, quote)
            return instrument
        }
        let scales = file.probe.scales
        let tick = DecimalText.powerOfTen(scales.price - file.probe.tickDecimals)
        return Instrument(
            venue: venue, symbol: symbol, base: base, quote: quote, priceScale: scales.price,
            quantityScale: scales.quantity,
            rules: InstrumentRules(tick: Price(mantissa: tick), quantityStep: Quantity(mantissa: 1)))
    }

    /// The timeframe asked for or named by the file, checked against the rows, or the one that the rows show.
    private static func timeframe(
        of file: any CandleRows, _ asked: Timeframe?
    ) throws(IngestionError) -> Timeframe {
        let shown = file.probe.step.flatMap { Timeframe(seconds: $0 / 1_000_000_000) }
        guard let asked = asked ?? file.origin?.timeframe else {
            if let shown { return shown }
            throw IngestionError(
                .notCandles, file.path,
                "the length of its candles can't be told from the rows; say --timeframe, as 1m or 1h")
        }
        // A few rows may stand far apart by chance; ten in a row never as close as asked for do not.
        if file.probe.rows >= 10, let shown, shown > asked {
            throw IngestionError(
                .notCandles, file.path, "its rows are \(shown) apart, not \(asked); say --timeframe \(shown)")
        }
        // Of hours called days the first of each day would be taken for the whole of it.
        let usual = file.probe.usualStep.flatMap { Timeframe(seconds: $0 / 1_000_000_000) }
        if let apart = usual, apart < asked {
            throw IngestionError(
                .notCandles, file.path,
                "its rows are \(apart) apart, not \(asked); import them as they are: longer candles are made from shorter ones"
            )
        }
        return asked
    }
}
