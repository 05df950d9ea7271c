/// One line of text being edited.
///
/// Pasted and typed text is sanitised, so whatever lands here can be drawn and used. Editing follows readline:
/// Ctrl-A and Ctrl-E go to the ends, Ctrl-K and Ctrl-U delete to them, Ctrl-W and Alt-D delete words, Ctrl- or
/// Alt-arrows and Alt-B, Alt-F move by words.
public struct TextField: Sendable, Hashable {
    private var scalars: [Unicode.Scalar] = []

    /// Where the next character goes, in characters from the start.
    public private(set) var cursor = 0
    /// Characters at most; what goes beyond is not taken.
    public let limit: Int

    /// Makes a field with its cursor behind the text.
    public init(_ text: String = "", limit: Int = 512) {
        self.limit = max(0, limit)
        insert(text)
    }

    /// The text as it stands. Setting it puts the cursor behind it.
    public var text: String {
        get {
            var result = String.UnicodeScalarView()
            result.append(contentsOf: scalars)
            return String(result)
        }
        set {
            scalars = []
            cursor = 0
            insert(newValue)
        }
    }

    /// Whether nothing is in it.
    public var isEmpty: Bool { scalars.isEmpty }

    /// Inserts text at the cursor: what a paste does. Line ends become spaces, those at its end vanish.
    public mutating func insert(_ text: String) {
        var addition: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if let shown = DisplayWidth.sanitized(scalar) {
                addition.append(scalar.value == 0x0A || scalar.value == 0x0D ? "\n" : shown)
            }
        }
        while addition.last == "\n" { addition.removeLast() }
        let room = max(0, limit - scalars.count)
        let taken = addition.prefix(room).map { $0 == "\n" ? " " : $0 }
        scalars.insert(contentsOf: taken, at: cursor)
        cursor += taken.count
    }

    /// Applies a key.
    ///
    /// - Returns: whether it is an editing key. Enter, Escape, Tab and vertical arrows are not: they are the dialog's.
    public mutating func handle(_ chord: Chord) -> Bool {
        if let typed = chord.text {
            insert(String(typed))
            return true
        }
        let isWordwise = !chord.modifiers.isDisjoint(with: [.control, .alt])
        switch (chord.key, chord.modifiers) {
        case (.left, _): cursor = isWordwise ? wordStart : max(0, cursor - 1)
        case (.right, _): cursor = isWordwise ? wordEnd : min(scalars.count, cursor + 1)
        case (.home, _), (.character("a"), .control): cursor = 0
        case (.end, _), (.character("e"), .control): cursor = scalars.count
        case (.character("b"), .control): cursor = max(0, cursor - 1)
        case (.character("f"), .control): cursor = min(scalars.count, cursor + 1)
        case (.character("b"), .alt): cursor = wordStart
        case (.character("f"), .alt): cursor = wordEnd
        case (.backspace, _): delete(isWordwise ? wordStart..<cursor : max(0, cursor - 1)..<cursor)
        case (.delete, _): delete(cursor..<(isWordwise ? wordEnd : min(scalars.count, cursor + 1)))
        case (.character("d"), .control): delete(cursor..<min(scalars.count, cursor + 1))
        case (.character("w"), .control): delete(blankDelimitedStart..<cursor)
        case (.character("d"), .alt): delete(cursor..<wordEnd)
        case (.character("k"), .control): delete(cursor..<scalars.count)
        case (.character("u"), .control): delete(0..<cursor)
        default: return false
        }
        return true
    }

    private mutating func delete(_ range: Range<Int>) {
        scalars.removeSubrange(range)
        cursor = range.lowerBound
    }

    private func isWord(_ index: Int) -> Bool {
        scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, !isWord(index - 1) { index -= 1 }
        while index > 0, isWord(index - 1) { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < scalars.count, !isWord(index) { index += 1 }
        while index < scalars.count, isWord(index) { index += 1 }
        return index
    }

    private var blankDelimitedStart: Int {
        var index = cursor
        while index > 0, scalars[index - 1] == " " { index -= 1 }
        while index > 0, scalars[index - 1] != " " { index -= 1 }
        return index
    }

    /// Draws the part of the text around the cursor.
    ///
    /// - Parameters:
    ///   - x: leftmost column.
    ///   - y: row.
    ///   - width: columns to use, all of which are painted.
    ///   - placeholder: shown dimmed while the field is empty.
    ///   - isFocused: whether to show the cursor.
    ///   - hasError: whether the text is not acceptable as it stands.
    public func draw(
        into canvas: inout Canvas, x: Int, y: Int, width: Int, theme: Theme, placeholder: String = "",
        isFocused: Bool = true, hasError: Bool = false
    ) {
        guard width > 0 else { return }
        let style = theme[hasError ? .fieldError : .field]
        canvas.fill(Rect(x: x, y: y, width: width, height: 1), Cell(" ", style: style))
        if scalars.isEmpty {
            canvas.put(placeholder, x: x, y: y, style: style.adding(.dim), maxWidth: width)
        }
        var first = cursor
        var room = width - (cursor < scalars.count ? DisplayWidth.columns(of: scalars[cursor]) : 1)
        while first > 0, DisplayWidth.columns(of: scalars[first - 1]) <= room {
            first -= 1
            room -= DisplayWidth.columns(of: scalars[first])
        }
        var column = x
        for index in first..<scalars.count {
            let columns = DisplayWidth.columns(of: scalars[index])
            if column + columns > x + width { break }
            let isUnderCursor = isFocused && index == cursor
            canvas.put(scalar: scalars[index], x: column, y: y, style: isUnderCursor ? theme[.cursor] : style)
            column += columns
        }
        if isFocused, cursor == scalars.count, column < x + width {
            let shown = canvas[column, y]
            canvas[column, y] = Cell(scalar: shown.scalar, style: theme[.cursor])
        }
    }
}
