import Yams

/// The lines of a file, to find where a part of a text that was read from it stands.
struct SourceLines {
    private let lines: [[Unicode.Scalar]]

    init(_ text: String) {
        lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }.map { line in
            line.last == "\r" ? Array(line.dropLast()) : Array(line)
        }
    }

    /// A line, from 1; empty where there is none.
    func line(_ number: Int) -> String {
        guard lines.indices.contains(number - 1) else { return "" }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: lines[number - 1])
        return String(text)
    }

    /// Line, column and width of a part of a scalar's text, in UTF-8 units; of its beginning where the part is empty.
    ///
    /// YAML folds lines and drops quotes, so the signs of the text are looked for in the file one after the other.
    func place(of range: Range<Int>, in node: Node) -> (line: Int, column: Int, width: Int)? {
        guard let mark = node.mark, let scalar = node.scalar else { return nil }
        var line = mark.line - 1
        var column = mark.column - 1
        if [.literal, .folded].contains(scalar.style) { (line, column) = (line + 1, 0) }
        let beginning = (mark.line, mark.column, 0)
        var first: (line: Int, column: Int)?
        var last = (line: 0, column: 0)
        var offset = 0
        for sign in scalar.string.unicodeScalars {
            let size = String(sign).utf8.count
            defer { offset += size }
            if sign.properties.isWhitespace { continue }
            while line < lines.count, column >= lines[line].count || lines[line][column] != sign {
                if column >= lines[line].count { (line, column) = (line + 1, 0) } else { column += 1 }
            }
            // An escape of the file stands for a sign that it does not hold.
            guard line < lines.count else { return beginning }
            if range.isEmpty || offset + size > range.lowerBound && offset < range.upperBound {
                if first == nil { first = (line, column) }
                last = (line, column)
                if range.isEmpty { break }
            }
            column += 1
        }
        // Behind the last sign: the end of the text was the wrong place to end.
        guard let first else { return (line + 1, column + 1, 1) }
        let end = last.line == first.line ? last.column : lines[first.line].count - 1
        return (first.line + 1, first.column + 1, end - first.column + 1)
    }
}

extension RuleFileProblem {
    init(_ problem: SettingsProblem, _ lines: SourceLines) {
        self.init(
            file: problem.file, line: problem.line, column: problem.column, width: 1, key: problem.key,
            text: problem.text + (problem.example.isEmpty ? "" : " (for example '\(problem.example)')"),
            source: lines.line(problem.line))
    }
}
