/// JSON for programs: one line, stable keys in snake case in the order in which a row declares them, `null` for what is
/// absent, amounts as decimal texts.
///
/// Rows are plain structures of texts, numbers, arrays, further rows and optionals of these; what they hold is found by
/// reflection, because an encoder would leave out what is absent and sort the keys or not order them at all.
enum JSON {
    /// Prints a value on standard output.
    static func print(_ value: Any) { Output.line(text(value)) }

    /// The JSON text of a value.
    static func text(_ value: Any) -> String {
        switch value {
        case let text as String: return quoted(text)
        case let flag as Bool: return flag ? "true" : "false"
        case let number as Double: return self.number(number)
        case let number as any FixedWidthInteger: return "\(number)"
        case let raw as RawJSON: return raw.text
        case let named as any RawRepresentable: return text(named.rawValue)
        case let texts as [String: String]: return object(texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { text($0.value) } ?? "null"
        case .collection: return "[" + mirror.children.map { text($0.value) }.joined(separator: ",") + "]"
        case .struct: return object(mirror.children.map { (snakeCase($0.label ?? ""), $0.value) })
        default: preconditionFailure("a row holds no \(type(of: value))")
        }
    }

    private static func object(_ members: [(String, Any)]) -> String {
        "{" + members.map { quoted($0.0) + ":" + text($0.1) }.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        return Int64(exactly: value).map(String.init) ?? value.description
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func snakeCase(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase { result += "_" }
            result += character.lowercased()
        }
        return result
    }
}

/// JSON that is there already and goes out as it is.
struct RawJSON {
    var text: String
}
