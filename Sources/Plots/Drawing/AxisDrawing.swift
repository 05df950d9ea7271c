/// Which ticks of an axis have room.
enum AxisText {
    /// The ticks of a vertical axis.
    static func vertical(
        _ axis: Axis, _ range: ClosedRange<Double>, height: Double, _ canvas: Canvas, _ measures: Measures
    ) -> Ticks {
        let room = max(Int(height / (measures.text * 2.4)), 2)
        switch axis.scale {
        case .linear: return Ticks.linear(range, count: room, axis.unit)
        case .logarithmic: return thinned(Ticks.logarithmic(range, axis.unit), room)
        case .names(let names):
            let lines = max(height / (measures.text * 1.25), 1)
            return Ticks.names(names, every: Int((Double(names.count) / lines).rounded(.up)))
        case .time: return TimeTicks.ticks(range) { $0.places.count <= room }
        }
    }

    /// The ticks of a horizontal axis: the most whose labels don't touch.
    static func horizontal(
        _ axis: Axis, _ side: PanelScale.Side, _ canvas: Canvas, _ measures: Measures
    ) -> Ticks {
        func fits(_ ticks: Ticks) -> Bool {
            var end = -Double.infinity
            for (place, label) in zip(ticks.places, ticks.labels) {
                let width = canvas.width(of: label, size: measures.text)
                let start = side.place(place) - width / 2
                if start < end + measures.text { return false }
                end = start + width
            }
            return true
        }
        switch axis.scale {
        case .time: return TimeTicks.ticks(side.range, fits: fits)
        case .linear:
            for count in stride(from: 12, through: 1, by: -1) {
                let ticks = Ticks.linear(side.range, count: count, axis.unit)
                if fits(ticks) { return ticks }
            }
            return .none
        case .logarithmic:
            let ticks = Ticks.logarithmic(side.range, axis.unit)
            for every in 1...max(ticks.places.count, 1) {
                let some = sparse(ticks, every)
                if fits(some) { return some }
            }
            return .none
        case .names(let names):
            for every in 1...max(names.count, 1) {
                let ticks = Ticks.names(names, every: every)
                if fits(ticks) { return ticks }
            }
            return .none
        }
    }

    private static func thinned(_ ticks: Ticks, _ room: Int) -> Ticks {
        sparse(ticks, max((ticks.places.count + room - 1) / room, 1))
    }

    private static func sparse(_ ticks: Ticks, _ every: Int) -> Ticks {
        let indices = Array(stride(from: 0, to: ticks.places.count, by: every))
        return Ticks(places: indices.map { ticks.places[$0] }, labels: indices.map { ticks.labels[$0] })
    }
}

/// Draws the grid and the writing of a panel's axes.
struct AxisDrawing {
    let panel: Panel
    let scale: PanelScale
    let canvas: Canvas
    let theme: PlotTheme
    let measures: Measures

    private var across: Ticks { AxisText.horizontal(panel.x, scale.x, canvas, measures) }
    private var up: Ticks {
        AxisText.vertical(panel.y, scale.y.range, height: scale.frame.height, canvas, measures)
    }

    func grid() {
        let frame = scale.frame
        for place in across.places {
            // Places between pixels blur a thin line.
            let x = scale.x.place(place).rounded() + 0.5
            if case .names = panel.x.scale { continue }
            canvas.line([Place(x, frame.y), Place(x, frame.bottom)], theme.grid, width: measures.unit)
        }
        for place in up.places {
            let y = scale.y.place(place).rounded() + 0.5
            if case .names = panel.y.scale { continue }
            let isZero = place == 0 && scale.y.range.lowerBound < 0
            canvas.line(
                [Place(frame.x, y), Place(frame.right, y)], isZero ? theme.axis : theme.grid, width: measures.unit)
        }
    }

    func labels(isBelow: Bool) {
        let (m, frame) = (measures, scale.frame)
        for (place, label) in zip(up.places, up.labels) {
            let text = canvas.fitted(label, canvas.width * 0.3, size: m.text)
            let at = Place(frame.x - m.gap, scale.y.place(place) + m.text * 0.35)
            canvas.text(text, at: at, size: m.text, theme.muted, anchor: .end)
        }
        if !panel.y.title.isEmpty {
            let text = canvas.fitted(panel.y.title, frame.height, size: m.text)
            let at = Place(m.margin + m.text * 0.75, frame.y + frame.height / 2)
            canvas.text(text, at: at, size: m.text, theme.muted, anchor: .middle, isUpright: true)
        }
        guard isBelow else { return }
        var line = frame.bottom + m.text + m.gap
        for (place, label) in zip(across.places, across.labels) {
            let half = canvas.width(of: label, size: m.text) / 2
            // The outermost may stand beside their ticks rather than leave the picture.
            let x = min(max(scale.x.place(place), half + 2), canvas.width - half - 2)
            canvas.text(label, at: Place(x, line), size: m.text, theme.muted, anchor: .middle)
        }
        if !panel.x.title.isEmpty {
            line += m.text + m.gap
            let text = canvas.fitted(panel.x.title, frame.width, size: m.text)
            let at = Place(frame.x + frame.width / 2, line)
            canvas.text(text, at: at, size: m.text, theme.muted, anchor: .middle)
        }
    }
}
