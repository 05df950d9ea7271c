public import Keys

/// Where Binance Spot is, and which keys are good there. Addresses of the two worlds never mix: each belongs to one.
public struct BinanceSpotEnvironment: Sendable, Hashable {
    /// The environment of the keys that are good here, and of no others.
    public let keys: KeyEnvironment
    /// Where its REST API is, without a path.
    public let restURL: String
    /// Where its market streams are, without a path.
    public let streamURL: String
    /// Where its WebSocket API is.
    public let webSocketURL: String

    init(keys: KeyEnvironment, rest: String, streams: String, webSocket: String) {
        self.keys = keys
        restURL = rest
        streamURL = streams
        webSocketURL = webSocket
    }

    /// Real money.
    public static let live = BinanceSpotEnvironment(
        keys: .live, rest: "https://api.binance.com", streams: "wss://stream.binance.com:9443",
        webSocket: "wss://ws-api.binance.com:443/ws-api/v3")

    /// The venue's testnet.
    public static let testnet = BinanceSpotEnvironment(
        keys: .testnet, rest: "https://testnet.binance.vision", streams: "wss://stream.testnet.binance.vision",
        webSocket: "wss://ws-api.testnet.binance.vision/ws-api/v3")

    /// The venue's own address of an environment.
    public static func official(_ keys: KeyEnvironment) -> BinanceSpotEnvironment { keys == .live ? live : testnet }

    /// A stand-in on this machine; it counts as a testnet.
    ///
    /// - Parameters:
    ///   - rest: where its REST API is, `http://127.0.0.1:8080`.
    ///   - streams: where its market streams are; by default the same server.
    ///   - webSocket: where its WebSocket API is; by default the same server.
    /// - Throws: `VenueError` when one of them is on another machine.
    public static func loopback(
        rest: String, streams: String? = nil, webSocket: String? = nil
    ) throws(VenueError) -> BinanceSpotEnvironment {
        let rest = withoutSlash(rest)
        let server = rest.replacing(prefix: "http", with: "ws")
        let environment = BinanceSpotEnvironment(
            keys: .testnet, rest: rest, streams: withoutSlash(streams ?? server),
            webSocket: webSocket ?? server + "/ws-api/v3")
        for address in [environment.restURL, environment.streamURL, environment.webSocketURL]
        where !isOnThisMachine(address) {
            throw VenueError(
                .forbidden, "BINANCE",
                "\(address) is not on this machine; a venue of one's own is 127.0.0.1, localhost or [::1]")
        }
        return environment
    }

    /// The environment of a configured address.
    ///
    /// - Parameter restURL: an address of the venue's own, or one on this machine.
    /// - Throws: `VenueError` when it is neither: whose keys are good there is not known, so none are sent there.
    public init(restURL: String) throws(VenueError) {
        let address = BinanceSpotEnvironment.withoutSlash(restURL).lowercased()
        let host = BinanceSpotEnvironment.host(address)
        let isSafe = address.hasPrefix("https://")
        switch host {
        case "api.binance.com", "api-gcp.binance.com", "api1.binance.com", "api2.binance.com", "api3.binance.com",
            "api4.binance.com":
            guard isSafe else { break }
            let live = BinanceSpotEnvironment.live
            self.init(keys: .live, rest: address, streams: live.streamURL, webSocket: live.webSocketURL)
            return
        case "testnet.binance.vision":
            guard isSafe else { break }
            self = .testnet
            return
        case "data-api.binance.vision":
            throw VenueError(
                .notServed, "BINANCE",
                "\(restURL) has public data only and takes no key; for orders: https://api.binance.com or "
                    + "https://testnet.binance.vision")
        case _ where BinanceSpotEnvironment.isOnThisMachine(address):
            self = try .loopback(rest: address)
            return
        default: break
        }
        throw VenueError(
            .forbidden, "BINANCE",
            "which keys are good at \(restURL) is not known, so none is sent there; expected https://api.binance.com, "
                + "https://testnet.binance.vision, or a server on this machine")
    }

    /// The address that keys of an environment are used at, given what is configured.
    ///
    /// A configured address of the other environment is replaced by the venue's own when it is one of the venue's own;
    /// a server of one's own is never replaced, and never given a live key.
    /// - Throws: `VenueError`.
    public static func of(
        _ keys: KeyEnvironment, configured restURL: String
    ) throws(VenueError) -> BinanceSpotEnvironment {
        let configured = try BinanceSpotEnvironment(restURL: restURL)
        if configured.keys == keys { return configured }
        guard !isOnThisMachine(configured.restURL) else {
            throw VenueError(
                .forbidden, "BINANCE",
                "venues.binance.rest-url is \(restURL), which counts as a testnet; a live key is not sent there")
        }
        return official(keys)
    }

    private static func withoutSlash(_ address: String) -> String {
        address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    /// The host of an address, without the port.
    private static func host(_ address: String) -> String {
        let server = address.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // A name of a user before the host would hide it.
        if server.contains("@") { return "" }
        if server.hasPrefix("[") { return server.prefix { $0 != "]" } + "]" }
        return String(server.prefix { $0 != ":" })
    }

    static func isOnThisMachine(_ address: String) -> Bool {
        let schemes = ["http://", "https://", "ws://", "wss://"]
        return schemes.contains { address.hasPrefix($0) }
            && ["127.0.0.1", "localhost", "[::1]"].contains(host(address))
    }
}

extension String {
    fileprivate func replacing(prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
