import Terminal

/// One column of a list.
struct ListColumn: Sendable {
    /// The heading.
    var title: String
    /// Numbers stand at the right, words at the left.
    var isNumber: Bool
    /// The last of these is the first to go when there is no room; 0 never goes.
    var rank: Int
    /// Words may be cut to this many columns; numbers never are.
    var minimum: Int

    /// Columns of this rank and above go before any words are cut.
    static let extraRank = 5

    /// A column of words.
    static func words(_ title: String, rank: Int, minimum: Int = 6) -> ListColumn {
        ListColumn(title: title, isNumber: false, rank: rank, minimum: minimum)
    }

    /// A column of numbers.
    static func number(_ title: String, rank: Int) -> ListColumn {
        ListColumn(title: title, isNumber: true, rank: rank, minimum: 0)
    }
}

/// One cell of a list.
struct ListCell: Sendable {
    /// The text.
    var text: String
    /// How it looks on an unselected row.
    var key: ThemeKey

    init(_ text: String, _ key: ThemeKey = .text) {
        self.text = text
        self.key = key
    }
}

/// One row of a list.
struct ListRow: Sendable {
    /// Its identity.
    var id: RowID
    /// One cell a column.
    var cells: [ListCell]
    /// Whether it is dimmed as a whole: what is closed or asleep.
    var isDim = false
    /// Whether it stands out as a whole: what nobody has seen to yet.
    var isLoud = false
    /// Whether it asks for eyes by turning over once a second while its pane has the focus.
    var isBlinking = false
}

/// Lays a list out and draws it: columns that fit, aligned numbers, a selection that follows its row.
enum ListTable {
    /// Draws headings and rows.
    static func draw(
        _ rows: [ListRow], _ columns: [ListColumn], pane: PaneID, empty: String, in area: Rect,
        into canvas: inout Canvas, _ context: PaneContext
    ) {
        let theme = context.theme
        guard area.width > 0, area.height > 0 else { return }
        guard !rows.isEmpty else {
            canvas.paragraph(empty.plain(theme), in: area.inset(left: 1), style: theme[.textDim])
            return
        }
        let widths = fit(rows, columns, into: area.width - 1)
        let hasHeading = area.height > 2
        if hasHeading { drawHeading(columns, widths, area, into: &canvas, theme) }
        let body = hasHeading ? area.inset(top: 1) : area
        let selected = selection(rows, pane, context.view)
        let first = firstVisible(selected, count: rows.count, height: body.height)
        for (line, index) in (first..<min(rows.count, first + body.height)).enumerated() {
            draw(
                rows[index], columns, widths, isSelected: index == selected, y: body.y + line, body, into: &canvas,
                context)
        }
    }

    /// The place of the selected row: by identity, and where it stood when it is gone.
    static func selection(_ rows: [ListRow], _ pane: PaneID, _ view: ViewState) -> Int {
        guard !rows.isEmpty else { return 0 }
        if let id = view.lists.selected[pane], let index = rows.firstIndex(where: { $0.id == id }) { return index }
        return min(view.lists.position[pane] ?? 0, rows.count - 1)
    }

    /// The first row shown so that the selected one is in view and the page is full.
    static func firstVisible(_ selected: Int, count: Int, height: Int) -> Int {
        guard height > 0 else { return selected }
        return max(0, min(selected - height / 2, count - height))
    }

    /// The width of each column, 0 for those that had to go: the lowest ranks first, whole columns only.
    static func fit(_ rows: [ListRow], _ columns: [ListColumn], into width: Int) -> [Int] {
        var widths = columns.enumerated().map { index, column in
            rows.reduce(DisplayWidth.columns(of: column.title)) {
                max($0, DisplayWidth.columns(of: $1.cells[index].text))
            }
        }
        func total() -> Int { widths.reduce(0) { $0 + ($1 > 0 ? $1 + 2 : 0) } - 2 }
        while total() > width {
            let shown = columns.indices.filter { widths[$0] > 0 && columns[$0].rank > 0 }
            let last = shown.max { columns[$0].rank < columns[$1].rank }
            let words = columns.indices.filter { !columns[$0].isNumber && widths[$0] > columns[$0].minimum }
            if let last, columns[last].rank >= ListColumn.extraRank {
                widths[last] = 0
            } else if let widest = words.max(by: { widths[$0] < widths[$1] }) {
                widths[widest] -= 1
            } else if let last {
                widths[last] = 0
            } else {
                break
            }
        }
        return widths
    }

    private static func drawHeading(
        _ columns: [ListColumn], _ widths: [Int], _ area: Rect, into canvas: inout Canvas, _ theme: Theme
    ) {
        var x = area.x + 1
        for (index, column) in columns.enumerated() where widths[index] > 0 && x + widths[index] <= area.maxX {
            if column.isNumber {
                canvas.put(column.title, endingAt: x + widths[index], y: area.y, style: theme[.textDim])
            } else {
                canvas.put(column.title, x: x, y: area.y, style: theme[.textDim], maxWidth: widths[index])
            }
            x += widths[index] + 2
        }
    }

    private static func draw(
        _ row: ListRow, _ columns: [ListColumn], _ widths: [Int], isSelected: Bool, y: Int, _ area: Rect,
        into canvas: inout Canvas, _ context: PaneContext
    ) {
        let theme = context.theme
        let base = theme[context.isFocused ? .select : .selectUnfocused]
        if isSelected {
            canvas.fill(Rect(x: area.x, y: y, width: area.width, height: 1), Cell(" ", style: base))
            if theme.depth == .none || theme.glyphs == .ascii {
                canvas.put(">", x: area.x, y: y, style: base)
            }
        }
        let ellipsis: Unicode.Scalar = theme.glyphs == .ascii ? "~" : "…"
        let isTurned = row.isBlinking && context.isFocused && context.now.seconds % 2 == 0
        var x = area.x + 1
        for (index, column) in columns.enumerated() where widths[index] > 0 {
            let cell = row.cells[index]
            var style = theme[row.isDim ? .textDim : cell.key]
            // Keys of bars and badges bring their own ground; in a list there is one for all.
            if !isSelected { style = style.on(theme[.background].background) }
            if row.isLoud { style = style.adding(.bold) }
            if isTurned, index == 0 { style = style.adding(.reverse) }
            if isSelected { style = selected(style, base, keepsColour: cell.key != .text || row.isDim) }
            let text = cell.text.plain(theme)
            if column.isNumber {
                // A number is shown whole or as a sign that there is one, never cut.
                let fits = DisplayWidth.columns(of: text) <= area.maxX - x
                canvas.put(fits ? text : "~", endingAt: min(x + widths[index], area.maxX), y: y, style: style)
            } else {
                let room = min(widths[index], area.maxX - x)
                canvas.put(DisplayWidth.truncated(text, to: room, ellipsis: ellipsis), x: x, y: y, style: style)
            }
            x += widths[index] + 2
        }
    }

    /// A cell's look on the selected row: the row's ground, and the cell's own colour where the row has none.
    private static func selected(_ style: Style, _ base: Style, keepsColour: Bool) -> Style {
        if base.attributes.contains(.reverse) || !keepsColour { return base }
        return style.on(base.background).adding(base.attributes)
    }
}
