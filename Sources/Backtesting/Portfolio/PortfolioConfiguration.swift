public import Market
public import Simulation
public import Strategies
public import Trading

/// Everything a run of many strategies on one account depends on but the candles.
public struct PortfolioConfiguration: Sendable {
    /// The strategies; their numbers, not their places in this list, say who comes first.
    public var strategies: [PortfolioStrategy]
    /// The cash it begins with, in the quote currency of every instrument.
    public var cash: Money
    /// Fees and fill rules of the simulated venue.
    public var venue: SimulatedVenueOptions
    /// Margin, funding, latency, the parts of slippage and the schedule of fees; `none` unless asked for.
    public var conditions: MarketConditions
    /// The limits of the account, which all strategies share; `none` unless asked for.
    public var accountLimits: RiskLimits
    /// How the account's capital is shared.
    public var capital: CapitalUse
    /// Whether the account's equity at every instant is kept; without it only the last mark of each day is.
    public var keepsEquityCurve: Bool
    /// Shorter candles that orders are filled on, of an instrument each; those without any are filled on their own.
    public var details: [CandleSeries] = []
    /// Where the strategy classes are looked up.
    public var catalog: StrategyCatalog

    /// A configuration of its parts.
    public init(
        strategies: [PortfolioStrategy], cash: Money,
        venue: SimulatedVenueOptions = BacktestConfiguration.defaultVenue, conditions: MarketConditions = .none,
        accountLimits: RiskLimits = .none, capital: CapitalUse = .split, keepsEquityCurve: Bool = true,
        catalog: StrategyCatalog = .bundled
    ) {
        self.strategies = strategies
        self.cash = cash
        self.venue = venue
        self.conditions = conditions
        self.accountLimits = accountLimits
        self.capital = capital
        self.keepsEquityCurve = keepsEquityCurve
        self.catalog = catalog
    }

    /// One strategy of a `Backtest` as a portfolio: over the same candles both give the same to the last digit.
    public init(_ single: BacktestConfiguration, instrument: String) {
        var strategy = PortfolioStrategy(
            number: 1, name: StrategyClass.title(of: single.strategy), strategy: single.strategy,
            parameters: single.parameters, instrument: instrument, sizing: single.sizing,
            protection: single.protection, limits: single.strategyLimits)
        strategy.history = single.history
        self.init(
            strategies: [strategy], cash: single.cash, venue: single.venue, conditions: single.conditions,
            accountLimits: single.accountLimits, keepsEquityCurve: single.keepsEquityCurve, catalog: single.catalog)
        details = single.detail.map { [$0] } ?? []
    }
}

/// One strategy of a portfolio: what, where, how much, within which limits.
public struct PortfolioStrategy: Sendable, Hashable {
    /// Its number, 1 or more: of several that act at one instant the lower comes first.
    public var number: Int
    /// What it is called in the result; no two are called the same.
    public var name: String
    /// The strategy class, by name in the catalogue.
    public var strategy: String
    /// Its checked parameters.
    public var parameters: Parameters
    /// What it trades, `BINANCE:BTCUSDT`.
    public var instrument: String
    /// The candles it sees; `nil` for the shortest there are of its instrument.
    public var timeframe: Timeframe?
    /// How big its entries are. All-in and shares of equity are of what it may use: see `CapitalUse`.
    public var sizing: Sizing
    /// The share of the account's cash that it begins with.
    public var capitalShare: Ratio
    /// Protective orders that follow each of its entries.
    public var protection: Protection
    /// Its own limits.
    public var limits: StrategyLimits
    /// Closed candles before the first that it trades on, oldest first: they warm it up.
    public var history: [Candle] = []

    /// A strategy of its parts.
    public init(
        number: Int, name: String, strategy: String, parameters: Parameters, instrument: String,
        timeframe: Timeframe? = nil, sizing: Sizing = .allIn, capitalShare: Ratio = .one,
        protection: Protection = .none, limits: StrategyLimits = .none
    ) {
        self.number = number
        self.name = name
        self.strategy = strategy
        self.parameters = parameters
        self.instrument = instrument
        self.timeframe = timeframe
        self.sizing = sizing
        self.capitalShare = capitalShare
        self.protection = protection
        self.limits = limits
    }
}

/// How the capital of an account is shared by its strategies.
public enum CapitalUse: String, Sendable, Hashable, CaseIterable {
    /// Each has its share of the cash at the start and what it makes of it: one that wins grows, one that loses shrinks,
    /// and none spends what is another's.
    case split
    /// All size by the whole account, as the engine's strategies do: whoever comes first takes what is free. The share is
    /// the base of a strategy's own drawdown alone.
    case pooled
}
