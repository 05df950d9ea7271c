import Market

extension OptionReader {
    /// The rows of a small table: fields between commas, empty lines, those that begin with `#` and one head passed over.
    /// The first row that is none is a problem, with its line.
    mutating func rows<Row>(
        _ file: AssumptionText.TextFile, _ option: String, _ expected: String, _ fields: ClosedRange<Int>,
        _ read: ([Substring]) throws(DecimalTextError) -> Row?
    ) -> [Row] {
        var found: [Row] = []
        let lines = file.text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (number, line) in lines.enumerated() {
            let parts = line.split(separator: ",", omittingEmptySubsequences: false).map(OptionReader.trimmed)
            if parts.count == 1 && parts[0].isEmpty || line.hasPrefix("#") { continue }
            // A head has letters where the first row of numbers would be.
            if found.isEmpty, let first = parts.first?.first, first.isLetter { continue }
            var reason = "it has \(parts.count) fields"
            do throws(DecimalTextError) {
                if fields.contains(parts.count) {
                    if let row = try read(parts) {
                        found.append(row)
                        continue
                    }
                    reason = "'\(parts[0])' is not what begins a row"
                }
            } catch {
                reason = error.description
            }
            problem("\(option): \(file.name), line \(number + 1): \(reason); expected \(expected)")
            return found
        }
        if found.isEmpty { problem("\(option): \(file.name) has no row; expected \(expected)") }
        return found
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
