/// A line of a list: runs of styled text.
public struct ListLine<ID: Hashable & Sendable>: Sendable, Identifiable {
    /// A run of text in one look.
    public struct Run: Sendable, Hashable {
        /// The text.
        public var text: String
        /// Its look; nil for ordinary text.
        public var style: Style?

        /// Makes a run.
        public init(_ text: String, style: Style? = nil) {
            self.text = text
            self.style = style
        }
    }

    /// What the line is about.
    public var id: ID
    /// Runs from left to right.
    public var runs: [Run]

    /// Makes a line of several runs.
    public init(id: ID, _ runs: [Run]) {
        self.id = id
        self.runs = runs
    }

    /// Makes a line of plain text.
    public init(id: ID, _ text: String, style: Style? = nil) {
        self.init(id: id, [Run(text, style: style)])
    }
}

/// A list of lines with one chosen: pickers, help, logs.
public struct ScrollList: Sendable {
    /// Makes a list.
    public init() {}

    /// Draws the lines that fit, scrolled to the selection.
    ///
    /// - Returns: the indices of the lines in view.
    @discardableResult
    public func draw<ID>(
        _ lines: [ListLine<ID>], selection: inout ListSelection<ID>, into canvas: inout Canvas, rect: Rect,
        theme: Theme, isFocused: Bool
    ) -> Range<Int> {
        let visible = selection.follow(lines.map(\.id), height: rect.height)
        guard !rect.isEmpty else { return visible }
        let isScrolling = visible.count < lines.count
        let width = rect.width - (isScrolling ? 1 : 0)
        for (offset, index) in visible.enumerated() {
            let y = rect.y + offset
            let isSelected = lines[index].id == selection.selected
            let chosen = theme[isFocused ? .select : .selectUnfocused]
            if isSelected {
                canvas.fill(Rect(x: rect.x, y: y, width: width, height: 1), Cell(" ", style: chosen))
            }
            var x = rect.x
            for run in lines[index].runs {
                var style = run.style ?? theme[.text]
                if isSelected {
                    let isReverse = chosen.attributes.contains(.reverse)
                    style = isReverse || run.style == nil ? chosen : style.on(chosen.background)
                }
                x += canvas.put(run.text, x: x, y: y, style: style, maxWidth: max(0, rect.x + width - x))
            }
        }
        if isScrolling {
            canvas.scrollbar(
                x: rect.maxX - 1, rows: rect.y..<rect.maxY, visible: visible, of: lines.count, theme: theme)
        }
        return visible
    }
}
