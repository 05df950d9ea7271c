import CZlib
import Foundation
import Market
import Storage

@testable import Ingestion

/// A directory of its own that goes away with the test.
final class TemporaryDirectory {
    let path: String

    init() {
        let name = "wick-ingestion-\(UInt64.random(in: .min ... .max))"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}

enum Sample {
    static let header = "open_time_ms,open,high,low,close,volume\n"
    static let start: Int64 = 1_672_531_200_000
    static let now = Timestamp(iso8601: "2024-01-01T00:00:00Z")!
    static let options = ImportOptions(venue: "binance", symbol: "BTCUSDT")

    static func time(_ minute: Int) -> Timestamp { Timestamp(milliseconds: start + Int64(minute) * 60_000) }

    static func row(_ minute: Int, price: Int = 100, volume: String = "1.5") -> String {
        "\(start + Int64(minute) * 60_000),\(price).25,\(price + 2),\(price - 2),\(price + 1),\(volume)\n"
    }

    static func file(_ minutes: Range<Int>) -> String { header + minutes.map { row($0) }.joined() }
}

/// Compresses as `gzip` does.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    let count = output.count
    return input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(count)
            deflate(&stream, Z_FINISH)
            return Array(target[..<(count - Int(stream.avail_out))])
        }
    }
}

/// The folder of real candles that some tests use where it is there.
enum RealData {
    static let directory: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["WICK_TEST_DATA"],
            root.deletingLastPathComponent().appendingPathComponent("shared/data").path,
        ]
        return candidates.compactMap { $0 }.map { $0 + "/market/" }
            .first { FileManager.default.fileExists(atPath: $0 + "binance-spot-BTCUSDT-1m-2023.csv.gz") }
    }()

    static var isThere: Bool { directory != nil }

    static func file(_ name: String) -> String { (directory ?? "") + name }
}
