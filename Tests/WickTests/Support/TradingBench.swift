import Foundation
import Keys
import Market
import StandIn
import Testing

/// A stand-in exchange on this machine and a data directory with a key for it, for processes of the program that trade there.
final class TradingBench {
    let sandbox: Sandbox
    let server: StandInServer
    /// What the engines that were started here said, once they have ended.
    private(set) var ended: [Run] = []
    private var running: [Child] = []

    /// - Parameters:
    ///   - mode: what the configuration says of it.
    ///   - kind: of which kind the key is.
    ///   - accounts: how many accounts the venue has.
    init(mode: String = "testnet", _ kind: KeyKind = .hmac, accounts: Int = 1) throws {
        sandbox = try Sandbox()
        var options = StandInOptions(directory: sandbox.path("venue"))
        options.seed = 7
        options.isPlain = true
        options.symbols = ["BTCUSDT"]
        options.accounts = accounts
        server = try StandInServer(options) {
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        }
        try configure(mode: mode)
        try FileManager.default.createDirectory(
            atPath: sandbox.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try add(key("main", kind))
    }

    deinit {
        for child in running where child.isRunning { kill(child.process, SIGKILL) }
        server.stop()
    }

    /// Writes the configuration.
    ///
    /// - Parameters:
    ///   - mode: what it says of it.
    ///   - feed: more of what it says of the market, and `more` of everything else.
    func configure(mode: String, feed: String = "", more: String = "") throws {
        try sandbox.write(
            """
            mode: \(mode)
            feed: {source: binance, symbols: BTCUSDT, history-minutes: 10\(feed.isEmpty ? "" : ", " + feed)}
            account: {starter-strategies: off}
            risk: {price-band-percent: off}
            venues:
              binance:
                rest-url: "\(server.addresses.rest)"
                stream-url: "\(server.addresses.streams)"
                key: main
            \(more)

            """, "wick.yaml")
    }

    /// The key of an account as it is kept.
    func key(_ name: String, _ kind: KeyKind = .hmac, account: Int = 0, in world: KeyEnvironment = .testnet) throws
        -> StoredKey
    {
        let account = server.accounts[account]
        let secret =
            kind == .hmac ? account.secret : try String(contentsOfFile: account.ed25519File, encoding: .utf8)
        return try StoredKey(
            venue: "binance", name: name, environment: world, kind: kind,
            apiKey: APIKey(kind == .hmac ? account.apiKey : account.ed25519Key)!, secret: Secret(text: secret), added: 0
        )
    }

    func add(_ key: StoredKey) throws {
        try KeyStore.change(in: sandbox.data, Secret(text: KeyExamples.passphrase), mayCreate: true) {
            (store) throws(KeyStoreError) in
            try store.add(key)
        }
    }

    func remove(_ name: String) throws {
        try KeyStore.change(in: sandbox.data, Secret(text: KeyExamples.passphrase)) { (store) throws(KeyStoreError) in
            try store.remove(name)
        }
    }

    /// What a process that opens the keys needs in its environment.
    var variables: [String: String] { ["WICK_OFFLINE": "0", "WICK_KEYS_PASSPHRASE": KeyExamples.passphrase] }

    /// Starts an engine.
    func start(_ more: [String: String] = [:]) throws -> Child {
        let child = try sandbox.started(
            ["engine", "--config", sandbox.path("wick.yaml")], variables.merging(more) { _, new in new })
        running.append(child)
        return child
    }

    /// Starts an engine and waits until it says that it runs; half a minute at most.
    func startTrading(_ more: [String: String] = [:]) throws -> Child {
        let engine = try start(more)
        for _ in 0..<600 where engine.isRunning {
            if engine.errorsSoFar.contains("runs on '") { return engine }
            usleep(50_000)
        }
        try #require(Bool(false), "the engine does not run: \(engine.errorsSoFar)")
        return engine
    }

    /// Ends an engine in order.
    @discardableResult
    func end(_ engine: Child) throws -> Run {
        kill(engine.process, SIGTERM)
        let run = try engine.finished()
        ended.append(run)
        return run
    }

    /// Runs a command to its end, something piped in.
    func wick(_ arguments: String, pipe: String = "", configured: Bool = false) throws -> Run {
        try sandbox.write(pipe, "piped")
        let configuration = configured ? "--config '\(sandbox.path("wick.yaml"))'" : ""
        return try sandbox.shell(
            "export WICK_OFFLINE=0 WICK_KEYS_PASSPHRASE='\(KeyExamples.passphrase)'; wick \(arguments) \(configuration) "
                + "--data-dir '\(sandbox.data)' < piped")
    }
}
