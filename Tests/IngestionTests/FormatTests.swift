import Market
import Testing

@testable import Ingestion

@Suite struct FormatTests {
    let directory = TemporaryDirectory()

    private func read(_ text: String, _ options: ImportOptions = Sample.options) throws -> [Candle] {
        try CandleImport.read(try directory.write("file.csv", text), options).series.candles
    }

    private func read(_ bytes: [UInt8]) throws -> ([Candle], ImportSummary) {
        let (series, summary) = try CandleImport.read(try directory.write("file.csv.gz", bytes), Sample.options)
        return (series.candles, summary)
    }

    @Test(arguments: [
        "timestamp", "time", "date", "open_time", "open_time_ms", "Open Time", "TIME_UTC", "Unix", "openTime",
        "\u{FEFF}timestamp", "\"timestamp\"", " Date ", "datetime",
    ])
    func aTimeColumnIsRecognised(name: String) throws {
        let rows = "\(Sample.start),1,2,1,1,5\n"
        #expect(try read("\(name),Open,HIGH,low,Close,Volume\n\(rows)").count == 1)
    }

    @Test(arguments: [
        "1672531200", "1672531200000", "1672531200000000", "1672531200000000000", "1672531200.0", "1.6725312E12",
        "2023-01-01", "2023-01-01T00:00", "2023-01-01 00:00:00", "2023-01-01T00:00:00Z", "2023-01-01T02:00:00+02:00",
        "2023-01-01T00:00:00.000Z", "2023-01-01 00:00:00 UTC", "20230101 00:00", "20230101",
        "2023-01-01 00:00:00+00:00",
    ])
    func aTimeIsReadInEveryUnit(text: String) throws {
        let candles = try read("time,open,high,low,close,volume\n\(text),1,2,1,1,5\n")
        #expect(candles.first?.openTime == Timestamp(seconds: 1_672_531_200))
    }

    @Test func everyUnitRoundTripsOverTheWholeRange() {
        var times = TimeParser()
        var second = Timestamp.plausible.lowerBound.seconds
        while second < Timestamp.plausible.upperBound.seconds {
            for factor in [1, 1_000, 1_000_000, 1_000_000_000] as [Int64] {
                let text = Array(String(second * factor).utf8)
                let time = text.withUnsafeBytes { times.parse($0) }
                #expect(time == Timestamp(seconds: second))
            }
            let text = Array(Timestamp(seconds: second).description.utf8)
            #expect(text.withUnsafeBytes { times.parse($0) } == Timestamp(seconds: second))
            second += 7_654_321
        }
    }

    @Test(arguments: [
        "0", "-1672531200", "1672531200000000000000", "2008-12-31", "2100-01-01", "2023-13-01", "2023-02-30 00:00",
        "2023-01-01T24:00:00Z", "2023-01-01T00:60:00Z", "2023-01-01X00:00:00Z", "", " ", "nan", "1e400",
        "2023-01-01T00:00:00Zz", "99999999", "2262-04-11T23:59:59Z", "2262-04-11T23:59:59.5Z", "1677-09-22T00:00:00Z",
        "9999-12-31T23:59:59+00:00",
    ])
    func whatIsNoTimeIsRefused(text: String) throws {
        var times = TimeParser()
        #expect(Array(text.utf8).withUnsafeBytes { times.parse($0) } == nil)
    }

    @Test func columnsMayStandInAnyOrderAmongOthers() throws {
        let candles = try read("symbol;volume;close;low;high;open;date\nX;5;1;1;2;1.5;2023-01-01\n")
        #expect(candles.first?.open == Price(mantissa: 150_000_000) && candles.first?.volume.mantissa == 500_000_000)
    }

    @Test func theBaseVolumeIsTakenWhereBothAreThere() throws {
        let candles = try read(
            "Unix,Date,Symbol,Open,High,Low,Close,Volume USDT,Volume BTC\n1672531200,2023-01-01,BTC/USDT,1,2,1,1,9,5\n")
        #expect(candles.first?.volume.mantissa == 500_000_000)
    }

    @Test func klinesWithoutAHeaderAreRecognised() throws {
        let row = "1672531200000,1,2,1,1.5,5,1672531259999,7.5,10,2,3,0\n"
        let next = "1672531260000,1,2,1,1.5,5,1672531319999,7.5,10,2,3,0\n"
        #expect(try read(row + next).count == 2)
    }

    @Test(arguments: ["1,2,3,4,5,6\n", "1672531200,1,2,1,1,5\n", "just words\n"])
    func rowsWithoutAHeaderAskForOne(text: String) throws {
        let error = #expect(throws: IngestionError.self) { try read(text) }
        #expect(error?.kind == .notCandles && error?.detail.contains("timestamp,open,high,low,close,volume") == true)
    }

    @Test func aMissingColumnIsNamedWithThoseThereAre() throws {
        let error = #expect(throws: IngestionError.self) { try read("close_time,open,high,close\n1,2,3,4\n") }
        #expect(error?.detail.contains("lacks a time") == true)
        #expect(error?.detail.contains("low, volume") == true)
        #expect(error?.detail.contains("close_time, open, high, close") == true)
    }

