import FoundationEssentials
import Market

/// What `/api/v3/exchangeInfo` says, as far as it is used here; what else there is and will be is passed over.
///
/// It is asked for once a symbol, so the general decoder is fast enough. Its numbers are whole; amounts are texts and
/// stay so.
struct ExchangeInfo: Decodable {
    var serverTime: Int64
    var rateLimits: [RateLimit]
    var symbols: [Symbol]

    /// How much may be asked in what time.
    struct RateLimit: Decodable {
        var rateLimitType: String
        var interval: String
        var intervalNum: Int64
        var limit: Int64
    }

    /// A symbol.
    struct Symbol: Decodable {
        var symbol: String
        var baseAsset: String
        var quoteAsset: String
        var filters: [Filter]
    }

    /// A rule of orders; which fields it has depends on its type.
    struct Filter: Decodable {
        var filterType: String
        var tickSize: String?
        var stepSize: String?
        var minQty: String?
        var maxQty: String?
        var minNotional: String?
    }

    /// What a body says.
    ///
    /// - Throws: what is missing or of another type than expected, in words.
    static func decode(_ body: [UInt8]) throws -> ExchangeInfo {
        try JSONDecoder().decode(ExchangeInfo.self, from: Data(body))
    }

    /// The weight that may be used in a minute; `nil` when nothing is said about it.
    var weightPerMinute: Int64? {
        rateLimits.first { $0.rateLimitType == "REQUEST_WEIGHT" && $0.interval == "MINUTE" && $0.intervalNum == 1 }?
            .limit
    }

    /// What is said of a symbol; `nil` when nothing is, or nothing that can be an instrument.
    func listing(of name: String, venue: String) -> Listing? {
        guard let found = symbols.first(where: { $0.symbol == name }), let base = Currency(found.baseAsset),
            let quote = Currency(found.quoteAsset)
        else { return nil }
        var listing = Listing(
            venue: venue, symbol: name, base: base, quote: quote, serverTime: Timestamp(milliseconds: serverTime))
        for filter in found.filters {
            switch filter.filterType {
            case "PRICE_FILTER": listing.tick = filter.tickSize ?? ""
            case "LOT_SIZE":
                listing.quantityStep = filter.stepSize ?? ""
                listing.minimumQuantity = filter.minQty ?? ""
                listing.maximumQuantity = filter.maxQty ?? ""
            case "MARKET_LOT_SIZE":
                listing.marketQuantityStep = filter.stepSize ?? ""
                listing.maximumMarketQuantity = filter.maxQty ?? ""
            case "NOTIONAL", "MIN_NOTIONAL": listing.minimumNotional = filter.minNotional ?? ""
            // The bands around an average price differ by side and by direction: no single share says them.
            default: break
            }
        }
        return listing
    }
}
