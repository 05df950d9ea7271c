import ArgumentParser

/// `wick data …`
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Fetch candles, take them in, write them out, capture markets, see what is there.",
        discussion: """
            Examples:
              wick data download --venue binance --symbol BTCUSDT --from 2024-01-01
              wick data import btcusdt-2023.csv.gz --venue binance --symbol BTCUSDT
              wick data status
              wick data capture --venue binance --symbol BTCUSDT --for 10m --output btc.wickcap
              wick data export --venue binance --symbol BTCUSDT --timeframe 1h --output hours.csv
            """,
        subcommands: [
            DataDownloadCommand.self, DataImportCommand.self, DataExportCommand.self, DataStatusCommand.self,
            DataCaptureCommand.self,
        ])
}
