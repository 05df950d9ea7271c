public import Market
import Statistics
import Trading

/// The figures of a run beyond `PerformanceMetrics`, made from its result and its candles when somebody wants them.
///
/// `docs/metrics.md` defines each. Nothing here is counted while the run is under way, so that a run whose basic figures
/// are enough pays nothing for it.
public struct ExtendedMetrics: Sendable {
    /// Days that the figures of a distribution need: what fewer show is an accident.
    static let minimumSample = 20

    /// Figures of the daily returns.
    let distribution: DistributionFigures
    /// Falls of the daily equity below its peaks.
    let drawdowns: DrawdownFigures
    /// Figures of the round trips.
    let trips: TripFigures
    /// How far the price went against and for each round trip; one for each trip, in their order.
    let excursions: [Excursion]
    /// The Sharpe ratio of the days before, day by day.
    let rolling: RollingSharpe
    /// The return of every month.
    let months: [PeriodReturn]
    /// The return of every year.
    let years: [PeriodReturn]
    /// The figures by the kind of market, by trend and by volatility; `nil` of a run too short for any.
    let regimes: (trend: [RegimeFigures], volatility: [RegimeFigures])?
    /// Why figures are undefined.
    let undefined: UndefinedFigures

    /// The figures of `result`: O(days · rolling days + candles held + trips · log candles).
    ///
    /// - Parameters:
    ///   - series: the candles that the run was over.
    ///   - detail: the shorter candles that its orders were filled on, for excursions; `nil` where they met `series`.
    ///   - rollingDays: the window of the rolling Sharpe ratio, 2 or more.
    /// - Precondition: as many candles as the run had.
    public init(
        _ result: BacktestResult, _ series: CandleSeries, detail: CandleSeries? = nil, rollingDays: Int = 90
    ) {
        precondition(series.candles.count == result.bars, "the candles of the run")
        self.init(
            result, excursions: Excursion.excursions(of: result.trips, over: MetCandles(series, detail: detail)),
            rollingDays: rollingDays, market: series)
    }

    /// The figures of `result`, whose trips had these excursions.
    ///
    /// - Parameter market: the candles that say which regime a day belongs to; `nil` where no single series does.
    init(_ result: BacktestResult, excursions: [Excursion], rollingDays: Int, market: CandleSeries? = nil) {
        precondition(rollingDays >= 2, "a window of two days or more")
        var undefined = UndefinedFigures()
        undefined.explain(result)
        let returns = result.daily.returns
        distribution = DistributionFigures(returns, annualized: result.metrics.annualizedReturn, &undefined)
        drawdowns = DrawdownFigures(
            result.daily, totalReturn: result.metrics.totalReturn, maximumDrawdown: result.metrics.maximumDrawdown,
            &undefined)
        self.excursions = excursions
        trips = TripFigures(result, excursions, &undefined)
        rolling = RollingSharpe(returns, days: rollingDays)
        months = PeriodReturn.months(of: result.daily)
        years = PeriodReturn.years(of: result.daily)
        if let market {
            regimes = RegimeFigures.figures(result, market, &undefined)
        } else {
            regimes = undefined.figure("by_regime", nil, "no single market says which regime a day belongs to")
        }
        self.undefined = undefined
    }
}

/// Why figures are undefined, by their keys in the JSON.
struct UndefinedFigures: Sendable {
    /// Keys and reasons, in the order in which they were found.
    private(set) var reasons: [(key: String, reason: String)] = []

    /// Hands a figure on, and keeps the reason where there is none.
    mutating func figure<Value>(_ key: String, _ value: Value?, _ reason: String) -> Value? {
        if value == nil { reasons.append((key, reason)) }
        return value
    }

    /// Keeps the reasons of the figures that every run has.
    mutating func explain(_ result: BacktestResult) {
        let metrics = result.metrics
        let days = result.daily.returns
        let isShort =
            result.to.nanoseconds(since: result.from) < Int64(PerformanceMetrics.minimumDays) * Timestamp.dayNanoseconds
        let yearly =
            isShort
            ? "the run is shorter than \(Int(PerformanceMetrics.minimumDays)) days"
            : "the yearly power is out of range: more than \(Int(PerformanceMetrics.largestGrowth)) times the equity"
        let daily = UndefinedFigures.daily(days, least: 2)
        _ = figure("annualized_return", metrics.annualizedReturn, yearly)
        _ = figure("sharpe", metrics.sharpe, daily ?? "the daily returns don't differ")
        _ = figure("sortino", metrics.sortino, daily ?? "no day lost")
        _ = figure("calmar", metrics.calmar, metrics.maximumDrawdown > 0 ? yearly : "the equity never fell")
        _ = figure("win_rate", metrics.winRate, TripFigures.noTrip)
        _ = figure(
            "profit_factor", metrics.profitFactor, result.trips.isEmpty ? TripFigures.noTrip : "no round trip lost")
        _ = figure("average_trade_seconds", metrics.averageTradeSeconds, TripFigures.noTrip)
    }

    /// Why daily returns say nothing; `nil` when there are enough.
    static func daily(_ returns: [Double], least: Int) -> String? {
        if returns.isEmpty { return "the account was lost on some day" }
        return returns.count < least ? "there are \(returns.count) days; it needs \(least)" : nil
    }
}
