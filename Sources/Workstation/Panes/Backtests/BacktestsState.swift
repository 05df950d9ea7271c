/// What the backtests pane remembers between frames.
struct BacktestsState: Sendable {}
