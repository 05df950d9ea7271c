/// What an audit looks for.
public enum AuditCheck: String, Sendable, Hashable, CaseIterable {
    /// Two runs over the same candles decide the same.
    case repetition = "repetition"
    /// Nothing changes in the past when later candles are missing.
    case truncation = "truncation"
    /// Nothing changes in the past when later candles are others.
    case futureShuffle = "future-shuffle"
    /// Most of the profit outlives one candle of delay.
    case delay = "one-bar-delay"
    /// Nothing is earned, before costs, on prices that can't be foretold.
    case noise = "martingale-noise"
    /// Other candles lead to other decisions.
    case otherCandles = "other-candles"
    /// Decisions don't depend on how long the strategy was warmed up.
    case warmUp = "warm-up-drift"
    /// Parameters nearby do nearly as well.
    case plateau = "plateau"
    /// Something is left when costs double.
    case costs = "cost-sensitivity"
    /// How much money fits.
    case capacity = "capacity"
}

/// What came of a check.
public enum AuditVerdict: String, Sendable, Hashable, CaseIterable {
    /// Nothing was found.
    case passed
    /// The result rests on something that nobody has when trading.
    case failed
    /// Something that a person should look at.
    case warned
    /// There was too little to tell.
    case inconclusive
}

/// One check of an audit.
public struct AuditFinding: Sendable, Hashable {
    /// Which.
    public var check: AuditCheck
    /// What came of it.
    public var verdict: AuditVerdict
    /// What was measured; `nil` where there was nothing to measure.
    public var figure: Double?
    /// What it is held against; `nil` where nothing is.
    public var threshold: Double?
    /// In what figure and threshold are.
    public var unit: Unit
    /// What that means, in a sentence or two.
    public var words: String

    /// In what a figure is.
    public enum Unit: String, Sendable, Hashable {
        /// A number of things.
        case count
        /// A share, 1 being all.
        case share
        /// A plain number, as a statistic.
        case number
        /// Basis points of the price, a side.
        case basisPoints = "basis-points"
        /// An amount of the quote currency.
        case amount
    }
}

/// What came of an audit.
public struct AuditReport: Sendable, Hashable {
    /// A finding for each check, in the order of `AuditCheck`.
    public var findings: [AuditFinding]
    /// The run as it is, and its costs multiplied.
    public var costs: [CostRow]
    /// The run with other amounts of money, from small to great.
    public var sizes: [CapacityRow]
    /// The parameters nearby, with what each brought.
    public var neighbours: [NeighbourRow]

    /// Failed where any check did; otherwise warned where any warns. Passed only where the hunters for what nobody can know had
    /// something to look at: a strategy that decides nothing has not passed.
    public var verdict: AuditVerdict {
        if findings.contains(where: { $0.verdict == .failed }) { return .failed }
        if findings.contains(where: { $0.verdict == .warned }) { return .warned }
        let hunters: [AuditCheck] = [.repetition, .truncation, .futureShuffle]
        if hunters.contains(where: { self[$0]?.verdict == .inconclusive }) { return .inconclusive }
        return .passed
    }

    /// The finding of a check.
    public subscript(_ check: AuditCheck) -> AuditFinding? { findings.first { $0.check == check } }
}

/// A run with its costs multiplied.
public struct CostRow: Sendable, Hashable {
    /// By what fees and slippage are multiplied.
    public var factor: Double
    /// The Sharpe ratio of daily returns, annualised; `nil` where it is undefined.
    public var sharpe: Double?
    /// Final ÷ initial equity − 1.
    public var totalReturn: Double
}

/// A run with another amount of money.
public struct CapacityRow: Sendable, Hashable {
    /// The cash it begins with, in the quote currency.
    public var cash: Double
    /// The impact that its orders were charged, as a share of the price.
    public var impact: Double
    /// Final ÷ initial equity − 1.
    public var totalReturn: Double
}

/// A run with other parameters.
public struct NeighbourRow: Sendable, Hashable {
    /// The parameters, `fast=18 slow=50`.
    public var parameters: String
    /// The Sharpe ratio of daily returns, annualised; `nil` where it is undefined.
    public var sharpe: Double?
}
