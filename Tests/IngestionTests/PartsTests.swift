import Market
import Testing

@testable import Ingestion

@Suite struct PartsTests {
    @Test(
        arguments: [
            ("0", 0), ("1", 100_000_000), ("1.5", 150_000_000), ("16541.77", 1_654_177_000_000), (".5", 50_000_000),
            ("5.", 500_000_000), ("0.00000001", 1), ("+1", 100_000_000), ("-1", -100_000_000), ("1e2", 10_000_000_000),
            ("1.50000000000000000000", 150_000_000), ("0000000000000000000001", 100_000_000),
            ("92233720368.54775807", Int64.max),
        ] as [(String, Int64)])
    func decimalsAreExact(text: String, mantissa: Int64) {
        let outcome = Array(text.utf8).withUnsafeBytes { DecimalParser.parse($0, scale: 8) }
        guard case .exact(let value) = outcome else {
            Issue.record("'\(text)' is not exact")
            return
        }
        #expect(value == mantissa)
    }

    @Test(arguments: ["", ".", "-", "1.2.3", "1e", "0x10", "1,5", "92233720368.54775808", "NaN", "inf", " 1"])
    func whatIsNoDecimalIsUnreadable(text: String) {
        let outcome = Array(text.utf8).withUnsafeBytes { DecimalParser.parse($0, scale: 8) }
        guard case .unreadable = outcome else {
            Issue.record("'\(text)' was read")
            return
        }
    }

    @Test(
        arguments: [
            ("0.000000005", 0), ("0.000000015", 2), ("0.000000006", 1), ("16541.770000000001", 1_654_177_000_000),
        ] as [(String, Int64)])
    func furtherDecimalsAreRoundedHalfToEven(text: String, mantissa: Int64) {
        let outcome = Array(text.utf8).withUnsafeBytes { DecimalParser.parse($0, scale: 8) }
        guard case .rounded(let value) = outcome else {
            Issue.record("'\(text)' is not rounded")
            return
        }
        #expect(value == mantissa)
    }

    @Test(arguments: [
        ("BTCUSDT", "BTC", "USDT"), ("ETHBTC", "ETH", "BTC"), ("BTC-USD", "BTC", "USD"), ("btc/usdt", "BTC", "USDT"),
        ("SOL_USDC", "SOL", "USDC"), ("BTCFDUSD", "BTC", "FDUSD"), ("BTCTUSD", "BTC", "TUSD"),
        ("1000SHIBUSDT", "1000SHIB", "USDT"),
    ])
    func symbolsSplitByTheirQuote(symbol: String, base: String, quote: String) {
        let split = SymbolSplit.split(symbol)
        #expect(split?.base.code == base && split?.quote.code == quote)
    }

    @Test(arguments: ["USDT", "AAPL", "", "FOOBAR", "A-B-C"])
    func symbolsWithoutAKnownQuoteDoNotSplit(symbol: String) {
        #expect(SymbolSplit.split(symbol) == nil)
    }

    @Test(arguments: [
        (["16541.77"], "83.08", 8, 8), (["0.00001234"], "12345678.0", 12, 4), (["0.000000001234"], "5", 12, 4),
        (["0.00000000001234"], "5", 14, 2), (["0.08"], "250000000", 12, 4), (["3.5"], "10", 8, 8),
        (["16541.770000000001"], "1", 8, 8), (["1.0001"], "2500000", 12, 4),
    ])
    func scalesFitTheFirstRows(prices: [String], volume: String, price: Int, quantity: Int) {
        var choice = ScaleChoice()
        for text in prices { Array(text.utf8).withUnsafeBytes { choice.addPrice($0) } }
        Array(volume.utf8).withUnsafeBytes { choice.addVolume($0) }
        #expect(choice.scales.price == price && choice.scales.quantity == quantity)
    }
}
