import Foundation
import Market
import Storage
import Testing

@testable import Ingestion

/// An import that is killed: the test runs itself again as a child, which imports, and kills the child.
@Suite(.serialized) struct KilledImportTests {
    /// Where the child finds its file and puts its store; set by the parent.
    static let child = ProcessInfo.processInfo.environment["WICK_TEST_IMPORT_CHILD"]
    static let minutes = 0..<100_000

    @Test(.enabled(if: child != nil, "runs in the child only"))
    func imports() throws {
        let path = try #require(Self.child)
        let store = try Store(directory: DataDirectory(path: path + "/data"))
        _ = try CandleImport.run(path + "/candles.csv", into: store, Sample.options, at: Sample.now) { progress in
            // The parent waits for a sign that it is under way.
            _ = FileManager.default.createFile(atPath: path + "/started", contents: nil)
            return progress.rows >= 0
        }
    }

    @Test(.enabled(if: child == nil, "runs in the parent only"), arguments: [0, 60, 150, 400])
    func anImportKilledAtAnyMomentLeavesWholeCandlesAndGoesOn(milliseconds: UInt32) throws {
        let directory = TemporaryDirectory()
        let file = try directory.write("candles.csv", Sample.file(Self.minutes))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--testing-library", "swift-testing", "--filter", "KilledImportTests/imports"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["WICK_TEST_IMPORT_CHILD": directory.path]
        ) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, access(directory.path + "/started", F_OK) != 0 { usleep(500) }
        #expect(access(directory.path + "/started", F_OK) == 0)
        usleep(milliseconds * 1_000)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()

        let data = DataDirectory(path: directory.path + "/data")
        let store = try Store(directory: data)
        #expect(try store.damages().isEmpty)
        let expected = try CandleImport.read(file, Sample.options).series.candles
        let before = try store.series().first?.count ?? 0
        #expect(before % RowReading.batchSize == 0 || before == expected.count)
        if before > 0 {
            let stored = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute).candles
            #expect(stored == Array(expected[..<before]))
        }
        let summary = try CandleImport.run(file, into: store, Sample.options, at: Sample.now)
        #expect(summary.unchanged == before && summary.taken == expected.count - before && summary.isClean)
        #expect(try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute).candles == expected)
    }
}
