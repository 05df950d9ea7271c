import Engine
import Trading

/// What the backtests pane remembers between frames.
struct BacktestsState: Sendable {
    /// Opens the form of a backtest with a strategy's parameters.
    static func opening(
        _ registration: StrategyRegistration, _ snapshot: Snapshot, _ catalog: Catalog
    ) -> [Consequence] {
        [.focus(.backtests)]
    }
}
