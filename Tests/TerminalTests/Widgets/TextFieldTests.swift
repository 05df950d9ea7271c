import Testing

@testable import Terminal

@Suite("Text field")
struct TextFieldTests {
    /// The text after some keys, the cursor marked by a bar.
    private func edited(_ text: String, _ keys: String...) throws -> String {
        var field = TextField(text)
        for key in keys {
            let isEditing = field.handle(try Chord(parsing: key))
            #expect(isEditing, "\(key)")
        }
        var shown = Array(field.text.unicodeScalars)
        shown.insert("|", at: field.cursor)
        return String(String.UnicodeScalarView(shown))
    }

    @Test("keys edit as in a shell")
    func edits() throws {
        #expect(try edited("abc", "left", "x") == "abx|c")
        #expect(try edited("abc", "home", "delete") == "|bc")
        #expect(try edited("abc", "ctrl-a", "right", "backspace") == "|bc")
        #expect(try edited("one two-three", "ctrl-w") == "one |")
        #expect(try edited("one two-three", "alt-backspace") == "one two-|")
        #expect(try edited("one two  ", "ctrl-w") == "one |")
        #expect(try edited("one two", "ctrl-left") == "one |two")
        #expect(try edited("one two", "ctrl-left", "alt-b", "alt-d") == "| two")
        #expect(try edited("one two", "home", "ctrl-right", "ctrl-k") == "one|")
        #expect(try edited("one two", "alt-b", "ctrl-u") == "|two")
        #expect(try edited("abc", "home", "left", "backspace", "ctrl-u") == "|abc")
        #expect(try edited("", "delete", "right", "ctrl-w", "ctrl-k", "end") == "|")
    }

    @Test(
        "keys of the dialog are left to the dialog",
        arguments: ["enter", "esc", "tab", "backtab", "up", "down", "ctrl-x", "f1"])
    func leavesOtherKeys(key: String) throws {
        var field = TextField("abc")
        let isEditing = field.handle(try Chord(parsing: key))
        #expect(!isEditing)
        #expect(field.text == "abc")
    }

    @Test("pastes lose line ends and controls, and stop at the limit")
    func pastes() {
        var field = TextField("ab", limit: 6)
        field.insert("1\n\u{1B}[2\r\n")
        #expect(field.text == "ab1 [2")
        field.insert("more")
        #expect(field.text == "ab1 [2")
        field.text = "new"
        #expect(field.cursor == 3)
    }

    @Test("the part around the cursor is drawn, with the cursor in its own look")
    func draws() throws {
        let theme = Theme.standard
        func drawn(_ field: TextField, width: Int) -> String {
            var canvas = Canvas(size: Size(width: width, height: 1))
            field.draw(into: &canvas, x: 0, y: 0, width: width, theme: theme)
            let cursor = (0..<width).first { canvas[$0, 0].style == theme[.cursor] }
            return "\(canvas.text())@\(cursor.map(String.init) ?? "none")"
        }
        var field = TextField("abcdefgh")
        #expect(drawn(field, width: 20) == "abcdefgh@8")
        #expect(drawn(field, width: 5) == "efgh@4")
        _ = field.handle(Chord(.home))
        #expect(drawn(field, width: 5) == "abcde@0")
        #expect(drawn(TextField("世界"), width: 4) == "界@2")
        #expect(drawn(TextField(), width: 3) == "@0")
    }
}
