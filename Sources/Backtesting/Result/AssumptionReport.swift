public import Market
public import Simulation

/// What a run assumed of its market, and what it came to.
public struct AssumptionReport: Sendable, Hashable {
    /// What was assumed.
    public var conditions: MarketConditions
    /// What trading cost, by its causes.
    public var costs: TradingCosts
    /// The candles that orders were filled on, where they are shorter than the strategy's.
    public var detail: Timeframe?
    /// The fingerprint of the prices that marked what was held; `nil` where those that were traded did.
    public var mark: String?
    /// The way through bars.
    public var path: BarPath
    /// The nearest that a price came to liquidating a position, as a share of the price; 0 where one was liquidated, `nil`
    /// off margin and where nothing was held that a price liquidates.
    public var lowestDistance: Double?
    /// What fills were made from, where they were by a recording; `nil` where they were on candles.
    public var recorded: RecordedReport?

    /// Whether anything differs from a run that assumes nothing.
    public var isPlain: Bool {
        conditions == .none && detail == nil && mark == nil && path == .pessimistic && recorded == nil
    }

    init(
        _ conditions: MarketConditions, path: BarPath, costs: TradingCosts, detail: Timeframe?,
        distance: LiquidationDistance?, mark: String? = nil, recorded: RecordedReport? = nil
    ) {
        self.conditions = conditions
        self.costs = costs
        self.detail = detail
        self.mark = mark
        self.path = path
        lowestDistance = costs.liquidations > 0 ? 0 : distance?.lowest
        self.recorded = recorded
    }
}

extension AssumptionReport {
    /// Takes in what came of the same assumptions on other candles.
    mutating func add(_ other: AssumptionReport) {
        costs.add(other.costs)
        if let distance = other.lowestDistance { lowestDistance = min(lowestDistance ?? distance, distance) }
    }
}

extension TradingCosts {
    /// Takes in what other trading cost.
    mutating func add(_ other: TradingCosts) {
        fees += other.fees
        spread += other.spread
        slippage += other.slippage
        impact += other.impact
        drift += other.drift
        funding += other.funding
        liquidationFees += other.liquidationFees
        liquidations += other.liquidations
    }
}

/// Follows how near prices come to a liquidation.
struct LiquidationDistance {
    private(set) var lowest: Double?

    /// Takes a candle and the prices below and above which something held is liquidated.
    mutating func take(_ candle: Candle, _ bounds: (low: Int64, high: Int64)) {
        // Bounds that cross say that nothing is known.
        guard bounds.low < bounds.high else { return }
        if bounds.low > 0 { note(Double(candle.low.mantissa - bounds.low) / Double(candle.low.mantissa)) }
        if bounds.high < .max { note(Double(bounds.high - candle.high.mantissa) / Double(candle.high.mantissa)) }
    }

    private mutating func note(_ share: Double) { lowest = min(lowest ?? .infinity, max(share, 0)) }
}

/// How much of a result rests on the order in which a bar's extremes traded, which nobody knows.
public struct AmbiguityInterval: Sendable, Hashable {
    /// One end.
    public struct End: Sendable, Hashable {
        /// Cash plus positions at the last close.
        public var finalEquity: Money
        /// Final ÷ initial equity − 1.
        public var totalReturn: Double
        /// The deepest fall, as a positive share of the peak.
        public var maximumDrawdown: Double
        /// Round trips.
        public var tradeCount: Int

        init(_ result: BacktestResult) {
            finalEquity = result.finalEquity
            totalReturn = result.metrics.totalReturn
            maximumDrawdown = result.metrics.maximumDrawdown
            tradeCount = result.metrics.tradeCount
        }
    }

    /// On the cruellest way: the extreme that hurts the holder first.
    public var pessimistic: End
    /// On the kindest way: the extreme that favours the holder first.
    public var optimistic: End

    init(pessimistic: BacktestResult, optimistic: BacktestResult) {
        self.pessimistic = End(pessimistic)
        self.optimistic = End(optimistic)
    }
}

