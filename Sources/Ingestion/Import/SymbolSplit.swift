public import Market

/// Splits a venue's symbol into what is traded and what it is priced in.
public enum SymbolSplit {
    /// The quote currencies that end symbols without a separator, longest first where one ends another.
    static let quotes = [
        "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "USDE", "DAI", "USD", "EUR", "GBP", "TRY", "BRL", "JPY",
        "AUD", "CHF", "CAD", "KRW", "BTC", "ETH", "BNB",
    ]

    /// Base and quote of `BTCUSDT`, `BTC-USD`, `BTC/USDT` or `BTC_USDT`; `nil` when no known quote ends it.
    public static func split(_ symbol: String) -> (base: Currency, quote: Currency)? {
        let upper = symbol.uppercased()
        for separator in ["/", "-", "_", ":"] as [Character] {
            let parts = upper.split(separator: separator)
            if parts.count == 2, let base = Currency(parts[0]), let quote = Currency(parts[1]) { return (base, quote) }
        }
        for quote in quotes where upper.hasSuffix(quote) && upper.utf8.count > quote.utf8.count {
            if let base = Currency(upper.dropLast(quote.count)), let quote = Currency(quote) { return (base, quote) }
        }
        return nil
    }
}
