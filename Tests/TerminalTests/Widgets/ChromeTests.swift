import Testing

@testable import Terminal

@Suite("Tabs")
struct TabRuleTests {
    private let rule = TabRule(
        [
            Tab(key: "4", title: "Positions", badge: "3"), Tab(key: "5", title: "Orders"),
            Tab(key: "6", title: "Strategies", badge: "5/6"), Tab(key: "7", title: "Alerts", badge: "!2"),
        ],
        active: 2, trailing: "5 of 6")

    private func drawn(_ width: Int) -> String {
        var canvas = Canvas(size: Size(width: width, height: 1))
        rule.draw(into: &canvas, x: 0, y: 0, width: width, theme: .standard, isFocused: true)
        return canvas.text()
    }

    @Test(
        "names go before tabs, and the active one stays",
        arguments: [
            (70, "─ 4 Positions 3  5 Orders [6 Strategies 5/6] 7 Alerts !2 ──── 5 of 6 ─"),
            (58, "─ 4 Positions 3  5 Orders [6 Strategies 5/6] 7 Alerts !2 ─"),
            (54, "─ 4 Positions 3  5 Orders [6 Strategies 5/6] 7 !2 ────"),
            (36, "─ 4 3  5 [6 Strategies 5/6] 7 !2 ───"),
            (29, "─ 4 3  5 [6 Strategies 5/6]──"),
            (21, "─[6 Strategies 5/6]──"),
            (10, "─[6 5/6]──"),
            (3, "───"),
        ])
    func packs(width: Int, expected: String) {
        #expect(drawn(width) == expected)
    }

    @Test("the places of the tabs are told for the mouse")
    func tellsPlaces() {
        var canvas = Canvas(size: Size(width: 70, height: 1))
        let places = rule.draw(into: &canvas, x: 0, y: 0, width: 70, theme: .standard, isFocused: true)
        #expect(places[0] == 1..<16)
        #expect(places[2]?.lowerBound == 26)
        #expect(places.count == 4)
    }
}

@Suite("Hint bar")
struct HintBarTests {
    private let bar = HintBar(
        [Hint("Space", "on/off"), Hint("e", "edit"), Hint("Enter", "detail")], pinned: Hint("Ctrl-X", "E-STOP"))

    @Test(
        "whole hints are kept, the pinned one longest",
        arguments: [
            (50, " Space on/off  e edit  Enter detail  Ctrl-X E-STOP"),
            (49, " Space on/off  e edit               Ctrl-X E-STOP"),
            (28, " Space on/off  Ctrl-X E-STOP"), (27, "              Ctrl-X E-STOP"),
            (13, "Ctrl-X E-STOP"), (12, ""),
        ])
    func packs(width: Int, expected: String) {
        var canvas = Canvas(size: Size(width: width, height: 1))
        bar.draw(into: &canvas, x: 0, y: 0, width: width, theme: .standard)
        #expect(canvas.text() == expected)
    }
}

@Suite("Dialog frame")
struct DialogFrameTests {
    @Test("the dialog stands in the middle of a dimmed screen and gives room for its content")
    func draws() {
        let theme = Theme.standard
        var canvas = Canvas(size: Size(width: 40, height: 10))
        for y in 0..<10 { canvas.hline(x: 0, y: y, width: 40, scalar: "x", style: theme[.priceUp]) }
        let dialog = DialogFrame(
            title: "Stop", contentSize: Size(width: 20, height: 2), buttons: ["Cancel", "Send"], isDangerous: true)
        let inside = dialog.draw(into: &canvas, theme: theme)
        #expect(inside == Rect(x: 10, y: 3, width: 20, height: 2))
        canvas.put("really?", x: inside.x, y: inside.y, style: theme[.dialog])
        #expect(
            canvas.text().split(separator: "\n")[2...7].map { $0.dropFirst(7).dropLast(7) } == [
                "x╭─ Stop ───────────────╮x", "x│ really?              │x", "x│                      │x",
                "x│                      │x", "x│ [ Cancel ]    Send   │x", "x╰──────────────────────╯x",
            ])
        #expect(canvas[0, 0].style == theme[.overlayDim])
        #expect(canvas[8, 2].style == theme[.dialogDanger])
    }

    @Test("no screen is too small", arguments: [(1, 1), (3, 2), (10, 3), (20, 5)])
    func survivesTinyScreens(width: Int, height: Int) {
        var canvas = Canvas(size: Size(width: width, height: height))
        let dialog = DialogFrame(title: "Stop", contentSize: Size(width: 60, height: 12), buttons: ["Cancel", "Send"])
        let inside = dialog.draw(into: &canvas, theme: .standard)
        #expect(inside.maxX <= width && inside.maxY <= height)
    }
}

