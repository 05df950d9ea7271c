/// A column of a table.
public struct TableColumn: Sendable, Hashable {
    /// What stands in a column.
    public enum Content: Sendable, Hashable {
        /// Numbers, to the right. They are never cut: a column too narrow for one is dropped or shows `~`.
        case number
        /// Words, to the left, cut with an ellipsis to no fewer columns than given.
        case text(minimum: Int)
    }

    /// Shown above it.
    public var title: String
    /// What stands in it.
    public var content: Content
    /// Columns with larger numbers are dropped first when there is no room; equal ones from the right. 0 is never
    /// dropped.
    public var priority: Int

    /// Makes a column.
    public init(_ title: String, _ content: Content, priority: Int = 0) {
        self.title = title
        self.content = content
        self.priority = priority
    }
}

/// What stands in one place of a table.
public struct TableCell: Sendable, Hashable {
    /// The text, formatted.
    public var text: String
    /// Its look; nil for that of the row.
    public var style: Style?

    /// Makes a cell.
    public init(_ text: String, style: Style? = nil) {
        self.text = text
        self.style = style
    }
}

/// A row of a table, with an identity that outlives sorting and refreshing.
public struct TableRow<ID: Hashable & Sendable>: Sendable, Identifiable {
    /// What the row is about: an order's or a strategy's identifier, not its place.
    public var id: ID
    /// One per column; missing ones are empty.
    public var cells: [TableCell]
    /// Look of cells that have none of their own; nil for ordinary text.
    public var style: Style?
    /// Whether the user marked it.
    public var isMarked: Bool

    /// Makes a row.
    public init(id: ID, _ cells: [TableCell], style: Style? = nil, isMarked: Bool = false) {
        self.id = id
        self.cells = cells
        self.style = style
        self.isMarked = isMarked
    }
}

/// A table that gives up whole columns when it is narrow, and never digits.
public struct Table: Sendable {
    /// The columns, from left to right.
    public var columns: [TableColumn]
    /// Blank columns between them.
    public var gap: Int

    /// Makes a table.
    public init(_ columns: [TableColumn], gap: Int = 2) {
        self.columns = columns
        self.gap = max(0, gap)
    }

    /// Where a column stands.
    public struct Placement: Sendable, Hashable {
        /// Index into ``Table/columns``.
        public let column: Int
        /// Offset from the table's left edge.
        public let x: Int
        /// Columns wide.
        public let width: Int
    }

    /// Chooses the columns that fit and their widths.
    ///
    /// - Parameters:
    ///   - natural: the widest content of each column, its title included.
    ///   - width: columns there are.
    /// - Returns: those that are shown, from left to right.
    public func layout(natural: [Int], width: Int) -> [Placement] {
        func least(_ index: Int) -> Int {
            switch columns[index].content {
            case .number: natural[index]
            case .text(let minimum): min(natural[index], max(1, minimum))
            }
        }
        var shown = Array(columns.indices)
        func needed() -> Int { shown.reduce(0) { $0 + least($1) } + gap * max(0, shown.count - 1) }
        while needed() > width {
            var victim: Int?
            for (place, index) in shown.enumerated() where columns[index].priority > 0 {
                if victim.map({ columns[index].priority >= columns[shown[$0]].priority }) ?? true { victim = place }
            }
            guard let victim else { break }
            shown.remove(at: victim)
        }
        var spare = max(0, width - needed())
        var x = 0
        return shown.map { index in
            var columnWidth = least(index)
            if case .text = columns[index].content {
                let more = min(spare, natural[index] - columnWidth)
                columnWidth += more
                spare -= more
            }
            columnWidth = max(0, min(columnWidth, width - x))
            defer { x += columnWidth + gap }
            return Placement(column: index, x: min(x, width), width: columnWidth)
        }
    }

    /// Draws a title row and as many rows as fit, scrolled to the selection.
    ///
    /// - Parameters:
    ///   - rows: all rows, in order.
    ///   - selection: brought up to date with the rows.
    ///   - rect: where. The last column holds the scroll bar when not everything fits.
    ///   - isFocused: whether keys go to this table.
    ///   - showsTitles: whether the first row holds the titles.
    /// - Returns: the indices of the rows in view.
    @discardableResult
    public func draw<ID>(
        _ rows: [TableRow<ID>], selection: inout ListSelection<ID>, into canvas: inout Canvas, rect: Rect,
        theme: Theme, isFocused: Bool, showsTitles: Bool = true
    ) -> Range<Int> {
        let body = showsTitles ? rect.inset(top: 1) : rect
        let visible = selection.follow(rows.map(\.id), height: body.height)
        guard !rect.isEmpty else { return visible }
        let isScrolling = visible.count < rows.count
        let width = rect.width - (isScrolling ? 1 : 0)
        let placements = layout(natural: naturalWidths(rows[visible]), width: width)
        if showsTitles {
            for place in placements {
                draw(
                    TableCell(columns[place.column].title), place, into: &canvas, x: rect.x, y: rect.y,
                    style: theme[.textDim], glyphs: theme.glyphs)
            }
        }
        for (offset, index) in visible.enumerated() {
            let row = rows[index]
            let y = body.y + offset
            var base = row.style ?? theme[row.isMarked ? .mark : .text]
            let isSelected = row.id == selection.selected
            if isSelected {
                let chosen = theme[isFocused ? .select : .selectUnfocused]
                base = chosen
                canvas.fill(Rect(x: rect.x, y: y, width: width, height: 1), Cell(" ", style: chosen))
            }
            for place in placements where place.column < row.cells.count {
                let cell = row.cells[place.column]
                var style = cell.style ?? base
                if isSelected { style = selected(style, base) }
                draw(cell, place, into: &canvas, x: rect.x, y: y, style: style, glyphs: theme.glyphs)
            }
        }
        if isScrolling {
            canvas.scrollbar(
                x: rect.maxX - 1, rows: body.y..<body.maxY, visible: visible, of: rows.count, theme: theme)
        }
        return visible
    }

    /// A cell's own look on the ground of the selection. Reverse video has no ground colour, so there the selection
    /// wins.
    private func selected(_ style: Style, _ selection: Style) -> Style {
        if selection.attributes.contains(.reverse) { return selection.adding(style.attributes.intersection(.bold)) }
        return style.on(selection.background).adding(selection.attributes)
    }

    private func naturalWidths<ID>(_ rows: ArraySlice<TableRow<ID>>) -> [Int] {
        var widths = columns.map { DisplayWidth.columns(of: $0.title) }
        for row in rows {
            for (index, cell) in row.cells.prefix(columns.count).enumerated() {
                widths[index] = max(widths[index], DisplayWidth.columns(of: cell.text))
            }
        }
        return widths
    }

    private func draw(
        _ cell: TableCell, _ place: Placement, into canvas: inout Canvas, x: Int, y: Int, style: Style,
        glyphs: GlyphSet
    ) {
        let left = x + place.x
        switch columns[place.column].content {
        case .text:
            let ellipsis: Unicode.Scalar = glyphs == .ascii ? "~" : "…"
            canvas.put(
                DisplayWidth.truncated(cell.text, to: place.width, ellipsis: ellipsis), x: left, y: y, style: style)
        case .number:
            let fits = DisplayWidth.columns(of: cell.text) <= place.width
            canvas.put(fits ? cell.text : "~", endingAt: left + place.width, y: y, style: style, maxWidth: place.width)
        }
    }
}
