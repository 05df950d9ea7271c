import Foundation
import Market
import Testing

@testable import Venues

@Suite("the rules of a symbol")
struct ListingTests {
    private static let start =
        #"{"timezone":"UTC","serverTime":1700000000123,"rateLimits":[{"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":300000},{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000}],"exchangeFilters":[],"symbols":["#
    /// As the venue's documentation lays it out.
    private static let symbol =
        #"{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","baseAssetPrecision":8,"quoteAsset":"USDT","quotePrecision":8,"orderTypes":["LIMIT"],"icebergAllowed":true,"filters":[{"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},{"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"},{"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"120.00000000","stepSize":"0.00000000"},{"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.00000000","avgPriceMins":5},{"filterType":"MAX_NUM_ORDERS","maxNumOrders":200}],"permissions":[]}"#

    private func listing(_ change: (String) -> String = { $0 }) throws -> Listing? {
        try ExchangeInfo.decode(Array((Self.start + change(Self.symbol) + "]}").utf8)).listing(
            of: "BTCUSDT", venue: "BINANCE")
    }

    @Test("tick, steps, smallest and largest quantity and the smallest notional are taken, exactly")
    func rules() throws {
        let instrument = try #require(try listing()).instrument(priceScale: 8, quantityScale: 8)
        #expect(instrument.name == "BINANCE:BTCUSDT" && instrument.pair == "BTC/USDT" && instrument.kind == .spot)
        #expect(
            instrument.rules
                == InstrumentRules(
                    tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000),
                    minimumQuantity: Quantity(mantissa: 1_000), maximumQuantity: Quantity(mantissa: 900_000_000_000),
                    maximumMarketQuantity: Quantity(mantissa: 12_000_000_000), minimumNotional: 500_000_000))
    }

    @Test("the weight limit and the venue's clock are read")
    func limits() throws {
        let info = try ExchangeInfo.decode(Array((Self.start + "]}").utf8))
        #expect(info.weightPerMinute == 6_000)
        #expect(try listing()?.serverTime == Timestamp(milliseconds: 1_700_000_000_123))
    }

    @Test("the older name of the notional rule is known; rules that are off or absent are none")
    func variants() throws {
        let old = try #require(try listing { $0.replacingOccurrences(of: "\"NOTIONAL\"", with: "\"MIN_NOTIONAL\"") })
        #expect(try old.instrument(priceScale: 8, quantityScale: 8).rules.minimumNotional == 500_000_000)
        let bare = try #require(
            try listing { _ in #"{"symbol":"BTCUSDT","baseAsset":"BTC","quoteAsset":"USDT","filters":[]}"# })
        let rules = try bare.instrument(priceScale: 8, quantityScale: 8).rules
        #expect(rules == InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
    }

    @Test("what is no symbol that can be traded is no listing")
    func absent() throws {
        #expect(try listing { _ in "" } == nil)
        #expect(try listing { $0.replacingOccurrences(of: "BTCUSDT", with: "ETHUSDT") } == nil)
        #expect(try listing { $0.replacingOccurrences(of: "\"BTC\"", with: "\"１２３\"") } == nil)
    }

    @Test("a rule that is no number is an error", arguments: ["abc", "-0.01000000", "0.0000000001"])
    func damaged(_ tick: String) throws {
        let listing = try #require(try listing { $0.replacingOccurrences(of: "\"0.01000000\"}", with: "\"\(tick)\"}") })
        let error = #expect(throws: VenueError.self) { try listing.instrument(priceScale: 8, quantityScale: 8) }
        #expect(error?.kind == .malformed && error?.description.contains("tick size") == true)
    }

    @Test("a largest market order with more decimals than orders have is rounded down")
    func fineLimit() throws {
        let listing = try #require(
            try listing { $0.replacingOccurrences(of: "120.00000000", with: "262095.4447533999") })
        let rules = try listing.instrument(priceScale: 8, quantityScale: 8).rules
        #expect(rules.maximumMarketQuantity == Quantity(mantissa: 26_209_544_475_339))
    }

    @Test("a limit beyond what fits is none")
    func beyond() throws {
        let listing = try #require(
            try listing { $0.replacingOccurrences(of: "9000.00000000", with: "99999999999999.0") })
        #expect(try listing.instrument(priceScale: 8, quantityScale: 8).rules.maximumQuantity == .zero)
    }

    @Test(
        "cheap coins that trade by the billion get decimals that hold their volumes",
        arguments: [
            ("0.01000000", "0.00001000", 8, 8), ("0.01000000", "0.00100000", 8, 8), ("0.00010000", "0.10000000", 12, 4),
            ("0.00001000", "1.00000000", 12, 4), ("0.00000001", "1.00000000", 14, 2), ("0.0000001", "1", 14, 2),
            ("0.00000000", "0.00000000", 8, 8), ("1.00000000", "0.01000000", 12, 4),
        ])
    func scales(_ tick: String, _ step: String, _ price: Int, _ quantity: Int) throws {
        var listing = try #require(try listing())
        listing.tick = tick
        listing.quantityStep = step
        #expect(listing.usualScales == (price, quantity))
        #expect(price + quantity == 16)
    }

    @Test(
        "a body that is something else says what was expected",
        arguments: ["", "[]", "{}", "<html>", "{\"serverTime\":1.5}"])
    func garbage(_ text: String) {
        #expect(throws: (any Error).self) { try ExchangeInfo.decode(Array(text.utf8)) }
    }

    @Test("what the venue once sent is read", .enabled(if: CapturedPayloads.isThere, "no captured payloads here"))
    func captured() throws {
        let info = try ExchangeInfo.decode(try CapturedPayloads.exchangeInfo())
        #expect(info.weightPerMinute == 1_200)
        #expect(info.symbols.count == 2)
        for symbol in info.symbols {
            let listing = try #require(info.listing(of: symbol.symbol, venue: "BINANCE"))
            let scales = listing.usualScales
            let rules = try listing.instrument(priceScale: scales.price, quantityScale: scales.quantity).rules
            #expect(rules.tick.mantissa > 1 && rules.quantityStep.mantissa > 0 && rules.minimumNotional > 0)
            #expect(rules.maximumQuantity > rules.minimumQuantity)
        }
    }
}
