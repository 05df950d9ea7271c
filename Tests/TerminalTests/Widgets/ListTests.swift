import Testing

@testable import Terminal

@Suite("List selection")
struct ListSelectionTests {
    @Test("the same thing stays chosen when the list is sorted anew")
    func followsIdentity() {
        var selection = ListSelection<String>()
        selection.select(at: 1, in: ["a", "b", "c"])
        selection.follow(["c", "x", "a", "b"], height: 10)
        #expect(selection.selected == "b")
        #expect(selection.index(in: ["c", "x", "a", "b"]) == 3)
        #expect(selection.position(in: ["c", "x", "a", "b"]) == "4 of 4")
    }

    @Test("when the chosen thing is gone nothing is chosen, and moving starts where it was")
    func losesWhatIsGone() {
        var selection = ListSelection<String>()
        selection.select(at: 2, in: ["a", "b", "c", "d"])
        selection.follow(["a", "b", "d"], height: 10)
        #expect(selection.selected == nil)
        #expect(selection.position(in: ["a", "b", "d"]) == "3")
        selection.move(by: 1, in: ["a", "b", "d"])
        #expect(selection.selected == "d")
    }

    @Test("the chosen row is always in view, and the view never leaves the list")
    func scrolls() {
        let ids = Array(0..<20)
        var selection = ListSelection<Int>()
        #expect(selection.follow(ids, height: 5) == 0..<5)
        selection.select(at: 9, in: ids)
        #expect(selection.follow(ids, height: 5) == 5..<10)
        selection.move(by: -1, in: ids)
        #expect(selection.follow(ids, height: 5) == 5..<10)
        selection.move(by: -99, in: ids)
        #expect(selection.follow(ids, height: 5) == 0..<5)
        selection.move(by: 99, in: ids)
        #expect(selection.follow(ids, height: 5) == 15..<20)
        #expect(selection.follow(Array(0..<3), height: 5) == 0..<3)
        #expect(selection.follow([], height: 0) == 0..<0)
    }

    @Test(
        "list keys move, others do not",
        arguments: [
            ("j", 11), ("down", 11), ("k", 9), ("up", 9), ("ctrl-d", 13), ("ctrl-u", 7), ("pagedown", 15),
            ("pageup", 5),
            ("home", 0), ("end", 29), ("G", 29), ("x", 10),
        ])
    func handlesKeys(key: String, expected: Int) throws {
        let ids = Array(0..<30)
        var selection = ListSelection<Int>(selected: 10)
        let isListKey = selection.handle(try Chord(parsing: key), ids: ids, height: 6)
        #expect(isListKey == (key != "x"))
        #expect(selection.selected == expected)
    }
}

@Suite("Table")
struct TableTests {
    private let table = Table([
        TableColumn("name", .text(minimum: 6)),
        TableColumn("market", .text(minimum: 3), priority: 3),
        TableColumn("P&L", .number, priority: 1),
        TableColumn("weight", .number, priority: 4),
        TableColumn("last", .text(minimum: 4), priority: 2),
    ])
    private let rows = [
        TableRow(id: 1, ["momentum-1", "BTC 1m", "+312.40", "0.28", "LONG 14:03"].map { TableCell($0) }),
        TableRow(id: 2, ["meanrev-2", "ETH 5m", "-88.10", "0.25", "flat"].map { TableCell($0) }),
    ]

    private func drawn(_ width: Int, height: Int = 3) -> String {
        var canvas = Canvas(size: Size(width: width, height: height))
        var selection = ListSelection<Int>()
        table.draw(rows, selection: &selection, into: &canvas, rect: canvas.bounds, theme: .standard, isFocused: true)
        return canvas.text()
    }

