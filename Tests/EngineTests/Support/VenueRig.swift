import Foundation
import Keys
import Market
import Network
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine
@testable import StandIn
@testable import Venues

/// A place for the venue of an engine.
final class VenueBox: Sendable {
    let venue = Mutex<BinanceSpotVenue?>(nil)
}

/// An engine that trades at a stand-in exchange whose market is still: what trades there is what a test lets trade, and
/// quotes and minutes come to the engine when a test says so.
final class VenueRig {
    let folder: TemporaryDirectory
    let server: StandInServer
    /// The venue of the engine that runs.
    let venues: VenueBox
    let instrument: Instrument
    /// The venue's own coin and its price, where it is followed, too.
    let coin: (instrument: Instrument, last: Price)?
    /// The price around which everything happens.
    let last: Price
    private(set) var source: ScriptedSource
    private(set) var engine: Engine
    private var configuration: EngineConfiguration
    private let own: SpotAccountClient
    private let rival: SpotAccountClient
    private let rules: [String: SymbolRules]
    private var minute: Timestamp

    /// - Parameter protection: has a strategy that trades every candle, protected by this.
    init(
        protection: Protection? = nil, paysInBNB: Bool = false, followsBNB: Bool = false,
        ordersPerTenSeconds: Int64 = 100,
        requests: RequestLog? = nil, symbol form: String? = nil,
        _ venueOptions: BinanceSpotVenue.Options = BinanceSpotVenue.Options(),
        _ configure: (inout EngineConfiguration) -> Void = { _ in }
    ) async throws {
        folder = try TemporaryDirectory()
        var options = StandInOptions(directory: folder.path + "/stand-in")
        options.isPlain = true
        options.seed = 7
        options.symbols = paysInBNB ? ["BTCUSDT", "BNBUSDT"] : ["BTCUSDT"]
        options.paysInBNB = paysInBNB
        options.accounts = 2
        options.ordersPerTenSeconds = ordersPerTenSeconds
        options.minutesBefore = 15
        options.isMarketStill = true
        let server = try StandInServer(options) { EngineClock.wall.now() }
        self.server = server
        let environment = try BinanceSpotEnvironment.loopback(rest: server.addresses.rest)
        let log = requests ?? RequestLog(directory: folder.path)
        func client(_ account: StandInAccount, _ audit: SpotAudit) throws -> SpotAccountClient {
            let key = try StoredKey(
                venue: "binance", name: "rig", environment: .testnet, kind: .hmac, apiKey: APIKey(account.apiKey)!,
                secret: Secret(text: account.secret), added: 0)
            var http = HTTPOptions()
            http.totalTimeout = .seconds(2)
            http.connectionsPerHost = 32
            return try SpotAccountClient(
                BinanceSpotAccess(key, at: environment), http, wall: { EngineClock.wall.now() }, audit: audit)
        }
        let trading = try client(
            server.accounts[0], SpotAudit(log))
        own = try client(server.accounts[0], SpotAudit { _ in })
        rival = try client(server.accounts[1], SpotAudit { _ in })
        let market = try BinanceSpot(at: server.addresses.rest, HTTPOptions())
        if let form { try await VenueRig.control(server, "symbol", "symbol=BTCUSDT&" + form) }
        let instrument = try await market.listing(of: "BTCUSDT") { _ in }.instrument(priceScale: 8, quantityScale: 8)
        var followed = [instrument]
        if followsBNB {
            let bnb = try await market.listing(of: "BNBUSDT") { _ in }.instrument(priceScale: 8, quantityScale: 8)
            coin = (bnb, try await market.referencePrice(of: bnb) { _ in })
            followed.append(bnb)
        } else {
            coin = nil
        }
        let instruments = followed
        let rules = try await market.rules(of: instruments.map(\.symbol)) { _ in }
        (self.instrument, self.rules) = (instrument, rules)
        last = try await market.referencePrice(of: instrument) { _ in }
        source = ScriptedSource(of: instruments)
        minute = EngineClock.wall.now().floored(to: .oneMinute).adding(seconds: -3_600)
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .live(LiveFeedOptions(source: source))
        configuration.registersStarters = false
        configuration.catalog = StrategyCatalog([WilfulStrategy.self])
        configuration.limits = .none
        configuration.opensControlSocket = false
        let worth: @Sendable (VenueExecution) -> Money? = { execution in
            let fee = execution.fee
            return fee.currency == Currency("BNB")! ? Money(units: fee.units * 600, .usdt) : nil
        }
        let venues = VenueBox()
        self.venues = venues
        configuration.trading = VenueTrading(mode: .testnet, requests: log, worth: worth) { instance in
            let venue = BinanceSpotVenue(
                trading, instruments, rules: rules,
                reading: { symbols in (try? await market.rules(of: symbols) { _ in }) ?? [:] }, instance: instance,
                options: venueOptions)
            venues.venue.withLock { $0 = venue }
            return venue
        }
        configuration.trading?.limits = { trading.limits }
        configuration.trading?.clockProblem = { trading.clock.reading.flatMap { $0.isAlarming ? $0.words : nil } }
        configuration.trading?.inquiry = InquiryOptions(answerSeconds: 2, validitySeconds: 3)
        configure(&configuration)
        self.configuration = configuration
        if let protection {
            try configuration.accountDirectory.create()
            let store = try Store(directory: configuration.accountDirectory)
            _ = try store.declare(instruments)
            var record = StrategyRecord(
                name: "wilful", className: "wilful", parameters: ["mark": "0"], instrument: instrument,
                timeframe: .oneMinute, sizing: .quantity(try instrument.quantity("0.01")), status: .enabled)
            record.protection = protection
            _ = try store.add(record, at: monday)
            try store.close()
        }
        engine = try Engine.start(configuration)
        try await quote()
        try await compared()
    }

