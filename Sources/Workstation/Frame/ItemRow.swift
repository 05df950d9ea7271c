import Terminal

/// A row of whole items: when there is no room for all, the least important go, and nothing is ever cut.
struct ItemRow: Sendable {
    /// One item.
    struct Item: Sendable {
        /// Its parts, each with its own look.
        var spans: [(text: String, style: Style)]
        /// Items of higher rank go first; 0 never goes.
        var rank: Int
        /// Whether it stands at the right end.
        var isTrailing: Bool

        /// An item of its parts.
        init(_ spans: [(text: String, style: Style)], rank: Int, isTrailing: Bool = false) {
            self.spans = spans
            self.rank = rank
            self.isTrailing = isTrailing
        }

        /// An item of one look.
        init(_ text: String, _ style: Style, rank: Int, isTrailing: Bool = false) {
            self.init([(text, style)], rank: rank, isTrailing: isTrailing)
        }

        /// Columns it takes.
        var width: Int { spans.reduce(0) { $0 + DisplayWidth.columns(of: $1.text) } }
    }

    /// The items in reading order.
    private(set) var items: [Item] = []

    /// Adds an item, unless it is empty.
    mutating func add(_ item: Item) { if item.width > 0 { items.append(item) } }

    /// Adds an item of one look, unless it is empty.
    mutating func add(_ text: String, _ style: Style, rank: Int, isTrailing: Bool = false) {
        add(Item(text, style, rank: rank, isTrailing: isTrailing))
    }

    /// The items that fit into `width` columns with `gap` between them.
    func fitting(_ width: Int, gap: Int) -> [Item] {
        var kept = items
        func total() -> Int { kept.reduce(0) { $0 + $1.width + gap } - gap }
        while total() > width {
            guard let last = kept.indices.filter({ kept[$0].rank > 0 }).max(by: { kept[$0].rank <= kept[$1].rank })
            else {
                break
            }
            kept.remove(at: last)
        }
        return kept
    }

    /// Draws the row: leading items from the left, trailing ones from the right.
    func draw(into canvas: inout Canvas, _ rect: Rect, ground: Style, gap: Int = 2) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, Cell(" ", style: ground))
        let kept = fitting(rect.width, gap: gap)
        var x = rect.x
        for item in kept where !item.isTrailing {
            x += item.draw(into: &canvas, x: x, y: rect.y, maxWidth: rect.maxX - x) + gap
        }
        var end = rect.maxX
        for item in kept.reversed() where item.isTrailing {
            end -= item.width
            item.draw(into: &canvas, x: max(rect.x, end), y: rect.y, maxWidth: rect.width)
            end -= gap
        }
    }
}

extension ItemRow.Item {
    /// Draws the item.
    ///
    /// - Returns: the columns used.
    @discardableResult
    func draw(into canvas: inout Canvas, x: Int, y: Int, maxWidth: Int) -> Int {
        var used = 0
        for span in spans {
            used += canvas.put(span.text, x: x + used, y: y, style: span.style, maxWidth: max(0, maxWidth - used))
        }
        return used
    }
}
