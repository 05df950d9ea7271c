import Foundation
import GRDB
import Market
import Testing
import Trading

@testable import Storage

@Suite struct StoreFileTests {
    let temporary = TemporaryDirectory()

    @Test func theDirectoryIsMadeForItsOwnerAlone() throws {
        let nested = DataDirectory(path: temporary.file("a/b/c"))
        _ = try Store(directory: nested)
        for path in [temporary.directory.path, temporary.file("a"), nested.path] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }

    @Test func whatWasStoredIsThereAfterReopening() throws {
        var store = try Store(directory: temporary.directory)
        try store.write(Sample.minutes(0..<200), of: Sample.instrument, .oneMinute, at: Sample.now)
        _ = try store.add(Sample.strategy(), at: Sample.now)
        try store.close()
        store = try Store(directory: temporary.directory)
        #expect(try store.series()[0].count == 200)
        #expect(try store.strategies().map(\.name) == ["alpha"])
    }

    @Test(arguments: [1, 2, 4])
    func anOlderFileIsBroughtUpToDateAndKeepsItsRows(version: Int) throws {
        try temporary.directory.create()
        let path = temporary.directory.databasePath
        let old = try Store(path: path, directory: temporary.directory.path, upTo: version)
        try old.write {
            try $0.execute(
                sql: """
                    INSERT INTO instruments VALUES
                      (7, 'BINANCE', 'BTCUSDT', 'spot', 'BTC', 'USDT', 8, 8, 1, 1, 0, 0, 0, 0, 0)
                    """)
        }
        try old.close()
        let store = try Store(directory: temporary.directory)
        #expect(try store.instruments().map(\.name) == ["BINANCE:BTCUSDT"])
        #expect(try store.instruments()[0].rules.maximumMarketQuantity == .zero)
        _ = try store.add(Sample.strategy(), at: Sample.now)
        #expect(try store.alerts().isEmpty)
    }

    @Test func aNewerFileIsRefusedAndUntouched() throws {
        let store = try Store(directory: temporary.directory)
        try store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')") }
        try store.close()
        let error = #expect(throws: StoreError.self) { try Store(directory: temporary.directory) }
        #expect(error?.kind == .newerSchema && error?.exitCode == 78)
        #expect(error?.description.contains("newer release") == true)
        let raw = try DatabaseQueue(path: temporary.directory.databasePath)
        #expect(try raw.read { try $0.tableExists("alerts") })
        #expect(try raw.read { try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations") }.count == 14)
    }

    @Test(
        arguments: [
            Array("this is no database, it is a letter to the editor".utf8), Array(repeating: 0xA5, count: 100_000),
            Array("SQLite format 3\u{0}".utf8) + Array(repeating: 0xFF, count: 5_000),
        ] as [[UInt8]])
    func aFileThatIsNoDatabaseIsRefusedWithAdvice(bytes: [UInt8]) throws {
        try temporary.directory.create()
        try Data(bytes).write(to: URL(fileURLWithPath: temporary.directory.databasePath))
        let error = #expect(throws: StoreError.self) { try Store(directory: temporary.directory) }
        #expect(error?.kind == .corrupt && error?.exitCode == 65)
        #expect(error?.description.contains("move the file away") == true)
    }

    @Test func aDamagedPageIsAnErrorAndNoCrash() throws {
        let store = try Store(directory: temporary.directory)
        try store.write(Sample.minutes(0..<20_000), of: Sample.instrument, .oneMinute, at: Sample.now)
        try store.close()
        let path = temporary.directory.databasePath
        let clean = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SplitMix(seed: 3)
        for _ in 0..<40 {
            var bytes = clean
            let start = 4_096 + Int(random.next() % UInt64(bytes.count - 8_192))
            for index in start..<start + 300 { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
            try bytes.write(to: URL(fileURLWithPath: path))
            let result = Result { () throws(StoreError) in
                try Store(directory: temporary.directory).candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute)
            }
            switch result {
            case .success(let series): #expect(series.candles.count <= 20_000)
            case .failure(let error): #expect(error.kind == .corrupt, "\(error)")
            }
        }
    }

    @Test func aDamagedFileIsFoundByItsCheck() throws {
        let store = try Store(directory: temporary.directory)
        for index in 0..<500 { try store.setValue("\(index)", for: "key \(index)", at: Sample.now) }
        #expect(try store.damages().isEmpty)
        // A table that lost a row that its index has.
        try store.write { try $0.execute(sql: "CREATE TABLE t (a); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1)") }
        try store.writer.writeWithoutTransaction {
            try $0.execute(
                sql: """
                    PRAGMA writable_schema = ON;
                    UPDATE sqlite_schema SET sql = 'CREATE INDEX i ON t (a) WHERE a > 1' WHERE name = 'i';
                    PRAGMA writable_schema = RESET;
                    """)
        }
        try store.close()
        #expect(try Store(directory: temporary.directory).damages().count == 1)
    }

