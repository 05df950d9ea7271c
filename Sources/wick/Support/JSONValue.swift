import FoundationEssentials

/// Any JSON, for what other parts wrote and this program hands on.
enum JSONValue: Decodable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The value of a text, or `nil` when it is no JSON.
    init?(text: String) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else { return nil }
        self = value
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// The value in one word.
    var plain: String {
        switch self {
        case .null: return "–"
        case .boolean(let value): return value ? "true" : "false"
        case .number(let value): return Int64(exactly: value).map(String.init) ?? value.description
        case .string(let value): return value
        case .array(let values): return "\(values.count) values"
        case .object(let members): return "\(members.count) members"
        }
    }
}
