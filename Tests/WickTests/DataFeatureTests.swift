import Foundation
import Market
import Storage
import Testing

@Suite("Book features on the command line")
struct DataFeatureTests {
    private static let start = Timestamp(iso8601: "2024-05-06T00:00:00Z")!
    private let sandbox: Sandbox

    /// Ten seconds of a book, one of them missing, and one without a ratio.
    init() throws {
        sandbox = try Sandbox()
        let store = try Store(directory: DataDirectory(path: sandbox.data))
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        let features = (0..<10).filter { $0 != 4 }.map { second in
            BookFeature(
                time: Self.start.adding(seconds: Int64(second)), imbalance: -0.25, spreadBps: 1.5,
                depthRatio: second == 2 ? nil : 0.75)
        }
        try store.write(features, of: instrument, at: Self.start)
        try store.close()
    }

    private func export(_ more: String...) throws -> Run {
        try sandbox.wick(
            ["data", "export", "--features", "--venue", "binance", "--symbol", "BTCUSDT", "--output", "-"] + more)
    }

    @Test("a series of features is listed with its span and what is missing")
    func status() throws {
        let text = try sandbox.wick("data", "status")
        #expect(text.status == 0)
        #expect(text.output.contains("book features, one a second:"))
        let row = try #require(try sandbox.wick("data", "status", "--json").array().first)
        #expect(row["symbol"] as? String == "BINANCE:BTCUSDT")
        #expect(row["features"] as? String == "1s")
        #expect(row["count"] as? Int == 9)
        #expect(row["missing"] as? Int == 1)
        #expect(row["from"] as? String == "2024-05-06T00:00:00Z")
        #expect(row["to"] as? String == "2024-05-06T00:00:10Z")
    }

    @Test("features are written as rows of text, an unknown ratio empty")
    func csv() throws {
        let lines = try export("--to", "2024-05-06T00:00:03").output.split(separator: "\n")
        #expect(
            lines == [
                "timestamp,imbalance,spread_bps,depth_ratio", "2024-05-06T00:00:00Z,-0.25,1.5,0.75",
                "2024-05-06T00:00:01Z,-0.25,1.5,0.75", "2024-05-06T00:00:02Z,-0.25,1.5,",
            ])
    }

    @Test("features are written as JSON, an unknown ratio null")
    func json() throws {
        let object = try export("--format", "json").object()
        #expect(object["instrument"] as? String == "BINANCE:BTCUSDT")
        #expect(object["levels"] as? Int == 10)
        let rows = try #require(object["features"] as? [[String: Any]])
        #expect(rows.count == 9)
        #expect(rows[2]["depth_ratio"] is NSNull)
        #expect(rows[3]["spread_bps"] as? Double == 1.5)
    }

    @Test("what is not stored is said")
    func absent() throws {
        let span = try export("--from", "2025-01-01")
        #expect(span.status == 66)
        let other = try sandbox.wick(
            "data", "export", "--features", "--venue", "binance", "--symbol", "ETHUSDT", "--output", "-")
        #expect(other.status == 66)
        #expect(other.errors.contains("no book features"))
    }
}
