import ArgumentParser

/// `wick data …`
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Take candles in, write them out, see what is there.",
        discussion: """
            Examples:
              wick data import btcusdt-2023.csv.gz --venue binance --symbol BTCUSDT
              wick data status
              wick data export --venue binance --symbol BTCUSDT --timeframe 1h --output hours.csv
            """,
        subcommands: [DataImportCommand.self, DataExportCommand.self, DataStatusCommand.self])
}
