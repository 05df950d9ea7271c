import Backtesting
import Market
import Trading

/// What a session's trades and a backtest's came to, as it is printed.
struct ComparisonReport {
    /// One pair, or a trade that one side lacks.
    struct Row {
        var strategy: String
        var symbol: String
        var side: String
        var paper: Trip?
        var backtest: Trip?
        /// How much later than the backtest paper was in and out, in seconds.
        var entrySeconds: Double?
        var exitSeconds: Double?
        var difference: Difference
    }

    /// A round trip of one side.
    struct Trip {
        var openedAt: String
        var closedAt: String
        var open: Bool
        var quantity: String
        var entryPrice: String
        var exitPrice: String
        var fees: String
        var profit: String

        init(_ trip: RoundTrip, _ instrument: Instrument) {
            openedAt = trip.openedAt.description
            closedAt = trip.closedAt.description
            open = trip.isOpen
            quantity = instrument.text(trip.quantity)
            entryPrice = instrument.text(
                instrument.averagePrice(trip.entryNotional, trip.quantity, rounding: .halfEven))
            exitPrice = instrument.text(instrument.averagePrice(trip.exitNotional, trip.quantity, rounding: .halfEven))
            fees = trip.fees.decimalText
            profit = trip.profit.decimalText
        }
    }

    /// What paper made more than the backtest, and of which parts that is the sum.
    struct Difference {
        var spread: String
        var latency: String
        var fees: String
        var quantity: String
        var missed: String
        var total: String

        init(_ parts: TradeComparison.Parts) {
            spread = parts.spread.decimalText
            latency = parts.latency.decimalText
            fees = parts.fees.decimalText
            quantity = parts.quantity.decimalText
            missed = parts.missed.decimalText
            total = parts.total.decimalText
        }
    }

    /// All trades of a strategy together.
    struct Total {
        var strategy: String
        var candles: Int
        var pairs: Int
        var paperOnly: Int
        var backtestOnly: Int
        var difference: Difference
    }

    var session: UInt64?
    var currency: String
    var trades: [Row]
    var strategies: [Total]
    var total: Difference
    /// Round trips that began before the session, or belong to no strategy.
    var leftOut: Int
    /// Strategies that could not be backtested, and why.
    var problems: [String]

    init(
        session: UInt64?, _ comparisons: [StretchComparison], _ kernel: KernelImage, leftOut: Int, problems: [String]
    ) {
        self.session = session
        self.leftOut = leftOut
        self.problems = problems
        let currency = kernel.account.currency
        self.currency = currency.code
        trades = comparisons.flatMap { comparison in comparison.trades.map { Row($0, comparison.stretch, kernel) } }
        strategies = comparisons.map { comparison in
            Total(
                strategy: comparison.stretch.registration.name, candles: comparison.stretch.candles.count,
                pairs: comparison.trades.count { $0.paper != nil && $0.backtest != nil },
                paperOnly: comparison.trades.count { $0.backtest == nil },
                backtestOnly: comparison.trades.count { $0.paper == nil }, difference: Difference(comparison.parts))
        }
        total = Difference(comparisons.reduce(.zero(currency)) { $0 + $1.parts })
    }

    /// Prints tables of trades and totals.
    func show() {
        var table = Table(
            .text("opened"), .text("strategy"), .text("side"), .number("entry"), .number("backtest"), .number("exit"),
            .number("backtest"), .number("later s"), .number("profit"), .number("backtest"), .number("spread"),
            .number("latency"), .number("fees"), .number("quantity"), .number("missed"))
        for row in trades {
            let parts = row.difference
            table.add(
                row.paper?.openedAt ?? row.backtest?.openedAt ?? "", row.strategy, row.side,
                row.paper?.entryPrice ?? "–", row.backtest?.entryPrice ?? "–", row.paper?.exitPrice ?? "–",
                row.backtest?.exitPrice ?? "–", row.entrySeconds.map { Figures.decimal($0, 3) } ?? "–",
                short(row.paper?.profit), short(row.backtest?.profit), short(parts.spread), short(parts.latency),
                short(parts.fees), short(parts.quantity), short(parts.missed))
        }
        table.print(whenEmpty: "no strategy saw a candle in this session")
        guard !strategies.isEmpty else { return tellRest() }
        Output.line("")
        var totals = Table(
            .text("strategy"), .number("candles"), .number("pairs"), .number("paper only"), .number("backtest only"),
            .number("spread"), .number("latency"), .number("fees"), .number("quantity"), .number("missed"),
            .number("together"))
        for row in strategies {
            add(
                row.difference, row.strategy,
                ["\(row.candles)", "\(row.pairs)", "\(row.paperOnly)", "\(row.backtestOnly)"],
                to: &totals)
        }
        add(total, "all, in \(currency)", ["", "", "", ""], to: &totals)
        totals.print(whenEmpty: "")
        tellRest()
    }

    private func add(_ parts: Difference, _ name: String, _ counts: [String], to table: inout Table) {
        table.add(
            name, counts[0], counts[1], counts[2], counts[3], short(parts.spread), short(parts.latency),
            short(parts.fees), short(parts.quantity), short(parts.missed), short(parts.total))
    }

    private func tellRest() {
        if leftOut > 0 { Output.line("\nleft out: \(leftOut) round trips that began before the session or by hand") }
        for problem in problems { Output.line("\nno backtest: \(Table.plain(problem))") }
    }

    /// An amount to the cent; the whole is in the JSON.
    private func short(_ amount: String?) -> String {
        guard let amount else { return "–" }
        return Double(amount).map { Figures.decimal($0, 2) } ?? amount
    }
}

extension ComparisonReport.Row {
    fileprivate init(_ trade: TradeComparison, _ stretch: SessionStretch, _ kernel: KernelImage) {
        let instrument = kernel.instruments[stretch.registration.instrument.index]
        strategy = stretch.registration.name
        symbol = instrument.symbol
        side = (trade.paper ?? trade.backtest)?.side == .sell ? "sell" : "buy"
        paper = trade.paper.map { .init($0, instrument) }
        backtest = trade.backtest.map { .init($0, instrument) }
        if let paper = trade.paper, let backtest = trade.backtest {
            entrySeconds = Double(paper.openedAt.nanoseconds(since: backtest.openedAt)) / 1e9
            exitSeconds = Double(paper.closedAt.nanoseconds(since: backtest.closedAt)) / 1e9
        }
        difference = .init(trade.parts)
    }
}
