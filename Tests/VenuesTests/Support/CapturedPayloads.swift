import CZlib
import Foundation

/// What the venue sent at some time, where it is at hand.
enum CapturedPayloads {
    private static let directory: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["WICK_TEST_DATA"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        return data + "/venues/binance-spot/"
    }()
    private static let capture = "capture.jsonl.gz"

    static var isThere: Bool { FileManager.default.fileExists(atPath: directory + capture) }

    /// The body of the answer to exchangeInfo.
    static func exchangeInfo() throws -> [UInt8] {
        for line in try lines(of: capture) where line.contains("/exchangeInfo\"") {
            let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            if let data = record?["data"] { return Array(try JSONSerialization.data(withJSONObject: data)) }
        }
        throw CocoaError(.fileReadCorruptFile)
    }

    /// What came over the wire, message by message.
    static func messages() throws -> [String] {
        try lines(of: capture).filter { $0.contains("\"dir\":\"recv\"") }.map { value(of: "data", in: $0) }
    }

    /// The answers to `/depth`, with the symbol.
    static func snapshots() throws -> [(symbol: String, body: String)] {
        try lines(of: capture).filter { $0.contains("/depth?symbol=") }.map { line in
            let symbol = line.components(separatedBy: "symbol=")[1].prefix { $0 != "&" }
            return (String(symbol), value(of: "data", in: line))
        }
    }

    /// The examples of the venue's documentation of its streams.
    static func documentedStreams() throws -> [String] {
        try lines(of: "docs-streams.jsonl").map { value(of: "payload", in: $0) }
    }

    /// The examples of the venue's documentation of its WebSocket API.
    static func documentedAPI() throws -> [String] {
        try lines(of: "docs-ws-api.jsonl").map { value(of: "payload", in: $0) }
    }

    /// The last value of a line's object, byte for byte.
    private static func value(of name: String, in line: Substring) -> String {
        let mark = "\"\(name)\":"
        guard let start = line.range(of: mark) else { return "" }
        return String(line[start.upperBound...].dropLast())
    }

    /// The lines of a file, packed or not.
    private static func lines(of name: String) throws -> [Substring] {
        guard let file = gzopen(directory + name, "rb") else { throw CocoaError(.fileReadNoSuchFile) }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = gzread(file, &chunk, UInt32(chunk.count)), count > 0 { bytes += chunk[..<Int(count)] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
