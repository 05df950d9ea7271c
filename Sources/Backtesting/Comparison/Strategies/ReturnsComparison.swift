public import Statistics

/// Series of daily returns over the same days side by side: how sure the figures of each are, and whether they differ from
/// the first. What `StrategyComparison` says of runs, for those whose days alone are known.
public struct ReturnsComparison: Sendable {
    /// What is said of one series; `nil` where its days don't differ.
    public struct Row: Sendable {
        /// The bootstrap's interval of the total return.
        public let returnInterval: Interval?
        /// The annualised Sharpe ratio.
        public let sharpe: Double?
        /// The bootstrap's interval of that.
        public let sharpeInterval: Interval?
        /// How it differs from the first; `nil` of the first.
        public let difference: StrategyComparison.Difference?
    }

    /// The fewest days that say anything.
    public static let minimumDays = ExtendedMetrics.minimumSample

    /// The series in the order they were given.
    public let rows: [Row]
    /// The mean length of the bootstrap's blocks in days.
    public let blockDays: Double

    /// Compares series; the same ones and options give the same comparison to the last bit.
    /// O(series · days · resamples).
    ///
    /// - Returns: `nil` with fewer than `minimumDays` days.
    /// - Precondition: one series or more, all of one length.
    public init?(_ returns: [[Double]], _ options: ComparisonOptions = ComparisonOptions()) {
        let days = returns.first?.count ?? 0
        precondition(returns.allSatisfy { $0.count == days }, "returns of the same days")
        guard days >= ReturnsComparison.minimumDays, let bootstrap = ComparisonBootstrap(returns, options) else {
            return nil
        }
        blockDays = bootstrap.blockDays
        rows = returns.indices.map { index in
            Row(
                returnInterval: bootstrap.returnInterval(index), sharpe: DailyReturns(returns[index]).sharpe,
                sharpeInterval: bootstrap.sharpeInterval(index),
                difference: index == 0 ? nil : bootstrap.difference(index))
        }
    }
}