    @Test func aFullDiskIsNamedAndLeavesWholeTransactions() throws {
        let store = try Store(directory: temporary.directory)
        try store.write(Sample.minutes(0..<1_000), of: Sample.instrument, .oneMinute, at: Sample.now)
        try store.writer.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 5)")
        }
        let error = #expect(throws: StoreError.self) {
            try store.write(Sample.minutes(1_000..<5_000), of: Sample.instrument, .oneMinute, at: Sample.now)
        }
        #expect(error?.kind == .full && error?.exitCode == 74)
        #expect(error?.description.contains("free some space") == true)
        let series = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute)
        #expect(series.candles == Sample.minutes(0..<1_000))
        #expect(try store.series()[0].count == 1_000)
        // With space again the same write succeeds.
        try store.writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        try store.write(Sample.minutes(1_000..<5_000), of: Sample.instrument, .oneMinute, at: Sample.now)
        #expect(try store.series()[0].count == 5_000)
    }

    @Test func aLockedFileIsNamed() throws {
        let store = try Store(directory: temporary.directory)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: temporary.directory.databasePath, configuration: configuration)
        try other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        try store.writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 50") }
        let error = #expect(throws: StoreError.self) { try store.setValue("x", for: "y", at: Sample.now) }
        #expect(error?.kind == .locked && error?.exitCode == 75)
        try other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try store.setValue("x", for: "y", at: Sample.now)
        #expect(try store.value(for: "y") == "x")
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
    func aDirectoryThatCannotBeWrittenIsNamed() throws {
        try temporary.directory.create()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: temporary.directory.path)
        let error = #expect(throws: StoreError.self) { try Store(directory: temporary.directory) }
        #expect(error?.exitCode == 73)
    }

    @Test func aDirectoryThatCannotBeMadeIsNamed() throws {
        try temporary.directory.create()
        try Data("a file".utf8).write(to: URL(fileURLWithPath: temporary.file("file")))
        for path in [temporary.file("file"), temporary.file("file/below"), "/proc/nonexistent/wick"] {
            let error = #expect(throws: StoreError.self) { try Store(directory: DataDirectory(path: path)) }
            #expect(error?.kind == .cannotOpen && error?.exitCode == 73)
        }
    }

    @Test func aSecondConnectionSeesWhatTheFirstWrites() throws {
        let engine = try Store(directory: temporary.directory)
        let command = try Store(directory: temporary.directory)
        _ = try engine.add(Sample.strategy(), at: Sample.now)
        var mark = try engine.mark()
        try command.setStatus(.enabled, ofStrategyNamed: "alpha", at: Sample.now)
        #expect(try engine.changes(since: &mark) == .strategies)
        #expect(try engine.strategy(named: "alpha")?.status == .enabled)
    }

    @Test func twoConnectionsWriteAtOnceWithoutLosingAnything() async throws {
        let directory = temporary.directory
        _ = try Store(directory: directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for half in 0..<2 {
                group.addTask {
                    let store = try Store(directory: directory)
                    for batch in 0..<40 {
                        let start = batch * 20 + half * 10
                        try store.write(
                            Sample.minutes(start..<start + 10), of: Sample.instrument, .oneMinute, at: Sample.now)
                    }
                }
            }
            try await group.waitForAll()
        }
        let store = try Store(directory: directory)
        #expect(try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute).candles == Sample.minutes(0..<800))
        #expect(try store.series()[0].count == 800)
    }

    @Test func manyProcessesMayOpenANewStoreAtOnce() async throws {
        let directory = temporary.directory
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<6 {
                group.addTask {
                    let store = try Store(directory: directory)
                    try store.setValue("\(index)", for: "key\(index)", at: Sample.now)
                }
            }
            try await group.waitForAll()
        }
        let store = try Store(directory: directory)
        for index in 0..<6 { #expect(try store.value(for: "key\(index)") == "\(index)") }
    }

    @Test func aReaderIsNotHeldUpByAWriter() throws {
        let store = try Store(directory: temporary.directory)
        try store.write(Sample.minutes(0..<100), of: Sample.instrument, .oneMinute, at: Sample.now)
        let other = try DatabaseQueue(path: temporary.directory.databasePath)
        try other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE; DELETE FROM candle_blocks")
            #expect(try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute).candles.count == 100)
            try database.execute(sql: "ROLLBACK")
        }
    }
}

@Suite struct DirectoryTests {
    @Test func directoriesFollowTheXDGSpecification() {
        func data(_ override: String?, _ environment: [String: String]) -> String {
            DataDirectory.data(override: override, environment: environment).path
        }
        #expect(data("/x", ["XDG_DATA_HOME": "/data", "HOME": "/home/a"]) == "/x")
        #expect(data(nil, ["XDG_DATA_HOME": "/data", "HOME": "/home/a"]) == "/data/wick")
        #expect(data(nil, ["XDG_DATA_HOME": "relative", "HOME": "/home/a"]) == "/home/a/.local/share/wick")
        #expect(data(nil, ["HOME": "/home/a"]) == "/home/a/.local/share/wick")
        #expect(data("", ["HOME": "/home/a"]) == "/home/a/.local/share/wick")
        #expect(
            DataDirectory.configuration(environment: ["HOME": "/home/a"]).file("wick.yaml")
                == "/home/a/.config/wick/wick.yaml")
        #expect(DataDirectory.configuration(environment: ["XDG_CONFIG_HOME": "/c"]).path == "/c/wick")
    }
}
