import ArgumentParser

/// `wick order …`
struct OrderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "Place, list and cancel orders of the running engine.",
        discussion: """
            Examples:
              wick order place --symbol BTCUSDT --side buy --type limit --quantity 0.01 --price 60000
              wick order list
              wick order cancel 12
              wick order list --external
              wick order claim 28457 --cancel
            """,
        subcommands: [OrderPlaceCommand.self, OrderListCommand.self, OrderCancelCommand.self, OrderClaimCommand.self])
}
