public import Market

/// In which order a bar's extremes are taken to have traded.
public enum BarPath: String, Sendable, Hashable, Codable, CaseIterable {
    /// The extreme that hurts the holder first, for each owner on its own: a stop before a target. An entry filled
    /// inside the bar meets the bar's adverse extreme after it, and its target waits for the next bar.
    case pessimistic
    /// The extreme nearer to the open first (the low when both are as near), the same for all owners.
    case nearestExtremeFirst
    /// Open, high, low, close.
    case highFirst
    /// Open, low, high, close.
    case lowFirst
    /// The extreme that favours the holder first, for each owner on its own: a target before a stop. For who holds nothing
    /// the side that its oldest order sells at comes last, so that an entry filled inside the bar meets its favourable
    /// extreme after it.
    case optimistic

    /// Whether owners walk the bar one after the other, each on its own way.
    var isByOwner: Bool { self == .pessimistic || self == .optimistic }
}

/// In what a buyer's fee is charged.
public enum FeeAsset: String, Sendable, Hashable, Codable, CaseIterable {
    /// In the quote currency, beside the notional.
    case quote
    /// In what was bought, on spot buys: one gets less than one ordered. Everything else pays in quote.
    case received
}

/// What the simulated venue charges and how it fills.
public struct SimulatedVenueOptions: Sendable, Hashable {
    /// The fee of a fill that rested, as a share of its notional; negative for a rebate.
    public var makerFee: Ratio
    /// The fee of a fill that took liquidity, as a share of its notional.
    public var takerFee: Ratio
    /// In what buyers pay.
    public var feeAsset: FeeAsset
    /// How far every taking fill is moved against the trader, as a share of its price.
    public var slippage: Ratio
    /// The share of the traded (or displayed) volume that orders get; `nil` fills any quantity.
    public var participation: Ratio?
    /// How the inside of a bar is walked.
    public var path: BarPath
    /// Whether a bar without volume whose prices are all equal fills orders. Such a bar says that nothing traded, so
    /// that orders wait for the next print unless this is on.
    public var fillsInEmptyBars: Bool
    /// How the queue before a resting order shortens when its level of a recorded book does.
    public var queue: QueueRule

    /// Options of their parts; ten basis points a side, no slippage, any quantity.
    public init(
        makerFee: Ratio = .basisPoints(10), takerFee: Ratio = .basisPoints(10), feeAsset: FeeAsset = .quote,
        slippage: Ratio = .zero, participation: Ratio? = nil, path: BarPath = .pessimistic,
        fillsInEmptyBars: Bool = false, queue: QueueRule = .pessimistic
    ) {
        self.makerFee = makerFee
        self.takerFee = takerFee
        self.feeAsset = feeAsset
        self.slippage = slippage
        self.participation = participation
        self.path = path
        self.fillsInEmptyBars = fillsInEmptyBars
        self.queue = queue
    }

    /// Everything that is out of range, in words; empty when the options can be used.
    public var problems: [String] {
        var problems: [String] = []
        let half = Ratio.percent(50)
        for (name, rate) in [("maker fee", makerFee), ("taker fee", takerFee)] where rate > half || rate < -half {
            problems.append("the \(name) \(rate) is out of range; expected -50%…50%")
        }
        if slippage < .zero || slippage > half {
            problems.append("the slippage \(slippage) is out of range; expected 0%…50%")
        }
        if let participation, participation <= .zero || participation > .one {
            problems.append("the participation \(participation) is out of range; expected above 0% and up to 100%")
        }
        return problems
    }
}
