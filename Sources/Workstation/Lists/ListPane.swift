import Engine
import Terminal

/// A pane that is a list: rows with identities, one of them selected, some filtered away.
protocol ListPane: Pane {
    /// The columns, in order.
    static func columns(_ context: PaneContext) -> [ListColumn]
    /// Every row there is, before the filter.
    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow]
    /// What is said when there is no row.
    static func emptyText(_ context: PaneContext) -> String
    /// Does an action that is no movement, on the row that is selected.
    static func act(
        _ action: Action, on selected: RowID?, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]?
}

extension ListPane {
    /// The rows that pass the filter.
    static func rows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        ListFilter.apply(view.filters[id] ?? "", to: allRows(snapshot, view))
    }

    static func note(_ context: PaneContext) -> String {
        let all = allRows(context.snapshot, context.view)
        guard let filter = context.view.filters[id] else {
            let rows = all
            if rows.isEmpty { return "" }
            return "\(ListTable.selection(rows, id, context.view) + 1) of \(rows.count)"
        }
        return "/\(filter)  \(ListFilter.apply(filter, to: all).count) of \(all.count)"
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        drawRows(area, into: &canvas, context)
    }

    /// Draws the list itself; panes that draw more call it with what is left.
    static func drawRows(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        let rows = rows(context.snapshot, context.view)
        let isFiltered = context.view.filters[id] != nil
        ListTable.draw(
            rows, columns(context), pane: id,
            empty: isFiltered ? "nothing passes the filter; Esc ends it" : emptyText(context),
            in: area, into: &canvas, context)
    }

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        let rows = rows(context.snapshot, view)
        let index = ListTable.selection(rows, id, view)
        let page = max(1, context.area.height - 1)
        let target: Int
        switch action {
        case .up, .previousMatch: target = index - 1
        case .down, .nextMatch: target = index + 1
        case .top: target = 0
        case .bottom: target = rows.count - 1
        case .halfPageUp: target = index - page / 2
        case .halfPageDown: target = index + page / 2
        case .pageUp: target = index - page
        case .pageDown: target = index + page
        case .copy:
            guard rows.indices.contains(index) else { return [] }
            return [.copy(rows[index].cells.map(\.text).filter { !$0.isEmpty }.joined(separator: "  "))]
        default:
            let selected = rows.indices.contains(index) ? rows[index].id : nil
            // What is acted on is what is marked on the screen: fix it before anything reorders.
            if let selected { select(selected, at: index, &view) }
            return act(action, on: selected, &view, context)
        }
        guard !rows.isEmpty else { return [] }
        let row = max(0, min(target, rows.count - 1))
        select(rows[row].id, at: row, &view)
        return []
    }

    private static func select(_ row: RowID, at index: Int, _ view: inout ViewState) {
        view.lists.selected[id] = row
        view.lists.position[id] = index
    }
}

/// Filters rows by what stands in them.
enum ListFilter {
    /// The rows with the text in any cell, case aside; with `!` in front those without it.
    static func apply(_ filter: String, to rows: [ListRow]) -> [ListRow] {
        let isInverted = filter.hasPrefix("!")
        let text = (isInverted ? String(filter.dropFirst()) : filter).lowercased()
        guard !text.isEmpty else { return rows }
        return rows.filter { row in
            row.cells.contains { $0.text.lowercased().contains(text) } != isInverted
        }
    }
}
