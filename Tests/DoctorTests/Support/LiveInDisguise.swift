import Keys
import StandIn

@testable import Venues

/// A stand-in that is taken for the live venue, which no address of this machine ever is outside tests.
enum LiveInDisguise {
    static func environment(_ addresses: StandInAddresses) -> BinanceSpotEnvironment {
        BinanceSpotEnvironment(
            keys: .live, rest: addresses.rest, streams: addresses.streams, webSocket: addresses.api)
    }
}
