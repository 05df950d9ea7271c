import Foundation
import Market
import Storage
import Testing

@testable import Ingestion

@Suite struct ExportTests {
    let directory = TemporaryDirectory()

    private func series(_ minutes: Range<Int> = 0..<100) throws -> CandleSeries {
        try CandleImport.read(try directory.write("in.csv", Sample.file(minutes)), Sample.options).series
    }

    @Test func tablesReadWellAndCanBeImportedAgain() throws {
        let series = try series()
        let path = directory.path + "/out.csv"
        try CandleExport.write(series, .csv, to: path)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines[0] == "timestamp,open,high,low,close,volume,partial")
        #expect(lines[1] == "2023-01-01T00:00:00Z,100.25,102,98,101,1.5,0")
        #expect(try CandleImport.read(path, Sample.options).series.candles == series.candles)
    }

    @Test func jsonKeepsDecimalsAsText() throws {
        let path = directory.path + "/out.json"
        var series = try series(0..<2)
        series.candles[1].flags = .isPartial
        try CandleExport.write(series, .json, to: path)
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        let object = try #require(json as? [String: Any])
        #expect(object["instrument"] as? String == "BINANCE:BTCUSDT" && object["timeframe"] as? String == "1m")
        let candles = try #require(object["candles"] as? [[String: Any]])
        #expect(candles.count == 2)
        #expect(candles[1]["open"] as? String == "100.25" && candles[1]["partial"] as? Bool == true)
        #expect(candles[1]["timestamp"] as? String == "2023-01-01T00:01:00Z")
    }

    @Test func extremeNumbersAreWrittenExactly() throws {
        var series = try series(0..<1)
        let mantissas: [Int64] = [1, 10, 99_999_999, 100_000_000, 123_456_789_012_345_678, 1_000_000_000]
        for mantissa in mantissas {
            let price = Price(mantissa: mantissa)
            series.candles[0].low = price
            series.candles[0].volume = Quantity(mantissa: mantissa)
            let path = directory.path + "/out.csv"
            try CandleExport.write(series, .csv, to: path)
            let fields = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")[1].split(
                separator: ",")
            #expect(String(fields[3]) == DecimalText.text(Int128(mantissa), scale: 8))
            #expect(fields[5] == fields[3])
        }
        series.candles[0].volume = .zero
        let path = directory.path + "/zero.csv"
        try CandleExport.write(series, .csv, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasSuffix(",0,0\n"))
    }

    @Test(arguments: CandleExport.Format.allCases)
    func aFailedExportLeavesNothingBehind(_ format: CandleExport.Format) throws {
        let series = try series()
        let error = #expect(throws: IngestionError.self) {
            try CandleExport.write(series, format, to: directory.path + "/missing/out.csv")
        }
        #expect(error?.kind == .cannotWrite && error?.exitCode == 73)
    }

    @Test(arguments: CandleExport.Format.allCases)
    func aFullDiskLeavesWhatWasThereBefore(_ format: CandleExport.Format) throws {
        let path = try directory.write("out.csv", "precious")
        // The device that is always full takes the place of the part file.
        try FileManager.default.createSymbolicLink(
            atPath: "\(path).\(getpid()).part", withDestinationPath: "/dev/full")
        let error = #expect(throws: IngestionError.self) { try CandleExport.write(series(), format, to: path) }
        #expect(error?.kind == .cannotWrite && error?.detail.contains("nothing was left behind") == true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["in.csv", "out.csv"])
    }

    @Test func anExistingFileIsReplacedOnlyByAWholeOne() throws {
        let path = try directory.write("out.csv", "precious")
        do {
            var file = try OutputFile(path: path)
            try file.write("half".utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        try CandleExport.write(try series(), .csv, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("timestamp"))
    }
}
