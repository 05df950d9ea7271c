import Foundation
import Keys
import Market
import Network
import StandIn
import Testing
import Trading
import Venues

@testable import Engine

/// An engine that trades at a stand-in exchange, in as many processes as it takes, and what the exchange knows of it.
final class VenueCrashRun {
    let sandbox: Sandbox
    private let venue: StandInServer
    private let client: SpotAccountClient
    private let instrument: Instrument
    private let passphrase = "a pass phrase of several words"
    /// The engine that was started last.
    private var last: Child?
    /// How many orders that fill were asked for.
    private var asked = 0

    init() async throws {
        sandbox = try Sandbox()
        var options = StandInOptions(directory: sandbox.path("venue"))
        options.seed = 7
        options.isPlain = true
        options.symbols = ["BTCUSDT"]
        let venue = try StandInServer(options) {
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        }
        self.venue = venue
        let account = venue.accounts[0]
        try sandbox.write(
            """
            mode: testnet
            feed: {source: binance, symbols: BTCUSDT, history-minutes: 10}
            account: {starter-strategies: off}
            risk: {price-band-percent: off}
            venues:
              binance: {rest-url: "\(venue.addresses.rest)", stream-url: "\(venue.addresses.streams)", key: main}
            """, "wick.yaml")
        let key = try StoredKey(
            venue: "binance", name: "main", environment: .testnet, kind: .hmac, apiKey: APIKey(account.apiKey)!,
            secret: Secret(text: account.secret), added: 0)
        try FileManager.default.createDirectory(
            atPath: sandbox.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try KeyStore.change(in: sandbox.data, Secret(text: passphrase), mayCreate: true) {
            (store) throws(KeyStoreError) in
            try store.add(key)
        }
        let environment = try BinanceSpotEnvironment.loopback(rest: venue.addresses.rest)
        client = try SpotAccountClient(
            BinanceSpotAccess(key, at: environment),
            wall: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }, audit: SpotAudit { _ in })
        instrument = try await BinanceSpot(at: venue.addresses.rest).listing(of: "BTCUSDT") { _ in }
            .instrument(priceScale: 8, quantityScale: 8)
    }

    deinit { venue.stop() }

    /// Starts an engine; `crash` is where it is to die by itself.
    func start(crash: String? = nil) throws -> Child {
        var more = ["WICK_OFFLINE": "0", "WICK_KEYS_PASSPHRASE": passphrase]
        if let crash { more[CrashPlan.variable] = crash }
        let engine = try sandbox.started(["engine", "--config", sandbox.path("wick.yaml")], more)
        last = engine
        return engine
    }

    /// Waits until the engine's account is compared with the venue and no order is in doubt; a minute at most.
    func settled() throws {
        for _ in 0..<300 {
            let status = try sandbox.wick("status", "--json")
            if status.status == 0, let engine = try status.object()["engine"] as? [String: Any],
                engine["venue_problem"] as? String == nil,
                try orders().allSatisfy({ !["submitting", "unknown", "initialized"].contains($0.state) })
            {
                return
            }
            Thread.sleep(forTimeInterval: 0.2)
        }
        let words = last?.errorsSoFar ?? ""
        Issue.record("the engine did not settle: \(try orders()); it said: \(words.suffix(2_000))")
    }

    /// The engine's orders: their prices or those that wake them, states and what they filled.
    func orders() throws -> [(number: Int, price: String, state: String, filled: String)] {
        try sandbox.wick("order", "list", "--all", "--json").array().map {
            (
                $0["id"] as? Int ?? 0, $0["price"] as? String ?? $0["stop_price"] as? String ?? "",
                $0["state"] as? String ?? "", $0["filled"] as? String ?? ""
            )
        }
    }

    /// The venue's orders: their prices or those that wake them, and whether they work.
    func truth() async throws -> [(price: String, isOpen: Bool)] {
        let orders = try #require(await client.allOrders(of: instrument, from: 0).value)
        return orders.map { order in
            let price = [order.price, order.triggerPrice].lazy.compactMap { $0 }.first { $0.mantissa != 0 }
            return (price.map(instrument.text) ?? "", !order.status.isFinal)
        }
    }

    /// Asks for an order that rests; whoever is asked may die over it.
    func place(at price: Int) throws {
        _ = try sandbox.wick(
            "order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--type", "limit", "--quantity", "0.01",
            "--price",
            "\(price)")
    }

    /// Asks for an order that rests with its stop and its target; whoever is asked may die over it.
    func place(at price: Int, stop: Int, target: Int) throws {
        _ = try sandbox.wick(
            "order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--type", "limit", "--quantity", "0.01",
            "--price", "\(price)", "--stop", "\(stop)", "--target", "\(target)")
    }

    /// Asks for an order that fills at once; whoever is asked may die over it.
    func buy() throws {
        asked += 1
        _ = try sandbox.wick("order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01")
    }

    /// That both sides know the same: no order twice, none that only one of them thinks to work, and every fill booked to the
    /// last digit of cash and position.
    func expectAgreement(_ place: String) async throws {
        let venue = try await truth()
        let prices = venue.map(\.price).filter { !$0.isEmpty }
        #expect(Set(prices).count == prices.count, "\(place): an order is at the venue twice: \(venue)")
        #expect(venue.count { $0.price.isEmpty } <= asked, "\(place): more was bought than was asked: \(venue)")
        let working = Set(venue.filter(\.isOpen).map(\.price))
        let ours = Set(try orders().filter { $0.state == "accepted" }.map { self.price($0.price) })
        #expect(working == ours, "\(place): the venue has \(working), the engine \(ours)")
        let account = try #require(await client.account().value)
        func total(_ currency: Currency) -> Money {
            account.balances.first { $0.free.currency == currency }.map { $0.free + $0.locked } ?? .zero(currency)
        }
        let status = try #require(try sandbox.wick("status", "--json").object()["engine"] as? [String: Any])
        #expect(status["cash"] as? String == total(.usdt).decimalText, "\(place)")
        let held = try sandbox.wick("position", "list", "--json").array().reduce(Quantity.zero) {
            $0 + ((try? instrument.quantity($1["quantity"] as? String ?? "")) ?? .zero)
        }
        #expect(held == (try instrument.quantity(total(instrument.base).decimalText)), "\(place)")
    }

    /// That nothing in the data directory or in the sandbox holds what opens the account.
    func expectNoSecrets() throws {
        let account = venue.accounts[0]
        let files = try #require(FileManager.default.enumerator(atPath: sandbox.directory.path))
        var count = 0
        for case let name as String in files where !name.hasPrefix("venue") {
            guard let bytes = FileManager.default.contents(atPath: sandbox.path(name)) else { continue }
            count += 1
            for secret in [account.apiKey, account.secret, passphrase] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name) holds a secret")
            }
        }
        #expect(count > 8, "there was nothing to look through")
    }

    private func price(_ text: String) -> String { (try? instrument.price(text)).map { instrument.text($0) } ?? text }
}
