public import Statistics

/// Several runs over the same candles side by side: how sure their figures are, whether they differ, and how much of the
/// best one's lead is luck.
///
/// All of it is made from the returns of days, `docs/metrics.md` says how. The same runs and options give the same
/// comparison to the last bit.
public struct StrategyComparison: Sendable {
    /// A run that is compared.
    public struct Entrant: Sendable {
        /// What it is called.
        public var name: String
        /// What came out.
        public var result: BacktestResult
        /// Whether it is only there to measure the others by: it was not chosen, and is no trial.
        public var isBenchmark: Bool

        /// A run of its parts.
        public init(name: String, result: BacktestResult, isBenchmark: Bool) {
            self.name = name
            self.result = result
            self.isBenchmark = isBenchmark
        }
    }

    /// What the comparison says of a run; `nil` where there are too few days, or they don't differ.
    public struct Row: Sendable {
        /// The run.
        public let entrant: Entrant
        /// The bootstrap's interval of the total return.
        public let returnInterval: Interval?
        /// The bootstrap's interval of the annualised Sharpe ratio.
        public let sharpeInterval: Interval?
        /// The probability that the true Sharpe ratio is above 0.
        public let probabilisticSharpe: Double?
        /// The probability that it is above the best that luck shows in `trials`; `nil` of a benchmark.
        public let deflatedSharpe: Double?
        /// How it differs from the first run; `nil` of the first.
        public let difference: Difference?
    }

    /// How a run differs from the first.
    public struct Difference: Sendable {
        /// Of the daily returns.
        public let test: PairedTest
        /// The mean daily difference × 365.
        public let yearly: Double
        /// Its Sharpe ratio less that of the first, annualised.
        public let sharpe: Double?
        /// The bootstrap's interval of that.
        public let sharpeInterval: Interval?
    }

    /// The runs in the order they were given.
    public let rows: [Row]
    /// Days that every run has.
    public let days: Int
    /// The mean length of the bootstrap's blocks in days; `nil` where there was no bootstrap.
    public let blockDays: Double?
    /// What the deflated ratio takes as tried: what was said, at least the runs compared but benchmarks.
    public let trials: Int
    /// The variance of the trials' daily Sharpe ratios. Where not all are known, at least 1 ÷ (days − 1), that of a ratio
    /// without skill, for a few say little of many.
    public let variance: Double?
    /// The probability of overfitting, benchmarks left out; `nil` where it can't be measured.
    public let overfitting: OverfittingProbability?
    /// What is not there, and why: `statistics` for all of it, `overfitting` for that alone.
    public let undefined: [(key: String, reason: String)]

    /// The least days a block of the cross-validation has.
    private static let leastBlock = 5

    /// The annualised Sharpe ratio that the best of the trials would show by luck; `nil` with too few days.
    public var expectedMaximumSharpe: Double? {
        variance.map {
            SharpeInference.expectedMaximum(trials: trials, variance: $0) * DailyReturns.perYear.squareRoot()
        }
    }

    /// Compares runs. O(runs · days · resamples).
    ///
    /// - Precondition: one run or more, all over the same candles.
    public init(_ entrants: [Entrant], _ options: ComparisonOptions = ComparisonOptions()) {
        precondition(!entrants.isEmpty, "something to compare")
        let days = entrants[0].result.daily.count
        precondition(entrants.allSatisfy { $0.result.daily.count == days }, "runs over the same days")
        let returns = entrants.map(\.result.daily.returns)
        let chosen = entrants.indices.filter { !entrants[$0].isBenchmark }
        let trials = max(options.trials ?? 0, chosen.count)
        self.days = days
        self.trials = trials
        var undefined: [(key: String, reason: String)] = []
        if days >= ExtendedMetrics.minimumSample {
            let moments = returns.map { Moments($0) }
            let variance = StrategyComparison.variance(
                chosen.compactMap { moments[$0].sharpe }, trials: trials, days: days)
            let bootstrap = ComparisonBootstrap(returns, options)
            self.variance = variance
            blockDays = bootstrap?.blockDays
            rows = entrants.indices.map { index in
                let inference = SharpeInference(moments[index])
                return Row(
                    entrant: entrants[index], returnInterval: bootstrap?.returnInterval(index),
                    sharpeInterval: bootstrap?.sharpeInterval(index),
                    probabilisticSharpe: inference?.probability(above: 0),
                    deflatedSharpe: entrants[index].isBenchmark
                        ? nil : inference?.deflated(trials: trials, variance: variance),
                    difference: index == 0 ? nil : bootstrap?.difference(index))
            }
        } else {
            undefined.append(("statistics", "there are \(days) days; it needs \(ExtendedMetrics.minimumSample)"))
            variance = nil
            blockDays = nil
            rows = entrants.map(Row.init(bare:))
        }
        switch StrategyComparison.overfitting(chosen.map { returns[$0] }, days: days) {
        case .success(let measured): overfitting = measured
        case .failure(let unmeasured):
            overfitting = nil
            undefined.append(("overfitting", unmeasured.reason))
        }
        self.undefined = undefined
    }

    private static func variance(_ ratios: [Double], trials: Int, days: Int) -> Double {
        let withoutSkill = 1 / Double(days - 1)
        guard ratios.count > 1, let deviation = Moments(ratios).deviation else { return withoutSkill }
        let known = deviation * deviation
        return trials > ratios.count ? max(known, withoutSkill) : known
    }

    private struct Unmeasured: Error {
        var reason: String
    }

    /// Sixteen blocks where the days suffice, eight where they don't.
    private static func overfitting(
        _ returns: [[Double]], days: Int
    ) -> Result<OverfittingProbability, Unmeasured> {
        guard let blocks = [16, 8].first(where: { days >= $0 * leastBlock }) else {
            return .failure(Unmeasured(reason: "there are \(days) days; it needs \(8 * leastBlock)"))
        }
        let whole = returns.filter { !$0.isEmpty }
        var sound: [[Double]] = []
        for column in whole where !sound.contains(column) { sound.append(column) }
        if sound.count == 1, whole.count > 1 {
            return .failure(Unmeasured(reason: "all earned the same on every day: there is nothing to choose"))
        }
        guard let measured = OverfittingProbability(returns: sound, blocks: blocks) else {
            return .failure(Unmeasured(reason: "it needs two strategies to choose from"))
        }
        return .success(measured)
    }
}

extension StrategyComparison.Row {
    /// A run of which too few days are known.
    fileprivate init(bare entrant: StrategyComparison.Entrant) {
        self.entrant = entrant
        returnInterval = nil
        sharpeInterval = nil
        probabilisticSharpe = nil
        deflatedSharpe = nil
        difference = nil
    }
}
