import Engine
import Market
import Terminal

/// One picture of the whole screen, a pure function of state, look and time.
struct Screenful: Sendable {
    /// The newest state of the engine.
    var snapshot: Snapshot
    /// What is selected, open and switched on.
    var view: ViewState
    /// The look.
    var theme: Theme
    /// The wall clock.
    var now: Timestamp
    /// The keys in force.
    var table: BindingTable
    /// How drawing has fared so far.
    var statistics = FrameStatistics()

    /// Draws everything. Panes that are not visible are not asked.
    func draw() -> Canvas {
        var canvas = Canvas(size: view.size, fill: Cell(" ", style: theme[.background]))
        let layout = view.layout
        let context = PaneContext(
            snapshot: snapshot, view: view, theme: theme, isFocused: false, now: now, statistics: statistics)
        if layout.slots.isEmpty {
            TinyScreen.draw(layout.status, into: &canvas, context, table)
        } else {
            drawPanes(layout, into: &canvas, context)
        }
        drawLayers(into: &canvas, context)
        if let banner = view.emergency { banner.draw(into: &canvas, context, table) }
        return canvas
    }

    private func drawPanes(_ layout: Layout, into canvas: inout Canvas, _ context: PaneContext) {
        Header.draw(layout.header, into: &canvas, context)
        for slot in layout.slots {
            PaneFrames.draw(slot, into: &canvas, context)
            var own = context
            own.isFocused = slot.shown == view.focus
            let area = slot.content
            if area.isEmpty { continue }
            if let pane = PaneRegistry.pane(slot.shown) { pane.draw(area, into: &canvas, own) }
        }
        HintBar.draw(layout.hints, into: &canvas, context, table)
        StatusBar.draw(layout.status, into: &canvas, context, table)
        PendingKeys.draw(into: &canvas, context, table)
    }

    private func drawLayers(into canvas: inout Canvas, _ context: PaneContext) {
        if !view.isToastUnderDialog { Toasts.draw(into: &canvas, context) }
        if view.layers.contains(where: \.isDimming) {
            let dim = theme[.overlayDim].on(theme[.background].background)
            // What is at stake and the emergency key must be seen from everywhere: first and last row stay.
            let edge = canvas.size.height > 3 ? 1 : 0
            canvas.restyle(canvas.bounds.inset(top: view.layout.header.height, bottom: edge)) { _ in dim }
        }
        for layer in view.layers { layer.draw(into: &canvas, context, table) }
        if view.isToastUnderDialog { Toasts.draw(into: &canvas, context) }
        if view.isPerformanceShown { PerformanceOverlay.draw(into: &canvas, context) }
    }
}

extension ViewState {
    /// Whether messages stand over an open dialog, as answers to it.
    var isToastUnderDialog: Bool { layers.contains(where: \.isDimming) }
}

/// Messages, stacked above the hint row; on a low screen the newest takes the row itself.
enum Toasts {
    /// Draws those that are up.
    static func draw(into canvas: inout Canvas, _ context: PaneContext) {
        let theme = context.theme
        let layout = context.view.layout
        guard !layout.slots.isEmpty else { return }
        let isLow = WidthClass(context.view.size) <= .small
        let hasPrompt = context.view.layers.contains { !$0.isDimming }
        var y =
            (layout.hints.isEmpty ? layout.status.y : layout.hints.y)
            - (isLow && !hasPrompt && !layout.hints.isEmpty ? 0 : 1)
        for toast in context.view.toasts.filter({ $0.until > context.now }).reversed() where y > 0 {
            let style = theme[key(toast.kind)]
            let mark = mark(toast.kind)
            let room = context.view.size.width - 4
            let ellipsis: Unicode.Scalar = theme.glyphs == .ascii ? "~" : "…"
            let text =
                " \(mark)\(DisplayWidth.truncated(toast.text.plain(theme), to: room - mark.utf8.count, ellipsis: ellipsis)) "
            let width = DisplayWidth.columns(of: text)
            canvas.put(text, x: context.view.size.width - width - 1, y: y, style: style)
            y -= 1
        }
    }

    private static func key(_ kind: Toast.Kind) -> ThemeKey {
        switch kind {
        case .info: .toastInfo
        case .good, .fill: .toastGood
        case .warning: .toastWarn
        case .error: .toastError
        }
    }

    private static func mark(_ kind: Toast.Kind) -> String {
        switch kind {
        case .info, .good: ""
        case .fill: "FILLED "
        case .warning: "! "
        case .error: "!! "
        }
    }
}

/// What a sequence of keys can still become, shown when the person hesitates.
enum PendingKeys {
    /// How long a person thinks before the box comes, in nanoseconds.
    static let delayNanoseconds: Int64 = 400_000_000

    /// Draws the box in the lower right corner.
    static func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let view = context.view
        guard !view.pending.isEmpty, context.now.nanoseconds(since: view.pendingSince) >= delayNanoseconds,
            case .pending(let lines) = table.match(view.pending, focus: view.focus)
        else { return }
        let theme = context.theme
        let rows = lines.flatMap { line in
            line.keys.filter {
                Array($0.chords.prefix(view.pending.count)) == view.pending && $0.chords.count > view.pending.count
            }
            .map { key in (key.chords.dropFirst(view.pending.count).map(\.label).joined(), line.binding.help) }
        }
        let width = min(canvas.size.width, (rows.map { DisplayWidth.columns(of: $0.1) }.max() ?? 0) + 9)
        let rect = Rect(
            x: canvas.size.width - width, y: max(0, view.layout.hints.y - rows.count - 2), width: width,
            height: rows.count + 2)
        canvas.fill(rect, Cell(" ", style: theme[.dialog]))
        canvas.box(
            rect, borders: theme.borders == .none ? .square : theme.borders,
            title: view.pending.map(\.label).joined(separator: " "), style: theme[.dialogBorder])
        for (index, row) in rows.enumerated() {
            canvas.put(
                row.0, x: rect.x + 2, y: rect.y + 1 + index, style: theme[.hintKey].on(theme[.dialog].background))
            canvas.put(row.1, x: rect.x + 6, y: rect.y + 1 + index, style: theme[.dialog], maxWidth: width - 7)
        }
    }
}
