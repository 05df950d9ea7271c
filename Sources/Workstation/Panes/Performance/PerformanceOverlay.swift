import Terminal

/// The performance figures in the upper right corner: what drawing, writing and the engine cost.
enum PerformanceOverlay {
    /// Draws the figures over what is there, as many rows as fit.
    static func draw(into canvas: inout Canvas, _ context: PaneContext) {
        let theme = context.theme
        let rows = rows(context)
        let labelWidth = rows.reduce(0) { max($0, $1.label.utf8.count) }
        let valueWidth = max(20, rows.reduce(0) { max($0, DisplayWidth.columns(of: $1.value)) })
        let width = labelWidth + valueWidth + 4
        let area = Rect(
            x: max(0, canvas.size.width - width - 1), y: min(1, canvas.size.height), width: width,
            height: min(rows.count, canvas.size.height - 2)
        ).intersection(canvas.bounds)
        guard !area.isEmpty else { return }
        canvas.fill(area, Cell(" ", style: theme[.dialog]))
        for (offset, row) in rows.prefix(area.height).enumerated() {
            let y = area.y + offset
            let ground = theme[.dialog].background
            canvas.put(
                row.label, x: area.x + 1, y: y, style: theme[.textDim].on(ground), maxWidth: max(0, area.width - 2))
            canvas.put(
                row.value, endingAt: area.maxX - 1, y: y, style: theme[row.isBad ? .statusBad : .text].on(ground),
                maxWidth: max(0, area.width - 2))
        }
    }

    /// The figures by name.
    static func rows(_ context: PaneContext) -> [(label: String, value: String, isBad: Bool)] {
        let drawing = context.statistics
        let health = context.snapshot.health
        var rows: [(label: String, value: String, isBad: Bool)] = [
            ("frame", Words.bytes(drawing.lastBytes), false),
            (
                "per second", "\(Words.bytes(drawing.bytesPerSecond)), \(drawing.framesPerSecond) frames",
                drawing.isLinkSlow
            ),
            (
                "draw, write",
                "\(microseconds(drawing.drawMicroseconds)), \(microseconds(drawing.presentMicroseconds))", false
            ),
            ("frames", "\(drawing.frames), \(drawing.skipped) skipped", drawing.isLinkSlow),
            (
                "engine step",
                "p50 \(nanoseconds(health.stepMedianNanoseconds)), p99 \(nanoseconds(health.stepTailNanoseconds))",
                false
            ),
            ("events", "\(Words.fixed(health.eventsPerSecond, 0))/s", false),
            ("store backlog", "\(health.storeBacklog)", health.storeBacklog > 1_000),
            ("resident", Words.bytes(Int(clamping: health.residentBytes)), false),
            ("processor", Words.percent(health.processorShare, decimals: 1), false),
        ]
        let snapshot = context.snapshot
        if let limits = snapshot.venueLimits ?? snapshot.dataLimits {
            rows.append(
                (
                    snapshot.venueLimits == nil ? "data weight" : "venue weight",
                    "\(limits.weight) of \(limits.limit) a minute",
                    limits.pause != nil || limits.weight * 5 > limits.limit * 4
                ))
        }
        if let problem = health.engineProblem { rows.append(("engine", DisplayWidth.truncated(problem, to: 40), true)) }
        if let problem = health.storeProblem { rows.append(("store", DisplayWidth.truncated(problem, to: 40), true)) }
        return rows
    }

    private static func microseconds(_ count: Int) -> String {
        count < 10_000 ? "\(count) us" : "\(Words.fixed(Double(count) / 1_000, 1)) ms"
    }

    private static func nanoseconds(_ count: Int64) -> String {
        if count < 10_000 { return "\(count) ns" }
        return count < 10_000_000 ? "\(count / 1_000) us" : "\(count / 1_000_000) ms"
    }
}
