import FoundationEssentials
import Network

/// The body of an answer that says no: `{"code":-1121,"msg":"Invalid symbol."}`.
struct ServerMessage: Decodable {
    /// The venue's number of the error.
    var code: Int
    /// The venue's words.
    var msg: String

    /// The symbol is none of the venue's.
    static let unknownSymbol = -1121
    /// A parameter has characters that none has: a symbol that can't be one.
    static let illegalCharacters = -1100
}

extension ServerMessage {
    /// The message of an answer, or `nil` when there is none in it.
    init?(_ response: HTTPResponse) {
        guard let message = try? JSONDecoder().decode(ServerMessage.self, from: Data(response.body)) else { return nil }
        self = message
    }

    /// The error that an answer of a status other than 200 means.
    static func error(_ response: HTTPResponse, about subject: String, venue: String) -> VenueError {
        let message = ServerMessage(response)
        let words = message.map { "\($0.msg) (code \($0.code))" } ?? response.excerpt
        switch response.status {
        case 400 where message?.code == unknownSymbol || message?.code == illegalCharacters:
            return VenueError(
                .unknownSymbol, subject, "the venue has no such symbol; they are written as BTCUSDT. It says: \(words)")
        case 403, 451:
            return VenueError(
                .notServed, venue,
                "the venue does not serve this address or place (HTTP \(response.status)); "
                    + "venues.binance.rest-url: https://data-api.binance.vision has the public data. It says: \(words)")
        case 300...399:
            return VenueError(
                .notServed, venue,
                "the address sends elsewhere (HTTP \(response.status)), which is not followed; check "
                    + "venues.binance.rest-url")
        case 404:
            return VenueError(
                .notServed, venue, "there is no API at this address (HTTP 404); check venues.binance.rest-url")
        default:
            return VenueError(.refused, subject, "the venue refused (HTTP \(response.status)): \(words)")
        }
    }
}