    @Test("with room, every column has its natural width and numbers stand to the right")
    func drawsWide() {
        #expect(
            drawn(60) == """
                name        market      P&L  weight  last
                momentum-1  BTC 1m  +312.40    0.28  LONG 14:03
                meanrev-2   ETH 5m   -88.10    0.25  flat
                """)
    }

    @Test(
        "whole columns are dropped by priority before words are cut below their minimum, and never a digit",
        arguments: [
            (34, "name    mark…      P&L  weight  last"), (30, "name    ma…      P&L  last"),
            (24, "name      P&L  last"), (18, "name        P&L"), (14, "name"), (4, "name"),
        ])
    func dropsColumns(width: Int, header: String) {
        let shown = drawn(width).split(separator: "\n")
        let titles = header.split(separator: " ").filter { !$0.hasPrefix("ma") }
        for title in titles { #expect(shown[0].contains(title), "\(shown[0])") }
        let digits = shown[1].contains("312") ? shown[1].contains("+312.40") : true
        #expect(digits)
        #expect(!(shown[0].contains("weight") && width < 34))
        #expect(shown.allSatisfy { $0.count <= width })
    }

    @Test("columns drop in the order of their priority as the width shrinks")
    func dropsInOrder() {
        var before = 5
        var order: [Int] = []
        for width in stride(from: 50, through: 1, by: -1) {
            let shown = table.layout(natural: [10, 6, 7, 6, 10], width: width).map(\.column)
            if shown.count < before {
                order.append(contentsOf: Set(0..<5).subtracting(shown).subtracting(order).sorted())
                before = shown.count
            }
            let placements = table.layout(natural: [10, 6, 7, 6, 10], width: width)
            #expect(placements.allSatisfy { $0.x + $0.width <= width })
        }
        #expect(order == [3, 1, 4, 2])
    }

    @Test("a number without room is a tilde, not fewer digits")
    func neverCutsNumbers() {
        let narrow = Table([TableColumn("n", .number)])
        var canvas = Canvas(size: Size(width: 4, height: 1))
        var selection = ListSelection<Int>()
        narrow.draw(
            [TableRow(id: 1, [TableCell("64262.0")])], selection: &selection, into: &canvas, rect: canvas.bounds,
            theme: .standard, isFocused: true, showsTitles: false)
        #expect(canvas.text() == "   ~")
    }

    @Test("the selected row stands out over its whole width, colours of cells kept where the ground allows")
    func marksSelection() {
        let theme = ThemeFileTests.library.load("night").theme
        var canvas = Canvas(size: Size(width: 20, height: 3))
        var selection = ListSelection(selected: 2)
        let gain = theme[.pnlGain]
        let colored = [
            TableRow(id: 1, [TableCell("a")]),
            TableRow(id: 2, [TableCell("b"), TableCell(""), TableCell("+1", style: gain)]),
        ]
        table.draw(colored, selection: &selection, into: &canvas, rect: canvas.bounds, theme: theme, isFocused: true)
        for x in 0..<20 { #expect(canvas[x, 2].style.background == theme[.select].background) }
        #expect((0..<20).contains { canvas[$0, 2].style.foreground == gain.foreground })
        #expect(canvas[0, 1].style.background == theme[.text].background)
    }

    @Test("what does not fit scrolls, with a bar in the last column")
    func scrolls() {
        let many = (0..<30).map { TableRow(id: $0, [TableCell("row \($0)")]) }
        var canvas = Canvas(size: Size(width: 20, height: 7))
        var selection = ListSelection(selected: 29)
        let visible = table.draw(
            many, selection: &selection, into: &canvas, rect: canvas.bounds, theme: .standard, isFocused: true)
        #expect(visible == 24..<30)
        #expect(canvas.text().contains("row 29"))
        #expect(canvas[19, 6].scalar == ("┃" as Unicode.Scalar).value)
        #expect(canvas[19, 1].scalar == 0x20)
    }

    @Test("no size is too small", arguments: 0...5)
    func survivesTinySizes(size: Int) {
        for height in 0...3 { #expect(drawn(size, height: height).split(separator: "\n").count <= height) }
    }
}
