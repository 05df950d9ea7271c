extension Canvas {
    /// Draws a horizontal line of one glyph.
    public mutating func hline(x: Int, y: Int, width: Int, scalar: Unicode.Scalar = "─", style: Style) {
        guard width > 0 else { return }
        let area = Rect(x: x, y: y, width: width, height: 1).intersection(bounds)
        for column in area.x..<area.x + area.width { put(scalar: scalar, x: column, y: y, style: style) }
    }

    /// Draws a vertical line of one glyph.
    public mutating func vline(x: Int, y: Int, height: Int, scalar: Unicode.Scalar = "│", style: Style) {
        guard height > 0 else { return }
        let area = Rect(x: x, y: y, width: 1, height: height).intersection(bounds)
        for row in area.y..<area.y + area.height { put(scalar: scalar, x: x, y: row, style: style) }
    }

    /// Draws a frame along the inside of a rectangle, its title standing in the top line.
    ///
    /// With ``BorderSet/none`` only the top rule with the titles is drawn, so the inside gains two columns and a row;
    /// ``Rect/inside(_:)`` tells what is left.
    ///
    /// - Parameters:
    ///   - rect: the outer edge.
    ///   - borders: which characters.
    ///   - title: shown at the left of the top line, cut with an ellipsis when there is no room.
    ///   - titleStyle: how the title looks; `style` when nil.
    ///   - trailing: shown at the right of the top line, dropped whole when there is no room.
    ///   - style: how the frame looks.
    public mutating func box(
        _ rect: Rect, borders: BorderSet, title: String = "", titleStyle: Style? = nil, trailing: String = "",
        style: Style
    ) {
        guard rect.width > 0, rect.height > 0 else { return }
        let pieces = borders.pieces
        hline(x: rect.x, y: rect.y, width: rect.width, scalar: pieces.horizontal, style: style)
        if borders != .none {
            hline(x: rect.x, y: rect.maxY - 1, width: rect.width, scalar: pieces.horizontal, style: style)
            vline(x: rect.x, y: rect.y, height: rect.height, scalar: pieces.vertical, style: style)
            vline(x: rect.maxX - 1, y: rect.y, height: rect.height, scalar: pieces.vertical, style: style)
            put(scalar: pieces.topLeft, x: rect.x, y: rect.y, style: style)
            put(scalar: pieces.topRight, x: rect.maxX - 1, y: rect.y, style: style)
            put(scalar: pieces.bottomLeft, x: rect.x, y: rect.maxY - 1, style: style)
            put(scalar: pieces.bottomRight, x: rect.maxX - 1, y: rect.maxY - 1, style: style)
        }
        boxTitles(rect, borders: borders, title: title, titleStyle: titleStyle ?? style, trailing: trailing, style)
    }

    private mutating func boxTitles(
        _ rect: Rect, borders: BorderSet, title: String, titleStyle: Style, trailing: String, _ style: Style
    ) {
        var room = rect.width - 4
        guard room > 0 else { return }
        var x = rect.x + 2
        if !title.isEmpty {
            let ellipsis: Unicode.Scalar = borders == .ascii ? "~" : "…"
            let shown = DisplayWidth.truncated(title, to: room - 2, ellipsis: ellipsis)
            guard !shown.isEmpty else { return }
            x += put(" \(shown) ", x: x, y: rect.y, style: titleStyle, maxWidth: room)
            room = rect.maxX - 2 - x
        }
        if !trailing.isEmpty, DisplayWidth.columns(of: trailing) + 3 <= room {
            put(" \(trailing) ", endingAt: rect.maxX - 2, y: rect.y, style: style)
        }
    }
}

extension Rect {
    /// What a frame drawn by ``Canvas/box(_:borders:title:titleStyle:trailing:style:)`` leaves for its content.
    public func inside(_ borders: BorderSet) -> Rect {
        borders == .none ? inset(top: 1) : inset(by: 1)
    }
}
