import ArgumentParser

/// `wick venue …`
struct VenueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "venue", abstract: "Venues: examine one, or run one of your own on this machine.",
        discussion: """
            Examples:
              wick venue doctor binance --key main
              wick venue serve binance-spot
              wick venue serve binance-spot --port 9443 --instruments BTCUSDT,ETHUSDT --seed 7
            """,
        subcommands: [VenueDoctorCommand.self, VenueServeCommand.self])
}
