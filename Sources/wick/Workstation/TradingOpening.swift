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
        let binance = settings.venues.binance
        let place = try BinanceSpotEnvironment.of(key.environment, configured: binance.restURL)
        var adjusted = settings
        adjusted.feed.source = .binance
        adjusted.venues.binance.restURL = place.restURL
        // Prices come from where the orders go.
        let configured = try BinanceSpotEnvironment(restURL: binance.restURL)
        if configured != place { adjusted.venues.binance.streamURL = place.streamURL }
        self.settings = adjusted
        self.mode = mode
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
    /// - Throws: `CommandFailure` when the account can't be read or may not trade, or when a person does not want to.
    func complete(_ configuration: inout EngineConfiguration) throws {
        guard case .live(let market) = configuration.feed else { return }
        let instruments = market.source.instruments
        guard let quote = instruments.first?.quote, instruments.allSatisfy({ $0.quote == quote }) else {
            throw CommandFailure(
                .configuration, "feed.symbols: all are to be priced in one currency; an account is kept in one")
        }
        let requests = RequestLog(directory: directory.account(named: account).path)
        let client = try client(requests)
        let found = try MarketOpening.waited(.seconds(30), of: access.environment.restURL) {
            try await TradingOpening.look(client, instruments, quote, at: access)
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
        try bind(to: found)
        configuration.cash = found.cash
        configuration.venue.makerFee = found.maker
        configuration.venue.takerFee = found.taker
        configuration.faults = nil
        // A starter that nobody has looked at does not trade with somebody's money.
        configuration.registersStarters = false
        if mode == .live { try confirm(found, configuration.limits) }
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
                access, http, wall: { Environment.now },
                audit: SpotAudit(
                    expecting: { requests.expectLine() },
                    releasing: { try requests.write($0.description, at: $0.time, then: $1) }))
        } catch {
            throw CommandFailure(.configuration, "venues.binance.ca-file: \(error)")
        }
    }

    // MARK: - The account

    /// What was found of the account.
    private struct Found {
        var cash: Money
        var held: [Money]
        var maker: Ratio
        var taker: Ratio
        /// The currency that fees may be taken in besides, and the share of the rates that is left then.
        var discount: VenueRates.Discount?
        /// The venue's number of the account, where it says one.
        var number: Int64?
    }

    private static func look(
        _ client: SpotAccountClient, _ instruments: [Instrument], _ quote: Currency, at access: BinanceSpotAccess
    ) async throws -> Found {
        // What was true when the key was kept may have been changed at the venue.
        let permissions = try answer(await client.permissions(), "what the key may do")
        if let objection = permissions.objection(in: access.environment.keys) {
            throw CommandFailure(.refused, "the key '\(access.name)' is not used: \(objection)")
        }
        let account = try answer(await client.account(), "the account")
        guard account.canTrade else {
            throw CommandFailure(.refused, "the account behind the key '\(access.name)' may not trade at the venue")
        }
        // A venue that does not tell them says when there are too many.
        _ = await client.orderCounts()
        let held = instruments.compactMap { instrument in
            account.balances.first { $0.free.currency == instrument.base }.map { $0.free + $0.locked }
        }.filter { !$0.isZero }
        let cash = account.balances.first { $0.free.currency == quote }.map { $0.free + $0.locked } ?? .zero(quote)
        var found = Found(cash: cash, held: held, maker: .zero, taker: .zero)
        found.number = account.number
        for instrument in instruments {
            let commission = try answer(await client.commission(of: instrument), "the fees of \(instrument.symbol)")
            let parts = [commission.standard, commission.special, commission.tax]
            found.maker = max(found.maker, Ratio(units: parts.reduce(0) { $0 + $1.maker.units }))
            found.taker = max(found.taker, Ratio(units: parts.reduce(0) { $0 + $1.taker.units }))
            // Also while it is off: it may be switched on at the venue at any time.
            if let asset = commission.discountAsset.flatMap({ Currency($0) }) {
                found.discount = VenueRates.Discount(asset, share: commission.discount ?? .one)
            }
        }
        return found
    }

    private static func answer<Value>(_ outcome: RequestOutcome<Value>, _ what: String) throws -> Value {
        switch outcome {
        case .confirmed(let value): return value
        case .refused(let refusal): throw CommandFailure(.refused, "\(what) can't be read: \(refusal)")
        case .denied(let denial): throw CommandFailure(.unavailable, "\(what) can't be read: \(denial)")
        case .unknown(let doubt): throw CommandFailure(.unavailable, "\(what) can't be read: \(doubt)")
        }
    }

    /// Binds the journal to the account: one of another account would look for its orders in vain, and place stops for what
    /// is held elsewhere.
    private func bind(to found: Found) throws {
        guard let number = found.number else { return }
        let own = directory.account(named: account)
        try own.create()
        let store = try Store(directory: own)
        let key = "venue.account-number"
        if let known = try store.value(for: key), known != "\(number)" {
            throw CommandFailure(
                .configuration,
                "the key '\(access.name)' opens another account than the one that '\(own.path)' is of; give it a directory of "
                    + "its own with --data-dir")
        }
        try store.setValue("\(number)", for: key, at: Environment.now)
    }

    /// Notes which key the engine goes on with, for whoever wants to take it away meanwhile.
    private func noteKey() throws {
        let own = directory.account(named: account)
        try own.create()
        let store = try Store(directory: own)
        try store.setValue(key.name, for: RunningKey.setting, at: Environment.now)
        try store.close()
    }

    // MARK: - A person's word

    private func confirm(_ found: Found, _ limits: RiskLimits) throws {
        guard Output.canAsk else {
            throw CommandFailure(
                .unavailable,
                "mode: live trades with real money and asks for a word at a terminal; there is none. Start it at one and "
                    + "leave it there, with tmux for one: 'wick engine' goes on when it is detached")
        }
        let held = ([found.cash] + found.held).map(\.description).joined(separator: ", ")
        let loss = limits.maximumDailyLoss.map { "\($0)" } ?? "no limit"
        let order = limits.maximumOrderNotional.map { "\($0)" } ?? "no limit"
        Output.progress(
            """
            REAL MONEY at \(access.environment.restURL)
              key        \(key.name), \(key.apiKey.masked)
              account    \(held)
              limits     an order \(order), a day's loss \(loss) (wick.yaml: risk)
            Type \(Confirmation.word) to trade with it, anything else ends:\u{20}
            """)
        let typed = HeldSignals.whileStarting { Confirmation.line(until: { false }) }
        guard typed == Confirmation.word else {
            throw CommandFailure(.refused, "not confirmed; nothing was started")
        }
    }
}
