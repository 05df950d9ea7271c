extension Plot {
    /// Draws the plot.
    ///
    /// The same plot, size and theme give the same bytes with the same release of cairo and the same fonts. O(points).
    ///
    /// - Parameters:
    ///   - origin: what is written into the file beside the picture (PNG: a text chunk; SVG: a description), so that it
    ///     tells what it was made from.
    /// - Returns: the bytes of a file.
    /// - Throws: `PlotError`.
    public func draw(
        _ format: PlotFormat, size: PlotSize, theme: PlotTheme = .light, origin: String = ""
    ) throws(PlotError) -> [UInt8] {
        let canvas = try Canvas(size, format)
        PlotDrawing(self, canvas, theme, Measures(size)).draw()
        let bytes = try canvas.bytes()
        switch format {
        case .png: return PNGText.adding(origin, to: bytes)
        case .svg: return SVGText.finished(bytes, title: title, origin: origin)
        }
    }
}

/// Draws a plot on a canvas.
struct PlotDrawing {
    let plot: Plot
    let canvas: Canvas
    let theme: PlotTheme
    let measures: Measures

    init(_ plot: Plot, _ canvas: Canvas, _ theme: PlotTheme, _ measures: Measures) {
        self.plot = plot
        self.canvas = canvas
        self.theme = theme
        self.measures = measures
    }

    func draw() {
        canvas.fill(theme.background)
        let (m, room) = (measures, canvas.width - 2 * measures.margin)
        var top = m.margin
        if !plot.title.isEmpty {
            top += m.title
            let title = canvas.fitted(plot.title, room, size: m.title, isBold: true)
            canvas.text(title, at: Place(m.margin, top - 2 * m.unit), size: m.title, theme.text, isBold: true)
            top += m.gap
        }
        for line in wrapped(plot.subtitle, room, size: m.text).prefix(3) {
            top += m.text
            canvas.text(line, at: Place(m.margin, top), size: m.text, theme.muted)
            top += m.gap * 0.6
        }
        top += m.gap
        var bottom = canvas.height - m.margin * 0.75
        for line in wrapped(plot.footer, room, size: m.small).prefix(3).reversed() {
            canvas.text(line, at: Place(m.margin, bottom), size: m.small, theme.muted)
            bottom -= m.small + 2 * m.unit
        }
        bottom -= m.gap
        panels(top, bottom)
    }

    /// A text in lines that are no wider than `room`, cut between words.
    private func wrapped(_ text: String, _ room: Double, size: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let longer = line.isEmpty ? String(word) : line + " " + word
            if !line.isEmpty, canvas.width(of: longer, size: size) > room {
                lines.append(line)
                line = String(word)
            } else {
                line = longer
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { canvas.fitted($0, room, size: size) }
    }

    // MARK: Panels

    private func panels(_ top: Double, _ bottom: Double) {
        let m = measures
        let ranges = sharedRanges()
        let below = plot.panels.indices.map { hasLabelsBelow($0) }
        // The same margin at the left for all, so that they stand above each other.
        let shares = plot.panels.reduce(0) { $0 + $1.share }
        let drafts = zip(plot.panels, ranges).map { panel, range -> Ticks in
            guard let range else { return Ticks.none }
            // How high it will be is known later; a little more or less makes other ticks, so both are looked at.
            let height = (bottom - top) * panel.share / max(shares, .leastNormalMagnitude)
            let labels = [height, height * 0.75].flatMap {
                AxisText.vertical(panel.y, range.y, height: $0, canvas, m).labels
            }
            return Ticks(places: [], labels: labels)
        }
        let widest = drafts.map { $0.labels.map { canvas.width(of: $0, size: m.text) }.max() ?? 0 }.max() ?? 0
        let hasTitle = plot.panels.contains { !$0.y.title.isEmpty }
        let left = m.margin + min(widest, canvas.width * 0.3) + m.gap + (hasTitle ? m.text + m.gap : 0)
        let hasScale = plot.panels.contains { $0.marks.contains { if case .cells = $0 { true } else { false } } }
        let right = canvas.width - m.margin - (hasScale ? 64 * m.unit : 0)

        let heads = plot.panels.map { Legend.lines($0, right - left, canvas, m) }
        let headHeights = heads.map { Double($0.count) * (m.heading + m.gap) + ($0.isEmpty ? m.gap : 0) }
        let feet = plot.panels.indices.map { index -> Double in
            guard below[index] else { return m.gap }
            return m.text + 2 * m.gap + (plot.panels[index].x.title.isEmpty ? 0 : m.text + m.gap)
        }
        let fixed = headHeights.reduce(0, +) + feet.reduce(0, +)
        let room = max(bottom - top - fixed, 20 * Double(plot.panels.count))
        var y = top
        for (index, panel) in plot.panels.enumerated() {
            Legend.draw(heads[index], at: Place(left, y), canvas, theme, m)
            y += headHeights[index]
            let height = room * panel.share / max(shares, .leastNormalMagnitude)
            let frame = Frame(x: left, y: y, width: max(right - left, 20), height: height)
            draw(panel, ranges[index], frame, isLabelledBelow: below[index])
            y += height + feet[index]
        }
    }

    /// Panels over time share its range.
    private func sharedRanges() -> [PanelRange?] {
        var ranges = plot.panels.map { $0.range() }
        for index in ranges.indices {
            guard let own = ranges[index] else { continue }
            var shared = own.x
            guard plot.panels[index].x.scale == .time else { continue }
            for other in ranges.indices where plot.panels[other].x.scale == .time {
                guard let range = ranges[other] else { continue }
                shared = min(shared.lowerBound, range.x.lowerBound)...max(shared.upperBound, range.x.upperBound)
            }
            ranges[index]?.x = shared
        }
        return ranges
    }

    private func hasLabelsBelow(_ index: Int) -> Bool {
        index + 1 == plot.panels.count || plot.panels[index].x.scale != .time || plot.panels[index + 1].x.scale != .time
    }

    private func draw(_ panel: Panel, _ range: PanelRange?, _ frame: Frame, isLabelledBelow: Bool) {
        let m = measures
        canvas.rectangle(frame, theme.panel)
        guard let range else {
            canvas.outline(frame, theme.grid, width: m.unit)
            let text = canvas.fitted(panel.whenEmpty, frame.width - 2 * m.gap, size: m.text)
            let place = Place(frame.x + frame.width / 2, frame.y + frame.height / 2 + m.text / 3)
            return canvas.text(text, at: place, size: m.text, theme.muted, anchor: .middle)
        }
        let scale = PanelScale(panel, range, frame)
        let axes = AxisDrawing(panel: panel, scale: scale, canvas: canvas, theme: theme, measures: m)
        let isGrid = panel.marks.contains { if case .cells = $0 { true } else { false } }
        if !isGrid { axes.grid() }
        canvas.clipped(to: frame.inset(by: -m.line)) {
            for mark in panel.marks { MarkDrawing(scale: scale, canvas: canvas, theme: theme, measures: m).draw(mark) }
        }
        canvas.outline(frame, theme.grid, width: m.unit)
        axes.labels(isBelow: isLabelledBelow)
        for case .cells(let grid) in panel.marks {
            ColorScale(grid: grid, canvas: canvas, theme: theme, measures: m).draw(beside: frame)
        }
    }
}

extension Frame {
    func inset(by size: Double) -> Frame {
        Frame(x: x + size, y: y + size, width: max(width - 2 * size, 0), height: max(height - 2 * size, 0))
    }
}
