/// How runs are compared.
public struct ComparisonOptions: Sendable, Hashable {
    /// The seed of the bootstrap.
    public var seed: UInt64
    /// How many samples the bootstrap draws, 1 or more.
    public var resamples: Int
    /// The confidence of intervals, above 0 and below 1.
    public var confidence: Double
    /// The mean length of the bootstrap's blocks in days, 1 or more; `nil` takes the longest that suits one of the runs.
    public var blockDays: Double?
    /// How many strategies and parameter sets were tried in all; `nil` takes those that are compared. Never fewer.
    public var trials: Int?

    /// Options of their parts.
    public init(
        seed: UInt64 = 1, resamples: Int = 2_000, confidence: Double = 0.95, blockDays: Double? = nil,
        trials: Int? = nil
    ) {
        self.seed = seed
        self.resamples = resamples
        self.confidence = confidence
        self.blockDays = blockDays
        self.trials = trials
    }
}
