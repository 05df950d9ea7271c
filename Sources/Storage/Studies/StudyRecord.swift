public import Market

/// A search over the parameters of a strategy as the store keeps it. Space and definition are the caller's own text.
public struct StudyRecord: Sendable, Hashable, Identifiable {
    /// Its number; 0 for one that was not stored yet.
    public var id: Int64
    /// The name that processes share it by; empty for one that is to be named by its kind and number.
    public var name: String
    /// What searches: `sweep`, `optimize`, `walk-forward`.
    public var kind: String
    /// When it began.
    public var createdAt: Timestamp
    /// The strategy class.
    public var className: String
    /// The series, `BINANCE:BTCUSDT`.
    public var series: String
    /// The candles it sees.
    public var timeframe: Timeframe
    /// The open of the first candle.
    public var firstOpen: Timestamp
    /// The close of the last candle.
    public var lastClose: Timestamp
    /// What stands for the candles; other candles, another hash.
    public var dataHash: String
    /// The seed of its random numbers.
    public var seed: UInt64
    /// The parameters that are varied, and their values.
    public var space: String
    /// Everything else that its results depend on.
    public var definition: String

    /// A study that is to be stored.
    public init(
        name: String, kind: String, createdAt: Timestamp, className: String, series: String, timeframe: Timeframe,
        firstOpen: Timestamp, lastClose: Timestamp, dataHash: String, seed: UInt64, space: String, definition: String
    ) {
        id = 0
        self.name = name
        self.kind = kind
        self.createdAt = createdAt
        self.className = className
        self.series = series
        self.timeframe = timeframe
        self.firstOpen = firstOpen
        self.lastClose = lastClose
        self.dataHash = dataHash
        self.seed = seed
        self.space = space
        self.definition = definition
    }
}

/// One trial of a study that has ended.
public struct TrialRecord: Sendable, Hashable {
    /// The window of a walk-forward, 0 elsewhere.
    public var stage: Int
    /// The number within study and stage, from 0.
    public var number: Int
    /// How it ended.
    public var state: State
    /// When it ended.
    public var time: Timestamp
    /// All parameters, those that were not varied included, as JSON.
    public var parameters: String
    /// What the search makes great; `nil` where it is undefined.
    public var objective: Double?
    /// By how much it broke the constraints; `nil` where that is unknown.
    public var violation: Double?
    /// The objective at each look before the end, as JSON.
    public var looks: String
    /// The figures, as JSON; of what ran of a trial that was given up.
    public var metrics: String

    /// How a trial can end.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Ran to its end and kept the constraints.
        case complete
        /// Given up early.
        case pruned
        /// Ran to its end and broke a constraint.
        case infeasible
        /// Ran to its end, and the objective is undefined.
        case undefined
        /// Never ran: the parameters contradict each other.
        case invalid
    }

    /// A trial of its parts.
    public init(
        stage: Int, number: Int, state: State, time: Timestamp, parameters: String, objective: Double?,
        violation: Double?, looks: String, metrics: String
    ) {
        self.stage = stage
        self.number = number
        self.state = state
        self.time = time
        self.parameters = parameters
        self.objective = objective
        self.violation = violation
        self.looks = looks
        self.metrics = metrics
    }
}

/// What the ledger holds of one strategy class on one series.
public struct TrialSummary: Sendable, Hashable {
    /// The strategy class.
    public var className: String
    /// The series, `BINANCE:BTCUSDT`.
    public var series: String
    /// The candles.
    public var timeframe: Timeframe
    /// How many studies.
    public var studies: Int
    /// How many trials ran, given up ones included.
    public var trials: Int
    /// How many different combinations of parameters ran, on the same candles counted once.
    public var combinations: Int
    /// The highest Sharpe ratio of a trial that ran to its end.
    public var bestSharpe: Double?
    /// When the last one ended.
    public var lastTime: Timestamp
}
