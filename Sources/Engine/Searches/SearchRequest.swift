import Market

/// What a search over parameters is asked to do, as people write it.
public struct SearchRequest: Sendable, Hashable, Codable {
    /// The ways to search.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Every combination.
        case sweep
        /// Combinations that a sampler chooses.
        case optimize
        /// A search in each of several windows, measured on what follows it.
        case walkForward = "walk-forward"
    }

    /// How it searches.
    public var kind: Kind
    /// The run that is varied; its parameters may be lists (`20,50`) and ranges (`5..50/5`, `5..500:log`).
    public var run: BacktestRequest
    /// What is to be great: a figure or an expression over figures.
    public var objective = "sharpe"
    /// What must hold, `trade_count >= 30`.
    public var constraints: [String] = []
    /// `tpe`, `random` or `grid`; a sweep is always a grid.
    public var sampler = "tpe"
    /// How many trials; in each window of a walk-forward. A sweep has as many as there are combinations.
    public var trials = 100
    /// The seed of what is random.
    public var seed: UInt64 = 1
    /// Trials chosen together, before any of their results is known.
    public var batch = 4
    /// Whether trials are given up that do worse than half of the others did.
    public var isPruning = false
    /// How long each search of a walk-forward looks back, `90d`.
    public var train = ""
    /// How long its parameters are used, `30d`.
    public var test = ""
    /// Whether every training window begins at the first candle.
    public var isAnchored = false
    /// What is left out at the end of training, `2d`; empty for nothing.
    public var purge = ""
    /// What lies between training and test; empty for nothing.
    public var embargo = ""
    /// How many threads at most; `nil` for one less than the machine has processors. Never more than that.
    public var workers: Int?
    /// The study that it goes on with; empty for a new one.
    public var study = ""

    /// More trials than this, in all windows together, are for the command line: the screen keeps every one of them.
    public static let mostTrials = 4_000

    /// A search with the usual options.
    public init(_ kind: Kind, _ run: BacktestRequest) {
        self.kind = kind
        self.run = run
        if kind == .walkForward {
            train = "90d"
            test = "30d"
        }
    }

    /// The parameters with more than one value, as written, in the order of their names.
    public var ranges: [(name: String, text: String)] {
        run.parameters.filter { SearchRequest.isRange($0.value) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether a parameter's text says several values.
    public static func isRange(_ text: String) -> Bool { text.contains("..") || text.contains(",") }
}
