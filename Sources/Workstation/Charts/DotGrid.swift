import Terminal

/// Lines drawn with dots finer than cells: 2×4 dots a cell in braille, 2×2 in blocks, 1×2 in ASCII.
struct DotGrid: Sendable {
    /// The glyphs dots are made of.
    let glyphs: GlyphSet
    /// Cells from left to right.
    let columns: Int
    /// Cells from top to bottom.
    let rows: Int
    /// Dots a cell is wide.
    let dotsAcross: Int
    /// Dots a cell is high.
    let dotsDown: Int

    /// The dots of a cell, bit `across + down × dotsAcross`.
    private var masks: [UInt8]
    /// The line a cell's dots belong to: the one drawn last.
    private var owners: [UInt8]

    /// An empty grid of cells.
    init(columns: Int, rows: Int, glyphs: GlyphSet) {
        self.glyphs = glyphs
        self.columns = max(0, columns)
        self.rows = max(0, rows)
        dotsAcross = glyphs == .ascii ? 1 : 2
        dotsDown = glyphs == .utf8 ? 4 : 2
        masks = [UInt8](repeating: 0, count: self.columns * self.rows)
        owners = masks
    }

    /// Sets a dot; outside of the grid nothing happens.
    mutating func set(x: Int, y: Int, line: UInt8) {
        guard x >= 0, y >= 0, x < columns * dotsAcross, y < rows * dotsDown else { return }
        let cell = y / dotsDown * columns + x / dotsAcross
        masks[cell] |= 1 << UInt8(x % dotsAcross + y % dotsDown * dotsAcross)
        owners[cell] = line
    }

    /// Draws a line between two points in cells, fractional, without holes.
    mutating func line(fromX x0: Double, y y0: Double, toX x1: Double, y y1: Double, line: UInt8) {
        guard x0.isFinite, y0.isFinite, x1.isFinite, y1.isFinite else { return }
        let limit = Double((columns + rows + 4) * 8)
        func dot(_ value: Double, _ dots: Int) -> Int { Int(min(max(value * Double(dots), -limit), limit).rounded(.down)) }
        var x = dot(x0, dotsAcross)
        var y = dot(y0, dotsDown)
        let endX = dot(x1, dotsAcross)
        let endY = dot(y1, dotsDown)
        let stepX = x < endX ? 1 : -1
        let stepY = y < endY ? 1 : -1
        let width = abs(endX - x)
        let height = -abs(endY - y)
        var error = width + height
        while true {
            set(x: x, y: y, line: line)
            if x == endX && y == endY { break }
            let doubled = error * 2
            if doubled >= height {
                error += height
                x += stepX
            }
            if doubled <= width {
                error += width
                y += stepY
            }
        }
    }

    /// Draws a series, one point after the other; a value that isn't finite breaks the line.
    ///
    /// - Parameters:
    ///   - count: how many points.
    ///   - point: the position of a point in cells, `nil` to break the line.
    mutating func polyline(count: Int, line number: UInt8, point: (Int) -> (x: Double, y: Double)?) {
        var last: (x: Double, y: Double)?
        for index in 0..<max(0, count) {
            guard let next = point(index), next.x.isFinite, next.y.isFinite else {
                last = nil
                continue
            }
            let from = last ?? next
            line(fromX: from.x, y: from.y, toX: next.x, y: next.y, line: number)
            last = next
        }
    }

    /// Puts the dots on a canvas, one style a line.
    ///
    /// - Parameter onlyBlank: whether cells that already show something are left alone.
    func draw(at origin: Point, styles: [Style], onlyBlank: Bool, into canvas: inout Canvas) {
        guard !styles.isEmpty else { return }
        for row in 0..<rows {
            for column in 0..<columns {
                let mask = masks[row * columns + column]
                guard mask != 0 else { continue }
                let x = origin.x + column
                let y = origin.y + row
                let below = canvas[x, y]
                if onlyBlank && below.scalar != 0x20 { continue }
                let style = styles[Int(owners[row * columns + column]) % styles.count]
                canvas[x, y] = Cell(glyph(mask), style: style.on(below.style.background))
            }
        }
    }

    private func glyph(_ mask: UInt8) -> Unicode.Scalar {
        switch glyphs {
        case .utf8: Self.braille[Int(mask)]
        case .block: Self.quadrants[Int(mask & 15)]
        case .ascii: mask == 1 ? "'" : mask == 2 ? "." : ":"
        }
    }

    /// Braille cells by dots counted row by row, which Unicode counts column by column.
    private static let braille: [Unicode.Scalar] = (0..<256).map { mask in
        let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
        var value: UInt32 = 0x2800
        for bit in 0..<8 where mask >> bit & 1 == 1 { value |= bits[bit] }
        return Unicode.Scalar(value) ?? " "
    }

    private static let quadrants: [Unicode.Scalar] = [
        " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
    ]
}
