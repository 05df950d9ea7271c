/// What a run assumes of its market beyond fees and fill rules, as written; `nil` is none of it. Files are given as their
/// contents.
public struct AssumptionText: Sendable, Hashable {
    /// How many times the margin may be opened, `5`.
    public var leverage: String?
    /// `isolated` or `cross`.
    public var margin: String?
    /// Lines of `from,rate`: notional and percent.
    public var maintenanceTiers: TextFile?
    /// The liquidation fee in basis points, `50`.
    public var liquidationFeeBasisPoints: String?
    /// The funding rate in basis points, `1`.
    public var fundingRateBasisPoints: String?
    /// The time between two fundings, `8h`.
    public var fundingInterval: String?
    /// Lines of `time,rate[,mark]`.
    public var funding: TextFile?
    /// Half the spread in basis points, `0.5`.
    public var halfSpreadBasisPoints: String?
    /// Lines of `hour,basis points`, one for each hour of the UTC day.
    public var halfSpreads: TextFile?
    /// The factor of the square-root impact, `1`.
    public var impact: String?
    /// How many bars volatility is measured over, `100`.
    public var impactWindow: String?
    /// `entry,cancel,answer` in milliseconds.
    public var latency: String?
    /// Lines of milliseconds, one recorded way each; for all three.
    public var latencies: TextFile?
    /// The seed of draws from them.
    public var latencySeed: String?
    /// Lines of `from,maker,taker`: the notional of thirty days, and basis points.
    public var fees: TextFile?
    /// The share taken off fees that are paid in a third asset, in percent, `25`.
    public var feeDiscountPercent: String?
    /// Lines of `date,open,close`: when the exchange is open, in UTC.
    public var sessions: TextFile?
    /// Lines of `date,split,dividend`. What they pay is among the conditions of a run; its candles have to be brought to the
    /// shares of the end before: see `RunCandles.adjusted`.
    public var corporateActions: TextFile?
    /// How a bar is walked: a name of `BarPath.optionNames`, or `both`.
    public var path: String?

    /// What is wrong already: files that can't be read.
    public var problems: [String] = []

    /// A file's name and what stands in it.
    public struct TextFile: Sendable, Hashable {
        /// How it is called in messages.
        public var name: String
        /// Its contents.
        public var text: String

        /// A file of its parts.
        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// Nothing assumed.
    public init() {}

    /// What was said, by the options' names; a file by its contents' hash. What is not said is left out.
    public var written: [(name: String, text: String)] {
        let options: [(String, String?)] = [
            ("leverage", leverage), ("margin", margin), ("maintenance-tiers", maintenanceTiers?.hash),
            ("liquidation-fee-bps", liquidationFeeBasisPoints), ("funding-rate-bps", fundingRateBasisPoints),
            ("funding-interval", fundingInterval), ("funding", funding?.hash),
            ("half-spread-bps", halfSpreadBasisPoints), ("half-spreads", halfSpreads?.hash), ("impact", impact),
            ("impact-window", impactWindow), ("latency-ms", latency), ("latency-file", latencies?.hash),
            ("latency-seed", latencySeed), ("fees", fees?.hash), ("fee-discount", feeDiscountPercent),
            ("sessions", sessions?.hash), ("path", path), ("corporate-actions", corporateActions?.hash),
        ]
        return options.compactMap { name, text in text.map { (name, $0) } }
    }
}

extension AssumptionText.TextFile {
    /// Sixteen digits that tell contents apart (FNV-1a).
    var hash: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
