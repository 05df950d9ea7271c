import Engine
import Market
import Terminal
import Trading
import Venues

/// The first row: what is at stake, the current market, the account.
enum Header {
    /// Draws the row.
    static func draw(_ rect: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        let theme = context.theme
        let ground = theme[.header]
        var row = ItemRow()
        let (word, key) = mode(context.snapshot.mode)
        row.add(.init([("[\(word)]", theme[key])], rank: 0))
        addLink(to: &row, context)
        addRehearsal(to: &row, context)
        if let stop = stop(context.snapshot.tradingState) { row.add(" \(stop) ", theme[.modeStop], rank: 1) }
        addMarket(to: &row, ground, context)
        addAccount(to: &row, ground, context)
        canvas.fill(rect, Cell(" ", style: ground))
        row.draw(into: &canvas, rect.inset(right: 1), ground: ground)
    }

    /// The mode in five letters, and its look.
    static func mode(_ mode: TradingMode) -> (String, ThemeKey) {
        switch mode {
        case .paper: ("PAPER", .modePaper)
        case .testnet: ("TEST ", .modeTest)
        case .live: ("LIVE ", .modeLive)
        }
    }

    /// Whether the engine is heard, and whether this screen only watches: before everything that might be taken for true.
    static func addLink(to row: inout ItemRow, _ context: PaneContext) {
        let link = context.view.link
        if context.snapshot.health.engineProblem != nil {
            row.add(" ENGINE STOPPED ", context.theme[.modeStop], rank: 0)
        }
        if case .live(let venue, _?) = context.snapshot.source {
            row.add(" \(venue): NO DATA ", context.theme[.modeStop], rank: 1)
        }
        if context.snapshot.venueProblem != nil {
            row.add(" VENUE: NOT COMPARED ", context.theme[.modeStop], rank: 1)
        }
        addPause(to: &row, context)
        if let seconds = link.lostSeconds {
            row.add(" NO ENGINE \(Words.duration(Int64(seconds))) ", context.theme[.modeStop], rank: 0)
        } else if link.role != .control {
            row.add(" WATCHING ", context.theme[.modeView], rank: 1)
        }
    }

    /// That a venue wants to be left alone: of orders before that of data, which often have one server.
    private static func addPause(to row: inout ItemRow, _ context: PaneContext) {
        func add(_ name: String, _ limits: VenueLimits?) -> Bool {
            guard let limits, limits.pause != nil else { return false }
            row.add(" \(name) PAUSED\(limits.untilWords.uppercased()) ", context.theme[.modeStop], rank: 1)
            return true
        }
        if !add("VENUE", context.snapshot.venueLimits) { _ = add("DATA", context.snapshot.dataLimits) }
    }

    /// That the venue is made to misbehave: what follows from it is no fault of anything else.
    static func addRehearsal(to row: inout ItemRow, _ context: PaneContext) {
        guard let rehearsal = context.snapshot.rehearsal else { return }
        row.add(" VENUE \(rehearsal.uppercased()) ", context.theme[.modeTest], rank: 1)
    }

    /// What keeps orders from being opened, in a word or two.
    static func stop(_ state: TradingState) -> String? {
        switch state {
        case .active: nil
        case .reducing(let reason): reason == .drawdown ? "REDUCE: DRAWDOWN" : "REDUCE: DAY LOSS"
        case .halted: "HALTED"
        }
    }

    private static func addMarket(to row: inout ItemRow, _ ground: Style, _ context: PaneContext) {
        let theme = context.theme
        guard let market = context.market else { return }
        let instrument = market.instrument
        row.add("\(instrument.pair) \(context.view.timeframe)", theme[.textStrong].on(ground.background), rank: 0)
        if let last = market.last {
            let stale = Describe.staleness(market)
            let change = market.dayChange ?? 0
            let key: ThemeKey = change > 0 ? .priceUp : change < 0 ? .priceDown : .priceFlat
            var priceStyle = theme[stale == nil ? .priceLast : .statusStale].on(ground.background)
            // By attribute, not by ground: a price that moves must stay readable.
            if context.now < context.view.flashUntil { priceStyle = priceStyle.adding([.bold, .underline]) }
            row.add(instrument.text(last), priceStyle, rank: 0)
            let arrow = change > 0 ? "▲" : change < 0 ? "▼" : " "
            row.add(
                "\(arrow) \(Words.signedPercent(change))".plain(theme), theme[key].on(ground.background), rank: 3)
        }
        if let low = market.dayLow, let high = market.dayHigh {
            row.add(
                .init(
                    [
                        ("24h ", theme[.textDim].on(ground.background)),
                        ("\(instrument.text(low))–\(instrument.text(high))".plain(theme), ground),
                    ],
                    rank: 8))
        }
        if let quote = market.quote {
            let spread = Price(mantissa: quote.ask.mantissa - quote.bid.mantissa)
            row.add(
                .init([("spread ", theme[.textDim].on(ground.background)), (instrument.text(spread), ground)], rank: 9))
        }
    }

    private static func addAccount(to row: inout ItemRow, _ ground: Style, _ context: PaneContext) {
        let theme = context.theme
        let account = context.snapshot.account
        let dim = theme[.textDim].on(ground.background)
        func item(_ label: String, _ value: String, _ style: Style, rank: Int) {
            row.add(.init([(label + " ", dim), (value, style)], rank: rank, isTrailing: true))
        }
        item("equity", "\(Words.money(account.equity))", ground, rank: 2)
        let day: ThemeKey = account.dayProfit.isZero ? .pnlZero : account.dayProfit.units > 0 ? .pnlGain : .pnlLoss
        item("day", Words.profit(account.dayProfit), theme[day].on(ground.background), rank: 1)
        if account.dayStartEquity.units > 0 {
            let share = account.dayProfit.approximation / account.dayStartEquity.approximation
            row.add(Words.signedPercent(share), theme[day].on(ground.background), rank: 6, isTrailing: true)
        }
        item("free", Words.money(account.freeCash), ground, rank: 7)
        let exposure = account.equity.units > 0 ? account.exposure.approximation / account.equity.approximation : 0
        let limit = account.limits.maximumExposure.map { " of \(Words.percent($0.approximation))" } ?? ""
        item("exposure", Words.percent(exposure) + limit, ground, rank: 5)
        let drawdown = account.limits.maximumDrawdown.map { "/\(Words.percent($0.approximation))" } ?? ""
        item("DD", Words.percent(account.drawdown.approximation, decimals: 1) + drawdown, ground, rank: 4)
    }
}
