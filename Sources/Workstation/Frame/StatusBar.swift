import Engine
import Market
import Terminal
import Trading

/// The last row: the lock, the feed and how old it is, alerts, how drawing fares, and always the emergency key.
enum StatusBar {
    /// Draws the row.
    static func draw(_ rect: Rect, into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let ground = theme[.status]
        var row = ItemRow()
        row.add(lock(context))
        // Where there is no header this row says what matters most.
        if context.view.layout.header.isEmpty { addHeader(to: &row, ground, context) }
        // At rest nothing is written to the terminal; a clock of minutes is enough then.
        let isAtRest = isAtRest(context.snapshot.source)
        let time = context.now.timeOfDay
        row.add(isAtRest ? String(time.prefix(5)) : time, ground, rank: 6)
        addFeed(to: &row, ground, context)
        let badge = AlertsPane.badge(context.snapshot)
        if !badge.isEmpty { row.add(" alerts \(badge) ", theme[.alertUnacked], rank: 3) }
        if let problem = context.snapshot.health.engineProblem {
            row.add(" STOPPED: \(problem) ", theme[.statusBad].on(ground.background), rank: 2)
        }
        if let problem = context.snapshot.health.storeProblem {
            row.add("store: \(problem)", theme[.statusBad].on(ground.background), rank: 4)
        }
        if !isAtRest { addFigures(to: &row, theme[.textDim].on(ground.background), context) }
        row.add(
            " \(table.label(.emergencyStop)) E-STOP ", theme[.modeStop], rank: 0, isTrailing: true)
        row.draw(into: &canvas, rect, ground: ground)
    }

    /// Whether nothing moves until somebody touches a key: a replay that waits, or has come to its end.
    private static func isAtRest(_ source: FeedSource) -> Bool {
        if case .replay(let replay) = source { return replay.isPaused || replay.isFinished }
        return false
    }

    private static func lock(_ context: PaneContext) -> ItemRow.Item {
        let left = context.view.lock.secondsLeft(context.now)
        if left == 0 { return .init(" VIEW ", context.theme[.modeView], rank: 1) }
        return .init(" TRADE \(Words.clock(left)) ", context.theme[.modeTrade], rank: 1)
    }

    private static func addHeader(to row: inout ItemRow, _ ground: Style, _ context: PaneContext) {
        let theme = context.theme
        let (word, key) = Header.mode(context.snapshot.mode)
        row.add(word.filter { $0 != " " }, theme[key], rank: 2)
        Header.addLink(to: &row, context)
        Header.addRehearsal(to: &row, context)
        if let stop = Header.stop(context.snapshot.tradingState) { row.add(stop, theme[.modeStop], rank: 1) }
        if let market = context.market, let last = market.last {
            row.add("\(market.instrument.pair) \(market.instrument.text(last))", ground, rank: 1)
        }
        let profit = context.snapshot.account.dayProfit
        let day: ThemeKey = profit.isZero ? .pnlZero : profit.units > 0 ? .pnlGain : .pnlLoss
        row.add(Words.profit(profit), theme[day].on(ground.background), rank: 2)
    }

    private static func addFeed(to row: inout ItemRow, _ ground: Style, _ context: PaneContext) {
        let theme = context.theme
        var (text, key) = state(context.market)
        // Why is in the alerts: here is room for a word.
        if case .live(_, _?) = context.snapshot.source { (text, key) = ("NO DATA", .statusStale) }
        row.add(
            .init(
                [
                    (source(context.snapshot.source).plain(theme) + " ", ground),
                    (text, theme[key].on(ground.background)),
                ],
                rank: 5))
        if case .replay(let replay) = context.snapshot.source {
            row.add(context.snapshot.time.description, ground, rank: 7)
            if replay.isPaused { row.add("paused", theme[.statusWarn].on(ground.background), rank: 4) }
        }
    }

    /// Where the data come from: `synthetic seed 7`, `replay BINANCE:BTCUSDT 120×`, `BINANCE`.
    static func source(_ source: FeedSource) -> String {
        switch source {
        case .synthetic(let seed): return "synthetic seed \(seed)"
        case .live(let venue, _): return venue
        case .replay(let replay):
            let speed = replay.speed.map { $0 == $0.rounded() ? "\(Int($0))×" : "\(Words.fixed($0, 1))×" } ?? "max"
            return "replay \(replay.series) \(speed)"
        }
    }

    /// How the current market's data are, in a word.
    static func state(_ market: MarketView?) -> (String, ThemeKey) {
        switch market?.status {
        case .live: ("ok", .statusOk)
        case .stale(let seconds): ("STALE \(Words.duration(Int64(seconds)))", .statusStale)
        case .finished: ("finished", .statusWarn)
        case .waiting, nil: ("waiting", .statusWarn)
        }
    }

    private static func addFigures(to row: inout ItemRow, _ style: Style, _ context: PaneContext) {
        let figures = context.statistics
        let health = context.snapshot.health
        row.add("cpu \(Words.percent(health.processorShare, decimals: 1))", style, rank: 11)
        if health.residentBytes > 0 { row.add("rss \(Words.bytes(Int(health.residentBytes)))", style, rank: 12) }
        row.add("\(Words.bytes(figures.lastBytes))/f \(figures.framesPerSecond)fps", style, rank: 10)
        if figures.isLinkSlow { row.add("slow link", context.theme[.statusWarn].on(style.background), rank: 4) }
    }
}