    var snapshot: Snapshot { engine.snapshot }

    /// Ends everything.
    func end() {
        engine.stop()
        server.stop()
    }

    /// Ends the engine as a process ends that is told to, and starts it again.
    func restart() async throws {
        stopEngine()
        try await startEngine()
    }

    /// Ends the engine as a process ends that is told to.
    func stopEngine() { engine.stop() }

    /// Starts an engine that was ended.
    func startEngine() async throws {
        source = ScriptedSource(of: [instrument] + (coin.map { [$0.instrument] } ?? []))
        configuration.feed = .live(LiveFeedOptions(source: source))
        engine = try Engine.start(configuration)
        try await quote()
        try await compared()
    }

    /// Waits until the account was compared with the venue.
    func compared() async throws {
        try await wait("the account being compared") { $0.venueProblem == nil }
    }

    /// Waits for something that the screen shows.
    func wait(
        _ what: String, seconds: Int = 60, _ location: SourceLocation = #_sourceLocation,
        until condition: (Snapshot) -> Bool
    ) async throws {
        for _ in 0..<(seconds * 200) {
            if condition(engine.snapshot) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        let orders = snapshot.orders.map { "\($0.order.id.rawValue) \($0.order.state)" }
        let alerts = snapshot.alerts.map { $0.alert.text }
        Issue.record("\(what) did not come: \(orders), \(alerts)", sourceLocation: location)
        throw CancellationError()
    }

    // MARK: - The market

    /// A quote around the price.
    func quote() async throws {
        let tick = instrument.rules.tick
        let size = try instrument.quantity("1")
        source.say(
            .link(.live),
            .quote(0, Quote(time: EngineClock.wall.now(), bid: last - tick, ask: last, bidSize: size, askSize: size)))
        if let coin {
            let (bid, size) = (coin.last - coin.instrument.rules.tick, try coin.instrument.quantity("1"))
            source.say(
                .quote(1, Quote(time: EngineClock.wall.now(), bid: bid, ask: coin.last, bidSize: size, askSize: size)))
        }
        try await wait("the quote") { $0.markets[0].quote?.ask == self.last }
    }

    /// Closes a minute at a share above or below the price.
    func closeMinute(at share: Ratio = .zero) throws {
        let price = last.moved(by: share, rounding: .up).rounded(toTick: instrument.rules.tick, .ceiling)
        source.say(
            .minute(
                0,
                Candle(
                    openTime: minute, open: price, high: price, low: price, close: price,
                    volume: try instrument.quantity("1"))))
        minute = minute.adding(seconds: 60)
    }

    /// Has somebody else offer to sell, or to buy, so that an order at the market fills.
    func offer(_ side: Side, _ quantity: String, at share: Ratio = .zero) async throws {
        let price = last.moved(by: share, rounding: .up).rounded(toTick: instrument.rules.tick, .ceiling)
        let order = NewSpotOrder(
            instrument, side, .quantity(try instrument.quantity(quantity)), .limit(price, .goodTilCancelled),
            clientOrderID: "rival_\(UUID().uuidString.prefix(12))")
        _ = try await rival.place(order).value ?? { throw CancellationError() }()
    }

    // MARK: - Orders

    func ask(_ request: EngineRequest) async throws -> EngineReply {
        let answer = Mutex<EngineReply?>(nil)
        engine.send(request) { reply in answer.withLock { $0 = reply } }
        for _ in 0..<12_000 {
            if let reply = answer.withLock({ $0 }) { return reply }
            try await Task.sleep(for: .milliseconds(5))
        }
        return .refused("no answer came")
    }

    /// Places an order by hand; a limit a share away from the price.
    func place(
        _ side: Side, _ type: Trading.OrderType = .market, _ quantity: String = "0.01", at share: Ratio = .zero
    ) async throws -> EngineReply {
        let price = last.moved(by: share, rounding: .up).rounded(toTick: instrument.rules.tick, .ceiling)
        return try await ask(
            .placeOrder(
                OrderRequest(
                    instrument: InstrumentID(0), side: side, type: type, quantity: try instrument.quantity(quantity),
                    limitPrice: type.hasLimit ? price : nil, triggerPrice: type.hasTrigger ? price : nil,
                    purpose: .manual)))
    }

    /// Rests an order to buy a share below the price.
    func rest(at share: Ratio = .percent(5)) async throws -> OrderID {
        let id = try #require(try await place(.buy, .limit, at: -share).order?.id)
        try await wait("the order") { _ in self.order(id)?.state == .accepted }
        return id
    }

    /// Cancels an order and waits for its end.
    func cancel(_ id: OrderID) async throws {
        _ = try await ask(.cancelOrder(id))
        try await wait("its end") { _ in self.order(id)?.state == .canceled }
    }

    /// Places an order by hand and waits for nothing.
    func send(_ side: Side, _ type: Trading.OrderType, _ quantity: String, at share: Ratio) throws {
        let price = last.moved(by: share, rounding: .up).rounded(toTick: instrument.rules.tick, .ceiling)
        engine.send(
            .placeOrder(
                OrderRequest(
                    instrument: InstrumentID(0), side: side, type: type, quantity: try instrument.quantity(quantity),
                    limitPrice: price, purpose: .manual)), reply: nil)
    }

    /// An order as the screen shows it.
    func order(_ id: OrderID) -> Trading.Order? { snapshot.orders.first { $0.order.id == id }?.order }

    // MARK: - The truth

    /// Every order of the account that ever was.
    func everyOrder() async throws -> [SpotOrder] {
        server.behave()
        return try #require(await own.allOrders(of: instrument, from: 0).value)
    }

    /// The numbers of the orders that work at the venue.
    func openOrders() async throws -> [SpotOrder] {
        server.behave()
        return try #require(await own.openOrders(of: instrument).value)
    }

    /// Every trade of the account.
    func everyTrade() async throws -> [SpotTrade] {
        server.behave()
        return try #require(await own.trades(of: instrument, from: 0, limit: 1_000).value)
    }

    /// What the account holds of a currency.
    func balance(_ currency: Currency) async throws -> Money {
        server.behave()
        let account = try #require(await own.account().value)
        return account.balances.first { $0.free.currency == currency }.map { $0.free + $0.locked } ?? .zero(currency)
    }

    /// Places an order past the engine, on the same account.
    func placeForeign(
        _ side: Side, _ quantity: String, at share: Ratio, as given: String? = nil
    ) async throws -> String {
        let number = given ?? "web_\(UUID().uuidString.prefix(12))"
        let price = last.moved(by: share, rounding: .up).rounded(toTick: instrument.rules.tick, .ceiling)
        let order = NewSpotOrder(
            instrument, side, .quantity(try instrument.quantity(quantity)), .limit(price, .goodTilCancelled),
            clientOrderID: number)
        _ = try await own.place(order).value ?? { throw CancellationError() }()
        return number
    }

    /// Places an order of any terms past the engine, on the same account.
    @discardableResult
    func placeForeign(_ side: Side, _ quantity: String, _ terms: SpotTerms) async throws -> SpotReceipt {
        let order = NewSpotOrder(
            instrument, side, .quantity(try instrument.quantity(quantity)), terms,
            clientOrderID: "web_\(UUID().uuidString.prefix(12))")
        return try await own.place(order).value ?? { throw CancellationError() }()
    }

    /// Places a target and a stop as one list past the engine, on the same account; gives their numbers.
    func placeForeignPair(_ quantity: String) async throws -> [String] {
        let list = "web_\(UUID().uuidString.prefix(12))"
        let pair = SpotPair(
            .sell, try instrument.quantity(quantity),
            above: SpotLeg(.limitMaker(price(.percent(5))), clientOrderID: list + "_t"),
            below: SpotLeg(.stopLoss(SpotTrigger(price: price(-.percent(5)))), clientOrderID: list + "_s"))
        _ =
            try await own.place(NewSpotOrderList(instrument, .pair(pair), clientListID: list)).value
            ?? { throw CancellationError() }()
        return [list + "_t", list + "_s"]
    }

    /// Cancels everything of the account past the engine.
    func cancelEverythingElsewhere() async throws {
        _ = try await own.cancelAll(of: instrument).value ?? { throw CancellationError() }()
    }

    /// A price a share above or below the last.
    func price(_ share: Ratio) -> Price {
        last.moved(by: share, rounding: .up).rounded(toTick: instrument.rules.tick, .ceiling)
    }

    /// Tells the stand-in to do something.
    func control(_ command: String, _ form: String) async throws {
        try await VenueRig.control(server, command, form)
    }

    private static func control(_ server: StandInServer, _ command: String, _ form: String) async throws {
        let pairs = form.split(separator: "&").map { $0.split(separator: "=").map(String.init) }
        let location = server.addresses.rest + "/stand-in/" + command
        _ = try await HTTPClient(HTTPOptions()).send(
            HTTPRequest(location, method: .post, form: pairs.map { .init($0[0], $0[1]) }))
    }

    /// The lines of the audit.
    private func writtenAuditLines() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasPrefix("requests-")
        }
        return try names.sorted().flatMap { name in
            try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8).split(separator: "\n").map(
                String.init)
        }
    }

    /// The lines of the audit, once each request that left has its end among them.
    func auditLines() async throws -> [String] {
        var lines = try writtenAuditLines()
        for _ in 0..<500 where lines.count != 2 * lines.count(where: { $0.hasSuffix(": leaving") }) {
            try await Task.sleep(for: .milliseconds(20))
            lines = try writtenAuditLines()
        }
        return lines
    }

    /// The lines of the audit behind some, once there are so many. The account's stream may tell of an order sooner than its
    /// answer comes, which has the second line.
    func auditLines(_ count: Int, after before: Int = 0) async throws -> [String] {
        var lines = try writtenAuditLines().dropFirst(before)
        for _ in 0..<500 where lines.count < count {
            try await Task.sleep(for: .milliseconds(20))
            lines = try writtenAuditLines().dropFirst(before)
        }
        return Array(lines)
    }

    /// That the engine's books are the venue's: cash and what is held of the base asset.
    func expectAgreement(_ location: SourceLocation = #_sourceLocation) async throws {
        let cash = try await balance(.usdt)
        let held = try await balance(instrument.base)
        let ours = snapshot.positions.reduce(Quantity.zero) { $0 + $1.position.quantity }
        #expect(snapshot.account.cash == cash, sourceLocation: location)
        #expect(
            instrument.text(ours) == instrument.text(try instrument.quantity(held.decimalText)),
            sourceLocation: location)
        #expect(snapshot.blocks.isEmpty, sourceLocation: location)
    }
}
