import Testing

@testable import Terminal

@Suite("Canvas")
struct CanvasTests {
    private func canvas(_ width: Int, _ height: Int) -> Canvas { Canvas(size: Size(width: width, height: height)) }

    @Test("text lands where it is put and is clipped at every edge")
    func clipsText() {
        var canvas = canvas(6, 3)
        #expect(canvas.put("abcdefgh", x: -2, y: 0, style: .plain) == 8)
        canvas.put("xyz", x: 4, y: 1, style: .plain)
        canvas.put("no", x: 0, y: 3, style: .plain)
        canvas.put("no", x: 0, y: -1, style: .plain)
        canvas.put("ab", x: 3, y: 2, style: .plain, maxWidth: 1)
        #expect(canvas.text() == "cdefgh\n    xy\n   a")
    }

    @Test("text that ends at a column")
    func alignsRight() {
        var canvas = canvas(8, 1)
        #expect(canvas.put("12.5", endingAt: 8, y: 0, style: .plain) == 4)
        #expect(canvas.text() == "    12.5")
    }

    @Test(
        "escapes, controls, overrides and combining marks never reach the canvas",
        arguments: [
            ("\u{1B}[31mred\u{1B}]0;title\u{07}", "[31mred]0;title"),
            ("a\u{0}b\u{7F}c\u{9B}2Jd", "abc2Jd"),
            ("one\ttwo\r\nthree", "one two  three"),
            ("\u{202E}evil\u{202C}\u{2066}x\u{2069}\u{200F}", "evilx"),
            ("zero\u{200B}width\u{FEFF}\u{2060}", "zerowidth"),
            ("e\u{301}\u{20DD}tat", "etat"),
            ("line\u{2028}sep", "line sep"),
            ("tag\u{E0041}\u{E007F}", "tag"),
            ("soft\u{AD}hyphen", "softhyphen"),
        ])
    func sanitises(text: String, shown: String) {
        var canvas = canvas(30, 1)
        let used = canvas.put(text, x: 0, y: 0, style: .plain)
        #expect(canvas.text() == shown)
        #expect(used == DisplayWidth.columns(of: text))
        for x in 0..<30 { #expect(canvas[x, 0].scalar >= 0x20) }
    }

    @Test("wide glyphs take two columns, and never half of one stays")
    func keepsWideGlyphsWhole() {
        var canvas = canvas(7, 1)
        #expect(canvas.put("世界", x: 0, y: 0, style: .plain) == 4)
        #expect(canvas[0, 0].scalar == 0x4E16)
        #expect(canvas[1, 0].isContinuation)
        canvas.put("x", x: 1, y: 0, style: .plain)
        #expect(canvas.text() == " x界")
        canvas.put("y", x: 2, y: 0, style: .plain)
        #expect(canvas.text() == " xy")
        canvas.put("世", x: 2, y: 0, style: .plain)
        canvas.put("界", x: 1, y: 0, style: .plain)
        #expect(canvas.text() == " 界")
        #expect(canvas[3, 0] == .blank)
        canvas.put("世", x: 6, y: 0, style: .plain)
        canvas.put("世", x: -1, y: 0, style: .plain)
        #expect(canvas.text() == " 界")
    }

    @Test("a random sequence of drawing never leaves half a wide glyph", arguments: 1...30 as ClosedRange<UInt64>)
    func neverTearsWideGlyphs(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var canvas = canvas(20, 5)
        for _ in 0..<200 {
            let x = Int.random(in: -3..<23, using: &generator)
            let y = Int.random(in: -1..<6, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: canvas.put("世界a世", x: x, y: y, style: .plain, maxWidth: Int.random(in: 0...8, using: &generator))
            case 1: canvas.put("abc", x: x, y: y, style: .plain)
            case 2: canvas.fill(Rect(x: x, y: y, width: 4, height: 2), .blank)
            case 3:
                let size = Size(width: 1 + x.magnitude.description.count * 3, height: 2)
                canvas.blit(.random(size: size, using: &generator), at: Point(x: x, y: y))
            default: canvas[x, y] = Cell("z")
            }
            for row in 0..<5 {
                for column in 0..<20 {
                    let isLead =
                        Unicode.Scalar(canvas[column, row].scalar)
                        .map { $0.value > 0 && DisplayWidth.columns(of: $0) == 2 } ?? false
                    let followsLead =
                        column > 0
                        && (Unicode.Scalar(canvas[column - 1, row].scalar).map { DisplayWidth.columns(of: $0) == 2 }
                            ?? false)
                    #expect(canvas[column, row].isContinuation == followsLead)
                    if isLead { #expect(column + 1 < 20 && canvas[column + 1, row].isContinuation) }
                }
            }
        }
    }

    @Test(
        "boxes have corners, titles and what each border set leaves inside",
        arguments: [
            (BorderSet.rounded, "╭─ Book ──── x0.5 ─╮\n│                  │\n╰──────────────────╯"),
            (.square, "┌─ Book ──── x0.5 ─┐\n│                  │\n└──────────────────┘"),
            (.ascii, "+- Book ---- x0.5 -+\n|                  |\n+------------------+"),
            (.none, "── Book ──── x0.5 ──\n\n"),
        ])
    func drawsBoxes(borders: BorderSet, expected: String) {
        var canvas = canvas(20, 3)
        canvas.box(canvas.bounds, borders: borders, title: "Book", trailing: "x0.5", style: .plain)
        #expect(canvas.text() == expected)
        let inside = canvas.bounds.inside(borders)
        #expect(
            inside
                == (borders == .none ? Rect(x: 0, y: 1, width: 20, height: 2) : Rect(x: 1, y: 1, width: 18, height: 1)))
    }

    @Test("a box too narrow for its titles cuts the one and drops the other")
    func narrowsBoxTitles() {
        var canvas = canvas(12, 2)
        canvas.box(canvas.bounds, borders: .rounded, title: "Strategies", trailing: "5 of 6", style: .plain)
        #expect(canvas.text() == "╭─ Strat… ─╮\n╰──────────╯")
        for width in 0...6 {
            var tiny = Canvas(size: Size(width: width, height: 2))
            tiny.box(tiny.bounds, borders: .rounded, title: "Strategies", trailing: "5 of 6", style: .plain)
            #expect(tiny.text().split(separator: "\n").allSatisfy { $0.count <= width })
        }
    }

    @Test("restyling changes looks, not glyphs")
    func restyles() {
        var canvas = canvas(4, 1)
        canvas.put("abcd", x: 0, y: 0, style: .plain)
        canvas.restyle(Rect(x: 1, y: 0, width: 2, height: 9)) { $0.adding(.dim) }
        #expect(canvas.text() == "abcd")
        #expect((0..<4).map { canvas[$0, 0].style.attributes.contains(.dim) } == [false, true, true, false])
    }

    @Test("the style layer names looks by letters with a legend")
    func printsStyles() {
        var canvas = canvas(5, 2)
        canvas.put("up", x: 0, y: 0, style: Style(foreground: .ansi(2)))
        canvas.put("dn", x: 3, y: 1, style: Style(foreground: .rgb(255, 0, 10), attributes: .bold))
        #expect(
            canvas.styleText() == """
                aa
                   cc
                a = green on default
                b = default on default
                c = #ff000a on default, bold
                """)
    }

