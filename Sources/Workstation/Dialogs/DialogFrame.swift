import Terminal

extension Canvas {
    /// Draws the frame of a dialog in the middle of the screen and clears its inside.
    ///
    /// - Parameters:
    ///   - size: the size wanted with the frame; made smaller where the screen is.
    ///   - footer: what the keys do, in the bottom line; left out when there is no room.
    /// - Returns: the inside, with a blank column at both sides where there is room.
    mutating func dialog(
        _ size: Size, title: String, footer: String = "", isDanger: Bool = false, _ theme: Theme
    ) -> Rect {
        let rect = bounds.centered(size)
        let border = theme[isDanger ? .dialogDanger : .dialogBorder]
        fill(rect, Cell(" ", style: theme[.dialog]))
        let borders = theme.borders == .none ? BorderSet.square : theme.borders
        guard rect.width > 4, rect.height > 2 else { return rect }
        box(rect, borders: borders, title: title, titleStyle: border.adding(.bold), style: border)
        if !footer.isEmpty, DisplayWidth.columns(of: footer) + 6 <= rect.width {
            put(" \(footer) ", x: rect.x + 2, y: rect.maxY - 1, style: border.removing(.bold))
        }
        return rect.inset(left: 2, top: 1, right: 2, bottom: 1)
    }

    /// Draws a text into several rows, broken at blanks.
    ///
    /// - Returns: the rows used.
    @discardableResult
    mutating func paragraph(_ text: String, in area: Rect, style: Style) -> Int {
        let lines = TextLines.wrapped(text, width: area.width)
        for (row, line) in lines.prefix(area.height).enumerated() {
            put(line, x: area.x, y: area.y + row, style: style, maxWidth: area.width)
        }
        return min(lines.count, area.height)
    }

    /// Draws labelled lines in two aligned columns.
    ///
    /// - Returns: the rows used.
    @discardableResult
    mutating func facts(_ facts: [Confirmation.Fact], in area: Rect, _ theme: Theme, valueStyle: Style? = nil) -> Int {
        let labels = facts.map { DisplayWidth.columns(of: $0.label) }.max() ?? 0
        var row = 0
        for fact in facts where row < area.height {
            put(fact.label, x: area.x, y: area.y + row, style: theme[.textDim].on(theme[.dialog].background))
            let x = area.x + labels + 2
            let value = Rect(x: x, y: area.y + row, width: area.maxX - x, height: area.height - row)
            row += max(1, paragraph(fact.value, in: value, style: valueStyle ?? theme[.dialog]))
        }
        return row
    }
}

/// Breaks text into lines.
enum TextLines {
    /// The text in lines of at most `width` columns, broken at blanks where there are any.
    static func wrapped(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        var line = ""
        for word in DisplayWidth.sanitized(text).split(separator: " ", omittingEmptySubsequences: false) {
            let columns = DisplayWidth.columns(of: line)
            if line.isEmpty {
                line = String(word)
            } else if columns + 1 + DisplayWidth.columns(of: String(word)) <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
            while DisplayWidth.columns(of: line) > width {
                let head = String(line.unicodeScalars.prefix(width).map(Character.init))
                lines.append(head)
                line = String(line.unicodeScalars.dropFirst(width).map(Character.init))
            }
        }
        lines.append(line)
        return lines
    }
}
