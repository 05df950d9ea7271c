import ArgumentParser

/// `wick`: the workstation, and the commands below it.
struct WickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wick", abstract: "A trading workstation for the terminal.",
        version: Wick.version,
        subcommands: [
            BacktestCommand.self, StrategyCommand.self, OrderCommand.self, PositionCommand.self, DataCommand.self,
            AlertCommand.self, StopCommand.self, RearmCommand.self, ThemeCommand.self,
        ])
}
