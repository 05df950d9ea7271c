import Market
import Parquet

/// Gathers candles into the row groups of a Parquet file.
struct CandleColumns {
    private var writer: ParquetWriter
    private let path: String
    private let symbol: ArraySlice<UInt8>
    private var times: [Int64] = []
    /// Open, high, low, close and volume.
    private var numbers: [[Int64]] = Array(repeating: [], count: 5)
    private var partial: [Bool] = []

    /// How many candles a row group has: three months of minutes, some megabytes.
    static let groupRows = 131_072

    init(_ instrument: Instrument, _ timeframe: Timeframe, path: String) {
        self.path = path
        symbol = Array(instrument.name.utf8)[...]
        let price = instrument.priceScale
        writer = ParquetWriter(
            [
                .timestamp("timestamp", .microseconds), .decimal("open", scale: price), .decimal("high", scale: price),
                .decimal("low", scale: price), .decimal("close", scale: price),
                .decimal("volume", scale: instrument.quantityScale), .boolean("partial"), .text("symbol"),
            ], keyValues: SeriesOrigin(instrument, timeframe).keyValues)
    }

    /// Takes in a candle.
    ///
    /// - Returns: the bytes of a row group when one is full.
    /// - Throws: `IngestionError` when a number does not fit its column.
    mutating func add(_ candle: Candle) throws(IngestionError) -> [UInt8]? {
        times.append(candle.openTime.nanoseconds / 1_000)
        numbers[0].append(candle.open.mantissa)
        numbers[1].append(candle.high.mantissa)
        numbers[2].append(candle.low.mantissa)
        numbers[3].append(candle.close.mantissa)
        numbers[4].append(candle.volume.mantissa)
        partial.append(candle.flags.contains(.isPartial))
        return times.count == CandleColumns.groupRows ? try flush() : nil
    }

    /// The last row group and the end of the file.
    mutating func finish() throws(IngestionError) -> [UInt8] {
        let bytes = times.isEmpty ? [] : try flush()
        return bytes + writer.finish()
    }

    private mutating func flush() throws(IngestionError) -> [UInt8] {
        let symbols = Array(repeating: symbol, count: times.count)
        let columns =
            [ColumnValues(.integers(times))] + numbers.map { ColumnValues(.integers($0)) }
            + [ColumnValues(.booleans(partial)), ColumnValues(.bytes(symbols))]
        times.removeAll(keepingCapacity: true)
        for index in numbers.indices { numbers[index].removeAll(keepingCapacity: true) }
        partial.removeAll(keepingCapacity: true)
        do throws(ParquetError) {
            return try writer.rowGroup(columns)
        } catch {
            throw IngestionError(.cannotWrite, path, "\(error.description); csv and json hold it")
        }
    }
}
