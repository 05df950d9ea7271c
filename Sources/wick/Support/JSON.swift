#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// JSON for programs: stable keys in snake case, sorted; amounts are decimal texts.
enum JSON {
    /// Prints a value on standard output.
    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        Output.line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
