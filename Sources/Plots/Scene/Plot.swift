/// What is to be seen, without how it is drawn: a title and panels below each other. The same plot is drawn as PNG or SVG,
/// at any size, in any theme.
public struct Plot: Sendable {
    /// The first line.
    public var title: String
    /// What it is of, in a smaller line below.
    public var subtitle: String
    /// What it was made from, in small print at the bottom.
    public var footer: String
    /// From top to bottom.
    public var panels: [Panel]

    /// A plot of its parts. Panels over time share one range, and the lowest of those that follow each other is labelled.
    public init(title: String, subtitle: String = "", footer: String = "", panels: [Panel]) {
        self.title = title
        self.subtitle = subtitle
        self.footer = footer
        self.panels = panels
    }
}

/// A rectangle with two axes and what is in it.
public struct Panel: Sendable {
    /// What it shows, above it.
    public var title: String
    /// Its share of the height, beside the others'.
    public var share: Double
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// What is drawn, the first at the bottom.
    public var marks: [Mark]
    /// What is said where there is nothing to draw.
    public var whenEmpty: String

    /// A panel of its parts.
    public init(
        title: String = "", share: Double = 1, x: Axis, y: Axis, marks: [Mark], whenEmpty: String = "nothing to show"
    ) {
        self.title = title
        self.share = share
        self.x = x
        self.y = y
        self.marks = marks
        self.whenEmpty = whenEmpty
    }
}

/// How numbers become places along one side of a panel.
public struct Axis: Sendable, Hashable {
    /// What the numbers are.
    public enum Scale: Sendable, Hashable {
        /// Numbers.
        case linear
        /// Positive numbers, equal factors equally far apart.
        case logarithmic
        /// Seconds since the epoch, UTC.
        case time
        /// Names, the first at 0, the next at 1.
        case names([String])
    }

    /// How numbers are written.
    public enum Unit: Sendable, Hashable {
        /// As they are.
        case plain
        /// Shares as percent.
        case percent
    }

    /// What stands beside it; empty for nothing.
    public var title: String
    /// The scale.
    public var scale: Scale
    /// How its numbers are written.
    public var unit: Unit
    /// What it has to reach to, besides what is drawn.
    public var including: [Double]

    /// An axis of its parts.
    public init(_ title: String = "", _ scale: Scale = .linear, unit: Unit = .plain, including: [Double] = []) {
        self.title = title
        self.scale = scale
        self.unit = unit
        self.including = including
    }
}

/// A point in the numbers of a panel's axes.
public struct PlotPoint: Sendable, Hashable {
    /// Across.
    public var x: Double
    /// Up.
    public var y: Double

    /// A point of its parts.
    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    var isFinite: Bool { x.isFinite && y.isFinite }
}

/// A rectangle in the numbers of a panel's axes.
public struct PlotBar: Sendable, Hashable {
    /// From left to right.
    public var x: ClosedRange<Double>
    /// From bottom to top.
    public var y: ClosedRange<Double>
    /// Its ink.
    public var ink: Ink

    /// A bar of its parts.
    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, ink: Ink) {
        self.x = x
        self.y = y
        self.ink = ink
    }
}

/// Something drawn in a panel; `name` is what the legend calls it, `nil` to leave it out.
public enum Mark: Sendable {
    /// A line; a point that is no number interrupts it.
    case line([PlotPoint], Ink, name: String?, isThin: Bool = false, isDashed: Bool = false)
    /// What lies between a line and a level.
    case area([PlotPoint], base: Double, Ink, name: String?)
    /// Rectangles.
    case bars([PlotBar], name: String?, Ink)
    /// Single points.
    case points([PlotPoint], PointShape, Ink, name: String?)
    /// A line across at a level.
    case level(Double, Ink, name: String?)
    /// A line from top to bottom.
    case instant(Double, Ink, name: String?)
    /// A cell for each row and column, the first row at the top; the axes have names as scales.
    case cells(CellGrid)
}

/// How a single point looks.
public enum PointShape: Sendable, Hashable {
    /// A disc.
    case disc
    /// A triangle that points up.
    case up
    /// A triangle that points down.
    case down
    /// A cross.
    case cross
    /// A ring.
    case ring
}

/// Numbers in rows and columns, as colours.
public struct CellGrid: Sendable {
    /// By row and column; `nil` where there is none.
    public var values: [[Double?]]
    /// How they are written in the cells, where there is room.
    public var unit: Axis.Unit
    /// Whether the middle of the colours is 0.
    public var isDiverging: Bool
    /// How many decimals are written.
    public var decimals: Int
    /// What the scale of colours is called.
    public var title: String
    /// Where the colours end at the latest; what is beyond has the last one. `nil` for the greatest value.
    public var limit: Double?

    /// A grid of its parts.
    public init(
        _ values: [[Double?]], title: String, unit: Axis.Unit = .plain, isDiverging: Bool, decimals: Int = 1,
        limit: Double? = nil
    ) {
        self.values = values
        self.limit = limit
        self.title = title
        self.unit = unit
        self.isDiverging = isDiverging
        self.decimals = decimals
    }

    /// The least and the greatest, the same on both sides of 0 where the scale is diverging; `nil` without any.
    var range: ClosedRange<Double>? {
        let numbers = values.joined().compactMap { $0 }.filter(\.isFinite)
        guard let low = numbers.min(), let high = numbers.max() else { return nil }
        guard isDiverging else { return low...high }
        let most = max(min(max(abs(low), abs(high)), limit ?? .infinity), .leastNormalMagnitude)
        return -most...most
    }
}
