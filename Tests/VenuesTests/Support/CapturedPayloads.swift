import CZlib
import Foundation

/// What the venue sent at some time, where it is at hand.
enum CapturedPayloads {
    private static let path: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["WICK_TEST_DATA"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        return data + "/venues/binance-spot/capture.jsonl.gz"
    }()

    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// The body of the answer to exchangeInfo.
    static func exchangeInfo() throws -> [UInt8] {
        for line in try lines() where line.contains("/exchangeInfo\"") {
            let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            if let data = record?["data"] { return Array(try JSONSerialization.data(withJSONObject: data)) }
        }
        throw CocoaError(.fileReadCorruptFile)
    }

    private static func lines() throws -> [Substring] {
        guard let file = gzopen(path, "rb") else { throw CocoaError(.fileReadNoSuchFile) }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = gzread(file, &chunk, UInt32(chunk.count)), count > 0 { bytes += chunk[..<Int(count)] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
