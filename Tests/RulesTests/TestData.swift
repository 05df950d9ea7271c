import Foundation
import Market

/// Recorded candles that are not part of the package: looked for in the folder that `WICK_TEST_DATA` names, else in
/// `../shared/data` beside the package.
enum TestData {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["WICK_TEST_DATA"] { return URL(fileURLWithPath: path) }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return package.appendingPathComponent("../shared/data")
    }()

    /// A year of minutes of BTC/USDT; `nil` when the file is not there.
    static let year = candles("market/binance-spot-BTCUSDT-1m-2023.csv.gz")

    private static func candles(_ name: String) -> CandleSeries? {
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path), let text = unpacked(file) else { return nil }
        var candles: [Candle] = []
        for line in text.split(separator: 0x0A).dropFirst() {
            let fields = line.split(separator: 0x2C).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count == 6, let milliseconds = Int64(fields[0]),
                let open = try? freeInstrument.price(fields[1]), let high = try? freeInstrument.price(fields[2]),
                let low = try? freeInstrument.price(fields[3]), let close = try? freeInstrument.price(fields[4]),
                let volume = try? freeInstrument.quantity(fields[5])
            else { return nil }
            candles.append(
                Candle(
                    openTime: Timestamp(milliseconds: milliseconds), open: open, high: high, low: low, close: close,
                    volume: volume))
        }
        return CandleSeries(instrument: freeInstrument, timeframe: .oneMinute, candles: candles)
    }

    private static func unpacked(_ file: URL) -> Data? {
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", file.path]
        let output = Pipe()
        gzip.standardOutput = output
        guard (try? gzip.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        gzip.waitUntilExit()
        return gzip.terminationStatus == 0 ? data : nil
    }
}
