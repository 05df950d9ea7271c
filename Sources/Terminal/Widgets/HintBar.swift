/// A key and what it does.
public struct Hint: Sendable, Hashable {
    /// The key as the user presses it, say `Ctrl-X`.
    public var key: String
    /// What it does, in a word or two.
    public var label: String

    /// Makes a hint.
    public init(_ key: String, _ label: String) {
        self.key = key
        self.label = label
    }
}

/// A row of key hints that keeps whole hints and drops the rest.
public struct HintBar: Sendable {
    /// Most useful first: the last ones are dropped first.
    public var hints: [Hint]
    /// At the right end and always there, room permitting: the emergency key.
    public var pinned: Hint?

    /// Makes a bar.
    public init(_ hints: [Hint], pinned: Hint? = nil) {
        self.hints = hints
        self.pinned = pinned
    }

    /// How many of the hints fit into a width.
    public func fitting(_ width: Int) -> Int {
        var room = width - 1
        if let pinned { room -= columns(pinned) + 2 }
        for (count, hint) in hints.enumerated() {
            room -= columns(hint) + (count == 0 ? 0 : 2)
            if room < 0 { return count }
        }
        return hints.count
    }

    /// Draws the bar into a row.
    public func draw(into canvas: inout Canvas, x: Int, y: Int, width: Int, theme: Theme) {
        canvas.fill(Rect(x: x, y: y, width: width, height: 1), Cell(" ", style: theme[.hint]))
        var column = x + 1
        for hint in hints.prefix(fitting(width)) {
            column += draw(hint, into: &canvas, x: column, y: y, theme: theme) + 2
        }
        if let pinned, columns(pinned) <= width {
            _ = draw(pinned, into: &canvas, x: x + width - columns(pinned), y: y, theme: theme)
        }
    }

    private func columns(_ hint: Hint) -> Int {
        DisplayWidth.columns(of: hint.key) + 1 + DisplayWidth.columns(of: hint.label)
    }

    private func draw(_ hint: Hint, into canvas: inout Canvas, x: Int, y: Int, theme: Theme) -> Int {
        let used = canvas.put(hint.key, x: x, y: y, style: theme[.hintKey])
        return used + canvas.put(" " + hint.label, x: x + used, y: y, style: theme[.hint])
    }
}
