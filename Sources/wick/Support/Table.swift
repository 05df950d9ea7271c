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
        // What came from files or venues must not move the cursor or colour the terminal.
        rows.append(cells.map { String($0.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }) })
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
