/// One tab of a row of panes.
public struct Tab: Sendable, Hashable {
    /// The key that jumps to it, say `4`.
    public var key: String
    /// Its name.
    public var title: String
    /// A count or a flag behind the name, say `3` or `!2`; empty for none.
    public var badge: String

    /// Makes a tab.
    public init(key: String, title: String, badge: String = "") {
        self.key = key
        self.title = title
        self.badge = badge
    }
}

/// A rule with tabs in it: `─ 4 Positions 3  5 Orders 7  [6 Strategies] ───── 5 of 6 ─`.
///
/// When it gets narrow, first the names of the other tabs go, then whole tabs from the right; the active one stays.
public struct TabRule: Sendable {
    /// The tabs from left to right.
    public var tabs: [Tab]
    /// Index of the one shown.
    public var active: Int
    /// At the right end; dropped whole when there is no room.
    public var trailing: String

    /// Makes a rule.
    public init(_ tabs: [Tab], active: Int, trailing: String = "") {
        self.tabs = tabs
        self.active = active
        self.trailing = trailing
    }

    /// Draws the rule with its tabs.
    ///
    /// - Returns: the columns each drawn tab covers, by its index.
    @discardableResult
    public func draw(
        into canvas: inout Canvas, x: Int, y: Int, width: Int, theme: Theme, isFocused: Bool
    ) -> [Int: Range<Int>] {
        let rule: Unicode.Scalar = theme.borders.pieces.horizontal
        canvas.hline(x: x, y: y, width: width, scalar: theme.glyphs == .ascii ? "-" : rule, style: theme[.rule])
        let items = fitting(width - 2)
        var places: [Int: Range<Int>] = [:]
        var column = x + 1
        for item in items {
            let start = column
            let isActive = item.index == active
            let body = theme[isActive ? (isFocused ? .tabActive : .title) : .tab]
            column += canvas.put(isActive ? "[" : " ", x: column, y: y, style: body)
            column += canvas.put(
                tabs[item.index].key, x: column, y: y, style: isActive ? body : theme[.titleNumber])
            if item.isNamed {
                column += canvas.put(" " + tabs[item.index].title, x: column, y: y, style: body)
            }
            if !tabs[item.index].badge.isEmpty {
                column += canvas.put(" " + tabs[item.index].badge, x: column, y: y, style: theme[.tabBadge])
            }
            column += canvas.put(isActive ? "]" : " ", x: column, y: y, style: body)
            places[item.index] = start..<column
        }
        let room = x + width - 1 - column
        if !trailing.isEmpty, DisplayWidth.columns(of: trailing) + 3 <= room {
            canvas.put(" \(trailing) ", endingAt: x + width - 1, y: y, style: theme[.textDim])
        }
        return places
    }

    private typealias Item = (index: Int, isNamed: Bool)

    private func fitting(_ width: Int) -> [Item] {
        func columns(_ item: Item) -> Int {
            let tab = tabs[item.index]
            var columns = 2 + DisplayWidth.columns(of: tab.key)
            if item.isNamed { columns += 1 + DisplayWidth.columns(of: tab.title) }
            if !tab.badge.isEmpty { columns += 1 + DisplayWidth.columns(of: tab.badge) }
            return columns
        }
        var items: [Item] = tabs.indices.map { ($0, true) }
        func needed() -> Int { items.reduce(0) { $0 + columns($1) } }
        for place in items.indices.reversed() where needed() > width && items[place].index != active {
            items[place].isNamed = false
        }
        while needed() > width, let place = items.lastIndex(where: { $0.index != active }) {
            items.remove(at: place)
        }
        if needed() > width, !items.isEmpty { items[0].isNamed = false }
        return needed() <= width ? items : []
    }
}
