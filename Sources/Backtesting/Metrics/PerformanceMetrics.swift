import Market
import Trading

/// The figures of a run. `docs/backtesting.md` defines each; `nil` where one is undefined.
public struct PerformanceMetrics: Sendable {
    /// Final ÷ initial equity − 1.
    public var totalReturn: Double
    /// The yearly return that compounds to the total one; `nil` below `minimumDays`, and where a year would bring more than
    /// `largestGrowth`.
    public var annualizedReturn: Double?
    /// Mean ÷ sample deviation of daily returns × √365; `nil` below two days or without any deviation.
    public var sharpe: Double?
    /// Mean ÷ downside deviation of daily returns × √365; `nil` below two days or without a losing day.
    public var sortino: Double?
    /// Annualised return ÷ maximum drawdown; `nil` without either.
    public var calmar: Double?
    /// The deepest fall of the marked equity below its peak, as a positive share of the peak.
    public var maximumDrawdown: Double
    /// Round trips with a profit after fees ÷ all; `nil` without one.
    public var winRate: Double?
    /// Profits ÷ losses after fees; `nil` without a loss.
    public var profitFactor: Double?
    /// Round trips, one that is open at the end included.
    public var tradeCount: Int
    /// The mean time from the first fill to the last of a round trip, in seconds; `nil` without one.
    public var averageTradeSeconds: Double?
    /// The share of candles at whose close a position was held.
    public var exposure: Double

    /// The shortest run whose return is annualised, in days: the power of a shorter one says nothing.
    public static let minimumDays = 30.0
    /// The most that a year may multiply the equity by for a yearly return to be said: beyond it the power tells of the
    /// shortness of the run alone.
    public static let largestGrowth = 1_000.0

    /// The figures of trips and equity.
    ///
    /// - Parameters:
    ///   - span: from the first candle's open to the last one's close, in seconds.
    init(
        initial: Money, final: Money, span: Int64, returns: DailyReturns, maximumDrawdown: Double, trips: [RoundTrip],
        exposure: Double
    ) {
        totalReturn = Double(final.units - initial.units) / Double(initial.units)
        annualizedReturn = PerformanceMetrics.annualized(totalReturn, seconds: span)
        sharpe = returns.sharpe
        sortino = returns.sortino
        self.maximumDrawdown = maximumDrawdown
        calmar = maximumDrawdown > 0 ? annualizedReturn.map { $0 / maximumDrawdown } : nil
        self.exposure = exposure
        tradeCount = trips.count
        var wins = 0
        var gained: Int128 = 0
        var lost: Int128 = 0
        var nanoseconds: Int64 = 0
        for trip in trips {
            let profit = trip.profit.units
            if profit > 0 {
                wins += 1
                gained += profit
            } else {
                lost -= profit
            }
            nanoseconds += trip.closedAt.nanoseconds(since: trip.openedAt)
        }
        winRate = trips.isEmpty ? nil : Double(wins) / Double(trips.count)
        profitFactor = lost > 0 ? Double(gained) / Double(lost) : nil
        averageTradeSeconds = trips.isEmpty ? nil : Double(nanoseconds) / 1e9 / Double(trips.count)
    }

    /// (1 + total)^(365 days ÷ span) − 1; `nil` for spans too short or results too large to mean anything.
    static func annualized(_ total: Double, seconds: Int64) -> Double? {
        guard Double(seconds) >= minimumDays * 86_400 else { return nil }
        guard total > -1 else { return -1 }
        let years = Double(seconds) / (DailyReturns.perYear * 86_400)
        let growth = power(1 + total, 1 / years)
        return growth <= largestGrowth ? growth - 1 : nil
    }
}
