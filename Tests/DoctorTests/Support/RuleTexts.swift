import Market
import Testing
import Venues

@testable import Doctor

/// A symbol as the venue tells it, with what a test wants to be different.
enum RuleTexts {
    static let filters =
        #"{"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"1000000","tickSize":"0.01"},"#
        + #"{"filterType":"LOT_SIZE","minQty":"0.00001","maxQty":"9000","stepSize":"0.00001"},"#
        + #"{"filterType":"MARKET_LOT_SIZE","minQty":"0","maxQty":"1","stepSize":"0"},"#
        + #"{"filterType":"NOTIONAL","minNotional":"5","applyMinToMarket":true,"maxNotional":"90000","#
        + #""applyMaxToMarket":false},"#
        + #"{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"5","bidMultiplierDown":"DOWN","#
        + #""askMultiplierUp":"5","askMultiplierDown":"0.2"}"#

    static let types = [
        "LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT",
    ]

    /// - Parameter down: the lowest price of a buy, as a share of the reference.
    static func symbol(
        status: String = "TRADING", types: [String] = types, filters: String = filters, down: String = "0.2",
        isSpotAllowed: Bool = true, reference: String? = "35000"
    ) throws -> ExaminedSymbol {
        let names = types.map { "\"\($0)\"" }.joined(separator: ",")
        let text =
            #"{"exchangeFilters":[],"symbols":[{"symbol":"BTCUSDT","status":""# + status + #"","orderTypes":["# + names
            + #"],"isSpotTradingAllowed":\#(isSpotAllowed),"filters":["#
            + filters.split(separator: "DOWN", omittingEmptySubsequences: false).joined(separator: down) + "]}]}"
        let rules = try #require(try SymbolRules.read(exchangeInfo: Array(text.utf8))["BTCUSDT"])
        let btc = try #require(Currency("BTC"))
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: btc, quote: .usdt, priceScale: 8, quantityScale: 8,
            rules: InstrumentRules(
                tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000),
                minimumQuantity: Quantity(mantissa: 1_000), maximumQuantity: Quantity(mantissa: 900_000_000_000),
                minimumNotional: 500_000_000))
        return ExaminedSymbol(
            instrument: instrument, rules: rules, reference: try reference.map { try instrument.price($0) },
            isTraded: status == "TRADING")
    }
}