    @Test("HTML escapes what HTML means something by")
    func exportsHtml() {
        var canvas = canvas(5, 1)
        canvas.put("<&>", x: 0, y: 0, style: Style(foreground: .rgb(1, 2, 3), attributes: [.reverse, .bold]))
        let html = canvas.html()
        #expect(html.contains("&lt;&amp;&gt;"))
        #expect(html.contains("background:#010203;font-weight:bold"))
        #expect(canvas.ansi().contains("\u{1B}[0;1;7;38;2;1;2;3m<&>"))
    }
}

@Suite("Rectangles")
struct RectTests {
    @Test("columns tile a rectangle whatever the spans and the width", arguments: 0...60)
    func tiles(width: Int) {
        let rect = Rect(x: 3, y: 2, width: width, height: 4)
        for spans: [Rect.Span] in [
            [.weight(1), .weight(2), .weight(3)], [.fixed(10), .weight(1)], [.fixed(30), .fixed(30), .weight(1)],
            [.weight(0), .weight(1), .fixed(5)],
        ] {
            let parts = rect.columns(spans)
            #expect(parts.count == spans.count)
            #expect(parts.first?.x == 3)
            #expect(parts.last?.maxX == rect.maxX)
            for (left, right) in zip(parts, parts.dropFirst()) { #expect(left.maxX == right.x) }
            #expect(parts.allSatisfy { $0.height == 4 && $0.y == 2 })
        }
    }

    @Test("fixed spans are served first, gaps lie between")
    func servesFixedFirst() {
        let rows = Rect(x: 0, y: 0, width: 5, height: 24).rows([.fixed(1), .weight(2), .weight(1), .fixed(2)])
        #expect(rows.map(\.height) == [1, 14, 7, 2])
        let columns = Rect(x: 0, y: 0, width: 11, height: 1).columns([.weight(1), .weight(1)], gap: 1)
        #expect(columns.map(\.x) == [0, 6])
        #expect(columns.map(\.width) == [5, 5])
    }

    @Test("insets and intersections are never negative")
    func staysNonNegative() {
        let rect = Rect(x: 0, y: 0, width: 3, height: 3)
        #expect(rect.inset(by: 2).isEmpty)
        #expect(rect.intersection(Rect(x: 9, y: 9, width: 1, height: 1)).isEmpty)
        #expect(rect.centered(Size(width: 1, height: 9)) == Rect(x: 1, y: 0, width: 1, height: 3))
    }
}

@Suite("Display width")
struct DisplayWidthTests {
    @Test(
        "characters take the columns terminals give them",
        arguments: [
            ("a", 1), ("é", 1), ("世", 2), ("가", 2), ("Ａ", 2), ("⣿", 1), ("─", 1), ("▀", 1), ("₿", 1), ("€", 1),
            ("😀", 2),
            ("⚡", 2), ("\u{301}", 0), ("\u{200D}", 0), ("\u{1B}", 0), ("\u{AD}", 0), ("\u{1160}", 0), ("›", 1),
        ])
    func measures(text: String, columns: Int) throws {
        #expect(DisplayWidth.columns(of: try #require(text.unicodeScalars.first)) == columns)
    }

