/// Draws what is in a panel.
struct MarkDrawing {
    let scale: PanelScale
    let canvas: Canvas
    let theme: PlotTheme
    let measures: Measures

    func draw(_ mark: Mark) {
        switch mark {
        case .line(let points, let ink, _, let isThin, let isDashed):
            let width = isThin ? measures.unit : measures.line
            let dash = isDashed ? [5 * measures.unit, 4 * measures.unit] : []
            canvas.line(points.map(scale.place), theme.color(ink), width: width, dash: dash)
        case .area(let points, let base, let ink, _): area(points, base, theme.color(ink))
        case .bars(let bars, _, _):
            for bar in bars {
                var frame = scale.frame(bar)
                // One that is thinner than a pixel is there all the same.
                if frame.width < 1 { frame.width = 1 }
                if frame.width > 4 * measures.unit {
                    frame.x += 0.5 * measures.unit
                    frame.width -= measures.unit
                }
                canvas.rectangle(frame, theme.color(bar.ink))
            }
        case .points(let points, let shape, let ink, _):
            // Many points are smaller, and let those below them be seen.
            let radius = measures.unit * (points.count > 2_000 ? 1.6 : points.count > 300 ? 2.4 : 3.4)
            let color = theme.color(ink).with(alpha: points.count > 300 ? 0.6 : 0.85)
            for case let place? in points.map(scale.place) {
                MarkDrawing.point(shape, place, radius: radius, color, canvas)
            }
        case .level(let value, let ink, _):
            let y = scale.y.place(value)
            canvas.line(
                [Place(scale.frame.x, y), Place(scale.frame.right, y)], theme.color(ink), width: measures.line,
                dash: [4 * measures.unit, 3 * measures.unit])
        case .instant(let value, let ink, _):
            let x = scale.x.place(value)
            canvas.line(
                [Place(x, scale.frame.y), Place(x, scale.frame.bottom)], theme.color(ink), width: measures.line,
                dash: [4 * measures.unit, 3 * measures.unit])
        case .cells(let grid): cells(grid)
        }
    }

    private func area(_ points: [PlotPoint], _ base: Double, _ color: Color) {
        let places = points.compactMap(scale.place)
        guard let first = places.first, let last = places.last else { return }
        let level = scale.y.place(base)
        canvas.polygon([Place(first.x, level)] + places + [Place(last.x, level)], color.with(alpha: 0.35))
        canvas.line(places, color, width: measures.unit)
    }

    static func point(_ shape: PointShape, _ place: Place, radius: Double, _ color: Color, _ canvas: Canvas) {
        switch shape {
        case .disc: canvas.disc(place, radius: radius, color)
        case .ring:
            let steps = (0...12).map { index -> Place in
                let (x, y) = MarkDrawing.circle[index % 12]
                return Place(place.x + radius * x, place.y + radius * y)
            }
            canvas.line(steps, color, width: radius * 0.5)
        case .up, .down:
            let sign = shape == .up ? -1.0 : 1.0
            canvas.polygon(
                [
                    Place(place.x, place.y + sign * radius * 1.3),
                    Place(place.x - radius * 1.1, place.y - sign * radius * 0.8),
                    Place(place.x + radius * 1.1, place.y - sign * radius * 0.8),
                ], color)
        case .cross:
            for sign in [-1.0, 1] {
                canvas.line(
                    [
                        Place(place.x - radius, place.y - sign * radius),
                        Place(place.x + radius, place.y + sign * radius),
                    ], color, width: radius * 0.5)
            }
        }
    }

    /// Twelve places of the unit circle.
    private static let circle: [(Double, Double)] = {
        let (half, root) = (0.5, 0.866_025_403_784_438_6)
        return [
            (1, 0), (root, half), (half, root), (0, 1), (-half, root), (-root, half), (-1, 0), (-root, -half),
            (-half, -root), (0, -1), (half, -root), (root, -half),
        ]
    }()

    // MARK: Cells

