import ArgumentParser

/// `wick`: the workstation, and the commands below it.
struct WickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wick", abstract: "A trading workstation for the terminal.",
        discussion: """
            Without a command it opens the workstation: on a synthetic market, trading on paper. '?' in it lists the \
            keys, Ctrl-X is the emergency stop.

            Examples:
              wick
              wick --theme night --seed 7
              wick --replay BINANCE:BTCUSDT --from 2023-03-01 --speed 120
              wick backtest run --csv minutes.csv --strategy sma-crossover
            """,
        version: Wick.version,
        subcommands: [
            BacktestCommand.self, StrategyCommand.self, OrderCommand.self, PositionCommand.self, DataCommand.self,
            JournalCommand.self, VenueCommand.self,
            AlertCommand.self, StopCommand.self, RearmCommand.self, HealthCommand.self, ThemeCommand.self,
            ConfigCommand.self, EngineCommand.self, AttachCommand.self, StatusCommand.self, KeysCommand.self,
        ])

    @OptionGroup var options: WorkstationOptions

    func run() throws { try WorkstationSession(options: options).run() }
}
