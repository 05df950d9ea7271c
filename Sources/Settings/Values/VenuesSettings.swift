/// The venues that are asked over the network.
public struct VenuesSettings: Sendable, Hashable {
    /// Binance Spot.
    public var binance = BinanceSettings()

    /// The defaults.
    public init() {}
}

/// Where Binance Spot is.
public struct BinanceSettings: Sendable, Hashable {
    /// Where its REST API is, without a path: `https://` and a host, or `http://` and this machine.
    public var restURL = "https://api.binance.com"
    /// Where its market streams are, without a path: `wss://` and a host, or `ws://` and this machine.
    public var streamURL = "wss://stream.binance.com:9443"
    /// A file of certificates (PEM) that are trusted besides those of the system; `nil` for none.
    public var certificateFile: String?

    /// The key that orders are placed with, one of `wick keys list`; `nil` for none.
    public var key: String?

    /// What happens when an order would trade with another of the account; `nil` for what a symbol does by default.
    public var selfTradePrevention: SelfTradeSetting?

    /// The defaults.
    public init() {}
}

/// What happens when an order would trade with another of the account.
public enum SelfTradeSetting: String, Sendable, Hashable, CaseIterable {
    /// The one that came later expires.
    case expireTaker = "expire-taker"
    /// The one that was there expires.
    case expireMaker = "expire-maker"
    /// Both expire.
    case expireBoth = "expire-both"
    /// They trade.
    case allowed = "none"
}

/// What money is at stake.
public enum ModeSetting: String, Sendable, Hashable, CaseIterable {
    /// None: orders fill in the simulated venue.
    case paper
    /// A venue's play money.
    case testnet
    /// Real money.
    case live
}