    @Test func lineEndsQuotesAndSpacesDoNotMatter() throws {
        let plain = try read(Sample.file(0..<3))
        #expect(try read(Sample.file(0..<3).replacingOccurrences(of: "\n", with: "\r\n")) == plain)
        let quoted =
            Sample.header
            + (0..<3).map { row in
                "\"" + Sample.row(row).dropLast().split(separator: ",").joined(separator: "\" , \"") + "\"\n"
            }.joined()
        #expect(try read(quoted.replacingOccurrences(of: "\" , \"", with: "\",\"")) == plain)
        #expect(try read("\n  \n" + Sample.file(0..<3).replacingOccurrences(of: ",", with: " , ")) == plain)
        #expect(try read(String(Sample.file(0..<3).dropLast())) == plain)
        #expect(try read(Sample.file(0..<3) + "\n\n  \n") == plain)
    }

    @Test func compressedFilesAreReadWhateverTheirName() throws {
        let plain = try read(Sample.file(0..<5_000))
        let (whole, summary) = try read(gzip(Array(Sample.file(0..<5_000).utf8)))
        #expect(whole == plain && summary.isClean)
        let members =
            gzip(Array(Sample.file(0..<2_000).utf8)) + gzip(Array((2_000..<5_000).map { Sample.row($0) }.joined().utf8))
        let (joined, _) = try read(members)
        #expect(joined == plain)
        let (padded, padding) = try read(members + [0, 0, 0])
        #expect(padded == plain && padding.remarks.isEmpty)
        let (trailed, trail) = try read(members + Array("rubbish".utf8))
        #expect(trailed == plain && trail.remarks.count == 1)
    }

    @Test func aTruncatedFileGivesWhatIsWholeAndSaysSo() throws {
        let plain = try read(Sample.file(0..<5_000))
        let bytes = gzip(Array(Sample.file(0..<5_000).utf8))
        for share in [0.3, 0.6, 0.95] {
            let (candles, summary) = try read(Array(bytes[..<Int(Double(bytes.count) * share)]))
            #expect(summary.damage?.contains("end in the middle") == true && !summary.isClean)
            #expect(!candles.isEmpty && candles.count < plain.count)
            #expect(candles == Array(plain[..<candles.count]))
        }
    }

    @Test func damagedCompressedDataAreReported() throws {
        var bytes = gzip(Array(Sample.file(0..<5_000).utf8))
        for index in bytes.count / 2..<bytes.count / 2 + 50 { bytes[index] ^= 0x5A }
        let (_, summary) = try read(bytes)
        #expect(summary.damage != nil)
        var checksum = gzip(Array(Sample.file(0..<50).utf8))
        checksum[checksum.count - 6] ^= 1
        #expect(try read(checksum).1.damage?.contains("damaged") == true)
    }

    @Test(
        arguments: [
            [], [0x0A], [0x00], Array(repeating: 0, count: 5_000), [0x1F, 0x8B], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3],
            Array("SQLite format 3\u{0}".utf8), Array(repeating: 0x61, count: 3_000_000), [0xEF, 0xBB, 0xBF],
            Array(repeating: 0xFF, count: 100),
        ] as [[UInt8]])
    func garbageIsRefusedWithoutACrash(bytes: [UInt8]) throws {
        let file = try directory.write("garbage", bytes)
        let error = #expect(throws: IngestionError.self) { try CandleImport.read(file, Sample.options) }
        #expect(error?.kind == .notCandles)
    }

    @Test func randomBytesNeverCrash() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let prefix = Bool.random(using: &random) ? Array(Sample.header.utf8) : []
            let bytes = prefix + (0..<Int.random(in: 0..<3_000)).map { _ in UInt8.random(in: .min ... .max) }
            let file = try directory.write("random", bytes)
            _ = try? CandleImport.read(file, Sample.options)
        }
    }

    @Test func mutatedFilesNeverCrashAndNeverYieldInconsistentCandles() throws {
        var seed: UInt64 = 7
        func next() -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed >> 33
        }
        let original = Array(Sample.file(0..<40).utf8)
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<Int(next() % 20) {
                let place = Int(next()) % bytes.count
                switch next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
                }
            }
            let file = try directory.write("mutated", bytes)
            guard let (series, summary) = try? CandleImport.read(file, Sample.options) else { continue }
            #expect(series.candles.allSatisfy { $0.isConsistent })
            #expect(summary.rows == summary.taken + summary.refused + summary.duplicates)
        }
    }

    @Test func aHugeLineIsSkippedAndCounted() throws {
        let huge = String(repeating: "9", count: 3_000_000) + "\n"
        let middle = String(repeating: "9", count: 100_000) + "\n"
        let file = try directory.write("huge.csv", Sample.header + Sample.row(0) + huge + middle + Sample.row(1))
        let (series, summary) = try CandleImport.read(file, Sample.options)
        #expect(series.candles.count == 2)
        #expect(summary.refusals.map(\.line) == [3, 4] && summary.refusedByKind == [.length: 2])
    }

    @Test func anEmptyTableGivesNothing() throws {
        let (series, summary) = try CandleImport.read(try directory.write("empty.csv", Sample.header), Sample.options)
        #expect(series.candles.isEmpty && summary.rows == 0 && summary.firstOpen == nil)
    }

    @Test func aMissingFileAndADirectoryAreNamed() throws {
        #expect(throws: IngestionError.self) { try CandleImport.read("/nonexistent/file.csv", Sample.options) }
        let error = #expect(throws: IngestionError.self) { try CandleImport.read(directory.path, Sample.options) }
        #expect(error?.kind == .cannotOpen && error?.detail == "it is a directory")
    }
}
