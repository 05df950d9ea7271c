import Market
import Terminal
import Testing

@testable import Workstation

@Suite("A row of items")
struct ItemRowTests {
    private func row() -> ItemRow {
        var row = ItemRow()
        row.add("mode", .plain, rank: 0)
        row.add("price", .plain, rank: 1)
        row.add("spread", .plain, rank: 3)
        row.add("equity", .plain, rank: 2, isTrailing: true)
        return row
    }

    private func texts(_ width: Int) -> [String] { row().fitting(width, gap: 2).map { $0.spans[0].text } }

    @Test("drops whole items, the highest rank first, and never those of rank 0")
    func dropsWholeItems() {
        // 4 + 5 + 6 + 6 and three gaps of two are 27 columns.
        #expect(texts(27) == ["mode", "price", "spread", "equity"])
        #expect(texts(26) == ["mode", "price", "equity"])
        #expect(texts(18) == ["mode", "price"])
        #expect(texts(10) == ["mode"])
        #expect(texts(0) == ["mode"])
    }

    @Test("stands trailing items at the right end")
    func alignsTrailing() {
        var canvas = Canvas(size: Size(width: 30, height: 1))
        row().draw(into: &canvas, canvas.bounds, ground: .plain)
        #expect(canvas.text() == "mode  price  spread     equity")
    }

    @Test("the last row keeps the emergency key at every width that has room for it")
    func keepsTheStop() {
        for width in 14...220 {
            let text = Session(width, 24).screen().text()
            #expect(text.contains("Ctrl-X"), "\(width)")
        }
    }
}

@Suite("A list's columns")
struct ListTableTests {
    private let columns: [ListColumn] = [
        .words("name", rank: 0, minimum: 4), .number("price", rank: 1), .words("reason", rank: 2, minimum: 6),
        .number("extra", rank: 6),
    ]
    private let rows = [
        ListRow(
            id: RowID("1"),
            cells: [ListCell("momentum-1"), ListCell("64262.0"), ListCell("crossed above"), ListCell("123456")])
    ]

    private func fit(_ width: Int) -> [Int] { ListTable.fit(rows, columns, into: width) }

    @Test("extras go first, then words are shortened, then columns go by rank; numbers are never cut")
    func fits() {
        // 10 + 7 + 13 + 6 and three gaps of two are 42 columns.
        #expect(fit(42) == [10, 7, 13, 6])
        #expect(fit(41) == [10, 7, 13, 0])
        #expect(fit(34) == [10, 7, 13, 0])
        #expect(fit(30) == [9, 7, 10, 0])
        #expect(fit(21) == [4, 7, 6, 0])
        #expect(fit(20) == [4, 7, 0, 0])
        #expect(fit(5)[1] == 0)
    }

    @Test("follow their row by identity, and its neighbour when it is gone")
    func followsIdentity() {
        let rows = ["a", "b", "c"].map { ListRow(id: RowID($0), cells: []) }
        var view = ViewState()
        view.lists.selected[.orders] = RowID("b")
        view.lists.position[.orders] = 1
        #expect(ListTable.selection(rows.reversed(), .orders, view) == 1)
        #expect(ListTable.selection([rows[2], rows[0], rows[1]], .orders, view) == 2)
        #expect(ListTable.selection([rows[0], rows[2]], .orders, view) == 1)
        #expect(ListTable.selection([rows[0]], .orders, view) == 0)
    }

    @Test("filter by any cell, inverted with an exclamation mark")
    func filters() {
        #expect(ListFilter.apply("CROSS", to: rows).count == 1)
        #expect(ListFilter.apply("!cross", to: rows).isEmpty)
        #expect(ListFilter.apply("!", to: rows).count == 1)
        #expect(ListFilter.apply("eth", to: rows).isEmpty)
    }
}

@Suite("Numbers in words")
struct WordsTests {
    @Test(
        "group digits by three and sign profits",
        arguments: [
            ("0", "0.00", "0.00"), ("12.5", "12.50", "+12.50"), ("-4.02", "-4.02", "-4.02"),
            ("1234567.891", "1,234,567.89", "+1,234,567.89"), ("-999999.999", "-1,000,000.00", "-1,000,000.00"),
            ("-0.004", "0.00", "0.00"), ("100", "100.00", "+100.00"),
        ])
    func money(text: String, plain: String, signed: String) throws {
        let money = try Money(text, .usdt)
        if text != "-0.004" { #expect(Words.money(money) == plain) }
        #expect(Words.profit(money) == signed)
    }

    @Test(
        "write durations with their two largest units",
        arguments: [
            (0, "0s"), (59, "59s"), (60, "1m 00s"), (3_599, "59m 59s"), (3_661, "1h 01m"), (90_000, "1d 01h"),
            (-5, "0s"),
        ])
    func durations(seconds: Int64, text: String) { #expect(Words.duration(seconds) == text) }

    @Test("survive numbers that are none")
    func oddNumbers() {
        #expect(Words.fixed(.nan, 2) == "–" && Words.fixed(.infinity, 2) == "∞" && Words.fixed(1e300, 2) == "∞")
        #expect(Words.signedPercent(0.01244) == "+1.24%" && Words.signedPercent(-0.00001) == "0.00%")
        #expect(Words.percent(0.385) == "39%" && Words.percent(.nan) == "–")
    }

    @Test("break lines at blanks, and within words that are too long")
    func wraps() {
        #expect(TextLines.wrapped("one two three", width: 7) == ["one two", "three"])
        #expect(TextLines.wrapped("abcdefgh ij", width: 3) == ["abc", "def", "gh", "ij"])
        #expect(TextLines.wrapped("x", width: 0) == [])
    }
}
