/// The line above a panel: its title, and what its marks are called. It lies outside of the panel, so that it never hides
/// anything.
enum Legend {
    /// A piece of the line.
    struct Item {
        var text: String
        var sample: Sample?
        var place: Double
    }

    /// How a mark looks in the legend.
    enum Sample {
        case line(Ink, isDashed: Bool)
        case area(Ink)
        case point(PointShape, Ink)
    }

    /// The pieces in lines that are no wider than `room`.
    static func lines(_ panel: Panel, _ room: Double, _ canvas: Canvas, _ measures: Measures) -> [[Item]] {
        var lines: [[Item]] = []
        var line: [Item] = []
        var x = 0.0
        func add(_ text: String, _ sample: Sample?) {
            let isTitle = sample == nil
            let size = isTitle ? measures.heading : measures.text
            let head = isTitle ? 0 : sampleWidth(measures) + measures.gap
            let text = canvas.fitted(text, room - head, size: size, isBold: isTitle)
            let width = head + canvas.width(of: text, size: size, isBold: isTitle)
            if x + width > room, !line.isEmpty {
                lines.append(line)
                line = []
                x = 0
            }
            line.append(Item(text: text, sample: sample, place: x))
            x += width + measures.gap * 2.5
        }
        if !panel.title.isEmpty { add(panel.title, nil) }
        for mark in panel.marks {
            if let (name, sample) = entry(mark) { add(name, sample) }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    private static func entry(_ mark: Mark) -> (String, Sample)? {
        switch mark {
        case .line(_, let ink, let name?, _, let isDashed): return (name, .line(ink, isDashed: isDashed))
        case .area(_, _, let ink, let name?): return (name, .area(ink))
        case .bars(_, let name?, let ink): return (name, .area(ink))
        case .points(_, let shape, let ink, let name?): return (name, .point(shape, ink))
        case .level(_, let ink, let name?): return (name, .line(ink, isDashed: true))
        case .instant(_, let ink, let name?): return (name, .line(ink, isDashed: true))
        case .line, .area, .bars, .points, .level, .instant, .cells: return nil
        }
    }

    private static func sampleWidth(_ measures: Measures) -> Double { 16 * measures.unit }

    static func draw(
        _ lines: [[Item]], at place: Place, _ canvas: Canvas, _ theme: PlotTheme, _ measures: Measures
    ) {
        var base = place.y
        for line in lines {
            base += measures.heading
            for item in line {
                var x = place.x + item.place
                guard let sample = item.sample else {
                    canvas.text(item.text, at: Place(x, base), size: measures.heading, theme.text, isBold: true)
                    continue
                }
                draw(
                    sample, Frame(x: x, y: base - measures.text, width: sampleWidth(measures), height: measures.text),
                    canvas, theme, measures)
                x += sampleWidth(measures) + measures.gap
                canvas.text(item.text, at: Place(x, base), size: measures.text, theme.muted)
            }
            base += measures.gap
        }
    }

    private static func draw(
        _ sample: Sample, _ frame: Frame, _ canvas: Canvas, _ theme: PlotTheme, _ measures: Measures
    ) {
        let middle = frame.y + frame.height * 0.62
        switch sample {
        case .line(let ink, let isDashed):
            let dash = isDashed ? [4 * measures.unit, 3 * measures.unit] : []
            canvas.line(
                [Place(frame.x, middle), Place(frame.right, middle)], theme.color(ink), width: measures.line * 1.5,
                dash: dash)
        case .area(let ink):
            let box = Frame(
                x: frame.x, y: frame.y + frame.height * 0.22, width: frame.width, height: frame.height * 0.78)
            canvas.rectangle(box, theme.color(ink))
        case .point(let shape, let ink):
            let place = Place(frame.x + frame.width / 2, middle)
            MarkDrawing.point(shape, place, radius: 4 * measures.unit, theme.color(ink), canvas)
        }
    }
}
