import Market
import Parquet

/// Writes the candles of one series to a file as they come, oldest first.
struct CandleWriter: ~Copyable {
    private var file: OutputFile
    private var line: LineBuilder
    private var columns: CandleColumns?
    private let format: CandleExport.Format
    private var isFirst = true
    /// What comes before the first, until it is written.
    private var head: String?

    init(
        _ instrument: Instrument, _ timeframe: Timeframe, _ format: CandleExport.Format, to path: String
    ) throws(IngestionError) {
        line = LineBuilder(instrument)
        self.format = format
        columns = format == .parquet ? CandleColumns(instrument, timeframe, path: path) : nil
        head = CandleWriter.head(instrument, timeframe, format)
        file = try OutputFile(path: path)
    }

    private mutating func begin() throws(IngestionError) {
        guard let head else { return }
        self.head = nil
        try file.write(head.utf8)
    }

    private static func head(
        _ instrument: Instrument, _ timeframe: Timeframe, _ format: CandleExport.Format
    ) -> String {
        switch format {
        case .csv: return "timestamp,open,high,low,close,volume,partial\n"
        case .json:
            return "{\"instrument\":\"\(escaped(instrument.name))\",\"base\":\"\(instrument.base)\","
                + "\"quote\":\"\(instrument.quote)\",\"timeframe\":\"\(timeframe)\",\"candles\":["
        case .parquet: return ""
        }
    }

    mutating func write(_ candles: ArraySlice<Candle>) throws(IngestionError) {
        try begin()
        switch format {
        case .csv: for candle in candles { try writeLine(candle) }
        case .json: for candle in candles { try writeObject(candle) }
        case .parquet:
            for candle in candles {
                if let bytes = try columns?.add(candle) { try file.write(bytes) }
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

    private mutating func writeLine(_ candle: Candle) throws(IngestionError) {
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

    private mutating func writeObject(_ candle: Candle) throws(IngestionError) {
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

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars where scalar.value >= 0x20 {
            if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
