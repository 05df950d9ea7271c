public import Market
public import Trading

/// What came out of a run of a portfolio. Two runs of the same input are equal to the last digit.
public struct PortfolioResult: Sendable {
    /// The class that the account's result names, and kept results are listed by.
    public static let className = "portfolio"

    /// How the capital was shared.
    public var capital: CapitalUse
    /// The account as a whole: its strategy is `PortfolioResult.className`, its symbol lists all, its timeframe is the
    /// shortest, its `bars` are the instants at which a candle closed, its trips those of all strategies. Trips name
    /// their strategy by number and their instrument by its place in `instruments`.
    public var account: BacktestResult
    /// The strategies, by number.
    public var strategies: [Strategy]
    /// The instruments, by number, which is the order of their names.
    public var instruments: [Part]
    /// The correlation of the daily contributions of every two strategies, in their order; `nil` where a strategy's don't
    /// differ.
    public var strategyCorrelations: [[Double?]]
    /// The same of every two instruments.
    public var instrumentCorrelations: [[Double?]]
    /// What stopped: strategies that a fault or their drawdown halted, limits of the account that allowed reductions only.
    public var halts: [Halt]

    /// A strategy and what it has brought in.
    public struct Strategy: Sendable {
        /// As it was asked for, with the timeframe that it saw.
        public var strategy: PortfolioStrategy
        /// What it has brought in.
        public var attribution: Attribution
        /// Its orders that the risk gate denied or the venue refused; the reason stands with the first of the run alone.
        public var refusals: BacktestResult.Refusals
    }

    /// An instrument, its candles, and what all strategies have brought in with it.
    public struct Part: Sendable {
        /// What it is.
        public var instrument: Instrument
        /// The length of the candles that drive its fills.
        public var timeframe: Timeframe
        /// The open of the first.
        public var from: Timestamp
        /// The close of the last.
        public var to: Timestamp
        /// How many there are.
        public var bars: Int
        /// Stretches without candles between the first and the last.
        public var gaps: [Gap]
        /// How many candles are missing in the gaps.
        public var missingBars: Int
        /// Candles made from fewer minutes than they hold.
        public var partialBars: Int
        /// What it has brought in.
        public var attribution: Attribution
    }

    /// Something that stopped.
    public struct Halt: Sendable, Hashable {
        /// When.
        public var time: Timestamp
        /// The strategy, by its place in `strategies`; `nil` for the account.
        public var strategy: Int?
        /// What happened, in words.
        public var text: String
    }

    /// The strategy that made a trip.
    public func strategy(of trip: RoundTrip) -> Strategy? {
        strategies.first { $0.strategy.number == Int(trip.owner.rawValue) }
    }

    /// The instrument that a trip was of.
    public func instrument(of trip: RoundTrip) -> Instrument { instruments[trip.instrument.index].instrument }
}

