public import Market

/// What a backtest can assume of a market beyond fees and fill rules: margin, funding, latency, the parts of slippage and a
/// schedule of fees.
///
/// Conditions belong to a run over recorded data. They are no part of a venue's image, and paper trading has none.
public struct MarketConditions: Sendable, Hashable {
    /// Margin of instruments that may be sold short; `nil` is a cash account without liquidation.
    public var margin: MarginTerms?
    /// What positions pay each other at its instants; `nil` is nothing.
    public var funding: FundingSchedule?
    /// What single instruments pay instead, by name, as the dividends of shares.
    public var payments: [String: FundingSchedule] = [:]
    /// The parts of slippage that depend on the hour, the size and the market; `nil` leaves the fixed share alone.
    public var slippage: SlippageModel?
    /// Fees by the volume traded; `nil` leaves the fixed ones of the options.
    public var fees: FeeSchedule?
    /// How long requests and answers take; `nil` is no time.
    public var latency: LatencyModel?
    /// When the exchange is open; `nil` is always.
    public var sessions: SessionCalendar?

    /// Conditions of their parts.
    public init(
        margin: MarginTerms? = nil, funding: FundingSchedule? = nil, slippage: SlippageModel? = nil,
        fees: FeeSchedule? = nil, latency: LatencyModel? = nil, sessions: SessionCalendar? = nil
    ) {
        self.margin = margin
        self.funding = funding
        self.slippage = slippage
        self.fees = fees
        self.latency = latency
        self.sessions = sessions
    }

    /// Whether positions pay or receive anything.
    public var isFunded: Bool { funding != nil || !payments.isEmpty }

    /// None of them.
    public static let none = MarketConditions()

    /// Everything that is out of range, in words; empty when the conditions can be used.
    public var problems: [String] {
        let found: [[String]?] =
            [margin?.problems, funding?.problems] + payments.sorted { $0.key < $1.key }.map(\.value.problems)
            + [slippage?.problems, fees?.problems, latency?.problems, sessions?.problems]
        return found.compactMap { $0 }.flatMap { $0 }
    }
}

/// What trading has cost so far, by its causes. Each part but the fees is already in the prices of the fills.
public struct TradingCosts: Sendable, Hashable {
    /// Fees of fills, liquidation fees included; negative where rebates are more.
    public var fees: Money
    /// Half spreads crossed by taking fills.
    public var spread: Money
    /// The fixed share that taking fills were moved by.
    public var slippage: Money
    /// What the size of orders moved their prices by.
    public var impact: Money
    /// What prices moved by while orders were on their way.
    public var drift: Money
    /// Funding and dividends paid; negative where more was received.
    public var funding: Money
    /// Fees of liquidations, which are among the fees too.
    public var liquidationFees: Money
    /// How many positions were liquidated.
    public var liquidations = 0

    /// No costs, in a currency.
    public init(_ currency: Currency) {
        fees = .zero(currency)
        spread = .zero(currency)
        slippage = .zero(currency)
        impact = .zero(currency)
        drift = .zero(currency)
        funding = .zero(currency)
        liquidationFees = .zero(currency)
    }
}
