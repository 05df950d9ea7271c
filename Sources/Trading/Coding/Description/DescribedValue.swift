/// A record in readable form: fields in a fixed order, for people (`text`) and for files (`json`).
public indirect enum DescribedValue: Sendable, Hashable {
    /// Nothing.
    case none
    /// Words.
    case text(String)
    /// A number as it is written, exact.
    case number(String)
    /// Yes or no.
    case flag(Bool)
    /// Values in order.
    case list([DescribedValue])
    /// Named values in order.
    case fields([Field])

    /// A named value.
    public struct Field: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: DescribedValue

        /// A field of its parts.
        public init(_ name: String, _ value: DescribedValue) {
            self.name = name
            self.value = value
        }
    }

    /// One line of JSON.
    public var json: String {
        switch self {
        case .none: return "null"
        case .text(let text): return DescribedValue.quoted(text)
        case .number(let text): return text
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let values): return "[" + values.map(\.json).joined(separator: ",") + "]"
        case .fields(let fields):
            return "{" + fields.map { DescribedValue.quoted($0.name) + ":" + $0.value.json }.joined(separator: ",")
                + "}"
        }
    }

    /// One line for people: `name value, name value`; what is not there is left out.
    public var text: String {
        switch self {
        case .none: return "none"
        case .text(let text): return text
        case .number(let text): return text
        case .flag(let flag): return flag ? "yes" : "no"
        case .list(let values): return "[" + values.map(\.text).joined(separator: "; ") + "]"
        case .fields(let fields):
            return fields.filter { $0.value != .none }.map { field in
                if case .fields = field.value { return "\(field.name) (\(field.value.text))" }
                return "\(field.name) \(field.value.text)"
            }.joined(separator: ", ")
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