extension PortfolioResult {
    init(_ run: PortfolioRun, _ market: PortfolioMarket, _ configuration: PortfolioConfiguration) {
        let kernel = run.exchange.kernel
        let cash = configuration.cash
        let (from, to) = (market.from, market.to)
        let lastOpen = market.bases.compactMap(\.candles.last?.openTime).max() ?? from
        func settled(_ standing: PortfolioRun.Standing) -> PortfolioRun.Standing {
            var standing = standing
            // Days after its last candle end as it left them.
            standing.tracker.take(standing.base + standing.contribution, openTime: lastOpen, isHeld: false)
            return standing
        }
        var trips = run.trips
        for position in kernel.positions {
            guard let mark = kernel.mark(position.instrument) else { continue }
            let base = market.bases[position.instrument.index]
            // An instrument whose candles end early is marked there.
            let open = position.markedTrip(at: mark, time: base.closeOfLast ?? to, base.instrument)
            if let open { trips.append(open) }
        }
        strategies = configuration.strategies.indices.map { index in
            var strategy = configuration.strategies[index]
            let id = StrategyID(rawValue: Int32(strategy.number))
            let base = market.number(of: strategy.instrument).map { market.bases[$0.index] }
            strategy.timeframe = strategy.timeframe ?? base?.timeframe
            return Strategy(
                strategy: strategy,
                attribution: Attribution(
                    settled(run.strategies[index]), kernel, positions: kernel.positions.filter { $0.owner == id },
                    trips: trips.filter { $0.owner == id }, bars: base?.candles.count ?? 0, initial: cash, from: from),
                refusals: run.refusalsOfStrategy[index])
        }
        instruments = market.bases.indices.map { index in
            let base = market.bases[index]
            let gaps = base.gaps
            return Part(
                instrument: base.instrument, timeframe: base.timeframe, from: base.candles[0].openTime,
                to: base.closeOfLast ?? to, bars: base.candles.count, gaps: gaps,
                missingBars: gaps.reduce(0) { $0 + $1.count(of: base.timeframe) },
                partialBars: base.candles.count { $0.flags.contains(.isPartial) },
                attribution: Attribution(
                    settled(run.instruments[index]), kernel,
                    positions: kernel.positions.filter { $0.instrument.index == index },
                    trips: trips.filter { $0.instrument.index == index }, bars: base.candles.count, initial: cash,
                    from: from))
        }
        capital = configuration.capital
        halts = run.halts
        account = PortfolioResult.account(run, market, configuration, trips, instruments)
        let total = account.daily.changes
        let byStrategy = strategies.map(\.attribution.daily.changes)
        let byInstrument = instruments.map(\.attribution.daily.changes)
        strategyCorrelations = DailyCovariance.correlations(byStrategy)
        instrumentCorrelations = DailyCovariance.correlations(byInstrument)
        for (index, share) in DailyCovariance.shares(byStrategy, of: total).enumerated() {
            strategies[index].attribution.riskShare = share
        }
        for (index, share) in DailyCovariance.shares(byInstrument, of: total).enumerated() {
            instruments[index].attribution.riskShare = share
        }
    }

    private static func account(
        _ run: PortfolioRun, _ market: PortfolioMarket, _ configuration: PortfolioConfiguration, _ trips: [RoundTrip],
        _ parts: [Part]
    ) -> BacktestResult {
        let kernel = run.exchange.kernel
        let cash = configuration.cash
        var instrument = parts[0].instrument
        instrument.symbol = parts.map(\.instrument.symbol).joined(separator: ",")
        let daily = DailyEquity(initial: cash, firstDay: market.from.day, units: run.account.dailyEquity)
        var result = BacktestResult(
            strategy: className, parameters: Parameters([]), instrument: instrument,
            timeframe: parts.map(\.timeframe).min() ?? .oneMinute, from: market.from, to: market.to,
            bars: run.instants, initialEquity: cash, finalEquity: kernel.account.equity, feesPaid: kernel.account.fees,
            metrics: PerformanceMetrics(
                initial: cash, final: kernel.account.equity,
                span: market.to.nanoseconds(since: market.from) / 1_000_000_000,
                returns: DailyReturns(daily.returns), maximumDrawdown: run.account.maximumDrawdown, trips: trips,
                exposure: Double(run.account.heldCount) / Double(max(run.instants, 1))),
            trips: trips,
            equity: configuration.keepsEquityCurve
                ? EquityCurve(currency: cash.currency, times: run.curve.times, units: run.curve.units) : nil,
            daily: daily, gaps: [], missingBars: parts.reduce(0) { $0 + $1.missingBars },
            partialBars: parts.reduce(0) { $0 + $1.partialBars }, refusals: run.refusals)
        result.assumptions = AssumptionReport(
            configuration.conditions, path: configuration.venue.path, costs: run.exchange.costs,
            detail: market.details.compactMap { $0?.timeframe }.min(),
            distance: nil)
        return result
    }
}
