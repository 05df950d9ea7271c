public import Backtesting
public import Market
public import Optimization
public import Storage
import Strategies
public import Trading

/// What a search tries, and what it calls good. Everything that its results depend on, but the candles.
public struct StudyPlan: Sendable {
    /// The run that is varied; its parameters are replaced by those of each trial.
    public var configuration: BacktestConfiguration
    /// The parameters that are not varied, as written; others have their defaults.
    public var fixed: [(name: String, text: String)]
    /// Those that are.
    public var space: SearchSpace
    /// How trials are chosen.
    public var sampler: Sampler
    /// The seed of what is random.
    public var seed: UInt64
    /// How many trials there are, of each stage.
    public var count: Int
    /// Trials drawn together, before any of their results is known.
    public var batch: Int
    /// Whether trials are given up that do worse than half of the others did.
    public var isPruning: Bool
    /// What is to be great.
    public var objective: Formula
    /// What must hold.
    public var constraints: [Condition]

    /// Looks at a trial before its end, where trials may be given up.
    public static let looks = 3

    /// A plan of its parts.
    public init(
        configuration: BacktestConfiguration, fixed: [(name: String, text: String)], space: SearchSpace,
        sampler: Sampler, seed: UInt64, count: Int, batch: Int, isPruning: Bool, objective: Formula,
        constraints: [Condition]
    ) {
        self.configuration = configuration
        self.fixed = fixed
        self.space = space
        self.sampler = sampler
        self.seed = seed
        self.count = count
        self.batch = batch
        self.isPruning = isPruning
        self.objective = objective
        self.constraints = constraints
    }

    /// Which trials wait for which results.
    var schedule: TrialSchedule {
        TrialSchedule(count: count, learns: sampler == .tpe || isPruning, batch: batch)
    }

    /// The parameters of a point, written: those that are not varied, and its values.
    public func overrides(_ point: [Double]) -> [(name: String, text: String)] {
        let descriptors = configuration.parameters.descriptors
        return fixed
            + zip(space.dimensions, point).map { dimension, value in
                let descriptor = descriptors.first { $0.name == dimension.name }
                return (dimension.name, descriptor?.text(value) ?? "\(value)")
            }
    }

    /// The parameters of a point.
    ///
    /// - Throws: `ParameterErrors` when they contradict each other.
    public func parameters(_ point: [Double]) throws(ParameterErrors) -> Parameters { try strategy(point).parameters }

    /// The parameters of a point, and how many candles its strategy needs before the first that it acts on.
    func strategy(_ point: [Double]) throws(ParameterErrors) -> (parameters: Parameters, warmUp: Int) {
        let parameters = try Parameters(configuration.parameters.descriptors, overrides: overrides(point))
        guard let strategyClass = configuration.catalog.strategyClass(named: configuration.strategy) else {
            preconditionFailure("there is no class '\(configuration.strategy)'")
        }
        return (parameters, try strategyClass.make(parameters).warmUp)
    }

    /// The run of a point.
    ///
    /// - Parameter past: candles before the first it trades on; the last of them warm the strategy up, four times as many
    ///   as it says it needs, so that averages without an end have settled.
    /// - Throws: `ParameterErrors` when the parameters contradict each other.
    func configuration(_ point: [Double], past: ArraySlice<Candle>) throws(ParameterErrors) -> BacktestConfiguration {
        let (parameters, warmUp) = try strategy(point)
        var configuration = configuration
        configuration.parameters = parameters
        configuration.history = Array(past.suffix(4 * warmUp))
        return configuration
    }

    /// A trial as the store keeps it, its parameters and figures as JSON.
    public func record(_ trial: Trial, at time: Timestamp) -> TrialRecord { TrialText.record(trial, self, at: time) }

    /// The trials from the best to the worst; of equals the earlier one is better.
    public func ranked(_ trials: [Trial]) -> [Trial] {
        let standings = trials.map(standing)
        return trials.indices.sorted { standings[$0] == standings[$1] ? $0 < $1 : standings[$0] < standings[$1] }
            .map { trials[$0] }
    }

    /// How well a trial did, as samplers see it.
    func standing(_ trial: Trial) -> Standing {
        switch trial.state {
        case .complete: return trial.objective.map { .complete(loss: -$0) } ?? .undefined
        case .pruned: return .pruned(looks: trial.looks.count, loss: trial.looks.last?.map { -$0 } ?? .infinity)
        case .infeasible: return .infeasible(violation: trial.violation ?? .infinity)
        case .undefined, .invalid: return .undefined
        }
    }

    /// What the results depend on, but the candles and how many trials there are: a line each, name and value.
    ///
    /// - Parameter more: what the command adds, as the windows of a walk-forward.
    public func definition(_ text: BacktestText, _ more: [(String, String)] = []) -> String {
        var lines = [
            // The name of a class of rules is their text.
            ("strategy", configuration.strategy.split(separator: "\n").joined(separator: "; ")),
            ("parameters", fixed.map { "\($0.name)=\($0.text)" }.sorted().joined(separator: " ")),
            ("search", space.text(configuration.parameters.descriptors)), ("sampler", sampler.rawValue),
            ("seed", "\(seed)"), ("batch", "\(batch)"), ("prune", isPruning ? "on" : "off"),
            ("objective", objective.text), ("constraints", constraints.map(\.text).joined(separator: "; ")),
            ("cash", text.cash), ("fee-bps", text.feeBasisPoints),
            ("maker-fee-bps", text.makerFeeBasisPoints ?? ""), ("slippage-bps", text.slippageBasisPoints),
            ("sizing", text.sizing), ("quantity-step", text.quantityStep ?? ""),
            ("participation", text.participationPercent ?? ""),
            ("wait-for-volume", text.waitsForVolume ? "on" : "off"), ("stop-loss", text.stopLossPercent ?? ""),
            ("take-profit", text.takeProfitPercent ?? ""), ("trailing-stop", text.trailingStopPercent ?? ""),
            ("limits", "\(configuration.accountLimits) \(configuration.strategyLimits)"),
        ]
        if let asset = text.feeAsset { lines.append(("fee-asset", asset)) }
        lines += text.assumptions.written.map { ($0.name, $0.text) }
        // A study over the same candles that fills on other minutes, or on none, is another one.
        if let detail = configuration.detail { lines.append(("detail", "\(detail.timeframe) \(detail.fingerprint)")) }
        if let mark = configuration.mark { lines.append(("mark", mark.fingerprint)) }
        // A sweep tries everything: nothing of it is random.
        if sampler == .grid { lines.removeAll { ["seed", "batch"].contains($0.0) && !isPruning } }
        return (lines + more).map { "\($0.0): \($0.1)" }.joined(separator: "\n")
    }
}
