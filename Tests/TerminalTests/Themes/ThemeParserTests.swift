import Testing

@testable import Terminal

@Suite("Theme parser")
struct ThemeParserTests {
    private func parse(_ text: String, _ others: [String: String] = [:]) -> LoadedTheme {
        ThemeParser.parse(name: "test", text: text) { others[$0] }
    }

    @Test("a value has a colour, a ground, attributes and a 16-colour alternative")
    func readsValues() {
        let theme = parse(
            """
            background = #101216 | default
            text = 250 | default
            price.up = #2bb673, bold | green
            mode.live = white on red, bold, underline
            select = reverse
            """
        ).theme
        let ground = Color.rgb(16, 18, 22)
        #expect(theme[.text] == Style(foreground: .palette(250), background: ground))
        #expect(theme[.priceUp] == Style(foreground: .rgb(43, 182, 115), background: ground, attributes: .bold))
        #expect(
            theme[.modeLive]
                == Style(foreground: .ansi(7), background: .ansi(1), attributes: [.bold, .underline]))
        #expect(theme[.select] == Style(foreground: .palette(250), background: ground, attributes: .reverse))
        let reduced = theme.adapted(to: .ansi16)
        #expect(reduced[.priceUp] == Style(foreground: .ansi(2)))
        #expect(reduced[.text] == .plain)
    }

    @Test("a missing key looks like its dotted parent, in the end like text")
    func fallsBackToParents() {
        let theme = parse("text = 15\nbook = 10\nbook.bid = 11\n").theme
        #expect(theme[.bookBidBar].foreground == .ansi(11))
        #expect(theme[.bookAskBar].foreground == .ansi(10))
        #expect(theme[.spark].foreground == .ansi(15))
    }

    @Test("a theme inherits, and its palette recolours what it inherits")
    func inherits() {
        let parent = "[palette]\nup = green\n[styles]\nprice.up = up, bold\nprice.down = red\n"
        let loaded = parse("inherits = base\n[palette]\nup = #0072b2\n[styles]\nprice.down = 208\n", ["base": parent])
        #expect(loaded.problems == [])
        #expect(loaded.theme[.priceUp].foreground == .rgb(0, 0x72, 0xB2))
        #expect(loaded.theme[.priceUp].attributes == .bold)
        #expect(loaded.theme[.priceDown].foreground == .palette(208))
    }

    @Test("glyphs, borders and directions are read")
    func readsSymbols() {
        let theme = parse("glyph = ascii\nborders = none\nupdown = red-up\nprice.up = green\nprice.down = red\n").theme
        #expect(theme.glyphs == .ascii)
        #expect(theme.borders == .none)
        #expect(theme[.priceUp].foreground == .ansi(1))
        #expect(theme[.priceDown].foreground == .ansi(2))
    }

    @Test("changing the direction exchanges rising and falling, twice changes nothing")
    func exchangesDirections() {
        var theme = Theme.standard
        theme.updown = .redUp
        #expect(theme[.candleUp] == Theme.standard[.candleDown])
        theme.updown = .greenUp
        #expect(theme == .standard)
    }

    @Test(
        "every mistake is reported with its line, and the rest still counts",
        arguments: [
            ("price.up = #12", 1, "no colour"),
            ("\n\nprice.sideways = red", 3, "unknown key"),
            ("price.up = red, blinking", 1, "no attribute"),
            ("price.up red", 1, "key = value"),
            ("price.up =", 1, "key = value"),
            ("[colours]", 1, "unknown section"),
            ("borders = thick", 1, "rounded, square, none, ascii"),
            ("price.up = red\nprice.up = green", 2, "twice"),
            ("inherits = nowhere", 1, "no theme \"nowhere\""),
            ("inherits = test", 1, "inherits from itself"),
            ("[palette]\nleaf = #zzzzzz", 2, "no colour"),
            ("price.up = red on", 1, "no style"),
            ("price.up = 256", 1, "no colour"),
        ])
    func reportsMistakes(text: String, line: Int, fragment: String) throws {
        let loaded = parse(text + "\nprice.down = magenta")
        let problem = try #require(loaded.problems.first)
        #expect(loaded.problems.count == 1)
        #expect(problem.line == line)
        #expect(problem.message.contains(fragment))
        #expect(problem.description.hasPrefix("test.theme:\(line): "))
        if !text.contains("[palette]") { #expect(loaded.theme[.priceDown].foreground == .ansi(5)) }
    }

    @Test("themes that inherit from each other are cut, not followed for ever")
    func cutsCycles() {
        let loaded = parse("inherits = a\nprice.up = red", ["a": "inherits = b", "b": "inherits = a"])
        #expect(loaded.problems.count == 1)
        #expect(loaded.theme[.priceUp].foreground == .ansi(1))
    }

    @Test("comments stand alone or behind a value, and colours are no comments")
    func readsComments() {
        let loaded = parse("# price.up = blue\nprice.up = #aabbcc # a comment\n  #aabbcc\nprice.down = red #\n")
        #expect(loaded.problems == [])
        #expect(loaded.theme[.priceUp].foreground == .rgb(0xAA, 0xBB, 0xCC))
        #expect(loaded.theme[.priceDown].foreground == .ansi(1))
    }

    @Test("garbage of any kind never stops it", arguments: 1...50 as ClosedRange<UInt64>)
    func survivesGarbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "price.up", "=", "|", ",", "#", "\n", "[", "]", "on", "red", " ", "\u{0}", "é", "inherits", "test",
        ]
        var text = ""
        for _ in 0..<200 { text += pieces[Int.random(in: 0..<pieces.count, using: &generator)] }
        let theme = parse(text).theme
        #expect(theme.name == "test")
    }

    @Test("an unknown name gives the built-in theme and says what there is")
    func unknownNames() {
        let loaded = ThemeLibrary(directories: ["/nowhere"]).load("../../etc/passwd")
        #expect(loaded.theme == .standard)
        #expect(loaded.problems.first?.message.contains("default, mono") == true)
    }

    @Test("key names are words joined by dots")
    func namesKeys() {
        #expect(ThemeKey.candleUpWick.name == "candle.up.wick")
        #expect(ThemeKey.line(6).name == "line.1")
        #expect(ThemeKey.heat4.name == "heat.4")
        #expect(ThemeKey(name: "book.bid.bar") == .bookBidBar)
        #expect(ThemeKey(name: "book") == nil)
        #expect(Set(ThemeKey.allCases.map(\.name)).count == ThemeKey.allCases.count)
    }
}
