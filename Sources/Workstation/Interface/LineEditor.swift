import Terminal

/// One line of text being edited: the usual keys, and nothing that a terminal must not see.
struct LineEditor: Sendable, Hashable {
    /// The characters.
    private(set) var scalars: [Unicode.Scalar]
    /// How many of them stand before the cursor.
    private(set) var cursor: Int

    /// The most characters that are taken.
    static let limit = 200

    /// A line with the cursor at its end.
    init(_ text: String = "") {
        scalars = Array(DisplayWidth.sanitized(text).unicodeScalars.prefix(LineEditor.limit))
        cursor = scalars.count
    }

    /// The text.
    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Columns before the cursor.
    var cursorColumn: Int { scalars.prefix(cursor).reduce(0) { $0 + DisplayWidth.columns(of: $1) } }

    /// Edits by one key.
    ///
    /// - Returns: whether the key meant anything.
    mutating func handle(_ chord: Chord) -> Bool {
        if let scalar = chord.text {
            insert(String(scalar))
            return true
        }
        switch chord.key {
        case .backspace where chord.modifiers.isEmpty: deleteBackward()
        case .delete where chord.modifiers.isEmpty: if cursor < scalars.count { scalars.remove(at: cursor) }
        case .left where chord.modifiers.isEmpty: cursor = max(0, cursor - 1)
        case .right where chord.modifiers.isEmpty: cursor = min(scalars.count, cursor + 1)
        case .home: cursor = 0
        case .end: cursor = scalars.count
        case .character("a") where chord.modifiers == .control: cursor = 0
        case .character("e") where chord.modifiers == .control: cursor = scalars.count
        case .character("h") where chord.modifiers == .control: deleteBackward()
        case .character("u") where chord.modifiers == .control:
            scalars.removeFirst(cursor)
            cursor = 0
        case .character("k") where chord.modifiers == .control: scalars.removeLast(scalars.count - cursor)
        case .character("w") where chord.modifiers == .control: deleteWord()
        default: return false
        }
        return true
    }

    /// Inserts text at the cursor, line ends as spaces.
    mutating func insert(_ text: String) {
        for scalar in DisplayWidth.sanitized(text).unicodeScalars where scalars.count < LineEditor.limit {
            scalars.insert(scalar, at: cursor)
            cursor += 1
        }
    }

    private mutating func deleteBackward() {
        guard cursor > 0 else { return }
        cursor -= 1
        scalars.remove(at: cursor)
    }

    private mutating func deleteWord() {
        while cursor > 0, scalars[cursor - 1] == " " { deleteBackward() }
        while cursor > 0, scalars[cursor - 1] != " " { deleteBackward() }
    }
}

extension Canvas {
    /// Draws a line editor into a field: the part around the cursor when it is too long.
    mutating func put(_ editor: LineEditor, x: Int, y: Int, width: Int, style: Style, cursor: Style?) {
        guard width > 0 else { return }
        fill(Rect(x: x, y: y, width: width, height: 1), Cell(" ", style: style))
        let column = editor.cursorColumn
        let shift = max(0, column - width + 1)
        var position = -shift
        for scalar in editor.scalars {
            let columns = DisplayWidth.columns(of: scalar)
            if position >= 0, position + columns <= width { put(scalar: scalar, x: x + position, y: y, style: style) }
            position += columns
        }
        if let cursor {
            var cell = self[x + column - shift, y]
            cell.style = cursor
            self[x + column - shift, y] = cell
        }
    }
}
