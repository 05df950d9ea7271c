import Bytes
import Foundation
import Testing

@testable import Parquet

/// Damaged and malicious files end in an error that says where, never in a trap, and never take much memory.
@Suite struct HostileFileTests {
    static let written: [UInt8] = {
        var writer = ParquetWriter(RoundTripTests.columns, keyValues: [("wick.symbol", "BTCUSDT")])
        let rows = RoundTripTests.rows(60, 3)
        guard let first = try? writer.rowGroup(rows), let second = try? writer.rowGroup(rows) else { return [] }
        return first + second + writer.finish()
    }()

    static let files =
        PeerFileTests.files + [FileBytes("ours", written), FileBytes("by hand", GoldenFileTests.plain)]

    /// How often each file is damaged; `WICK_FUZZ` asks for more.
    static let rounds = ProcessInfo.processInfo.environment["WICK_FUZZ"].flatMap { Int($0) } ?? 250

    /// Reads all that can be read; how many values these were.
    @discardableResult
    static func readAll(_ bytes: [UInt8]) -> Int {
        guard let file = try? ParquetFile(ParquetSource(bytes)) else { return 0 }
        var count = 0
        for column in file.columns.indices {
            guard var cursor = try? file.cursor(column) else { continue }
            // A damaged count of rows may promise thousands of millions: what comes first shows enough.
            for _ in 0..<50 {
                guard let values = try? cursor.next(500), values.count > 0 else { break }
                count += values.count
            }
        }
        return count
    }

    @Test("A file cut anywhere is none", arguments: files)
    func cut(_ file: FileBytes) {
        let bytes = file.bytes
        #expect(Self.readAll(bytes) > 0)
        for length in bytes.indices {
            #expect(throws: ParquetError.self) { try ParquetFile(ParquetSource(Array(bytes[..<length]))) }
        }
    }

    @Test("Flipped bits are survived", arguments: files)
    func flips(_ file: FileBytes) {
        let bytes = file.bytes
        var random = Random(state: 7)
        for _ in 0..<Self.rounds {
            let index = Int.random(in: bytes.indices, using: &random)
            var damaged = bytes
            damaged[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            Self.readAll(damaged)
            damaged[index] = UInt8.random(in: 0...255, using: &random)
            Self.readAll(damaged)
        }
    }

    @Test("Bytes taken out, put in, repeated and moved are survived", arguments: files)
    func splices(_ file: FileBytes) {
        let bytes = file.bytes
        var random = Random(state: 11)
        for _ in 0..<Self.rounds {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let start = Int.random(in: 0..<damaged.count, using: &random)
                let end = min(damaged.count, start + Int.random(in: 1...40, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged.removeSubrange(start..<end)
                case 1: damaged.insert(contentsOf: damaged[start..<end], at: start)
                case 2: for index in start..<end { damaged[index] = UInt8.random(in: 0...255, using: &random) }
                default: for index in start..<end { damaged[index] = 0xFF }
                }
                if damaged.isEmpty { damaged = bytes }
            }
            Self.readAll(damaged)
        }
    }

    @Test("Damage in our own pages does not pass for values")
    func checksum() throws {
        let bytes = Self.written
        let file = try ParquetFile(ParquetSource(bytes))
        let honest = try (0..<file.columns.count).map { try all(file, $0) }
        for index in 4..<file.footer {
            var damaged = bytes
            damaged[index] ^= 0x10
            let file = try ParquetFile(ParquetSource(damaged))
            for column in file.columns.indices {
                // Page heads have no checksum; what they say is either impossible or changes nothing.
                if let values = try? all(file, column, by: 1_000) { #expect(values == honest[column], "byte \(index)") }
            }
        }
    }

    @Test("Errors say what and where")
    func messages() throws {
        func error(_ bytes: [UInt8]) -> String {
            do {
                _ = try ParquetFile(ParquetSource(bytes))
                return ""
            } catch { return "\(error)" }
        }
        #expect(error(Array("timestamp,open,high".utf8)).contains("does not begin with PAR1"))
        #expect(error(Self.written.dropLast()).contains("footer: it does not end with PAR1"))
        #expect(error([]).contains("does not begin with PAR1"))
        let magic = Array("PAR1".utf8)
        #expect(error(magic + [0xFF, 0xFF, 0xFF, 0x7F] + magic).contains("a length of 2147483647 bytes is none"))
        #expect(error(magic + [0, 0, 0, 0] + magic).contains("footer: the bytes end too early"))
        #expect(error(magic + [0, 0, 0, 0] + Array("PARE".utf8)).contains("encrypted"))
        // The first page of the second row group's second column.
        let file = try ParquetFile(ParquetSource(Self.written))
        var damaged = Self.written
        damaged[file.groups[1].chunks[1].dataOffset + 40] ^= 0xFF
        let failure = #expect(throws: ParquetError.self) {
            try all(try ParquetFile(ParquetSource(damaged)), 1, by: 100)
        }
        #expect(failure?.kind == .malformed && failure?.place == "row group 2, column price, page 1")
    }

    @Test("A run that promises two thousand million values costs no memory for them")
    func bomb() throws {
        var reader = HybridReader([0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0x01], width: 1)
        #expect(try reader.next(10) == Array(repeating: 1, count: 10))
        var tooLong = HybridReader([0xFE, 0xFF, 0xFF, 0xFF, 0x1F, 0x01], width: 1)
        #expect(throws: MalformedBytes.self) { try tooLong.next(1) }
        // A page that claims to unpack to a gibibyte is refused by its head.
        var writer = ThriftWriter()
        writer.int32(1, 0)
        writer.int32(2, 1 << 30)
        writer.int32(3, 10)
        writer.structure(5) { $0.int32(1, 1) }
        writer.stop()
        var thrift = ThriftReader(writer.bytes[...])
        #expect(throws: MalformedBytes.self) { try PageHeader(&thrift) }
        // Structures inside structures without end.
        var deep = ThriftReader(Array(repeating: 0x1C, count: 100_000)[...])
        #expect(throws: MalformedBytes.self) { try PageHeader(&deep) }
    }
}
