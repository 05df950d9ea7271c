/// A picture of the screen, or of a part of it: a grid of styled cells in memory.
///
/// Everything the workstation shows is drawn into canvases, which are plain values: they can be compared, printed
/// and tested without a terminal. ``Screen/present(_:)`` brings one to a real terminal.
///
/// Drawing never fails: what lies outside is clipped, text is sanitised, and half of a wide glyph that gets
/// overwritten takes its other half with it.
public struct Canvas: Sendable, Equatable {
    /// Columns and rows.
    public let size: Size

    @usableFromInline
    var cells: [Cell]

    /// Makes a canvas filled with one cell.
    public init(size: Size, fill: Cell = .blank) {
        self.size = size
        cells = [Cell](repeating: fill, count: size.width * size.height)
    }

    /// The rectangle of the whole canvas.
    @inlinable public var bounds: Rect { Rect(size) }

    /// The cell at a position. Outside the canvas, reading gives a blank and writing does nothing.
    @inlinable
    public subscript(x: Int, y: Int) -> Cell {
        get {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return .blank }
            return cells[y * size.width + x]
        }
        set {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
            set(newValue, x: x, y: y)
        }
    }

    /// Replaces a cell that is known to be inside, repairing wide glyphs it cuts in two.
    @inlinable
    mutating func set(_ cell: Cell, x: Int, y: Int) {
        let index = y * size.width + x
        if cells[index].isContinuation, !cell.isContinuation, x > 0 {
            cells[index - 1].scalar = 0x20
        }
        if x + 1 < size.width, cells[index + 1].isContinuation {
            cells[index + 1].scalar = 0x20
        }
        cells[index] = cell
    }

    /// Draws one glyph; a wide one that does not fit before the right edge becomes a space.
    ///
    /// - Returns: the columns used: 0 for characters that take none, else 1 or 2.
    @inlinable
    @discardableResult
    public mutating func put(scalar: Unicode.Scalar, x: Int, y: Int, style: Style) -> Int {
        guard let shown = DisplayWidth.sanitized(scalar) else { return 0 }
        guard DisplayWidth.columns(of: shown) == 2 else {
            self[x, y] = Cell(shown, style: style)
            return 1
        }
        if x >= 0, x + 1 < size.width {
            self[x, y] = Cell(shown, style: style)
            if y >= 0, y < size.height {
                clearRightHalf(x: x + 1, y: y)
                cells[y * size.width + x + 1] = Cell(scalar: 0, style: style)
            }
        } else {
            self[x, y] = Cell(" ", style: style)
            self[x + 1, y] = Cell(" ", style: style)
        }
        return 2
    }

    /// Turns the right half of a wide glyph that starts at a column into a space.
    @usableFromInline
    mutating func clearRightHalf(x: Int, y: Int) {
        let index = y * size.width + x
        if x + 1 < size.width, cells[index + 1].isContinuation { cells[index + 1].scalar = 0x20 }
    }

    /// Writes a text from left to right.
    ///
    /// Control characters, escapes and bidirectional overrides never reach the canvas, see
    /// ``DisplayWidth/sanitized(_:)-(Unicode.Scalar)``. A glyph that would cross `maxWidth` ends the text.
    ///
    /// - Parameters:
    ///   - text: any text, trusted or not.
    ///   - maxWidth: columns at most.
    /// - Returns: the columns used, counting those clipped at the edges of the canvas.
    @discardableResult
    public mutating func put(_ text: String, x: Int, y: Int, style: Style, maxWidth: Int = .max) -> Int {
        var used = 0
        for scalar in text.unicodeScalars {
            guard let shown = DisplayWidth.sanitized(scalar) else { continue }
            let columns = DisplayWidth.columns(of: shown)
            if columns > maxWidth - used { break }
            put(scalar: shown, x: x + used, y: y, style: style)
            used += columns
        }
        return used
    }

    /// Writes a text so that it ends before column `endX`; when wider than `maxWidth`, its right part is left out.
    ///
    /// - Returns: the columns used.
    @discardableResult
    public mutating func put(
        _ text: String, endingAt endX: Int, y: Int, style: Style, maxWidth: Int = .max
    ) -> Int {
        let width = min(DisplayWidth.columns(of: text), maxWidth)
        return put(text, x: endX - width, y: y, style: style, maxWidth: width)
    }

    /// Fills a rectangle with one cell.
    public mutating func fill(_ rect: Rect, _ cell: Cell) {
        let area = rect.intersection(bounds)
        for y in area.y..<area.y + area.height {
            for x in area.x..<area.x + area.width { set(cell, x: x, y: y) }
        }
    }

    /// Changes the style of every cell of a rectangle, leaving the glyphs: dimming, selecting, inverting.
    public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
        let area = rect.intersection(bounds)
        for y in area.y..<area.y + area.height {
            for index in y * size.width + area.x..<y * size.width + area.maxX {
                cells[index].style = change(cells[index].style)
            }
        }
    }

    /// Copies another canvas onto this one, clipped at the edges.
    public mutating func blit(_ other: Canvas, at origin: Point) {
        let area = Rect(x: origin.x, y: origin.y, width: other.size.width, height: other.size.height)
            .intersection(bounds)
        for y in area.y..<area.y + area.height {
            for x in area.x..<area.x + area.width {
                var cell = other.cells[(y - origin.y) * other.size.width + x - origin.x]
                let isCut =
                    cell.isContinuation
                    ? x == area.x : x == area.maxX - 1 && other[x - origin.x + 1, y - origin.y].isContinuation
                if isCut { cell.scalar = 0x20 }
                set(cell, x: x, y: y)
            }
        }
    }
}
