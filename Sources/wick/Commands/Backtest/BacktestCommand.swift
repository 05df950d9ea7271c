import ArgumentParser

/// `wick backtest …`
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest", abstract: "Try a strategy on recorded candles.",
        discussion: """
            Examples:
              wick backtest run --venue binance --symbol BTCUSDT --timeframe 1h --strategy sma-crossover \\
                --param fast=20 --param slow=50
              wick backtest run --csv minutes.csv.gz --strategy rsi-mean-reversion --json
              wick backtest portfolio portfolio.yaml
              wick backtest list
              wick backtest show 3
              wick backtest report 3 --output run-3.html
              wick backtest rerun 3
            """,
        subcommands: [
            BacktestRunCommand.self, BacktestPortfolioCommand.self, BacktestCompareCommand.self,
            BacktestListCommand.self, BacktestShowCommand.self,
            BacktestSweepCommand.self, BacktestOptimizeCommand.self, BacktestWalkForwardCommand.self,
            BacktestTrialsCommand.self, BacktestAuditCommand.self, BacktestCrossValidateCommand.self,
            BacktestReportCommand.self, BacktestPlotCommand.self, BacktestRerunCommand.self,
        ])
}
