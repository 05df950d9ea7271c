/// A table for people: columns as wide as their widest cell, numbers right-aligned, two blanks between columns.
struct Table {
    /// One column.
    struct Column {
        var title: String
        var isNumber: Bool

        static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    var columns: [Column]
    var rows: [[String]] = []

    init(_ columns: Column...) { self.columns = columns }

    mutating func add(_ cells: String...) {
        precondition(cells.count == columns.count, "a row has a cell for every column")
        rows.append(cells.map(Table.plain))
    }

    /// A text without control characters: what came from files or venues must not move the cursor or colour the terminal.
    static func plain(_ text: String) -> String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) }
        if text.unicodeScalars.allSatisfy(isPlain) { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter(isPlain)))
    }

    /// The table's lines, the titles first.
    var lines: [String] {
        let widths = columns.indices.map { index in
            max(columns[index].title.count, rows.map { $0[index].count }.max() ?? 0)
        }
        return ([columns.map(\.title)] + rows).map { cells in
            let padded = cells.indices.map { index in
                let padding = String(repeating: " ", count: widths[index] - cells[index].count)
                return columns[index].isNumber ? padding + cells[index] : cells[index] + padding
            }
            let line = padded.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// Prints the table, or a sentence when there is no row.
    func print(whenEmpty sentence: String) {
        if rows.isEmpty { return Output.line(sentence) }
        for line in lines { Output.line(line) }
    }
}

extension Output {
    /// Prints titles with their values, the values in one column.
    static func pairs(_ pairs: [(String, String)]) {
        let width = pairs.map(\.0.count).max() ?? 0
        for (title, value) in pairs {
            line(title + String(repeating: " ", count: width - title.count + 2) + value)
        }
    }
}
