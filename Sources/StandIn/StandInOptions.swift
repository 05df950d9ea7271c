/// What a stand-in exchange is like.
public struct StandInOptions: Sendable {
    /// The port on 127.0.0.1; 0 for any that is free.
    public var port = 0
    /// The symbols that it lists, as `BTCUSDT`; see `knownSymbols`.
    public var symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    /// The seed of the market, of the keys and of what faults draw. Without one the market is that of seed 1 and the keys
    /// are secret ones; with one the keys can be worked out by anybody who knows it and are worth nothing.
    public var seed: UInt64?
    /// The faults that are switched on at the start, in the words of a fault script.
    public var faults = ""
    /// No TLS: `http` and `ws`.
    public var isPlain = false
    /// Where the certificate and the key files are written.
    public var directory: String
    /// How many accounts there are.
    public var accounts = 1
    /// What each account has of USDT at the start, whole.
    public var quoteBalance: Int64 = 100_000
    /// What each account has of each base asset at the start, in whole USDT at its base price.
    public var baseBalance: Int64 = 50_000
    /// Whether commissions are paid in BNB, a quarter cheaper; BNBUSDT has to be listed.
    public var paysInBNB = false
    /// After how many seconds a WebSocket connection is cut.
    public var connectionLifetime: Int64 = 86_400
    /// How many milliseconds lie between two pings of the server.
    public var pingInterval: Int64 = 20_000
    /// How many milliseconds after its announcement a shutdown ends the connections.
    public var shutdownNotice: Int64 = 5_000
    /// The weight of requests that an address has a minute.
    public var weightPerMinute: Int64 = 6_000
    /// The unfilled orders that an account has in ten seconds.
    public var ordersPerTenSeconds: Int64 = 100

    /// How many minutes before the start are told as if they had been lived through; a day of them costs some time.
    var minutesBefore = CandleBook.capacity
    /// Whether the market ends at the start: the books are empty, and nobody trades but clients.
    var isMarketStill = false

    /// Options of the defaults.
    ///
    /// - Parameter directory: where the certificate and the key files are written; made when it is not there.
    public init(directory: String) { self.directory = directory }

    /// Every symbol that can be listed.
    public static var knownSymbols: [String] { SymbolCatalog.names }

    /// Everything that is out of range, in words.
    var problems: [String] {
        var problems: [String] = []
        if !(0...65_535).contains(port) { problems.append("--port: \(port) is no port; expected 0…65535") }
        if symbols.isEmpty { problems.append("--instruments: none; expected a list such as BTCUSDT,ETHUSDT") }
        for symbol in symbols where !SymbolCatalog.names.contains(symbol) {
            let known = SymbolCatalog.names.joined(separator: ", ")
            problems.append("--instruments: '\(symbol)' is not in the catalogue; there are \(known)")
        }
        if Set(symbols).count != symbols.count { problems.append("--instruments: a symbol stands twice") }
        if paysInBNB, !symbols.contains("BNBUSDT") {
            problems.append("--bnb-fees: BNBUSDT is not listed; add it to --instruments")
        }
        if !(1...100).contains(accounts) { problems.append("--accounts: \(accounts) is out of range; expected 1…100") }
        for (name, value) in [
            ("--lifetime", connectionLifetime), ("--ping", pingInterval), ("--weight", weightPerMinute),
            ("--orders", ordersPerTenSeconds),
        ] where !(1...1_000_000_000).contains(value) {
            problems.append("\(name): \(value) is out of range; expected 1…1000000000")
        }
        for (name, value) in [("--quote", quoteBalance), ("--base", baseBalance)]
        where !(0...1_000_000_000).contains(value) {
            problems.append("\(name): \(value) is out of range; expected 0…1000000000")
        }
        return problems
    }
}

/// An account of the stand-in with the keys that act for it.
public struct StandInAccount: Sendable, Hashable {
    /// The key that signs by HMAC.
    public var apiKey: String
    /// Its secret.
    public var secret: String
    /// The key that signs by Ed25519, which alone may log on.
    public var ed25519Key: String
    /// The file with its private key (PEM, PKCS#8).
    public var ed25519File: String
}
