public import Market
import Parquet
public import Storage

/// Writes book features to files.
public enum FeatureExport {
    /// Writes the features that `Store.features` gives for the same arguments. Memory does not grow with their number.
    ///
    /// CSV has a header, `timestamp,imbalance,spread_bps,depth_ratio`, an unknown ratio being empty; JSON is an object with
    /// `instrument`, `levels`, `band_bps` and `features`; Parquet has the columns of CSV and the symbol. Times are in UTC.
    /// The file appears whole or not at all.
    /// - Parameters:
    ///   - store: where they are.
    ///   - series: which ones.
    ///   - format: the form.
    ///   - path: the file; `-` is the standard output.
    /// - Returns: how many there were; nothing is written when there were none.
    /// - Throws: `IngestionError` when they can't be written, `StoreError` when they can't be read.
    public static func write(
        _ store: Store, _ series: FeatureSeries, from: Timestamp?, to: Timestamp?, _ format: CandleExport.Format,
        to path: String
    ) throws -> Int {
        let output = Output()
        try store.readFeatures(series, from: from, to: to, part: CandleExport.part) { features in
            try output.write(features, series, format, path)
        }
        try output.finish()
        return output.count
    }

    /// The file, opened when the first features come.
    private final class Output {
        private(set) var count = 0
        private var writer: FeatureFile?

        func write(
            _ features: [BookFeature], _ series: FeatureSeries, _ format: CandleExport.Format, _ path: String
        ) throws(IngestionError) {
            if writer == nil { writer = try FeatureFile(series.instrument, series.definition, format, to: path) }
            try writer?.write(features)
            count += features.count
        }

        func finish() throws(IngestionError) { try writer?.finish() }
    }

    /// Writes features to a file as they come, oldest first.
    private struct FeatureFile: ~Copyable {
        private var file: OutputFile
        private var columns: FeatureColumns?
        private let format: CandleExport.Format
        private var isFirst = true
        /// What comes before the first, until it is written.
        private var head: String?

        init(
            _ instrument: Instrument, _ definition: BookFeature.Definition, _ format: CandleExport.Format,
            to path: String
        ) throws(IngestionError) {
            self.format = format
            columns = format == .parquet ? FeatureColumns(instrument, definition, path: path) : nil
            head = FeatureFile.head(instrument, definition, format)
            file = try OutputFile(path: path)
        }

        private mutating func begin() throws(IngestionError) {
            guard let head else { return }
            self.head = nil
            try file.write(head.utf8)
        }

        private static func head(
            _ instrument: Instrument, _ definition: BookFeature.Definition, _ format: CandleExport.Format
        ) -> String {
            switch format {
            case .csv: return "timestamp,imbalance,spread_bps,depth_ratio\n"
            case .json:
                return "{\"instrument\":\"\(instrument.name)\",\"levels\":\(definition.levels),"
                    + "\"band_bps\":\(definition.band),\"features\":["
            case .parquet: return ""
            }
        }

        mutating func write(_ features: [BookFeature]) throws(IngestionError) {
            try begin()
            for feature in features {
                switch format {
                case .csv:
                    let ratio = feature.depthRatio.map { "\($0)" } ?? ""
                    try file.write("\(feature.time),\(feature.imbalance),\(feature.spreadBps),\(ratio)\n".utf8)
                case .json:
                    let ratio = feature.depthRatio.map { "\($0)" } ?? "null"
                    let row =
                        "{\"timestamp\":\"\(feature.time)\",\"imbalance\":\(feature.imbalance),"
                        + "\"spread_bps\":\(feature.spreadBps),\"depth_ratio\":\(ratio)}"
                    try file.write(((isFirst ? "\n" : ",\n") + row).utf8)
                    isFirst = false
                case .parquet: if let bytes = try columns?.add(feature) { try file.write(bytes) }
                }
            }
        }

        /// Puts the file in its place.
        mutating func finish() throws(IngestionError) {
            try begin()
            switch format {
            case .csv: break
            case .json: try file.write("\n]}\n".utf8)
            case .parquet: if let bytes = try columns?.finish() { try file.write(bytes) }
            }
            try file.finish()
        }
    }
}
