import CZlib
import Foundation
import Market
import Venues

/// A stream as it was recorded, where it is at hand: six minutes of BTCUSDT, depth, tickers, trades and a snapshot.
enum RecordedStream {
    private static let directory: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["WICK_TEST_DATA"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        return data + "/market/"
    }()
    private static let name = "binance-spot-BTCUSDT-raw-stream-2024-08-08.txt.gz"

    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }
    static var path: String { directory + name }

    /// A line: when it came, and the message.
    private struct Line {
        var time: Timestamp
        var bytes: ArraySlice<UInt8>
    }

    /// What a line says.
    enum Event: Sendable {
        case snapshot(DepthSnapshot)
        case depth(DepthDiff)
        case message(MarketMessage)
    }

    /// Every message, decoded by what the product decodes with; read once for all tests.
    static let events = Result { try decoded() }

    private static func decoded() throws -> [(time: Timestamp, event: Event)] {
        var decoder = MarketStreamDecoder([BookSamples.bitcoin])
        return try lines().map { line in
            try line.bytes.withUnsafeBytes { bytes in
                if line.bytes.starts(with: Array("{\"lastUpdateId\"".utf8)) {
                    let book = try DepthSnapshot.decode(bytes, limit: 1_000, of: BookSamples.bitcoin)
                    return (line.time, .snapshot(book))
                }
                let message = try decoder.decode(bytes)
                return (line.time, message == .depth ? .depth(decoder.depth) : .message(message))
            }
        }
    }

    private static func lines() throws -> [Line] {
        try read(name).split(separator: 0x0A).map { line in
            let space = line.firstIndex(of: 0x20) ?? line.startIndex
            let time = Int64(String(decoding: line[..<space], as: UTF8.self)) ?? 0
            return Line(time: Timestamp(nanoseconds: time), bytes: line[(space + 1)...])
        }
    }

    /// The venue's candles of the minutes that the stream covers whole: open time, then the texts of the numbers.
    static func officialMinutes() throws -> [[Substring]] {
        String(decoding: try read("binance-spot-BTCUSDT-1m-2024-08-08.csv.gz"), as: UTF8.self)
            .split(separator: "\n").suffix(5).map { $0.split(separator: ",") }
    }

    private static func read(_ name: String) throws -> [UInt8] {
        guard let file = gzopen(directory + name, "rb") else { throw CocoaError(.fileReadNoSuchFile) }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = gzread(file, &chunk, UInt32(chunk.count)), count > 0 { bytes += chunk[..<Int(count)] }
        return bytes
    }
}
