import Terminal

/// Where everything stands on a screen of one size: rectangles that tile it.
struct Layout: Sendable, Hashable {
    /// The first row; empty where there is no room for it.
    var header: Rect
    /// The panes, each slot with one or more of them.
    var slots: [Slot]
    /// The row that shows what keys do; empty where there is no room for it.
    var hints: Rect
    /// The last row, or everything on a screen that is too small for panes.
    var status: Rect

    /// A place for panes, one of which is shown.
    struct Slot: Sendable, Hashable {
        /// The place with its frame.
        var rect: Rect
        /// The panes of this place, as tabs.
        var panes: [PaneID]
        /// The pane that is shown.
        var shown: PaneID
        /// How it is framed.
        var borders: BorderSet
        /// Whether a line separates it from the place at its left, where frames don't.
        var hasLeftRule: Bool

        /// The place for the pane's content.
        var content: Rect {
            let inside = rect.inside(borders)
            return hasLeftRule ? inside.inset(left: 1) : inside
        }
    }

    /// The slot that shows a pane, or `nil`.
    func slot(showing pane: PaneID) -> Slot? { slots.first { $0.shown == pane } }

    /// The slot that has a pane among its tabs, or `nil`.
    func slot(holding pane: PaneID) -> Slot? { slots.first { $0.panes.contains(pane) } }

    /// Where a pane's content is drawn; empty when it is not visible.
    func content(of pane: PaneID) -> Rect { slot(showing: pane)?.content ?? Rect(x: 0, y: 0, width: 0, height: 0) }
}

/// The classes of widths that layouts are made for.
enum WidthClass: Int, Sendable, Hashable, Comparable, CaseIterable {
    case tiny, single, small, medium, large

    static func < (a: WidthClass, b: WidthClass) -> Bool { a.rawValue < b.rawValue }

    /// The class of a terminal's size: below 80×24 one pane at a time, below 40×8 a few words.
    init(_ size: Size) {
        if size.width < 40 || size.height < 8 {
            self = .tiny
        } else if size.width < 80 || size.height < 24 {
            self = .single
        } else if size.width < 100 || size.height < 30 {
            self = .small
        } else if size.width < 160 || size.height < 40 {
            self = .medium
        } else {
            self = .large
        }
    }
}

extension Layout {
    /// The layout of a screen: a pure function of its size, the arrangement, the focus and the frames of the theme.
    ///
    /// - Parameter shown: which pane each stack showed last; a pane that is not in it gives way to its neighbours.
    static func make(
        _ size: Size, _ arrangement: Arrangement, focus: PaneID, borders: BorderSet
    ) -> Layout {
        let screen = Rect(size)
        let width = WidthClass(size)
        switch width {
        case .tiny:
            return Layout(header: .none, slots: [], hints: .none, status: screen)
        case .single:
            let rows = screen.rows([.weight(1), .fixed(1)])
            return Layout(header: .none, slots: [only(focus, rows[0])], hints: .none, status: rows[1])
        case .small, .medium, .large:
            break
        }
        if arrangement.zoom == .full {
            let rows = screen.rows([.weight(1), .fixed(1)])
            return Layout(header: .none, slots: [only(focus, rows[0])], hints: .none, status: rows[1])
        }
        let rows = screen.rows([.fixed(1), .weight(1), .fixed(1), .fixed(1)])
        let framed = width == .small ? BorderSet.none : borders
        var slots: [Slot] = []
        if arrangement.zoom == .half {
            slots = [only(focus, rows[1], framed)]
        } else {
            let node = LayoutTree.tree(arrangement.preset, width)
            node.place(in: rows[1], arrangement, focus, framed, hasLeftRule: false, into: &slots)
        }
        return Layout(header: rows[0], slots: slots, hints: rows[2], status: rows[3])
    }

    private static func only(_ pane: PaneID, _ rect: Rect, _ borders: BorderSet = .none) -> Slot {
        Slot(rect: rect, panes: [pane], shown: pane, borders: borders, hasLeftRule: false)
    }
}

extension Rect {
    /// No cells.
    static let none = Rect(x: 0, y: 0, width: 0, height: 0)
}
