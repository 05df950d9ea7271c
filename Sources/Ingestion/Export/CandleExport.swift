public import Market

/// Writes candles to files, in decimals as exact as they are stored.
public enum CandleExport {
    /// The form of a file.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// `timestamp,open,high,low,close,volume,partial` with a header, times in ISO 8601 UTC. Can be imported again.
        case csv
        /// An object with `instrument`, `base`, `quote`, `timeframe` and `candles`; prices and volumes are strings, so
        /// that no reader rounds them.
        case json
    }

    /// Writes a series.
    ///
    /// The file appears whole or not at all: a full disk leaves what was there before.
    /// - Parameters:
    ///   - series: the candles.
    ///   - format: the form.
    ///   - path: the file; `-` is the standard output.
    /// - Throws: `IngestionError`.
    public static func write(_ series: CandleSeries, _ format: Format, to path: String) throws(IngestionError) {
        var file = try OutputFile(path: path)
        switch format {
        case .csv: try writeCSV(series, &file)
        case .json: try writeJSON(series, &file)
        }
        try file.finish()
    }

    private static func writeCSV(_ series: CandleSeries, _ file: inout OutputFile) throws(IngestionError) {
        try file.write("timestamp,open,high,low,close,volume,partial\n".utf8)
        var line = LineBuilder(series.instrument)
        for candle in series.candles {
            line.begin()
            line.add(candle.openTime)
            line.add(",")
            line.add(candle.open)
            line.add(",")
            line.add(candle.high)
            line.add(",")
            line.add(candle.low)
            line.add(",")
            line.add(candle.close)
            line.add(",")
            line.add(candle.volume)
            line.add(candle.flags.contains(.isPartial) ? ",1\n" : ",0\n")
            try file.write(line.bytes)
        }
    }

    private static func writeJSON(_ series: CandleSeries, _ file: inout OutputFile) throws(IngestionError) {
        let instrument = series.instrument
        let head =
            "{\"instrument\":\"\(escaped(instrument.name))\",\"base\":\"\(instrument.base)\","
            + "\"quote\":\"\(instrument.quote)\",\"timeframe\":\"\(series.timeframe)\",\"candles\":["
        try file.write(head.utf8)
        var line = LineBuilder(instrument)
        var isFirst = true
        for candle in series.candles {
            line.begin()
            line.add(isFirst ? "\n{\"timestamp\":\"" : ",\n{\"timestamp\":\"")
            isFirst = false
            line.add(candle.openTime)
            line.add("\",\"open\":\"")
            line.add(candle.open)
            line.add("\",\"high\":\"")
            line.add(candle.high)
            line.add("\",\"low\":\"")
            line.add(candle.low)
            line.add("\",\"close\":\"")
            line.add(candle.close)
            line.add("\",\"volume\":\"")
            line.add(candle.volume)
            line.add(candle.flags.contains(.isPartial) ? "\",\"partial\":true}" : "\",\"partial\":false}")
            try file.write(line.bytes)
        }
        try file.write("\n]}\n".utf8)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars where scalar.value >= 0x20 {
            if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
