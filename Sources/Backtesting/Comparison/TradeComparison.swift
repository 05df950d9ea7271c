public import Market
public import Trading

/// What became of one decision on paper and in a backtest over the same candles, and why the results differ.
public struct TradeComparison: Sendable, Hashable {
    /// The difference between two results, part by part, each as what it added to the result on paper.
    public struct Parts: Sendable, Hashable {
        /// Fills beside the middle of bid and ask.
        public var spread: Money
        /// What the market moved between the prices of the backtest and the middles that the fills met.
        public var latency: Money
        /// Fees.
        public var fees: Money
        /// Other quantities, at the backtest's prices.
        public var quantity: Money
        /// Trades that only one side has.
        public var missed: Money

        /// No difference.
        public static func zero(_ currency: Currency) -> Parts {
            let zero = Money.zero(currency)
            return Parts(spread: zero, latency: zero, fees: zero, quantity: zero, missed: zero)
        }

        /// The sum of all.
        public var total: Money { spread + latency + fees + quantity + missed }

        /// Both together.
        public static func + (a: Parts, b: Parts) -> Parts {
            Parts(
                spread: a.spread + b.spread, latency: a.latency + b.latency, fees: a.fees + b.fees,
                quantity: a.quantity + b.quantity, missed: a.missed + b.missed)
        }
    }

    /// The round trip on paper; `nil` where the backtest alone traded.
    public var paper: RoundTrip?
    /// That of the backtest; `nil` where paper alone traded.
    public var backtest: RoundTrip?
    /// Why the results differ: the parts add up to the difference, to the last digit.
    public var parts: Parts

    /// Compares a pair, or what one side lacks.
    ///
    /// With the gross results Gₚ and G_b, quantities qₚ and q_b, fees Fₚ and F_b: the backtest's result at the quantity of
    /// paper is G = G_b · qₚ ÷ q_b. Then quantity = G − G_b, spread = −(what the fills were worse than the middle),
    /// latency = Gₚ − G − spread, fees = F_b − Fₚ.
    init(_ paper: PaperTrade?, _ backtest: RoundTrip?, _ currency: Currency) {
        self.paper = paper?.trip
        self.backtest = backtest
        parts = .zero(currency)
        guard let paper, let backtest else {
            if let paper { parts.missed = paper.trip.profit }
            if let backtest { parts.missed = -backtest.profit }
            return
        }
        let actual = paper.trip.profit + paper.trip.fees
        let modelled = backtest.profit + backtest.fees
        let scaled = TradeComparison.share(modelled, paper.trip.quantity, of: backtest.quantity)
        parts.quantity = scaled - modelled
        parts.spread = -paper.spreadCost
        parts.latency = actual - scaled - parts.spread
        parts.fees = backtest.fees - paper.trip.fees
    }

    /// `amount × part ÷ whole` rounded toward zero, without overflow.
    private static func share(_ amount: Money, _ part: Quantity, of whole: Quantity) -> Money {
        guard whole.mantissa != 0, part != whole else { return amount }
        let (quotient, remainder) = amount.units.quotientAndRemainder(dividingBy: Int128(whole.mantissa))
        return Money(
            units: quotient * Int128(part.mantissa) + remainder * Int128(part.mantissa) / Int128(whole.mantissa),
            amount.currency)
    }

    /// Pairs the trades of both sides, in order of their beginning: those belong together that go the same way and were
    /// opened within the same candle, so by the same decision.
    static func pairs(
        _ paper: [PaperTrade], _ backtest: [RoundTrip], _ timeframe: Timeframe, _ currency: Currency
    ) -> [TradeComparison] {
        var rest = backtest
        var result: [TradeComparison] = []
        for trade in paper {
            let start = trade.trip.openedAt.floored(to: timeframe)
            let match = rest.firstIndex { $0.side == trade.trip.side && $0.openedAt.floored(to: timeframe) == start }
            result.append(TradeComparison(trade, match.map { rest.remove(at: $0) }, currency))
        }
        result += rest.map { TradeComparison(nil, $0, currency) }
        return result.sorted { $0.openedAt < $1.openedAt }
    }

    /// When it was opened, on paper where it was.
    public var openedAt: Timestamp { paper?.openedAt ?? backtest?.openedAt ?? .epoch }
}
