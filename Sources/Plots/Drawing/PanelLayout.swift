/// Sizes that grow with the plot, so that a small one can be read and a large one isn't empty.
struct Measures {
    /// One point at the usual size.
    let unit: Double
    var text: Double { 11 * unit }
    var small: Double { 9 * unit }
    var heading: Double { 12 * unit }
    var title: Double { 17 * unit }
    var gap: Double { 6 * unit }
    var margin: Double { 16 * unit }
    var line: Double { 1.5 * unit }

    init(_ size: PlotSize) {
        let (across, down) = (Double(size.width) / 960, Double(size.height) / 600)
        // A wide, low plot has room for larger letters than its height alone says.
        let both = min((across * down).squareRoot(), 1.5 * min(across, down))
        unit = min(max(both, 0.72), 4)
    }
}

/// What a panel's axes reach to.
struct PanelRange: Equatable {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>
}

/// From the numbers of a panel to places on the canvas.
struct PanelScale {
    let frame: Frame
    let x: Side
    let y: Side

    /// One direction: numbers from `low` to `high` become places from `start` to `end`.
    struct Side {
        var range: ClosedRange<Double>
        var isLogarithmic: Bool
        var start: Double
        var end: Double

        func place(_ value: Double) -> Double {
            let share: Double
            if isLogarithmic {
                share = Logarithm.share(value, range)
            } else {
                share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            }
            return start + share * (end - start)
        }
    }

    init(_ panel: Panel, _ range: PanelRange, _ frame: Frame) {
        self.frame = frame
        x = Side(range: range.x, isLogarithmic: panel.x.scale == .logarithmic, start: frame.x, end: frame.right)
        // The first row of names is the highest, as in a table.
        var (bottom, top) = (frame.bottom, frame.y)
        if case .names = panel.y.scale { swap(&bottom, &top) }
        y = Side(range: range.y, isLogarithmic: panel.y.scale == .logarithmic, start: bottom, end: top)
    }

    func place(_ point: PlotPoint) -> Place? {
        guard point.isFinite else { return nil }
        let place = Place(x.place(point.x), y.place(point.y))
        return place.x.isFinite && place.y.isFinite ? place : nil
    }

    func frame(_ bar: PlotBar) -> Frame {
        let (left, right) = (x.place(bar.x.lowerBound), x.place(bar.x.upperBound))
        let (a, b) = (y.place(bar.y.lowerBound), y.place(bar.y.upperBound))
        return Frame(x: min(left, right), y: min(a, b), width: abs(right - left), height: abs(b - a))
    }
}

extension Panel {
    /// What the axes reach to; `nil` when there is nothing to draw.
    func range() -> PanelRange? {
        var xs = Extent(isLogarithmic: x.scale == .logarithmic)
        var ys = Extent(isLogarithmic: y.scale == .logarithmic)
        for mark in marks {
            switch mark {
            case .line(let points, _, _, _, _), .points(let points, _, _, _):
                for point in points where point.isFinite {
                    xs.take(point.x)
                    ys.take(point.y)
                }
            case .area(let points, let base, _, _):
                for point in points where point.isFinite {
                    xs.take(point.x)
                    ys.take(point.y)
                }
                if !points.isEmpty { ys.take(base) }
            case .bars(let bars, _, _):
                for bar in bars {
                    xs.take(bar.x.lowerBound)
                    xs.take(bar.x.upperBound)
                    ys.take(bar.y.lowerBound)
                    ys.take(bar.y.upperBound)
                }
            case .cells(let grid):
                guard grid.range != nil else { continue }
                xs.take(0)
                ys.take(0)
            case .level, .instant: continue
            }
        }
        guard !xs.isEmpty, !ys.isEmpty else { return nil }
        for value in x.including { xs.take(value) }
        for value in y.including { ys.take(value) }
        for case .level(let value, _, _) in marks { ys.take(value) }
        return PanelRange(x: x.reach(xs, isAcross: true), y: y.reach(ys, isAcross: false))
    }

    fileprivate struct Extent {
        var isLogarithmic: Bool
        var low = Double.infinity
        var high = -Double.infinity
        var isEmpty: Bool { low > high }

        init(isLogarithmic: Bool) { self.isLogarithmic = isLogarithmic }

        mutating func take(_ value: Double) {
            guard value.isFinite, !isLogarithmic || value > 0 else { return }
            low = min(low, value)
            high = max(high, value)
        }
    }
}

extension Axis {
    /// The range of an axis over what is drawn.
    fileprivate func reach(_ extent: Panel.Extent, isAcross: Bool) -> ClosedRange<Double> {
        let range = extent.low...extent.high
        switch scale {
        case .names(let names): return -0.5...(Double(max(names.count, 1)) - 0.5)
        case .time: return range.lowerBound < range.upperBound ? range : (extent.low - 43_200)...(extent.high + 43_200)
        case .logarithmic:
            return extent.low < extent.high ? extent.low / 1.08...extent.high * 1.08 : extent.low / 2...extent.high * 2
        case .linear: return Ticks.widened(range, count: isAcross ? 8 : 10)
        }
    }
}
