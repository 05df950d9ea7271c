import Market
import Simulation
import Trading

extension BacktestRun {
    /// The result after the first `bars` candles, all of them where no number is given.
    func result(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, from: Timestamp, bars: Int? = nil
    ) -> BacktestResult {
        let bars = bars ?? series.candles.count
        let to = series.candles[bars - 1].closeTime(timeframe)
        let kernel = exchange.kernel
        var trips = trips
        var closing: TradingCosts?
        if let mark = kernel.mark(BacktestRun.instrumentID),
            let open = kernel.position(BacktestRun.strategyID, BacktestRun.instrumentID)
                .markedTrip(at: mark, time: to, instrument)
        {
            trips.append(open)
            closing = exchange.venue.closingCosts(
                BacktestRun.strategyID, BacktestRun.instrumentID, at: mark, time: to,
                volume: lastVolume(series.candles[bars - 1]))
        }
        let cash = configuration.cash
        let daily = DailyEquity(initial: cash, firstDay: from.day, units: tracker.dailyEquity)
        let final = kernel.account.equity
        var result = BacktestResult(
            strategy: configuration.strategy, parameters: configuration.parameters, instrument: instrument,
            timeframe: timeframe, from: from, to: to, bars: bars, initialEquity: cash,
            finalEquity: final, feesPaid: kernel.account.fees,
            metrics: PerformanceMetrics(
                initial: cash, final: final, span: to.nanoseconds(since: from) / 1_000_000_000,
                returns: DailyReturns(daily.returns), maximumDrawdown: tracker.maximumDrawdown,
                trips: trips, exposure: Double(tracker.heldCount) / Double(bars)),
            trips: trips,
            equity: configuration.keepsEquityCurve
                ? EquityCurve(
                    currency: cash.currency, candles: series.candles, timeframe: timeframe, lines: lines) : nil,
            daily: daily, gaps: gaps, missingBars: gaps.reduce(0) { $0 + $1.count(of: timeframe) },
            partialBars: partialCount, refusals: refusals)
        result.closing = closing
        result.assumptions = AssumptionReport(
            configuration.conditions, path: configuration.venue.path, costs: exchange.costs, detail: detailTimeframe,
            distance: distance, mark: configuration.mark?.fingerprint,
            recorded: recorded.flatMap { play in
                configuration.recorded.map {
                    RecordedReport(
                        name: $0.name, queue: configuration.venue.queue, fills: exchange.fillCounts,
                        bars: play.barCount, remarks: play.remarks
                    )
                }
            })
        return result
    }
}
