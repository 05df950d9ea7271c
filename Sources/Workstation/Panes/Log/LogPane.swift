import Engine
import Market
import Terminal

extension Action {
    static let logLevel = Action("log.level")
}

/// The newest lines of the log, the newest at the bottom.
enum LogPane: Pane {
    static let id = PaneID.log

    static let bindings = [
        Binding(.logLevel, "v", in: .pane(id), hint: "level", help: "All lines, warnings and errors, errors only")
    ]

    static func title(_ context: PaneContext) -> String {
        ["", "warnings and errors", "errors"][min(max(context.view.logPane.level, 0), 2)]
    }

    static func note(_ context: PaneContext) -> String {
        var parts: [String] = []
        if let filter = context.view.filters[id], !filter.isEmpty { parts.append("/\(filter)") }
        if context.view.logPane.frozen != nil { parts.append("frozen") }
        parts.append(String(lines(context.snapshot, context.view).count))
        return parts.joined(separator: "  ")
    }

    /// The lines that pass level and filter, oldest first.
    static func lines(_ snapshot: Snapshot, _ view: ViewState) -> [LogLine] {
        let filter = view.filters[id] ?? ""
        let isInverted = filter.hasPrefix("!")
        let text = (isInverted ? String(filter.dropFirst()) : filter).lowercased()
        return (view.logPane.frozen ?? snapshot.log).filter { line in
            guard rank(line.level) >= view.logPane.level else { return false }
            return text.isEmpty || line.text.lowercased().contains(text) != isInverted
        }
    }

    private static func rank(_ level: String) -> Int {
        switch level {
        case "error": 2
        case "warning": 1
        default: 0
        }
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        let theme = context.theme
        guard !area.isEmpty else { return }
        let lines = lines(context.snapshot, context.view)
        guard !lines.isEmpty else {
            canvas.paragraph("Nothing logged", in: area.inset(left: 1), style: theme[.textDim])
            return
        }
        let end = max(min(area.height, lines.count), lines.count - context.view.logPane.offset)
        let first = max(0, end - area.height)
        let ellipsis: Unicode.Scalar = context.glyphs == .ascii ? "~" : "…"
        for (row, line) in lines[first..<end].enumerated() {
            let y = area.y + row
            var x = area.x
            if area.width >= 30 { x += canvas.put(line.time.timeOfDay, x: x, y: y, style: theme[.textDim]) + 1 }
            let isError = line.level == "error"
            let isWarning = line.level == "warning"
            let style = theme[isError ? .statusBad : isWarning ? .statusWarn : .text]
            canvas.put(isError ? "E" : isWarning ? "W" : " ", x: x, y: y, style: style)
            let text = DisplayWidth.truncated(line.text, to: max(0, area.maxX - x - 2), ellipsis: ellipsis)
            canvas.put(text, x: x + 2, y: y, style: style)
        }
    }

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        let page = max(1, context.area.height / 2)
        switch action {
        case .logLevel:
            view.logPane.level = (view.logPane.level + 1) % 3
            view.logPane.offset = 0
        case .freeze:
            view.logPane.frozen = view.logPane.frozen == nil ? context.snapshot.log : nil
            view.logPane.offset = 0
        case .up: scroll(1, &view, context)
        case .down: scroll(-1, &view, context)
        case .pageUp, .halfPageUp: scroll(page, &view, context)
        case .pageDown, .halfPageDown: scroll(-page, &view, context)
        case .top: scroll(.max / 2, &view, context)
        case .bottom: follow(&view)
        case .back where view.logPane.frozen != nil: follow(&view)
        case .copy:
            let lines = lines(context.snapshot, view).dropLast(view.logPane.offset).suffix(context.area.height)
            return [.copy(lines.map { "\($0.time) \($0.level) \($0.text)" }.joined(separator: "\n"))]
        default: return nil
        }
        return []
    }

    private static func follow(_ view: inout ViewState) {
        view.logPane.frozen = nil
        view.logPane.offset = 0
    }

    /// Scrolls back; what is read stands still until one is at the end again.
    private static func scroll(_ count: Int, _ view: inout ViewState, _ context: HandlerContext) {
        if view.logPane.frozen == nil { view.logPane.frozen = context.snapshot.log }
        let most = max(0, lines(context.snapshot, view).count - context.area.height)
        view.logPane.offset = min(max(0, view.logPane.offset + count), most)
        if view.logPane.offset == 0, count < 0 { follow(&view) }
    }
}
