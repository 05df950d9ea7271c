public import Market

/// Writes book features to files.
public enum FeatureExport {
    /// Writes features.
    ///
    /// CSV has a header, `timestamp,imbalance,spread_bps,depth_ratio`, an unknown ratio being empty; JSON is an object with
    /// `instrument`, `levels`, `band_bps` and `features`. Times are in ISO 8601, UTC. The file appears whole or not at all.
    /// - Parameters:
    ///   - features: what is written, oldest first.
    ///   - instrument: whose book it is.
    ///   - definition: how they were computed.
    ///   - format: the form.
    ///   - path: the file; `-` is the standard output.
    /// - Throws: `IngestionError`.
    public static func write(
        _ features: [BookFeature], of instrument: Instrument, _ definition: BookFeature.Definition,
        _ format: CandleExport.Format, to path: String
    ) throws(IngestionError) {
        var file = try OutputFile(path: path)
        switch format {
        case .csv:
            try file.write("timestamp,imbalance,spread_bps,depth_ratio\n".utf8)
            for feature in features {
                let ratio = feature.depthRatio.map { "\($0)" } ?? ""
                try file.write("\(feature.time),\(feature.imbalance),\(feature.spreadBps),\(ratio)\n".utf8)
            }
        case .json:
            let head =
                "{\"instrument\":\"\(instrument.name)\",\"levels\":\(definition.levels),\"band_bps\":\(definition.band),"
                + "\"features\":["
            try file.write(head.utf8)
            for (index, feature) in features.enumerated() {
                let ratio = feature.depthRatio.map { "\($0)" } ?? "null"
                let row =
                    "{\"timestamp\":\"\(feature.time)\",\"imbalance\":\(feature.imbalance),"
                    + "\"spread_bps\":\(feature.spreadBps),\"depth_ratio\":\(ratio)}"
                try file.write(((index == 0 ? "\n" : ",\n") + row).utf8)
            }
            try file.write("\n]}\n".utf8)
        }
        try file.finish()
    }
}
