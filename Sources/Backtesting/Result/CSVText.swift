/// Records and fields of CSV as RFC 4180 has them, but for lines, which end with a line feed alone.
public enum CSVText {
    /// A field: in quotes where a comma, a quote or a line break in it asks for them.
    public static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The records of a text; a line break inside quotes ends none. O(n).
    public static func records(_ text: String) -> [Substring] {
        // Quotes inside quotes come in pairs, so counting them tells where one is.
        var isQuoted = false
        return text.utf8.split(omittingEmptySubsequences: true) { byte in
            if byte == 0x22 { isQuoted.toggle() }
            return byte == 0x0A && !isQuoted
        }.map { Substring($0) }
    }

    /// The fields of a record, without their quotes. O(n).
    public static func fields(_ record: Substring) -> [String] {
        var isQuoted = false
        return record.utf8.split(omittingEmptySubsequences: false) { byte in
            if byte == 0x22 { isQuoted.toggle() }
            return byte == 0x2C && !isQuoted
        }.map { field in
            let text = Substring(field)
            guard text.utf8.first == 0x22, text.utf8.last == 0x22, text.utf8.count > 1 else { return String(text) }
            return String(text.dropFirst().dropLast().replacing("\"\"", with: "\""))
        }
    }
}
