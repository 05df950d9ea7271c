public import Market
import Trading

extension ExtendedMetrics {
    /// The figures of a portfolio's account; each trip's excursions are over the candles that its instrument's orders met.
    ///
    /// - Parameters:
    ///   - series: the series that the run was over.
    ///   - details: the shorter candles that orders were filled on, of the instruments that had some.
    ///   - rollingDays: the window of the rolling Sharpe ratio, 2 or more.
    public init(
        _ portfolio: PortfolioResult, _ series: [CandleSeries], details: [CandleSeries] = [], rollingDays: Int = 90
    ) {
        let met = portfolio.instruments.map { part in
            PortfolioMarket.base(of: part.instrument.name, in: series).map { base in
                MetCandles(base, detail: details.first { $0.instrument.name == part.instrument.name })
            }
        }
        let excursions = portfolio.account.trips.map { trip in
            // Every instrument of the result has a series that it was made of.
            met[trip.instrument.index].map { Excursion(trip, $0) } ?? Excursion.none
        }
        self.init(portfolio.account, excursions: excursions, rollingDays: rollingDays)
    }
}

extension PortfolioResult {
    /// The trades of all strategies as CSV with a header line: the columns of `BacktestResult.tradesCSV`, behind them the
    /// strategy's name and the symbol. Names with a comma, a quote or a line break are quoted.
    public func tradesCSV(_ extended: ExtendedMetrics) -> String {
        let isFunded = account.assumptions?.conditions.isFunded == true
        let last = ["mae", "mfe"] + (isFunded ? ["funding"] : []) + ["strategy", "symbol"]
        var text = (BacktestResult.tradeColumns + last).joined(separator: ",") + "\n"
        for (trip, excursion) in zip(account.trips, extended.excursions) {
            let instrument = instrument(of: trip)
            let row =
                BacktestResult.tradeRow(trip, instrument)
                + [excursion.adverse, excursion.favorable].map { JSONText.number($0) }
                + (isFunded ? [trip.funding.decimalText] : [])
                + [CSVText.field(strategy(of: trip)?.strategy.name ?? ""), instrument.name]
            text += row.joined(separator: ",") + "\n"
        }
        return text
    }

    /// The result as one JSON object: of the account the keys that every backtest has, then those of
    /// `docs/portfolios.md`.
    ///
    /// - Parameters:
    ///   - seconds: how long the run took, measured by the caller.
    ///   - extended: the extended figures of the account; `nil` leaves them out.
    ///   - stamp: what it was made from, whose keys come last; `nil` leaves them out.
    public func json(seconds: Double, extended: ExtendedMetrics? = nil, stamp: RunStamp? = nil) -> String {
        var json = JSONText()
        json.begin("{")
        for figure in account.figures { json.member(figure) }
        json.member("seconds", seconds)
        json.member("open_trade", account.trips.contains(where: \.isOpen))
        json.member("missing_bars", account.missingBars)
        json.member("partial_bars", account.partialBars)
        json.member("refused_orders", account.refusals.count)
        json.member("capital", capital.rawValue)
        json.list("strategies", strategies) { $0.member($1) }
        json.list("instruments", instruments) { $0.member($1) }
        json.member("strategy_correlations", strategyCorrelations)
        json.member("instrument_correlations", instrumentCorrelations)
        json.list("halts", halts) { json, halt in
            json.member("time", halt.time.description)
            json.key("strategy")
            json.raw(halt.strategy.map { JSONText.quoted(strategies[$0].strategy.name) } ?? "null")
            json.member("text", halt.text)
        }
        if let extended { json.members(extended, account.daily) }
        if let assumptions = account.assumptions { json.members(assumptions) }
        if let stamp { json.members(stamp) }
        json.end("}")
        return json.text
    }
}

extension JSONText {
    fileprivate mutating func list<Element>(
        _ key: String, _ elements: [Element], _ body: (inout JSONText, Element) -> Void
    ) {
        self.key(key)
        begin("[")
        for value in elements {
            element()
            begin("{")
            body(&self, value)
            end("}")
        }
        end("]")
    }

    fileprivate mutating func member(_ part: PortfolioResult.Strategy) {
        let strategy = part.strategy
        member("number", strategy.number)
        member("name", strategy.name)
        member("strategy", StrategyClass.title(of: strategy.strategy))
        if StrategyClass.title(of: strategy.strategy) != strategy.strategy { member("rules", strategy.strategy) }
        member("parameters", strategy.parameters)
        member("symbol", strategy.instrument)
        member("timeframe", strategy.timeframe?.description ?? "")
        member("capital_share", Double(strategy.capitalShare.units) / Double(Ratio.one.units))
        member(part.attribution)
        member("refused_orders", part.refusals.count)
    }

    fileprivate mutating func member(_ part: PortfolioResult.Part) {
        member("symbol", part.instrument.name)
        member("timeframe", part.timeframe.description)
        member("from", part.from.description)
        member("to", part.to.description)
        member("bars", part.bars)
        member(part.attribution)
        member("missing_bars", part.missingBars)
        member("partial_bars", part.partialBars)
        member("gaps", part.gaps, part.timeframe)
    }

    private mutating func member(_ attribution: Attribution) {
        member("initial_capital", attribution.capital)
        member("profit", attribution.profit)
        member("realized", attribution.realized)
        member("open", attribution.open)
        member("fees_paid", attribution.fees)
        member("contribution", attribution.contribution)
        member("return_on_capital", attribution.returnOnCapital)
        member("max_drawdown", attribution.maximumDrawdown)
        member("trade_count", attribution.tradeCount)
        member("win_rate", attribution.winRate)
        member("profit_factor", attribution.profitFactor)
        member("exposure", attribution.exposure)
        member("risk_share", attribution.riskShare)
    }

    fileprivate mutating func member(_ key: String, _ matrix: [[Double?]]) {
        self.key(key)
        begin("[")
        for row in matrix {
            element()
            begin("[")
            for value in row {
                element()
                raw(JSONText.number(value))
            }
            end("]")
        }
        end("]")
    }
}
