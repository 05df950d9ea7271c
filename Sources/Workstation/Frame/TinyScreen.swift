import Engine
import Market
import Terminal

/// A screen too small for panes: symbol, price, result, mode and the emergency key, as many as fit.
enum TinyScreen {
    /// Draws what fits, the most important first.
    static func draw(_ rect: Rect, into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        guard !rect.isEmpty else { return }
        let theme = context.theme
        let snapshot = context.snapshot
        let (word, key) = Header.mode(snapshot.mode)
        var items: [ItemRow.Item] = [.init(word.filter { $0 != " " }, theme[key], rank: 0)]
        if let seconds = context.view.link.lostSeconds {
            items.append(.init("NO ENGINE \(Words.duration(Int64(seconds)))", theme[.modeStop], rank: 0))
        }
        if let stop = Header.stop(snapshot.tradingState) { items.append(.init(stop, theme[.modeStop], rank: 0)) }
        if let market = context.market {
            items.append(.init(market.instrument.pair, theme[.textStrong], rank: 0))
            let isStale = Describe.staleness(market) != nil
            if let last = market.last {
                items.append(.init(market.instrument.text(last), theme[isStale ? .statusStale : .priceLast], rank: 0))
            }
        }
        let profit = snapshot.account.dayProfit
        let day: ThemeKey = profit.isZero ? .pnlZero : profit.units > 0 ? .pnlGain : .pnlLoss
        items.append(.init(Words.profit(profit), theme[day], rank: 0))
        items.append(.init("\(table.label(.emergencyStop)) stop", theme[.modeStop], rank: 0))
        // Filled row by row with whole items; what finds no place is left out.
        var x = rect.x
        var y = rect.y
        for item in items {
            if x > rect.x, x + item.width > rect.maxX {
                x = rect.x
                y += 1
            }
            guard y < rect.maxY else { return }
            guard item.width <= rect.width else { continue }
            item.draw(into: &canvas, x: x, y: y, maxWidth: rect.width)
            x += item.width + 1
        }
    }
}
