public import Market
public import Storage

/// Writes candles to files, in decimals as exact as they are stored.
public enum CandleExport {
    /// The form of a file.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// `timestamp,open,high,low,close,volume,partial` with a header, times in ISO 8601 UTC. Can be imported again.
        case csv
        /// An object with `instrument`, `base`, `quote`, `timeframe` and `candles`; prices and volumes are strings, so
        /// that no reader rounds them.
        case json
        /// Columns, packed with zstd: times as timestamps in UTC, prices and volumes as decimals. Says what it is of, and
        /// can be imported again to the digit.
        case parquet
    }

    /// How many candles are in memory at once while a store is written out.
    static let part = 16_384

    /// Writes a series.
    ///
    /// The file appears whole or not at all: a full disk leaves what was there before.
    /// - Parameters:
    ///   - series: the candles.
    ///   - format: the form.
    ///   - path: the file; `-` is the standard output.
    /// - Throws: `IngestionError`.
    public static func write(_ series: CandleSeries, _ format: Format, to path: String) throws(IngestionError) {
        var writer = try CandleWriter(series.instrument, series.timeframe, format, to: path)
        try writer.write(series.candles[...])
        try writer.finish()
    }

    /// Writes the candles that `Store.candles` gives for the same arguments. Memory does not grow with their number.
    ///
    /// - Parameters:
    ///   - store: where they are.
    ///   - format: the form.
    ///   - path: the file; `-` is the standard output.
    /// - Returns: how many there were; nothing is written when there were none.
    /// - Throws: `IngestionError` when they can't be written, `StoreError` when they can't be read.
    public static func write(
        _ store: Store, venue: String, symbol: String, _ timeframe: Timeframe, from: Timestamp?, to: Timestamp?,
        _ format: Format, to path: String
    ) throws -> Int {
        let output = Output()
        try store.readCandles(venue: venue, symbol: symbol, timeframe, from: from, to: to, part: part) {
            instrument, candles in
            try output.write(candles, instrument, timeframe, format, path)
        }
        try output.finish()
        return output.count
    }

    /// The file, opened when the first candles come.
    private final class Output {
        private(set) var count = 0
        private var writer: CandleWriter?

        func write(
            _ candles: [Candle], _ instrument: Instrument, _ timeframe: Timeframe, _ format: Format, _ path: String
        ) throws(IngestionError) {
            if writer == nil { writer = try CandleWriter(instrument, timeframe, format, to: path) }
            try writer?.write(candles[...])
            count += candles.count
        }

        func finish() throws(IngestionError) { try writer?.finish() }
    }
}
