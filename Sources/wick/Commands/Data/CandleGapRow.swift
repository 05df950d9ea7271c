import Market
import Storage

/// What a live market did not get in time of a symbol's minutes, for people and as JSON.
struct CandleGapRow {
    /// One stretch.
    struct Stretch {
        var from: String
        var to: String
        var minutes: Int
        var foundAt: String
        var state: String
        var missing: Int
        var endedAt: String?

        init(_ gap: CandleGap) {
            (from, to, foundAt) = (gap.from.description, gap.to.description, gap.foundAt.description)
            (minutes, state, missing, endedAt) = (gap.count, gap.state.rawValue, gap.missing, gap.endedAt?.description)
        }

        var text: String {
            let outcome = endedAt.map { state == "filled" ? "filled \($0)" : "\(state) \($0), \(missing) missing" }
            return "\(from) to \(to): \(minutes) minutes, found \(foundAt), "
                + (outcome ?? "\(state), \(missing) missing")
        }
    }

    var symbol: String
    var candleGaps: [Stretch]

    /// The rows of gaps, one a symbol, in the order of the first gap of each.
    static func rows(_ gaps: [CandleGap]) -> [CandleGapRow] {
        var rows: [CandleGapRow] = []
        for gap in gaps {
            if rows.last?.symbol != gap.instrument.name {
                rows.append(CandleGapRow(symbol: gap.instrument.name, candleGaps: []))
            }
            rows[rows.count - 1].candleGaps.append(Stretch(gap))
        }
        return rows
    }

    /// Prints how many there are of each symbol, then the newest of them.
    static func print(_ rows: [CandleGapRow], all: Bool) {
        guard !rows.isEmpty else { return }
        Output.line("\nminutes that did not come in time live:")
        var table = Table(.text("symbol"), .number("gaps"), .number("filled"), .number("minutes"), .number("missing"))
        for row in rows {
            table.add(
                row.symbol, "\(row.candleGaps.count)", "\(row.candleGaps.count { $0.state == "filled" })",
                "\(row.candleGaps.reduce(0) { $0 + $1.minutes })", "\(row.candleGaps.reduce(0) { $0 + $1.missing })")
        }
        table.print(whenEmpty: "")
        for row in rows {
            let newest = row.candleGaps.reversed().prefix(all ? .max : 10)
            Output.line("\ngaps in the minutes of \(row.symbol), the newest first:")
            for gap in newest { Output.line("  \(gap.text)") }
            if newest.count < row.candleGaps.count {
                Output.line("  … and \(row.candleGaps.count - newest.count) more; --all-gaps")
            }
        }
    }
}
