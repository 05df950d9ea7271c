/// Which row of a list is chosen and which rows are in view.
///
/// The choice is an identity, not a row number: when the list is sorted anew under it, the same thing stays chosen.
/// When the chosen thing disappears nothing is chosen until the user moves, so that a key pressed at that moment
/// cannot act on its neighbour.
public struct ListSelection<ID: Hashable & Sendable>: Sendable, Hashable {
    /// The identity of the chosen row; nil when none is.
    public private(set) var selected: ID?
    /// Index of the first row in view.
    public private(set) var top = 0
    private var lastIndex = 0

    /// Starts with nothing chosen, or with one row.
    public init(selected: ID? = nil) {
        self.selected = selected
    }

    /// Brings the selection in line with the list as it is now and scrolls so that the chosen row is in view.
    ///
    /// - Parameters:
    ///   - ids: identities of all rows, in order, each once.
    ///   - height: rows that fit.
    /// - Returns: the indices of the rows in view.
    /// - Complexity: O(`ids.count`).
    @discardableResult
    public mutating func follow(_ ids: [ID], height: Int) -> Range<Int> {
        let height = max(0, height)
        if let index = index(in: ids) {
            lastIndex = index
            if index < top { top = index }
            if index >= top + height { top = index - height + 1 }
        } else {
            selected = nil
        }
        top = max(0, min(top, ids.count - height))
        return top..<min(ids.count, top + height)
    }

    /// Where the chosen row stands now; nil when none is chosen or it is gone.
    public func index(in ids: [ID]) -> Int? {
        guard let selected else { return nil }
        if lastIndex < ids.count, ids[lastIndex] == selected { return lastIndex }
        return ids.firstIndex(of: selected)
    }

    /// Chooses the row so many rows away, clamped to the list. With nothing chosen, the row where the choice last was.
    public mutating func move(by rows: Int, in ids: [ID]) {
        guard !ids.isEmpty else { return selected = nil }
        let target = index(in: ids).map { $0 + rows } ?? lastIndex
        select(at: max(0, min(ids.count - 1, target)), in: ids)
    }

    /// Chooses the row at an index; nothing when there is none.
    public mutating func select(at index: Int, in ids: [ID]) {
        guard ids.indices.contains(index) else { return }
        selected = ids[index]
        lastIndex = index
    }

    /// Chooses a row by its identity, or nothing.
    public mutating func select(_ id: ID?) {
        selected = id
    }

    /// Applies the usual list keys: `j k`, arrows, Home, End, `G`, Ctrl-D, Ctrl-U, page keys.
    ///
    /// - Parameter height: rows in view, for paging.
    /// - Returns: whether it was such a key.
    public mutating func handle(_ chord: Chord, ids: [ID], height: Int) -> Bool {
        switch chord {
        case .character("j"), Chord(.down): move(by: 1, in: ids)
        case .character("k"), Chord(.up): move(by: -1, in: ids)
        case .control("d"): move(by: max(1, height / 2), in: ids)
        case .control("u"): move(by: -max(1, height / 2), in: ids)
        case Chord(.pageDown): move(by: max(1, height - 1), in: ids)
        case Chord(.pageUp): move(by: -max(1, height - 1), in: ids)
        case Chord(.home): select(at: 0, in: ids)
        case Chord(.end), .character("G"): select(at: ids.count - 1, in: ids)
        default: return false
        }
        return true
    }

    /// The place in words for a pane's title: `5 of 20`, or `20` when nothing is chosen.
    public func position(in ids: [ID]) -> String {
        index(in: ids).map { "\($0 + 1) of \(ids.count)" } ?? "\(ids.count)"
    }
}

extension Canvas {
    /// Draws a scroll bar when not everything is in view.
    ///
    /// - Parameters:
    ///   - x: its column.
    ///   - rows: the rows it covers.
    ///   - visible: indices in view.
    ///   - count: how many there are.
    public mutating func scrollbar(x: Int, rows: Range<Int>, visible: Range<Int>, of count: Int, theme: Theme) {
        guard count > visible.count, !rows.isEmpty, count > 0 else { return }
        let length = max(1, rows.count * visible.count / count)
        let travel = rows.count - length
        let hidden = max(1, count - visible.count)
        let start = rows.lowerBound + min(travel, (visible.lowerBound * travel + hidden / 2) / hidden)
        let thumb: Unicode.Scalar = theme.glyphs == .ascii ? "#" : "┃"
        for row in start..<min(rows.upperBound, start + length) {
            put(scalar: thumb, x: x, y: row, style: theme[.scrollbar])
        }
    }
}
