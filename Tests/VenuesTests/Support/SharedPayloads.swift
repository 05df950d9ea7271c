import Foundation

/// What the venue's documentation shows, where it is at hand.
enum SharedPayloads {
    private static let folder: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["WICK_TEST_DATA"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        return data + "/venues"
    }()

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder + "/binance-spot/docs-rest.jsonl") }

    /// An example of the documentation.
    struct Example {
        /// The headings it stands under.
        var source: String
        /// The words before it.
        var context: String
        var payload: Any
        var body: [UInt8] { (try? Array(JSONSerialization.data(withJSONObject: payload))) ?? [] }
    }

    /// The examples of the REST API.
    static func examples() throws -> [Example] {
        try lines("binance-spot/docs-rest.jsonl").map { line in
            Example(
                source: line["source"] as? String ?? "", context: line["context"] as? String ?? "",
                payload: line["payload"] ?? [:])
        }
    }

    /// The numbers of errors with their texts.
    static func errors() throws -> [(code: Int, texts: [String])] {
        try lines("binance-spot/docs-errors.jsonl").compactMap { line in
            guard let code = line["code"] as? Int else { return nil }
            return (code, line["text"] as? [String] ?? [])
        }
    }

    /// A text that was signed.
    struct Vector {
        var scheme: String
        var apiKey: String
        var secret: String
        var text: String
        var signature: String
    }

    /// The venue's signatures that are known.
    static func vectors() throws -> [Vector] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/signing-vectors.json"))
        let file = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let vectors = file?["vectors"] as? [[String: Any]] ?? []
        return vectors.filter { ($0["venue"] as? String)?.hasPrefix("binance") == true }.map { vector in
            func text(_ name: String) -> String { vector[name] as? String ?? "" }
            return Vector(
                scheme: text("scheme"), apiKey: text("api_key"), secret: text("secret"), text: text("string_to_sign"),
                signature: text("signature"))
        }
    }

    private static func lines(_ name: String) throws -> [[String: Any]] {
        let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
        return try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }
}
