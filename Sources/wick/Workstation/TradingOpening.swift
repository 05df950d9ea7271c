import Engine
import Keys
import Market
import Network
import Settings
import Storage
import Trading
import Venues

/// Opens the way for orders to a venue: the key, the account behind it, and with real money a person's word for it.
struct TradingOpening {
    /// The settings with the addresses that belong to the key.
    let settings: WickSettings
    private let mode: TradingMode
    private let directory: DataDirectory
    private let access: BinanceSpotAccess
    private let key: StoredKey

    /// The name of the account: each of a venue's worlds has a database and a journal of its own.
    var account: String { TradingOpening.account(in: mode) }

    /// The same of a mode.
    static func account(in mode: TradingMode) -> String { "\(MarketOpening.account)-\(mode.rawValue)" }

    /// What the settings want; `nil` when they want to trade on paper. A replay always does.
    ///
    /// - Throws: `CommandFailure` or `KeyStoreError` when the key can't be had or is for another world.
    init?(_ settings: WickSettings, _ directory: DataDirectory) throws {
        guard settings.mode != .paper, settings.feed.source != .replay else { return nil }
        let mode: TradingMode = settings.mode == .live ? .live : .testnet
        guard settings.feed.source != .synthetic, let name = settings.venues.binance.key else {
            throw CommandFailure(
                .configuration,
                "mode: '\(mode.rawValue)' trades at a venue, and the market is the synthetic one; leave out --seed and "
                    + "--feed synthetic, or set 'mode: paper'")
        }
        let key = try KeyStore.open(in: directory.path, TradingOpening.passphrase(for: name)).key(named: name)
        guard key.environment.rawValue == mode.rawValue else {
            throw CommandFailure(
                .configuration,
                "mode: '\(mode.rawValue)', and the key '\(name)' is for \(key.environment.rawValue); it is used nowhere else"
            )
        }
        let place = try BinanceSpotEnvironment.of(key.environment, configured: settings.venues.binance.restURL)
        try self.init(settings, directory, key, at: place)
    }

    /// The way for orders of a key that was opened, to where its orders go.
    ///
    /// - Throws: `VenueError` when the key is not good there.
    init(
        _ settings: WickSettings, _ directory: DataDirectory, _ key: StoredKey, at place: BinanceSpotEnvironment
    ) throws {
        let binance = settings.venues.binance
        var adjusted = settings
        adjusted.feed.source = .binance
        adjusted.venues.binance.restURL = place.restURL
        // Prices come from where the orders go.
        let configured = try BinanceSpotEnvironment(restURL: binance.restURL)
        if configured != place { adjusted.venues.binance.streamURL = place.streamURL }
        self.settings = adjusted
        mode = place.keys == .live ? .live : .testnet
        self.directory = directory
        self.key = key
        access = try BinanceSpotAccess(key, at: place)
    }

    private static func passphrase(for name: String) throws -> Secret {
        try PassphraseSource.environment()
            ?? SecretInput.typed("Pass phrase of the keys (for '\(name)'): ", orElse: SecretInput.engineHint)
    }

    /// Puts the account into a configuration: its cash, its fees, and the way for its orders.
    ///
    /// - Parameter consent: who is asked where it is real money.
    /// - Throws: `CommandFailure` when the account can't be read or may not trade, or when a person does not want to.
    func complete(_ configuration: inout EngineConfiguration, _ consent: LiveConsent = .atTerminal) throws {
        guard case .live(let market) = configuration.feed else { return }
        let instruments = market.source.instruments
        guard let quote = instruments.first?.quote, instruments.allSatisfy({ $0.quote == quote }) else {
            throw CommandFailure(
                .configuration, "feed.symbols: all are to be priced in one currency; an account is kept in one")
        }
        let requests = RequestLog(directory: directory.account(named: account).path)
        let client = try client(requests)
        let found = try MarketOpening.waited(.seconds(30), of: access.environment.restURL) {
            try await TradedAccount.look(client, instruments, quote, at: access)
        }
        let venue = try MarketOpening.venue(settings.venues.binance, nil)
        let reading: @Sendable ([String]) async throws -> [String: SymbolRules] = { symbols in
            var rules = try await venue.rules(of: symbols) { _ in }
            for instrument in instruments {
                guard let known = rules[instrument.symbol] else { continue }
                // Those of the account besides, where the venue tells them.
                rules[instrument.symbol] = await client.rules(known, of: instrument).value ?? known
            }
            return rules
        }
        let rules = try MarketOpening.waited(.seconds(30), of: access.environment.restURL) {
            try await reading(instruments.map(\.symbol))
        }
        try found.bind(to: directory.account(named: account), as: access.name)
        configuration.cash = found.cash
        configuration.venue.makerFee = found.maker
        configuration.venue.takerFee = found.taker
        configuration.faults = nil
        // A starter that nobody has looked at does not trade with somebody's money.
        configuration.registersStarters = false
        if mode == .live {
            try consent.require(
                LiveConsent.question(key, at: access.environment.restURL, found, configuration.limits))
        }
        try noteKey()
        let worth = FeeWorth(found.discount?.currency, in: quote, venue)
        let rates = VenueRates(maker: found.maker, taker: found.taker, discount: found.discount)
        var sockets = WebSocketOptions()
        sockets.additionalTrust = settings.venues.binance.certificateFile
        var options = BinanceSpotVenue.Options()
        options.selfTradePrevention = settings.venues.binance.selfTradePrevention.map { setting in
            switch setting {
            case .expireTaker: return .expireTaker
            case .expireMaker: return .expireMaker
            case .expireBoth: return .expireBoth
            case .allowed: return SelfTradePrevention.none
            }
        }
        configuration.trading = VenueTrading(mode: mode, requests: requests, worth: { worth.worth($0, rates) }) {
            [sockets, options] instance in
            BinanceSpotVenue(
                client, instruments, rules: rules, reading: { (try? await reading($0)) ?? [:] }, instance: instance,
                sockets: sockets, options: options)
        }
        configuration.trading?.limits = { client.limits }
        configuration.trading?.clockProblem = {
            client.clock.reading.flatMap { $0.isAlarming ? $0.words : nil }
        }
    }

    private func client(_ requests: RequestLog) throws -> SpotAccountClient {
        var http = HTTPOptions()
        http.additionalTrust = settings.venues.binance.certificateFile
        // Hundreds of cancels may leave at once, and a venue that is slow must not make them wait for one another.
        http.connectionsPerHost = 32
        http.totalTimeout = .seconds(15)
        do throws(HTTPError) {
            return try SpotAccountClient(
                access, http, wall: { Environment.now }, audit: SpotAudit(requests))
        } catch {
            throw CommandFailure(.configuration, "venues.binance.ca-file: \(error)")
        }
    }

    /// Notes which key the engine goes on with, for whoever wants to take it away meanwhile.
    private func noteKey() throws {
        let own = directory.account(named: account)
        try own.create()
        let store = try Store(directory: own)
        try store.setValue(key.name, for: RunningKey.setting, at: Environment.now)
        try store.close()
    }
}
