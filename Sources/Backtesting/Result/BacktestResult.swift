public import Market
public import Simulation
public import Trading

/// What came out of a run. Two runs of the same input are equal to the last digit.
public struct BacktestResult: Sendable {
    /// The strategy class.
    public var strategy: String
    /// Its parameters.
    public var parameters: Parameters
    /// What was traded.
    public var instrument: Instrument
    /// The candles' length.
    public var timeframe: Timeframe
    /// The open of the first candle.
    public var from: Timestamp
    /// The close of the last candle.
    public var to: Timestamp
    /// How many candles there were.
    public var bars: Int
    /// The cash it began with.
    public var initialEquity: Money
    /// Cash plus the open position marked at the last close.
    public var finalEquity: Money
    /// All fees.
    public var feesPaid: Money
    /// The figures.
    public var metrics: PerformanceMetrics
    /// The round trips, oldest first; one that is open at the end is the last and marked at the last close.
    public var trips: [RoundTrip]
    /// The equity at the close of every candle; `nil` when the configuration did not ask for it.
    public var equity: EquityCurve?
    /// The last mark of every UTC day.
    public var daily: DailyEquity
    /// Stretches without candles between the first and the last.
    public var gaps: [Gap]
    /// How many candles are missing in the gaps.
    public var missingBars: Int
    /// Candles made from fewer minutes than they hold.
    public var partialBars: Int
    /// Orders that the risk gate denied or the venue refused, with the reason of the first.
    public var refusals: Refusals
    /// What was assumed of the market, and what it came to; `nil` for results that nothing was assumed for.
    public var assumptions: AssumptionReport?
    /// What it would cost to close the position that is open at the end, at the venue of the run; `nil` without one.
    public var closing: TradingCosts?
    /// The result on the kindest way through the bars, where it was asked for; the others are those of the cruellest.
    public var ambiguity: AmbiguityInterval?

    /// Orders that did not reach the market.
    public struct Refusals: Sendable, Hashable {
        /// How many.
        public var count = 0
        /// Why the first one was refused; empty without one.
        public var firstReason = ""

        /// Counts one more.
        mutating func add(_ reason: String) {
            if count == 0 { firstReason = reason }
            count += 1
        }
    }

    /// Whether a position was open at the end.
    public var hasOpenTrade: Bool { trips.last?.isOpen ?? false }
}