    @Test(
        "cutting closes with an ellipsis and never exceeds the width",
        arguments: [
            ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""), ("世界世", 5, "世界…"),
            ("世界世", 4, "世…"), ("ab世", 3, "ab…"),
        ])
    func truncates(text: String, width: Int, expected: String) {
        let cut = DisplayWidth.truncated(text, to: width)
        #expect(cut == expected)
        #expect(DisplayWidth.columns(of: cut) <= width)
    }
}

@Suite("Colours")
struct ColorTests {
    @Test("entries of the palette are nearest to themselves", arguments: 16...255)
    func findsItself(index: Int) throws {
        let color = Color.palette(UInt8(index))
        let channels = try #require(color.channels)
        let found = Color.rgb(channels.red, channels.green, channels.blue).quantized(to: .palette256)
        let same = try #require(found.channels)
        #expect(same == channels)
    }

    @Test("near-greys stay grey")
    func keepsGreys() throws {
        for value in stride(from: 12, through: 240, by: 7) {
            let near = Color.rgb(UInt8(value), UInt8(value + 3), UInt8(value + 1)).quantized(to: .palette256)
            let channels = try #require(near.channels)
            #expect(channels.red == channels.green && channels.green == channels.blue, "\(value)")
        }
    }

    @Test(
        "muted colours keep their hue with 16 colours",
        arguments: [
            (Color.rgb(0x2B, 0xB6, 0x73), [UInt8(2), 10]), (.rgb(0xF5, 0x56, 0x6A), [1, 9]),
            (.rgb(0x5A, 0xC8, 0xFA), [6, 14]), (.rgb(20, 20, 24), [0]), (.rgb(250, 250, 250), [15]),
        ])
    func keepsHue(color: Color, allowed: [UInt8]) {
        guard case .ansi(let index) = color.quantized(to: .ansi16).kind else {
            Issue.record("no ANSI colour")
            return
        }
        #expect(allowed.contains(index))
    }

    @Test("a colour comes back from its parts")
    func packs() {
        #expect(Color.rgb(1, 2, 3).kind == .rgb(1, 2, 3))
        #expect(Color.palette(200).kind == .palette(200))
        #expect(Color.ansi(17).kind == .ansi(1))
        #expect(Color.terminalDefault.kind == .terminalDefault)
        #expect(Color.rgb(1, 2, 3).description == "#010203")
        #expect(Color.rgb(9, 9, 9).quantized(to: .none) == .terminalDefault)
    }
}