extension JSONText {
    /// Writes what was assumed as members of an object, where anything was.
    mutating func members(_ report: AssumptionReport) {
        if report.isPlain { return }
        key("assumptions")
        begin("{")
        member("path", BarPath.optionNames.first { $0.path == report.path }?.name ?? report.path.rawValue)
        if let detail = report.detail { member("detail", detail.description) }
        if let mark = report.mark { member("mark_hash", mark) }
        if let recorded = report.recorded { member(recorded) }
        if let margin = report.conditions.margin {
            member("leverage", margin.leverage)
            member("margin", margin.mode.rawValue)
            member("liquidations", report.costs.liquidations)
            member("liquidation_fees", report.costs.liquidationFees)
            member("lowest_liquidation_distance", report.lowestDistance)
        }
        if report.conditions.isFunded { member("funding_paid", report.costs.funding) }
        if let fees = report.conditions.fees { member("fee_discount", fees.discount.approximation) }
        key("costs")
        begin("{")
        for (name, amount) in report.costs.parts { member(name, amount) }
        end("}")
        end("}")
    }

    /// Writes the two ends of an ambiguity.
    mutating func members(_ interval: AmbiguityInterval) {
        key("ambiguity")
        begin("{")
        for (name, side) in [("pessimistic", interval.pessimistic), ("optimistic", interval.optimistic)] {
            key(name)
            begin("{")
            member("final_equity", side.finalEquity)
            member("total_return", side.totalReturn)
            member("max_drawdown", side.maximumDrawdown)
            member("trade_count", side.tradeCount)
            end("}")
        }
        end("}")
    }
}

extension TradingCosts {
    /// The parts by their keys, in the order they are listed.
    var parts: [(name: String, amount: Money)] {
        [
            ("fees", fees), ("spread", spread), ("slippage", slippage), ("impact", impact), ("drift", drift),
            ("funding", funding),
        ]
    }
}

extension AssumptionReport {
    /// Titles and values for people; nothing where nothing was assumed.
    public var lines: [(title: String, text: String)] {
        if isPlain { return [] }
        var lines: [(title: String, text: String)] = []
        if let detail { lines.append(("filled on", "\(detail) candles")) }
        if let mark { lines.append(("marked by", "prices of their own (\(mark))")) }
        if let recorded { lines.append(("filled by", recorded.text)) }
        if path != .pessimistic {
            lines.append(("path", BarPath.optionNames.first { $0.path == path }?.name ?? path.rawValue))
        }
        if let margin = conditions.margin {
            let distance = lowestDistance.map { Figure(key: "", value: .fraction($0)).text }
            lines.append(
                (
                    "margin",
                    "\(margin.mode.rawValue), \(margin.leverage)×; \(costs.liquidations) liquidations"
                        + (distance.map { ", nearest \($0) of the price" } ?? "")
                ))
        }
        if let fees = conditions.fees, fees.discount > .zero {
            lines.append(("fees", "discounted by \(fees.discount) as if paid in a third asset, charged in quote"))
        }
        let parts = costs.parts.filter { !$0.amount.isZero }
            .map { "\($0.name) \($0.amount.text(decimals: 2))" }
        if !parts.isEmpty { lines.append(("costs", parts.joined(separator: " · "))) }
        return lines
    }
}

extension AmbiguityInterval {
    /// The interval for people.
    public var text: String {
        func number(_ share: Double) -> String { Figure(key: "", value: .fraction(share)).text }
        return "final equity \(pessimistic.finalEquity.text(decimals: 2)) … "
            + "\(optimistic.finalEquity.text(decimals: 2)), return \(number(pessimistic.totalReturn)) … "
            + "\(number(optimistic.totalReturn)), drawdown \(number(pessimistic.maximumDrawdown)) … "
            + "\(number(optimistic.maximumDrawdown)), trips \(pessimistic.tradeCount) … \(optimistic.tradeCount)"
    }
}
