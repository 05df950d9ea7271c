import Foundation
import Keys
import Market

@testable import Venues

/// An instrument, keys that open nothing, and orders.
enum SpotExamples {
    static let apiKey = "exampleExampleExample0001"
    static let secret = "own-example-secret-0123456789abcdefXYZ"

    static let btc = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))

    static func instrument(_ symbol: String, _ base: String, _ quote: String) -> Instrument {
        Instrument(
            venue: "BINANCE", symbol: symbol, base: Currency(base)!, quote: Currency(quote)!,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
    }

    static func price(_ text: String) -> Price { try! btc.price(text) }
    static func quantity(_ text: String) -> Quantity { try! btc.quantity(text) }
    static func usdt(_ text: String) -> Money { try! Money(text, .usdt) }

    /// The private key of a seed of 1…32.
    static var privateKey: String {
        let frame: [UInt8] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
        let text = Data(frame + Array(1...32)).base64EncodedString()
        return "-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n"
    }

    static func key(
        _ environment: KeyEnvironment = .testnet, _ kind: KeyKind = .hmac, venue: String = "binance"
    ) throws -> StoredKey {
        try StoredKey(
            venue: venue, name: "main", environment: environment, kind: kind, apiKey: APIKey(apiKey)!,
            secret: Secret(text: kind == .hmac ? secret : privateKey), added: 0)
    }

    static func limit(
        _ side: Side = .buy, _ quantity: String = "0.01", at price: String = "35000", id: String = "my-1"
    ) -> NewSpotOrder {
        NewSpotOrder(
            btc, side, .quantity(Self.quantity(quantity)), .limit(Self.price(price)), clientOrderID: id)
    }
}