    private func cells(_ grid: CellGrid) {
        let texts = grid.values.map { $0.map { $0.map { CellText.text($0, grid) } ?? "" } }
        let frame = scale.frame(PlotBar(x: -0.5...0.5, y: -0.5...0.5, ink: .text))
        // All cells are written on in one size, or none of them.
        let widest = texts.joined().map { canvas.width(of: $0, size: measures.text) }.max() ?? 0
        let share = min((frame.width - 6 * measures.unit) / max(widest, 1), 1)
        let isWritten = share > 0.62 && frame.height > measures.text * 1.2
        for (row, values) in grid.values.enumerated() {
            for (column, value) in values.enumerated() {
                let cell = scale.frame(
                    PlotBar(
                        x: (Double(column) - 0.5)...(Double(column) + 0.5),
                        y: (Double(row) - 0.5)...(Double(row) + 0.5),
                        ink: .text))
                guard let value, value.isFinite, let range = grid.range else {
                    canvas.rectangle(cell, theme.panel)
                    continue
                }
                let color = CellText.color(value, range, grid, theme)
                canvas.rectangle(cell, color)
                guard isWritten else { continue }
                let ink = color.luminance > 0.45 ? Color(0x14171C) : Color(0xFFFFFF)
                let size = measures.text * share
                canvas.text(
                    texts[row][column], at: Place(cell.x + cell.width / 2, cell.y + cell.height / 2 + size * 0.35),
                    size: size, ink, anchor: .middle)
            }
        }
        guard frame.width > 8, frame.height > 8 else { return }
        for (row, values) in grid.values.enumerated() {
            for column in values.indices {
                let cell = scale.frame(
                    PlotBar(
                        x: (Double(column) - 0.5)...(Double(column) + 0.5),
                        y: (Double(row) - 0.5)...(Double(row) + 0.5),
                        ink: .text))
                canvas.outline(cell, theme.background, width: measures.unit)
            }
        }
    }
}

/// How the cells of a grid look.
enum CellText {
    static func text(_ value: Double, _ grid: CellGrid) -> String {
        grid.unit == .percent
            ? NumberText.fixed(value * 100, grid.decimals) : NumberText.fixed(value, grid.decimals)
    }

    static func color(_ value: Double, _ range: ClosedRange<Double>, _ grid: CellGrid, _ theme: PlotTheme) -> Color {
        let span = range.upperBound - range.lowerBound
        let share = span > 0 ? (value - range.lowerBound) / span : 0.5
        return PlotTheme.color(grid.isDiverging ? theme.diverging : theme.sequential, at: share)
    }
}

/// The scale of colours beside a grid.
struct ColorScale {
    let grid: CellGrid
    let canvas: Canvas
    let theme: PlotTheme
    let measures: Measures

    func draw(beside frame: Frame) {
        guard let range = grid.range else { return }
        let m = measures
        let bar = Frame(x: frame.right + m.gap * 1.5, y: frame.y, width: 12 * m.unit, height: frame.height)
        let steps = 64
        for step in 0..<steps {
            let share = (Double(step) + 0.5) / Double(steps)
            let value = range.lowerBound + share * (range.upperBound - range.lowerBound)
            let height = bar.height / Double(steps)
            let piece = Frame(
                x: bar.x, y: bar.bottom - Double(step + 1) * height, width: bar.width, height: height + 0.5)
            canvas.rectangle(piece, CellText.color(value, range, grid, theme))
        }
        let room = canvas.width - bar.right - m.gap - 2
        for (share, value) in [
            (0.0, range.lowerBound), (0.5, (range.lowerBound + range.upperBound) / 2), (1, range.upperBound),
        ] {
            if share == 0.5, bar.height < m.small * 5 { continue }
            let y = bar.bottom - share * bar.height + m.small * (share == 1 ? 0.8 : share == 0 ? 0 : 0.35)
            let sign = grid.unit == .percent ? " %" : ""
            let text = canvas.fitted(CellText.text(value, grid) + sign, room, size: m.small)
            canvas.text(text, at: Place(bar.right + m.gap * 0.7, y), size: m.small, theme.muted)
        }
        let title = canvas.fitted(grid.title, canvas.width - bar.x - 4, size: m.small)
        canvas.text(title, at: Place(bar.x, bar.y - m.gap * 0.7), size: m.small, theme.muted)
    }
}
