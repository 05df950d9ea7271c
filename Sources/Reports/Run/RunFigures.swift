import FoundationEssentials

/// The result of a run as its JSON has it. Keys that this release doesn't know are kept by their names, so that what later
/// options add is shown as well.
struct RunFigures {
    let members: [String: JSONMember]

    init?(json: String) {
        guard let members = try? JSONDecoder().decode([String: JSONMember].self, from: Data(json.utf8)) else {
            return nil
        }
        self.members = members
    }

    func number(_ key: String) -> Double? { members[key]?.number }
    func text(_ key: String) -> String? { members[key]?.text }

    /// The rows of an array of objects.
    func rows(_ key: String) -> [[String: JSONMember]] { members[key]?.rows ?? [] }

    /// The member of an object.
    func object(_ key: String) -> [String: JSONMember] { members[key]?.object ?? [:] }

    /// Parameters as people write them, by name.
    var parameters: [(name: String, text: String)] {
        object("parameters").map { ($0.key, $0.value.plain) }.sorted { $0.0 < $1.0 }
    }
}

/// Any JSON value.
enum JSONMember: Decodable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case array([JSONMember])
    case object([String: JSONMember])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONMember].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONMember].self))
        }
    }

    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
    var object: [String: JSONMember]? { if case .object(let value) = self { value } else { nil } }
    var rows: [[String: JSONMember]] {
        if case .array(let values) = self { values.compactMap(\.object) } else { [] }
    }

    /// The value in one word.
    var plain: String {
        switch self {
        case .null: return "–"
        case .flag(let value): return value ? "true" : "false"
        case .number(let value): return Int64(exactly: value).map(String.init) ?? value.description
        case .text(let value): return value
        case .array(let values): return "\(values.count) values"
        case .object(let members): return "\(members.count) members"
        }
    }
}
