import Testing

@testable import Terminal

@Suite("Input decoder")
struct InputDecoderTests {
    private func decode(_ text: String, givingUp: Bool = false) -> [InputEvent] {
        decode(Array(text.utf8), givingUp: givingUp)
    }

    private func decode(_ bytes: [UInt8], givingUp: Bool = false) -> [InputEvent] {
        var decoder = InputDecoder()
        let events = decoder.decode(bytes)
        return givingUp ? events + decoder.giveUp() : events
    }

    @Test(
        "sequences of xterm, VT, rxvt, kitty and the Linux console name keys",
        arguments: [
            ("a", "a"), ("G", "G"), (" ", "space"), ("\u{18}", "ctrl-x"), ("\0", "ctrl-space"), ("\u{1F}", "ctrl-_"),
            ("\r", "enter"), ("\n", "ctrl-j"), ("\t", "tab"), ("\u{7F}", "backspace"), ("\u{8}", "backspace"),
            ("é", "é"), ("世", "世"), ("😀", "😀"), ("\u{1B}x", "alt-x"), ("\u{1B}é", "alt-é"), ("\u{1B}\r", "alt-enter"),
            ("\u{1B}\u{7F}", "alt-backspace"), ("\u{1B}[A", "up"), ("\u{1B}OB", "down"), ("\u{1B}[1;5C", "ctrl-right"),
            ("\u{1B}[1;2D", "shift-left"), ("\u{1B}[1;3A", "alt-up"), ("\u{1B}[1;6B", "ctrl-shift-down"),
            ("\u{1B}[Z", "backtab"), ("\u{1B}[H", "home"), ("\u{1B}[4~", "end"), ("\u{1B}[8~", "end"),
            ("\u{1B}[5~", "pageup"), ("\u{1B}[6;5~", "ctrl-pagedown"), ("\u{1B}[3~", "delete"), ("\u{1B}[2~", "insert"),
            ("\u{1B}OP", "f1"), ("\u{1B}[15~", "f5"), ("\u{1B}[24~", "f12"), ("\u{1B}[[C", "f3"),
            ("\u{1B}[1;2R", "shift-f3"),
            ("\u{1B}[a", "shift-up"), ("\u{1B}Od", "ctrl-left"), ("\u{1B}[3^", "ctrl-delete"),
            ("\u{1B}\u{1B}[A", "alt-up"),
            ("\u{1B}[120;5u", "ctrl-x"), ("\u{1B}[27;5;120~", "ctrl-x"), ("\u{1B}[27u", "esc"), ("\u{1B}OM", "enter"),
            ("\u{1B}[1;5:1A", "ctrl-up"),
        ])
    func decodesKeys(text: String, chord: String) throws {
        #expect(decode(text) == [.key(try Chord(parsing: chord))])
    }

    @Test("every key arrives whole when its bytes come one at a time")
    func acceptsSplitInput() {
        var decoder = InputDecoder()
        var events: [InputEvent] = []
        for byte in Array("世\u{1B}[1;5C\u{1B}[200~hé\u{1B}[201~\u{1B}[<0;5;7M".utf8) {
            events += decoder.decode([byte])
        }
        #expect(
            events == [
                .key(.character("世")), .key(Chord(.right, .control)), .paste("hé"),
                .mouse(MouseEvent(action: .press, position: Point(x: 4, y: 6))),
            ])
        #expect(decoder.pending == nil)
    }

    @Test(
        "what is not known is swallowed whole",
        arguments: [
            "\u{1B}[?2026;2$y", "\u{1B}[?62;22c", "\u{1B}[12;40R", "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\",
            "\u{1B}]52;c;Zm9v\u{7}", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}_Gi=1;OK\u{1B}\\", "\u{1B}[99~", "\u{1B}[?1;2x",
            "\u{1B}[M ab", "\u{1B}[1;5:3A", "\u{1B}[=5u", "\u{85}", "\u{1B}[>41;354;0c",
        ])
    func ignoresUnknown(text: String) {
        #expect(decode(text + "k") == [.key(.character("k"))])
    }

    @Test("a lone Escape needs patience, a sequence does not")
    func waitsForEscape() {
        var decoder = InputDecoder()
        #expect(decoder.decode([0x1B]) == [])
        #expect(decoder.pending == .sequence)
        #expect(decoder.giveUp() == [.key(Chord(.escape))])
        #expect(decoder.pending == nil)
        #expect(decode("\u{1B}\u{1B}", givingUp: true) == [.key(Chord(.escape)), .key(Chord(.escape))])
        #expect(decode("\u{1B}[", givingUp: true) == [.key(Chord(.character("["), .alt))])
        #expect(decode("\u{1B}O", givingUp: true) == [.key(Chord(.character("O"), .alt))])
        #expect(decode("\u{1B}]", givingUp: true) == [.key(Chord(.character("]"), .alt))])
        #expect(decode("\u{1B}[3$", givingUp: true) == [.key(Chord(.delete, .shift))])
        #expect(decode("\u{1B}[1;", givingUp: true) == [])
    }

    @Test(
        "the emergency key gets through whatever was half sent before it",
        arguments: [
            "", "\u{1B}", "\u{1B}[", "\u{1B}[1;5", "\u{1B}O", "\u{1B}]0;title", "\u{1B}P", "\u{1B}\u{1B}",
        ])
    func letsControlThrough(prefix: String) {
        #expect(decode(prefix + "\u{18}").last == .key(.control("x")))
        let split = Array("世".utf8).prefix(2) + [0x18]
        #expect(decode(Array(split)).last == .key(.control("x")))
    }

    @Test("a paste is one event, escapes and all, even without an end")
    func decodesPastes() {
        #expect(
            decode("\u{1B}[200~a\u{1B}[Ab\rc\u{1B}[201~d")
                == [.paste("a\u{1B}[Ab\rc"), .key(.character("d"))])
        #expect(decode("\u{1B}[200~abc", givingUp: true) == [.paste("abc")])
        #expect(decode("\u{1B}[200~\u{1B}[201~") == [.paste("")])
    }

    @Test("focus and mouse reports")
    func decodesReports() {
        #expect(decode("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
        #expect(
            decode("\u{1B}[<2;240;10M\u{1B}[<2;240;10m\u{1B}[<64;1;1M\u{1B}[<65;1;1M\u{1B}[<48;3;3M") == [
                .mouse(MouseEvent(action: .press, button: 2, position: Point(x: 239, y: 9))),
                .mouse(MouseEvent(action: .release, button: 2, position: Point(x: 239, y: 9))),
                .mouse(MouseEvent(action: .scrollUp, position: Point(x: 0, y: 0))),
                .mouse(MouseEvent(action: .scrollDown, position: Point(x: 0, y: 0))),
                .mouse(MouseEvent(action: .drag, position: Point(x: 2, y: 2), modifiers: .control)),
            ])
    }

    @Test("any bytes leave it able to read the next key after giving up", arguments: 1...60 as ClosedRange<UInt64>)
    func survivesGarbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var decoder = InputDecoder()
        for _ in 0..<400 {
            let isEscape = Int.random(in: 0..<6, using: &generator) == 0
            _ = decoder.decode([isEscape ? 0x1B : UInt8.random(in: 0...255, using: &generator)])
        }
        _ = decoder.giveUp()
        #expect(decoder.decode(Array("k".utf8)) == [.key(.character("k"))])
    }
}
