public import Market

/// A search as the screen shows it.
public struct SearchView: Sendable, Identifiable {
    /// Its study's number in the store, or a negative number until that is open.
    public var id: Int64
    /// The name of its study; empty until that is open.
    public var name: String
    /// What was asked.
    public var request: SearchRequest
    /// How it stands.
    public var state: State
    /// What came of it so far.
    public var board: SearchBoard
    /// Counts up with every change: two views of one number and revision are the same.
    public var revision: UInt64 = 0

    /// How a search stands.
    public enum State: Sendable, Hashable {
        /// Waiting or running: trials that have ended, of how many, and seconds left by estimate.
        case running(ended: Int, total: Int, secondsLeft: Double?)
        /// All trials have ended.
        case done
        /// It could not be run, with the reason.
        case failed(String)
        /// Cancelled by a person; its trials are kept.
        case cancelled
        /// The engine ended under it; its trials are kept, and it can go on.
        case interrupted
        /// From the ledger: what another program searched.
        case kept
    }

    /// A search of its parts.
    public init(
        id: Int64, name: String = "", request: SearchRequest, state: State, board: SearchBoard = SearchBoard()
    ) {
        self.id = id
        self.name = name
        self.request = request
        self.state = state
        self.board = board
    }
}

/// What came of a search.
public struct SearchBoard: Sendable, Hashable {
    /// The parameters that are varied.
    public var axes: [SearchAxis] = []
    /// The trials that have ended, by window and number; at most `SearchRequest.mostTrials`.
    public var trials: [SearchTrial] = []
    /// How many there are, shown or not.
    public var trialCount = 0
    /// The best trial that ran to its end and kept the constraints, by its place; `nil` of a walk-forward.
    public var best: Int?
    /// What it is worth.
    public var verdicts: [SearchVerdict] = []
    /// The windows of a walk-forward, oldest first.
    public var windows: [SearchWindow] = []
    /// The equity over all test windows as one, thinned; empty without any.
    public var stitched: [SearchPoint] = []
    /// The figures over all test windows as one.
    public var stitchedFigures: [SearchFigure] = []

    /// Nothing.
    public init() {}
}

/// A parameter that is varied.
public struct SearchAxis: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its values in order as people write them; none where there are too many to list.
    public var values: [String]

    /// Axes with more values are not listed.
    public static let mostValues = 400

    /// A parameter of its parts.
    public init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }
}

/// A trial that has ended.
public struct SearchTrial: Sendable, Hashable {
    /// The window of a walk-forward, from 1; 0 elsewhere.
    public var window: Int
    /// Its number within the window, from 0.
    public var number: Int
    /// How it ended.
    public var state: State
    /// The values of the axes, as people write them.
    public var values: [String]
    /// What is to be great; `nil` where it is undefined.
    public var objective: Double?
    /// The total return.
    public var totalReturn: Double?
    /// The annualised Sharpe ratio.
    public var sharpe: Double?
    /// The maximum drawdown.
    public var drawdown: Double?
    /// The count of round trips.
    public var trips: Double?

    /// How a trial can end.
    public enum State: UInt8, Sendable, Hashable {
        /// Ran to its end and kept the constraints.
        case complete
        /// Given up early.
        case pruned
        /// Broke a constraint.
        case infeasible
        /// Its objective is undefined.
        case undefined
        /// Its parameters contradict each other.
        case invalid
    }

    /// A trial of its parts.
    public init(window: Int, number: Int, state: State, values: [String], objective: Double?) {
        self.window = window
        self.number = number
        self.state = state
        self.values = values
        self.objective = objective
    }

    /// The value of an axis as a number; switches are 1 and 0.
    public func number(_ axis: Int) -> Double? {
        guard values.indices.contains(axis) else { return nil }
        let text = values[axis]
        return text == "on" ? 1 : text == "off" ? 0 : Double(text)
    }
}

/// A window of a walk-forward; figures are `nil` where no parameters were found for it.
public struct SearchWindow: Sendable, Hashable {
    /// From 1.
    public var number: Int
    /// Where it trains.
    public var trainFrom: Timestamp, trainTo: Timestamp
    /// Where it is measured.
    public var testFrom: Timestamp, testTo: Timestamp
    /// The parameters that were chosen, `fast=12`; empty for none.
    public var chosen: [String] = []
    /// The return in training and in the test.
    public var returnInside: Double?, returnOutside: Double?
    /// The Sharpe ratio in training and in the test.
    public var sharpeInside: Double?, sharpeOutside: Double?
    /// The maximum drawdown in the test.
    public var drawdownOutside: Double?
    /// The round trips in the test.
    public var tripsOutside: Double?

    /// A window without results.
    public init(
        number: Int, trainFrom: Timestamp, trainTo: Timestamp, testFrom: Timestamp, testTo: Timestamp
    ) {
        self.number = number
        self.trainFrom = trainFrom
        self.trainTo = trainTo
        self.testFrom = testFrom
        self.testTo = testTo
    }
}

/// A point of a curve.
public struct SearchPoint: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// How much.
    public var value: Double

    /// A point of its parts.
    public init(time: Timestamp, value: Double) {
        self.time = time
        self.value = value
    }
}

/// A figure with its stable key.
public struct SearchFigure: Sendable, Hashable {
    /// The key, as in the JSON of a result.
    public var key: String
    /// Its value; `nil` where it is undefined.
    public var value: Double?

    /// A figure of its parts.
    public init(key: String, value: Double?) {
        self.key = key
        self.value = value
    }
}

/// One thing that can be said for or against believing in a result.
public struct SearchVerdict: Sendable, Hashable {
    /// What was measured.
    public var name: String
    /// The measure, as people write it.
    public var value: String
    /// Which way it speaks.
    public var judgement: Judgement
    /// What it means.
    public var text: String

    /// Which way a measure speaks.
    public enum Judgement: UInt8, Sendable, Hashable {
        /// For the result.
        case good
        /// Against it.
        case bad
        /// Neither.
        case open
    }

    /// A verdict of its parts.
    public init(_ name: String, _ value: String, _ judgement: Judgement, _ text: String) {
        self.name = name
        self.value = value
        self.judgement = judgement
        self.text = text
    }
}
