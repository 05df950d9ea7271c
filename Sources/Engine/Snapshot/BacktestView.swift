public import Market
import Trading

/// A backtest as the screen shows it: running, done or failed.
public struct BacktestView: Sendable, Identifiable {
    /// Its number in the store, or a negative number while it runs.
    public var id: Int64
    /// What was asked.
    public var request: BacktestRequest
    /// How it stands.
    public var state: State

    /// How a backtest stands.
    public enum State: Sendable {
        /// Running: the share done, 0…1, and seconds left by estimate.
        case running(progress: Double, secondsLeft: Double?)
        /// Done.
        case done(BacktestReport)
        /// Failed, with the reason.
        case failed(String)
        /// Cancelled by a person.
        case cancelled
    }

    /// A backtest of its parts.
    public init(id: Int64, request: BacktestRequest, state: State) {
        self.id = id
        self.request = request
        self.state = state
    }
}

/// What a backtest is asked to do.
public struct BacktestRequest: Sendable, Hashable, Codable {
    /// The strategy class.
    public var className: String
    /// What people call the class.
    public var classTitle: String { StrategyClass.title(of: className) }
    /// Its parameters as people write them.
    public var parameters: [String: String]
    /// The series, `BINANCE:BTCUSDT`.
    public var series: String
    /// The timeframe.
    public var timeframe: Timeframe
    /// The first candle's open time at the earliest; `nil` for all there is.
    public var from: Timestamp?
    /// The end, exclusive; `nil` for all there is.
    public var to: Timestamp?
    /// The cash it begins with, in the quote currency, as people write it.
    public var cash: String
    /// The fee in basis points, as people write it.
    public var feeBasisPoints: String
    /// The slippage in basis points, as people write it.
    public var slippageBasisPoints: String
    /// `all-in`, `fixed:N` or `percent:P`.
    public var sizing: String

    /// A request with the usual costs.
    public init(
        className: String, parameters: [String: String] = [:], series: String, timeframe: Timeframe,
        from: Timestamp? = nil, to: Timestamp? = nil, cash: String = "10000", feeBasisPoints: String = "10",
        slippageBasisPoints: String = "0", sizing: String = "all-in"
    ) {
        self.className = className
        self.parameters = parameters
        self.series = series
        self.timeframe = timeframe
        self.from = from
        self.to = to
        self.cash = cash
        self.feeBasisPoints = feeBasisPoints
        self.slippageBasisPoints = slippageBasisPoints
        self.sizing = sizing
    }
}

/// What came out of a backtest.
public struct BacktestReport: Sendable {
    /// The figures with their stable keys, in the order they are listed; `nil` where one is undefined.
    public var figures: [(key: String, value: Double?)]
    /// The equity curve thinned to at most a few thousand points.
    public var equity: [(time: Timestamp, value: Double)]
    /// The round trips as rows of text: opened, closed, side, quantity, entry, exit, profit, why.
    public var trips: [[String]]

    /// A report of its parts.
    public init(
        figures: [(key: String, value: Double?)], equity: [(time: Timestamp, value: Double)], trips: [[String]]
    ) {
        self.figures = figures
        self.equity = equity
        self.trips = trips
    }

    /// The figure named `key`, or `nil`.
    public subscript(_ key: String) -> Double? { figures.first { $0.key == key }?.value }
}
