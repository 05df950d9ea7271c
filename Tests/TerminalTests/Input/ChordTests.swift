import Testing

@testable import Terminal

@Suite("Chords")
struct ChordTests {
    @Test(
        "a chord is read from its text",
        arguments: [
            ("ctrl-x", Chord.control("x")),
            ("Ctrl-X", Chord.control("x")),
            ("shift-up", Chord(.up, .shift)),
            (",", Chord.character(",")),
            ("-", Chord.character("-")),
            ("+", Chord.character("+")),
            ("G", Chord.character("G")),
            ("shift-g", Chord.character("G")),
            ("space", Chord.character(" ")),
            ("ctrl-space", Chord.control(" ")),
            ("shift-tab", Chord(.backtab)),
            ("alt-enter", Chord(.enter, .alt)),
            ("ctrl-shift-left", Chord(.left, [.control, .shift])),
            ("f12", Chord(.function(12))),
            ("pgdn", Chord(.pageDown)),
            ("ctrl--", Chord.control("-")),
            ("ctrl-m", Chord(.enter)),
            ("é", Chord.character("é")),
        ])
    func readsText(text: String, expected: Chord) throws {
        #expect(try Chord(parsing: text) == expected)
    }

    @Test(
        "every chord reads back what it prints",
        arguments: [
            Chord.control("x"), Chord(.up, [.shift, .alt]), .character(" "), .character("-"), .control("-"),
            Chord(.function(24)), Chord(.backtab), Chord(.pageUp, .control), .character("G"), Chord(.escape),
        ])
    func printsWhatItReads(chord: Chord) throws {
        #expect(try Chord(parsing: chord.description) == chord)
    }

    @Test(
        "a wrong chord says which part is wrong",
        arguments: [
            ("", "empty"), ("hyper-x", "hyper"), ("ctrl-", "nothing follows"), ("f25", "f24"), ("wombat", "wombat"),
            ("ctrl-ctrl-x", "twice"), ("\u{1B}", "control characters"),
        ])
    func explainsErrors(text: String, fragment: String) {
        let error = #expect(throws: ChordError.self) { try Chord(parsing: text) }
        #expect(error?.description.contains(fragment) == true)
    }
}
