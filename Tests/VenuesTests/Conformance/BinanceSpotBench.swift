import Foundation
import Keys
import Market
import Network
import Synchronization
import Trading

@testable import StandIn
@testable import Venues

/// Binance Spot's adapter before a stand-in exchange whose market is still.
final class BinanceSpotBench: VenueBench {
    /// How it is reached and who asks.
    struct Setup: Sendable, CustomStringConvertible, CaseIterable {
        var isPlain: Bool
        var kind: KeyKind
        var description: String { (isPlain ? "in plain" : "over TLS") + ", \(kind.rawValue)" }
        static let allCases = [
            Setup(isPlain: true, kind: .hmac), Setup(isPlain: true, kind: .ed25519), Setup(isPlain: false, kind: .hmac),
            Setup(isPlain: false, kind: .ed25519),
        ]
    }

    private static let instance = ClientOrderID.Instance("K7Q")!

    let spot: BinanceSpotVenue
    let instrument: Instrument
    let last: Price
    let events = EventLog()
    private let server: StandInServer
    private let directory: URL
    private let own: SpotAccountClient
    private let rivals: [SpotAccountClient]
    private let lastNumber = Atomic<UInt64>(0)

    var venue: any TradingVenue { spot }

    init(
        _ setup: Setup, isImpatient: Bool = false, lifetime: Duration = .seconds(3_600), seed: UInt64 = 7,
        deafness: Duration = .seconds(300)
    ) async throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("wick-bench-\(UUID().uuidString)")
        var options = StandInOptions(directory: directory.path)
        options.isPlain = setup.isPlain
        options.seed = seed
        options.symbols = ["BTCUSDT"]
        options.accounts = 3
        options.minutesBefore = 15
        options.isMarketStill = true
        let server = try StandInServer(options) { BinanceSpotBench.now }
        self.server = server
        var http = HTTPOptions()
        http.additionalTrust = server.addresses.certificate
        http.totalTimeout = .seconds(isImpatient ? 2 : 60)
        let environment = try BinanceSpotEnvironment.loopback(rest: server.addresses.rest)
        func client(_ account: StandInAccount, _ kind: KeyKind) throws -> SpotAccountClient {
            let isHMAC = kind == .hmac
            let secret = isHMAC ? account.secret : try String(contentsOfFile: account.ed25519File, encoding: .utf8)
            let key = try StoredKey(
                venue: "binance", name: "bench", environment: .testnet, kind: kind,
                apiKey: APIKey(isHMAC ? account.apiKey : account.ed25519Key)!, secret: Secret(text: secret), added: 0)
            var patience = SpotAccountClient.Options()
            patience.attempts = 2
            patience.longestPause = .seconds(2)
            return try SpotAccountClient(
                BinanceSpotAccess(key, at: environment), http, patience, wall: { BinanceSpotBench.now },
                audit: SpotAudit { _ in }
            )
        }
        own = try client(server.accounts[0], setup.kind)
        rivals = try server.accounts.dropFirst().map { try client($0, .hmac) }
        let market = try BinanceSpot(at: server.addresses.rest, http)
        let listing = try await market.listing(of: "BTCUSDT") { _ in }
        instrument = try listing.instrument(priceScale: 8, quantityScale: 8)
        last = try await market.referencePrice(of: instrument) { _ in }
        var sockets = WebSocketOptions()
        sockets.additionalTrust = server.addresses.certificate
        var patience = BinanceSpotVenue.Options()
        // As long as what a test makes late can still come in.
        patience.pauses =
            isImpatient
            ? [.milliseconds(100), .seconds(1), .seconds(4)]
            : [.milliseconds(30), .milliseconds(60), .milliseconds(120)]
        patience.connectionLifetime = lifetime
        patience.deafness = deafness
        patience.rulePause = .seconds(2)
        spot = BinanceSpotVenue(
            own, [instrument], rules: try await market.rules(of: ["BTCUSDT"]) { _ in },
            reading: { (try? await market.rules(of: $0) { _ in }) ?? [:] },
            instance: BinanceSpotBench.instance, sockets: sockets, options: patience)
        spot.listen { [events] in events.add($0) }
        let log = events
        try await events.wait("the start of the stream") { _ in !log.gaps.isEmpty }
    }

    private static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    // MARK: - What happens at the venue

    func number() -> String {
        let sequence = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        return ClientOrderID(BinanceSpotBench.instance, sequence: sequence, ordinal: 0).description
    }

    func foreignNumber() -> String {
        "web_\(lastNumber.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    private func foreign(
        _ client: SpotAccountClient, _ side: Side, _ quantity: Quantity, _ terms: SpotTerms, _ number: String? = nil
    ) async throws {
        let order = NewSpotOrder(
            instrument, side, .quantity(quantity), terms, clientOrderID: number ?? foreignNumber())
        _ = try await client.place(order).confirmed("somebody else's order")
    }

    func rest(_ side: Side, _ quantity: Quantity, at price: Price) async throws {
        try await foreign(rivals[0], side, quantity, .limit(price))
    }

    func take(_ side: Side, _ quantity: Quantity, at price: Price) async throws {
        try await foreign(rivals[1], side, quantity, .limit(price, .immediateOrCancel))
    }

    func trade(at price: Price) async throws {
        try await rest(.sell, quantity(10), at: price)
        try await take(.buy, quantity(10), at: price)
    }

    func restForeign(_ side: Side, _ quantity: Quantity, at price: Price, _ number: String) async throws {
        try await foreign(own, side, quantity, .limit(price), number)
    }

    func trueOrders() async throws -> [String] {
        behave()
        return try await own.openOrders(of: instrument).confirmed("the open orders").map(\.clientOrderID)
    }

    func trueTrades() async throws -> [UInt64] {
        behave()
        return try await own.trades(of: instrument, from: 0).confirmed("the trades").map { UInt64($0.id) }
    }

    /// Tells the stand-in to do something: `shutdown` announces its end, `terminate` ends all subscriptions.
    func control(_ command: String) async throws {
        let location = server.addresses.rest + "/stand-in/" + command
        _ = try await HTTPClient(HTTPOptions()).send(HTTPRequest(location, method: .post, form: [.init("now", "1")]))
    }

    /// The same account once more, listening to nothing yet.
    func another() -> BinanceSpotVenue {
        BinanceSpotVenue(
            own, [instrument], rules: [instrument.symbol: spot.rules[instrument.symbol]].compactMapValues { $0 },
            instance: BinanceSpotBench.instance, options: spot.options)
    }

    /// What must never be seen.
    var secrets: [String] { [server.accounts[0].apiKey, server.accounts[0].secret, server.accounts[0].ed25519Key] }

    /// Every order of the account that ever was.
    func everyOrder() async throws -> [SpotOrder] {
        behave()
        return try await own.allOrders(of: instrument, from: 0).confirmed("all orders")
    }

    func set(_ state: MarketState) async throws {
        let status =
            switch state {
            case .trading: "TRADING"
            case .halted: "HALT"
            case .interrupted: "BREAK"
            case .cancelOnly: "CANCEL_ONLY"
            }
        let location = server.addresses.rest + "/stand-in/symbol"
        let form: [HTTPRequest.Parameter] = [.init("symbol", instrument.symbol), .init("status", status)]
        var options = HTTPOptions()
        options.additionalTrust = server.addresses.certificate
        let answer = try await HTTPClient(options).send(HTTPRequest(location, method: .post, form: form))
        guard answer.status == 200 else { throw Misfit("the stand-in does not take the state \(status)") }
    }

    // MARK: - Misbehaviour

    func misbehave(_ misbehaviours: Misbehaviour...) throws {
        try server.misbehave(misbehaviours.map(BinanceSpotBench.line).joined(separator: "\n"))
    }

    /// Faults in the words of the stand-in.
    func misbehave(script: String) throws { try server.misbehave(script) }

    private static func line(_ misbehaviour: Misbehaviour) -> String {
        func count(_ times: Int?) -> String { times.map { " n=\($0)" } ?? "" }
        switch misbehaviour {
        case .request(let request, let trouble, let times):
            return "\(word(trouble)) rest:\(pattern(request))" + count(times)
        case .event(let trouble, let times, let skipping):
            return "\(word(trouble)) user:executionReport" + count(times) + (skipping > 0 ? " skip=\(skipping)" : "")
        case .connection(let times): return "drop connect:* n=\(times)"
        case .clock(let milliseconds): return "skew=\(milliseconds)"
        }
    }

    private static func pattern(_ request: Misbehaviour.Request) -> String {
        switch request {
        case .place: return "POST:/api/v3/order"
        case .placeList: return "POST:/api/v3/orderList/*"
        case .cancel: return "DELETE:/api/v3/order"
        case .amend: return "PUT:/api/v3/order/amend/keepPriority"
        case .replace: return "POST:/api/v3/order/cancelReplace"
        case .query: return "GET:/api/v3/order"
        case .openOrders: return "GET:/api/v3/openOrders"
        case .fills: return "GET:/api/v3/myTrades"
        case .any: return "*"
        }
    }

    private static func word(_ trouble: Misbehaviour.Trouble) -> String {
        switch trouble {
        case .lost: return "drop"
        case .answerLost: return "drop-after"
        case .answerHangs: return "hang-after"
        case .hangs: return "hang"
        case .failsAfter: return "error-after=503/-1006"
        case .fails: return "error=503/-1001"
        case .garbled: return "truncate"
        case .overLimit(let seconds): return "limit=429/\(seconds)"
        case .banned(let seconds): return "limit=418/\(seconds)"
        case .tooManyOrders: return "error=429/-1015"
        case .late(let milliseconds): return "late=\(milliseconds)"
        }
    }

    private static func word(_ trouble: Misbehaviour.EventTrouble) -> String {
        switch trouble {
        case .repeated: return "duplicate"
        case .overtaken: return "reorder"
        case .late(let milliseconds): return "delay=\(milliseconds)"
        case .lost: return "drop"
        case .damaged: return "truncate"
        case .cut: return "disconnect"
        }
    }

    func behave() { server.behave() }

    func end() async {
        await spot.stop()
        server.stop()
        try? FileManager.default.removeItem(at: directory)
    }
}
