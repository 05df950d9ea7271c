/// A width and a height, in cells.
@frozen
public struct Size: Hashable, Sendable, CustomStringConvertible {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Makes a size; negative lengths become zero.
    @inlinable
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The size as `80x24`.
    public var description: String { "\(width)x\(height)" }
}

/// A position in cells; (0, 0) is the upper left corner.
@frozen
public struct Point: Hashable, Sendable {
    /// Column, growing to the right.
    public var x: Int
    /// Row, growing downward.
    public var y: Int

    /// Makes a position.
    @inlinable
    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of cells. It may be empty, never negative.
@frozen
public struct Rect: Hashable, Sendable {
    /// Leftmost column.
    public var x: Int
    /// Topmost row.
    public var y: Int
    /// Columns covered, at least 0.
    public var width: Int
    /// Rows covered, at least 0.
    public var height: Int

    /// Makes a rectangle; negative lengths become zero.
    @inlinable
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The rectangle of a whole canvas.
    @inlinable
    public init(_ size: Size) {
        self.init(x: 0, y: 0, width: size.width, height: size.height)
    }

    /// First column to the right of the rectangle.
    @inlinable public var maxX: Int { x + width }
    /// First row below the rectangle.
    @inlinable public var maxY: Int { y + height }
    /// The upper left corner.
    @inlinable public var origin: Point { Point(x: x, y: y) }
    /// Width and height.
    @inlinable public var size: Size { Size(width: width, height: height) }
    /// Whether it covers no cell.
    @inlinable public var isEmpty: Bool { width == 0 || height == 0 }

    /// Whether a cell lies inside.
    @inlinable
    public func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    /// The rectangle made smaller on every side; empty when nothing is left.
    @inlinable
    public func inset(by amount: Int) -> Rect {
        inset(left: amount, top: amount, right: amount, bottom: amount)
    }

    /// The rectangle made smaller by a different amount on each side; empty when nothing is left.
    @inlinable
    public func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
        Rect(
            x: min(x + left, maxX), y: min(y + top, maxY), width: width - left - right, height: height - top - bottom)
    }

    /// The part both rectangles cover; empty when they do not meet.
    @inlinable
    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// A rectangle of the given size in the middle of this one, never larger than it.
    @inlinable
    public func centered(_ size: Size) -> Rect {
        let width = min(size.width, self.width)
        let height = min(size.height, self.height)
        return Rect(x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
    }

    /// A share of a length: a fixed number of cells, or a part of what the fixed ones leave.
    public enum Span: Hashable, Sendable {
        /// Exactly so many cells while there is room; earlier spans are served first.
        case fixed(Int)
        /// A part of the remaining cells in proportion to its weight.
        case weight(Int)
    }

    /// Splits into side by side rectangles that tile this one.
    ///
    /// - Parameters:
    ///   - spans: one per column, left to right.
    ///   - gap: empty cells left between neighbours while there is room.
    /// - Returns: one rectangle per span, some of them empty when there is not enough room.
    public func columns(_ spans: [Span], gap: Int = 0) -> [Rect] {
        Rect.divide(width, spans, gap: gap).map { Rect(x: x + $0.offset, y: y, width: $0.length, height: height) }
    }

    /// Splits into rectangles on top of each other that tile this one; see ``columns(_:gap:)``.
    public func rows(_ spans: [Span], gap: Int = 0) -> [Rect] {
        Rect.divide(height, spans, gap: gap).map { Rect(x: x, y: y + $0.offset, width: width, height: $0.length) }
    }

    /// Divides a length; rounding is spread so that the parts sum up to the whole when any weight is given.
    static func divide(_ length: Int, _ spans: [Span], gap: Int) -> [(offset: Int, length: Int)] {
        var remaining = max(0, length - max(0, gap) * max(0, spans.count - 1))
        var lengths = [Int](repeating: 0, count: spans.count)
        var totalWeight = 0
        for (index, span) in spans.enumerated() {
            switch span {
            case .fixed(let cells):
                lengths[index] = min(max(0, cells), remaining)
                remaining -= lengths[index]
            case .weight(let weight):
                totalWeight += max(0, weight)
            }
        }
        var weightBefore = 0
        for (index, span) in spans.enumerated() {
            guard case .weight(let weight) = span, totalWeight > 0 else { continue }
            let start = remaining * weightBefore / totalWeight
            weightBefore += max(0, weight)
            lengths[index] = remaining * weightBefore / totalWeight - start
        }
        var offset = 0
        return lengths.map { part in
            let start = min(offset, length)
            offset = start + part + max(0, gap)
            return (start, part)
        }
    }
}
