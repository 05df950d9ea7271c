import Keys
import Testing

@testable import Venues

@Suite("where Binance Spot is, and which keys are good there")
struct BinanceSpotEnvironmentTests {
    @Test(
        "every address of the venue's own belongs to one world",
        arguments: [
            ("https://api.binance.com", KeyEnvironment.live), ("https://API4.binance.com/", .live),
            ("https://api-gcp.binance.com", .live), ("https://testnet.binance.vision", .testnet),
            ("http://127.0.0.1:8080", .testnet), ("https://localhost:8443", .testnet), ("http://[::1]:80", .testnet),
        ])
    func known(_ address: String, _ keys: KeyEnvironment) throws {
        #expect(try BinanceSpotEnvironment(restURL: address).keys == keys)
    }

    @Test(
        "no key is sent to an address that is nobody's",
        arguments: [
            "https://api.binance.com.example.com", "https://api.binance.us", "http://api.binance.com",
            "https://api.binance.com@example.com", "https://example.com/api.binance.com",
            "https://demo-api.binance.com",
            "http://testnet.binance.vision", "http://127.0.0.1.example.com", "http://localhost@example.com", "",
            "https://", "127.0.0.1:80",
        ])
    func nobodys(_ address: String) {
        let error = #expect(throws: VenueError.self) { try BinanceSpotEnvironment(restURL: address) }
        #expect(error?.kind == .forbidden && error?.exitCode == 1)
    }

    @Test("the address of public data takes no key")
    func publicOnly() {
        let error = #expect(throws: VenueError.self) {
            try BinanceSpotEnvironment(restURL: "https://data-api.binance.vision")
        }
        #expect(error?.kind == .notServed)
    }

    @Test("a stand-in has its streams at the same place, unless it says another")
    func loopback() throws {
        let plain = try BinanceSpotEnvironment.loopback(rest: "http://127.0.0.1:80/")
        #expect(plain.streamURL == "ws://127.0.0.1:80" && plain.webSocketURL == "ws://127.0.0.1:80/ws-api/v3")
        let other = try BinanceSpotEnvironment.loopback(rest: "https://localhost:1", streams: "wss://localhost:2")
        #expect(other.streamURL == "wss://localhost:2" && other.webSocketURL == "wss://localhost:1/ws-api/v3")
    }

    @Test("a stand-in is on this machine as a whole")
    func mixed() {
        #expect(throws: VenueError.self) {
            try BinanceSpotEnvironment.loopback(rest: "http://127.0.0.1:1", streams: "wss://stream.binance.com:9443")
        }
        #expect(throws: VenueError.self) { try BinanceSpotEnvironment.loopback(rest: "https://api.binance.com") }
    }

    @Test(
        "keys go to their own world, whatever is configured",
        arguments: [
            (KeyEnvironment.live, "https://api.binance.com", "https://api.binance.com"),
            (.testnet, "https://api.binance.com", "https://testnet.binance.vision"),
            (.live, "https://testnet.binance.vision", "https://api.binance.com"),
            (.live, "https://api2.binance.com", "https://api2.binance.com"),
            (.testnet, "http://127.0.0.1:9", "http://127.0.0.1:9"),
        ])
    func configured(_ keys: KeyEnvironment, _ address: String, _ expected: String) throws {
        let environment = try BinanceSpotEnvironment.of(keys, configured: address)
        #expect(environment.restURL == expected && environment.keys == keys)
    }

    @Test("a live key is not sent to a server of one's own")
    func liveToLoopback() {
        let error = #expect(throws: VenueError.self) {
            try BinanceSpotEnvironment.of(.live, configured: "http://127.0.0.1:9")
        }
        #expect(error?.kind == .forbidden && error?.detail.contains("counts as a testnet") == true)
    }

    @Test("a key of one world makes no access to the other", arguments: KeyEnvironment.allCases)
    func access(_ keys: KeyEnvironment) throws {
        let own = try BinanceSpotAccess(SpotExamples.key(keys), at: .official(keys))
        #expect(own.environment.keys == keys && own.name == "main")
        let other = BinanceSpotEnvironment.official(keys == .live ? .testnet : .live)
        let error = #expect(throws: VenueError.self) { try BinanceSpotAccess(SpotExamples.key(keys), at: other) }
        #expect(error?.kind == .forbidden)
    }

    @Test("a key of another venue makes no access")
    func otherVenue() throws {
        #expect(throws: VenueError.self) { try BinanceSpotAccess(SpotExamples.key(venue: "kraken"), at: .testnet) }
    }
}
