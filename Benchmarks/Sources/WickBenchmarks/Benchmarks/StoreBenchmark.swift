import CBaseline
import Ingestion
import Market
import Storage

/// A year of minutes from a file into the store, back out of it, and a live candle on top.
enum StoreBenchmark: Benchmark {
    static let name = "store"

    static func run() throws -> [Figure] {
        let scratch = try Scratch("store")
        defer { scratch.remove() }
        let directory = scratch.directory
        let series = SyntheticYear.walk()
        let path = directory.file("year.csv")
        let export = try seconds { try CandleExport.write(series, .csv, to: path) }
        let store = try Store(directory: directory)
        let options = ImportOptions(venue: "BENCH", symbol: "BTCUSDT")
        func importing(_ count: (ImportSummary) -> Int) throws -> Double {
            try seconds {
                let summary = try CandleImport.run(path, into: store, options, at: .epoch)
                guard count(summary) == series.candles.count, summary.isClean else {
                    throw BenchmarkError(description: "\(count(summary)) of \(series.candles.count) rows were taken")
                }
            }
        }
        let first = try importing(\.taken)
        let again = try importing(\.unchanged)
        var loads: [Double] = []
        for _ in 0..<7 {
            loads.append(
                try seconds {
                    let loaded = try store.candles(venue: "BENCH", symbol: "BTCUSDT", .oneMinute)
                    guard loaded.candles == series.candles else {
                        throw BenchmarkError(description: "the store gives other candles than it was given")
                    }
                })
        }
        let parse = Baseline(
            name: "C parse", value: shortest { Measure.keep(baseline_parse_csv(path)) })
        let flat = flatFile(series, directory.file("flat"))
        let parquet = directory.file("year.parquet")
        let writing = try seconds { try CandleExport.write(series, .parquet, to: parquet) }
        let reading = try seconds {
            guard try CandleImport.read(parquet, options).series.candles == series.candles else {
                throw BenchmarkError(description: "Parquet gives other candles than it was given")
            }
        }
        let text = try seconds { _ = try CandleImport.read(path, options) }
        return [
            Figure(
                name: "import of a year of minutes, CSV", value: first, unit: "s", baseline: parse, limit: 5, aim: 2),
            Figure(name: "the same file again", value: again, unit: "s", baseline: parse, limit: 5, aim: 2),
            Figure(
                name: "export of a year of minutes, CSV", value: export, unit: "s",
                baseline: Baseline(name: "flat file", value: flat.writing)),
            Figure(
                name: "export of a year of minutes, Parquet", value: writing, unit: "s",
                baseline: Baseline(name: "CSV", value: export)),
            Figure(
                name: "reading a year of minutes, Parquet", value: reading, unit: "s",
                baseline: Baseline(name: "CSV", value: text)),
            Figure(
                name: "load of a year of minutes", value: (loads.min() ?? 0) * 1_000, unit: "ms",
                baseline: Baseline(name: "flat file", value: flat.reading * 1_000), limit: 100),
            Figure(
                name: "a live candle into the store", value: try live(store, series) * 1e6, unit: "µs",
                baseline: Baseline(name: "1 of the import", value: first * 1e6 / Double(series.candles.count))),
        ]
    }

    /// The same candles as an array on the disk, in seconds: what no store can do without.
    private static func flatFile(_ series: CandleSeries, _ path: String) -> (writing: Double, reading: Double) {
        let writing = series.candles.withUnsafeBytes { bytes in
            shortest { Measure.keep(baseline_write_file(path, bytes.baseAddress, bytes.count)) }
        }
        let reading = shortest {
            let count = series.candles.count * MemoryLayout<Candle>.stride
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = max(0, baseline_read_file(path, buffer.baseAddress, count))
            }
            Measure.keep(bytes.count)
        }
        return (writing, reading)
    }

    private static func shortest(_ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<5 { best = min(best, try seconds(body)) }
        return best
    }

    /// The time of storing one more minute, as a live engine does.
    private static func live(_ store: Store, _ series: CandleSeries) throws -> Double {
        guard var candle = series.candles.last else { return 0 }
        let count = 500
        let all = try seconds {
            for _ in 0..<count {
                candle.openTime = candle.closeTime(.oneMinute)
                try store.write([candle], of: series.instrument, .oneMinute, at: .epoch)
            }
        }
        return all / Double(count)
    }

    /// Wall time: the disk counts here.
    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        let length = start.duration(to: .now).components
        return Double(length.seconds) + Double(length.attoseconds) / 1e18
    }
}
