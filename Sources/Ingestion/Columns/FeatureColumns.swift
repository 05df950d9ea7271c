import Market
import Parquet

/// Gathers book features into the row groups of a Parquet file.
struct FeatureColumns {
    private var writer: ParquetWriter
    private let path: String
    private let symbol: ArraySlice<UInt8>
    private var times: [Int64] = []
    private var imbalances: [Double] = []
    private var spreads: [Double] = []
    private var ratios: [Double] = []
    private var isKnown: [Bool] = []

    init(_ instrument: Instrument, _ definition: BookFeature.Definition, path: String) {
        self.path = path
        symbol = Array(instrument.name.utf8)[...]
        writer = ParquetWriter(
            [
                .timestamp("timestamp", .microseconds), .double("imbalance"), .double("spread_bps"),
                .double("depth_ratio", isOptional: true), .text("symbol"),
            ],
            keyValues: SeriesOrigin(instrument, nil).keyValues
                + [("wick.levels", "\(definition.levels)"), ("wick.band_bps", "\(definition.band)")])
    }

    /// Takes in a feature.
    ///
    /// - Returns: the bytes of a row group when one is full.
    mutating func add(_ feature: BookFeature) throws(IngestionError) -> [UInt8]? {
        times.append(feature.time.nanoseconds / 1_000)
        imbalances.append(feature.imbalance)
        spreads.append(feature.spreadBps)
        ratios.append(feature.depthRatio ?? 0)
        isKnown.append(feature.depthRatio != nil)
        return times.count == CandleColumns.groupRows ? try flush() : nil
    }

    /// The last row group and the end of the file.
    mutating func finish() throws(IngestionError) -> [UInt8] {
        let bytes = times.isEmpty ? [] : try flush()
        return bytes + writer.finish()
    }

    private mutating func flush() throws(IngestionError) -> [UInt8] {
        let columns = [
            ColumnValues(.integers(times)), ColumnValues(.doubles(imbalances)), ColumnValues(.doubles(spreads)),
            ColumnValues(.doubles(ratios), isPresent: isKnown),
            ColumnValues(.bytes(Array(repeating: symbol, count: times.count))),
        ]
        times.removeAll(keepingCapacity: true)
        imbalances.removeAll(keepingCapacity: true)
        spreads.removeAll(keepingCapacity: true)
        ratios.removeAll(keepingCapacity: true)
        isKnown.removeAll(keepingCapacity: true)
        do throws(ParquetError) {
            return try writer.rowGroup(columns)
        } catch {
            throw IngestionError(error, path)
        }
    }
}
