import Testing

@testable import Terminal

@Suite("The clipboard sequence")
struct ScreenClipboardTests {
    @Test(
        "writes base 64 as RFC 4648 does",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("\u{FF}\u{1B}\u{7}", "w78bBw=="),
        ])
    func encodes(text: String, expected: String) {
        #expect(String(decoding: Screen.base64(Array(text.utf8)), as: UTF8.self) == expected)
    }
}

extension ScreenTests {
    @Suite("Clipboard")
    struct Clipboard {
        @Test("the text goes out in one sequence that no text can end early; too long a text does not")
        func copies() throws {
            let screen = try ScreenTests.headless()
            defer { screen.close() }
            _ = screen.takeOutput()
            #expect(screen.copyToClipboard("a\u{7}\u{1B}\\b"))
            #expect(String(decoding: screen.takeOutput(), as: UTF8.self) == "\u{1B}]52;c;YQcbXGI=\u{7}")
            #expect(!screen.copyToClipboard(String(repeating: "x", count: 60_000)))
            #expect(screen.takeOutput().isEmpty)
        }
    }
}
