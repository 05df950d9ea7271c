#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Lines of JSON and back.
enum ControlCoding {
    /// The longest line that is read, in bytes.
    static let maximumLineBytes = 64 * 1_024

    /// A value as one line of JSON with its line break; keys in snake case, sorted.
    static func line(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only floating-point values that JSON can't write fail; the messages have none but rates and times, which are
        // finite by construction.
        guard let data = try? encoder.encode(value) else {
            return Array(#"{"error":{"code":"unavailable","message":"the answer can't be written"},"ok":false}"#.utf8)
                + [0x0A]
        }
        return Array(data) + [0x0A]
    }

    /// The value of a line.
    static func value<Value: Decodable>(_ type: Value.Type, _ line: some Sequence<UInt8>) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(line))
    }
}
