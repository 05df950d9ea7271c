public import Market
public import Simulation
public import Strategies
public import Trading

/// A stretch of a session held against a backtest over the same candles.
public struct StretchComparison: Sendable {
    /// The stretch.
    public var stretch: SessionStretch
    /// Its trades and those of the backtest, in pairs where they belong together.
    public var trades: [TradeComparison]

    /// All differences together.
    public var parts: TradeComparison.Parts {
        trades.dropFirst().reduce(trades.first?.parts ?? .zero(currency)) { $0 + $1.parts }
    }

    private let currency: Currency

    /// Runs the backtest of a stretch: the strategy alone, with its recorded parameters, sizing, protection and limits, the
    /// session's fees and fill rules and the account's equity at its beginning, warmed up with the candles it had seen.
    ///
    /// - Throws: `BacktestError` when it can't be run.
    public init(
        _ stretch: SessionStretch, instrument: Instrument, equity: Money, venue: SimulatedVenueOptions,
        limits: RiskLimits, catalog: StrategyCatalog = .bundled
    ) throws(BacktestError) {
        let registration: StrategyRegistration
        do {
            registration = try stretch.registration.changing([], catalog)
        } catch {
            throw .invalid(error.problems.map(\.description))
        }
        var configuration = BacktestConfiguration(
            strategy: registration.className, parameters: registration.parameters, cash: equity, venue: venue,
            sizing: registration.sizing, protection: registration.protection, accountLimits: limits,
            strategyLimits: registration.limits, keepsEquityCurve: false, catalog: catalog)
        configuration.history = stretch.history
        let result = try Backtest.run(
            CandleSeries(instrument: instrument, timeframe: registration.timeframe, candles: stretch.candles),
            configuration)
        self.stretch = stretch
        currency = equity.currency
        trades = TradeComparison.pairs(stretch.trades, result.trips, registration.timeframe, equity.currency)
    }
}
