/// A JSON value whose members keep their order and whose numbers keep their digits.
///
/// What a venue answers has its members in the order of its documentation, and what a client signs are the texts of its
/// numbers as they came: neither survives a decoder that makes dictionaries and floating-point numbers.
enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    /// A number as it is written.
    case number(String)
    /// A time in microseconds; its reader says in what unit it is written.
    case time(Int64)
    case string(String)
    case array([JSONValue])
    case object(JSONMembers)

    /// An integer.
    static func integer(_ value: some FixedWidthInteger) -> JSONValue { .number(String(value)) }

    /// The text without white space, times in milliseconds.
    var text: String { text(.millisecond) }

    /// The text with its times in a unit.
    func text(_ unit: TimeUnit) -> String { String(decoding: bytes(unit), as: UTF8.self) }

    /// The bytes of the text.
    func bytes(_ unit: TimeUnit) -> [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes, unit)
        return bytes
    }

    /// The member of an object, or `nil`.
    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a string, or `nil`.
    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array, or `nil`.
    var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    private func write(into bytes: inout [UInt8], _ unit: TimeUnit) {
        switch self {
        case .null: bytes += "null".utf8
        case .boolean(let flag): bytes += (flag ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .time(let microseconds): bytes += String(unit.count(microseconds)).utf8
        case .string(let text): JSONValue.quote(text, into: &bytes)
        case .array(let elements):
            bytes.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                element.write(into: &bytes, unit)
            }
            bytes.append(0x5D)
        case .object(let members):
            bytes.append(0x7B)
            for (index, member) in members.items.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                JSONValue.quote(member.name, into: &bytes)
                bytes.append(0x3A)
                member.value.write(into: &bytes, unit)
            }
            bytes.append(0x7D)
        }
    }

    private static func quote(_ text: String, into bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22: bytes += [0x5C, 0x22]
            case 0x5C: bytes += [0x5C, 0x5C]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0..<0x20:
                bytes += "\\u00".utf8
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}

/// The members of a JSON object in their order.
struct JSONMembers: Sendable {
    private(set) var items: [(name: String, value: JSONValue)] = []

    init() {}

    /// The value of the first member of this name. O(members).
    subscript(_ name: String) -> JSONValue? { items.first { $0.name == name }?.value }

    mutating func add(_ name: String, _ value: JSONValue) { items.append((name, value)) }
    mutating func add(_ name: String, _ value: String) { items.append((name, .string(value))) }
    mutating func add(_ name: String, _ value: Bool) { items.append((name, .boolean(value))) }
    mutating func add(_ name: String, _ value: Int64) { items.append((name, .integer(value))) }
    mutating func add(_ name: String, _ value: Int) { items.append((name, .integer(value))) }
}

extension JSONValue {
    /// An object whose members a closure adds.
    static func object(_ build: (inout JSONMembers) -> Void) -> JSONValue {
        var members = JSONMembers()
        build(&members)
        return .object(members)
    }

    /// An empty object, the answer of what has nothing to say.
    static var empty: JSONValue { .object(JSONMembers()) }
}