@Suite("Toasts")
struct ToastTests {
    @Test("at most three, identical ones counted, each for its time")
    func expires() {
        var stack = ToastStack()
        stack.show("saved", .info, now: 0)
        stack.show("filled", .good, now: 0)
        stack.show("failed", .error, now: 0)
        stack.show("saved", .info, now: 1)
        #expect(stack.toasts.map(\.text) == ["filled", "failed", "saved"])
        #expect(stack.toasts.last?.count == 2)
        #expect(stack.nextExpiry == 3)
        stack.show("late", .warning, now: 1)
        #expect(stack.toasts.map(\.text) == ["failed", "saved", "late"])
        #expect(stack.expire(now: 2.9) == false)
        #expect(stack.expire(now: 3) == true)
        #expect(stack.toasts.map(\.text) == ["failed", "late"])
        #expect(stack.expire(now: 99) == true)
        #expect(stack.nextExpiry == nil)
    }

    @Test("they stack upward from a row, the newest lowest, cut when narrow")
    func draws() {
        var stack = ToastStack()
        stack.show("one \u{1B}[31m", .info, now: 0)
        stack.show("a rather long message", .error, now: 0)
        stack.show("a rather long message", .error, now: 0)
        var canvas = Canvas(size: Size(width: 16, height: 4))
        #expect(stack.draw(into: &canvas, x: 0, bottom: 2, width: 16, theme: .standard) == 2)
        #expect(canvas.text() == "\n one [31m\n a rather… (2x)\n")
    }
}

@Suite("Fuzzy matching")
struct FuzzyMatcherTests {
    private func ranked(_ query: String, _ candidates: [String]) -> [String] {
        FuzzyMatcher(query).rank(candidates) { $0 }.map(\.candidate)
    }

    @Test("letters in order match, others do not")
    func matches() {
        #expect(ranked("emo", ["ema-crossover", "macd", "rsi"]) == ["ema-crossover"])
        #expect(FuzzyMatcher("emo").match("ema-crossover")?.positions == [0, 1, 6])
        #expect(FuzzyMatcher("xyz").match("ema-crossover") == nil)
        #expect(FuzzyMatcher("aa").match("a") == nil)
        #expect(FuzzyMatcher("").match("anything")?.positions == [])
    }

    @Test("beginnings of words and runs come first")
    func ranks() {
        #expect(ranked("bt", ["debt report", "Backtests", "BTC/USDT"]).first == "BTC/USDT")
        #expect(ranked("close", ["disclose all", "close position", "c-l-o-s-e"]).first == "close position")
        #expect(ranked("pos", ["Compose", "Positions", "deposit"]) == ["Positions", "deposit", "Compose"])
    }

    @Test("capitals are exact, words come in any order")
    func respectsCase() {
        #expect(ranked("BTC", ["btc", "BTC"]) == ["BTC"])
        #expect(ranked("btc", ["btc", "BTC"]) == ["btc", "BTC"])
        #expect(ranked("sol close", ["close SOL position", "close BTC"]) == ["close SOL position"])
    }

    @Test("matched positions spell the query", arguments: 1...40 as ClosedRange<UInt64>)
    func spellsTheQuery(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func word(_ count: Int) -> String {
            String(
                (0..<count).map { _ in Character(["a", "b", "c", "-", "D"][Int.random(in: 0..<5, using: &generator)]) })
        }
        let candidate = word(14)
        let query = word(4)
        var rest = Array(candidate)[...]
        let isSubsequence = query.allSatisfy { letter in
            guard
                let at = rest.firstIndex(where: { $0 == letter || (letter != "D" && $0.lowercased() == String(letter)) }
                )
            else { return false }
            rest = rest[(at + 1)...]
            return true
        }
        let match = FuzzyMatcher(query).match(candidate)
        #expect((match != nil) == isSubsequence)
        if let match {
            let letters = Array(candidate)
            #expect(match.positions.map { letters[$0].lowercased() } == query.map { $0.lowercased() })
        }
    }
}
