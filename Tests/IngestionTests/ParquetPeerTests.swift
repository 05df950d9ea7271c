import Foundation
import Market
import Storage
import Testing

@testable import Ingestion

/// A Python that has pyarrow, and perhaps polars, DuckDB and pandas.
enum Python {
    /// Its path: `WICK_PYTHON`, the one that `.ci/peers-parquet` made, or `python3`; `nil` when none has pyarrow.
    static let withPyarrow: String? = {
        let candidates = [
            ProcessInfo.processInfo.environment["WICK_PYTHON"], root + "/.build/peers-parquet/bin/python",
            "/usr/bin/env",
        ]
        return candidates.compactMap { $0 }.first { (try? run($0, ["-c", "import pyarrow"]))?.status == 0 }
    }()

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func run(_ python: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = (python == "/usr/bin/env" ? ["python3"] : []) + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func peer(_ arguments: String...) throws -> String {
        let (status, output) = try run(withPyarrow ?? "", [root + "/Tests/Peers/parquet_peer.py"] + arguments)
        #expect(status == 0, "\(output)")
        return output
    }
}

/// What others read and write, where they are there; `.ci/peers-parquet` fetches them and tries the whole program.
@Suite(
    .enabled(
        if: Python.withPyarrow != nil,
        "no python3 with pyarrow: pip install pyarrow, or run .ci/peers-parquet, which fetches all peers"))
struct ParquetPeerTests {
    let directory = TemporaryDirectory()

    private var series: CandleSeries {
        var instrument = ParquetTests.instrument
        (instrument.priceScale, instrument.quantityScale) = (8, 8)
        // Prices of few and of many digits, the largest and the smallest numbers that are taken.
        let candles = (0..<140_000).map { index in
            let price = index % 5_000 == 77 ? RowRules.largestPrice - 20 : 1 + Int64(index % 9_973) * 1_000_003
            return Candle(
                openTime: Sample.time(index), open: Price(mantissa: price + 3), high: Price(mantissa: price + 12),
                low: Price(mantissa: price), close: Price(mantissa: price + 7),
                volume: index % 50 == 0 ? .zero : Quantity(mantissa: Int64(index) * 44_444_444_449),
                flags: index % 60 == 59 ? .isPartial : [])
        }
        return CandleSeries(instrument: instrument, timeframe: .oneMinute, candles: candles)
    }

    @Test("Others read every candle and every feature to the digit, with their types and bounds")
    func readers() throws {
        let (parquet, csv) = (directory.path + "/out.parquet", directory.path + "/out.csv")
        try CandleExport.write(series, .parquet, to: parquet)
        try CandleExport.write(series, .csv, to: csv)
        #expect(try Python.peer("check", parquet, csv).contains("140000 rows, 2 row groups"))
        let store = try Store.inMemory()
        let features = (0..<5_000).map { index in
            let imbalance = Double(index % 64 - 32) / 32
            let ratio: Double? = index % 3 == 1 ? nil : Double(index % 11) / 4
            let time = Sample.time(0).adding(seconds: Int64(index))
            return BookFeature(time: time, imbalance: imbalance, spreadBps: Double(index % 7) / 8, depthRatio: ratio)
        }
        try store.write(features, of: series.instrument, at: Sample.now)
        let stored = try #require(try store.featureSeries().first)
        for (format, path) in [(CandleExport.Format.parquet, parquet), (.csv, csv)] {
            _ = try FeatureExport.write(store, stored, from: nil, to: nil, format, to: path)
        }
        #expect(try Python.peer("check", parquet, csv).contains("5000 rows, 1 row groups"))
    }

    @Test("What others write is taken in to the digit")
    func writers() throws {
        var series = series
        // Doubles hold fifteen digits: fewer here, so that both ways mean the same numbers.
        series.candles = series.candles.prefix(3_000).map { candle in
            var candle = candle
            let price = 100_000_000 + candle.low.mantissa % 1_000_000_000 * 1_000
            (candle.low, candle.open) = (Price(mantissa: price), Price(mantissa: price + 300))
            (candle.close, candle.high) = (Price(mantissa: price + 700), Price(mantissa: price + 1_200))
            candle.volume = Quantity(mantissa: candle.volume.mantissa % 1_000_000_000)
            return candle
        }
        let csv = directory.path + "/out.csv"
        try CandleExport.write(series, .csv, to: csv)
        let files = try Python.peer("write", csv, directory.path).split(separator: "\n").map(String.init)
        #expect(files.count >= 7)
        for file in files {
            let (read, summary) = try CandleImport.read(directory.path + "/" + file, Sample.options)
            #expect(summary.isClean && summary.rounded == 0, "\(file)")
            #expect(read.candles.count == 3_000, "\(file)")
            #expect(zip(read.candles, series.candles).allSatisfy { $0.hasSameNumbers(as: $1) }, "\(file)")
        }
    }
}
