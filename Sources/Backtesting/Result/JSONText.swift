import Market

/// Writes JSON text piece by piece, keys in the order they are given, numbers with all their digits.
struct JSONText {
    private(set) var text = ""
    private var isFirst = true

    mutating func begin(_ bracket: Character) {
        text.append(bracket)
        isFirst = true
    }

    mutating func end(_ bracket: Character) {
        text.append(bracket)
        isFirst = false
    }

    /// Begins the next element of an array.
    mutating func element() {
        if !isFirst { text += "," }
        isFirst = false
    }

    /// Begins the member `key` of an object.
    mutating func key(_ key: String) {
        element()
        text += JSONText.quoted(key) + ":"
    }

    mutating func raw(_ value: String) {
        text += value
        isFirst = false
    }

    mutating func member(_ key: String, _ value: String) {
        self.key(key)
        raw(JSONText.quoted(value))
    }
    mutating func member(_ key: String, _ value: Int) {
        self.key(key)
        raw(String(value))
    }
    mutating func member(_ key: String, _ value: Bool) {
        self.key(key)
        raw(value ? "true" : "false")
    }
    mutating func member(_ key: String, _ value: Money) {
        self.key(key)
        raw(value.decimalText)
    }
    mutating func member(_ key: String, _ value: Double?) {
        self.key(key)
        raw(JSONText.number(value))
    }

    /// The shortest decimal that reads back as the same double; `null` for what is undefined.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.description
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
