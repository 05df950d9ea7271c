import Market
import Storage

/// What a live market missed of a symbol's trades, for people and as JSON.
struct TradeGapRow {
    /// One stretch.
    struct Stretch {
        var firstTrade: UInt64
        var lastTrade: UInt64
        var trades: UInt64
        var from: String
        var to: String
        var foundAt: String
        var state: String
        var missing: UInt64
        var endedAt: String?

        init(_ gap: TradeGap) {
            (firstTrade, lastTrade, trades) = (gap.firstTrade, gap.lastTrade, gap.count)
            (from, to, foundAt) = (gap.from.description, gap.to.description, gap.foundAt.description)
            (state, missing, endedAt) = (gap.state.rawValue, gap.missing, gap.endedAt?.description)
        }

        var text: String {
            let outcome = endedAt.map { state == "filled" ? "filled \($0)" : "\(state) \($0), \(missing) missing" }
            return "\(from) to \(to): trades \(firstTrade) to \(lastTrade), found \(foundAt), "
                + (outcome ?? "\(state), \(missing) missing")
        }
    }

    var symbol: String
    var tradeGaps: [Stretch]

    /// The rows of gaps, one a symbol, in the order of the first gap of each.
    static func rows(_ gaps: [TradeGap]) -> [TradeGapRow] {
        var rows: [TradeGapRow] = []
        for gap in gaps {
            if rows.last?.symbol != gap.instrument.name {
                rows.append(TradeGapRow(symbol: gap.instrument.name, tradeGaps: []))
            }
            rows[rows.count - 1].tradeGaps.append(Stretch(gap))
        }
        return rows
    }

    /// Prints how many there are of each symbol, then the newest of them.
    static func print(_ rows: [TradeGapRow], all: Bool) {
        guard !rows.isEmpty else { return }
        Output.line("\ntrades that were not heard live:")
        var table = Table(.text("symbol"), .number("gaps"), .number("filled"), .number("trades"), .number("missing"))
        for row in rows {
            table.add(
                row.symbol, "\(row.tradeGaps.count)", "\(row.tradeGaps.count { $0.state == "filled" })",
                "\(row.tradeGaps.reduce(0) { $0 + $1.trades })", "\(row.tradeGaps.reduce(0) { $0 + $1.missing })")
        }
        table.print(whenEmpty: "")
        for row in rows {
            let newest = row.tradeGaps.reversed().prefix(all ? .max : 10)
            Output.line("\ngaps in the trades of \(row.symbol), the newest first:")
            for gap in newest { Output.line("  \(gap.text)") }
            if newest.count < row.tradeGaps.count {
                Output.line("  … and \(row.tradeGaps.count - newest.count) more; --all-gaps")
            }
        }
    }
}
