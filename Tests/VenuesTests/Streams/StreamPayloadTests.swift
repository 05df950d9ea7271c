import Foundation
import Market
import Testing

@testable import Venues

/// Messages that the venue documents and sent, where they are at hand.
@Suite(
    "market streams as documented and captured",
    .enabled(if: CapturedPayloads.isThere, "no payloads: set WICK_TEST_DATA to the folder that holds venues/"))
struct StreamPayloadTests {
    private func instrument(_ symbol: String) -> Instrument {
        Instrument(
            venue: "BINANCE", symbol: symbol, base: Currency("BASE")!, quote: Currency("QUOTE")!,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
    }

    @Test("every documented example decodes, each as its kind")
    func documented() throws {
        var decoder = MarketStreamDecoder(["BNBBTC", "BNBUSDT", "BTCUSDT"].map(instrument))
        var kinds: [String: Int] = [:]
        for payload in try CapturedPayloads.documentedStreams() {
            let message = try StreamSamples.decode(payload, with: &decoder)
            kinds[String("\(message)".prefix { $0 != "(" }), default: 0] += 1
        }
        #expect(kinds["depth"] == 1 && kinds["bookTicker"] == 1 && kinds["trade"] == 1)
        #expect(kinds["aggregateTrade"] == 1 && kinds["kline"] == 2 && kinds["serverShutdown"] == 2)
        #expect(kinds["answer"] == 5)
        // Requests, tickers, private events: everything else.
        #expect(kinds["other"] == 20)
    }

    @Test("every captured message decodes, and says what Foundation reads in it")
    func captured() throws {
        let symbols = ["NKNUSDT", "BLZETH", "LRCBTC", "RUNEEUR"]
        var decoder = MarketStreamDecoder(symbols.map(instrument))
        var count = 0
        for text in try CapturedPayloads.messages() {
            let message = try StreamSamples.decode(text, with: &decoder)
            #expect(message != .other)
            #expect(Foundational.agrees(message, decoder.depth, Array(text.utf8), symbols: symbols, scales: (8, 8)))
            count += 1
        }
        #expect(count == 237)
    }

    @Test("captured books decode, every level of them")
    func books() throws {
        let snapshots = try CapturedPayloads.snapshots()
        #expect(!snapshots.isEmpty)
        for (symbol, body) in snapshots {
            let bytes = Array(body.utf8)
            let book = try bytes.withUnsafeBytes { try DepthSnapshot.decode($0, limit: 1_000, of: instrument(symbol)) }
            let levels = try JSONDecoder().decode(Foundational.Book.self, from: Data(bytes))
            #expect(book.bids.count == levels.bids.count && book.asks.count == levels.asks.count)
            #expect(zip(book.bids, levels.bids).allSatisfy { $1.equals($0, (8, 8)) })
            #expect(zip(book.asks, levels.asks).allSatisfy { $1.equals($0, (8, 8)) })
        }
    }
}
