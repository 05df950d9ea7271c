import ArgumentParser

/// `wick venue …`
struct VenueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "venue", abstract: "Venues: run one of your own on this machine.",
        discussion: """
            Examples:
              wick venue serve binance-spot
              wick venue serve binance-spot --port 9443 --instruments BTCUSDT,ETHUSDT --seed 7
            """,
        subcommands: [VenueServeCommand.self])
}
