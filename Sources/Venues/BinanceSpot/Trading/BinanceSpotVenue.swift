public import Market
public import Network
import Synchronization
public import Trading

/// Binance Spot as a venue where orders are placed.
///
/// Orders go over REST, one request each, and the account's events come over the WebSocket API. The two are kept apart on
/// purpose: a request by REST has an outcome of its own, written down before it leaves, and the loss of a stream leaves no
/// order in doubt and keeps no cancel from leaving; over one socket a single broken connection would put every request in
/// flight in doubt at once. See `docs/venues.md`.
public final class BinanceSpotVenue: TradingVenue {
    /// `BINANCE`.
    public let name = "BINANCE"
    /// What is traded here.
    public let instruments: [Instrument]
    /// The private REST API behind it.
    public let account: SpotAccountClient
    let options: Options
    let rules: RuleBook
    let translation: SpotTranslation
    let board: OrderBoard
    let time: NetworkTime
    private let sockets: WebSocketOptions
    /// Events are told under this lock, one after the other, whichever connection brings them.
    private let sieve = Mutex(EventSieve())
    private let feed = Mutex<UserDataFeed?>(nil)

    /// How patient it is.
    public struct Options: Sendable, Hashable {
        /// The waits before the questions for an order that nobody answered for.
        public var pauses = OrderResolution.usualPauses
        /// After how long a connection of the account's events is replaced; the venue cuts it at 24 hours.
        public var connectionLifetime = Duration.seconds(23 * 3_600)
        /// How long an answer over the WebSocket API may take.
        public var answerTime = Duration.seconds(10)
        /// From how many numbers before the last known one executions are asked for again. Trades of the whole market
        /// share the numbers: of the busiest symbols this is a few minutes.
        public var tradeOverlap: UInt64 = 10_000
        /// How long after a confirmed order or cancel its event may come before the events count as interrupted.
        public var deafness = Duration.seconds(5)
        /// What happens to an order that meets another of the account, where its symbol takes that; `nil` for what the
        /// symbol does by default.
        public var selfTradePrevention: SelfTradePrevention?
        /// After how long the rules of symbols are read anew.
        public var ruleLifetime = Duration.seconds(86_400)
        /// How often they are read anew at most because they object to an order, and for how long the state of a symbol is
        /// taken from them.
        public var rulePause = Duration.seconds(60)
        /// How often the parts of a statement are read before it is given out although something traded meanwhile.
        public var attemptsAtStatement = 3
        /// Of how many orders it is remembered which number they were placed with.
        public var rememberedOrders = 16_384

        /// The defaults.
        public init() {}
    }

    /// The venue for one key.
    ///
    /// - Parameters:
    ///   - account: the private REST API.
    ///   - rules: the rules of each instrument's orders, by symbol, as `BinanceSpot.rules` tells them.
    ///   - reading: reads the rules of symbols anew: daily, and where the venue refuses what they allow; what it leaves out
    ///     stays as it was.
    ///   - instance: which engine this is: orders whose numbers are not of its making are of other clients.
    ///   - sockets: how to connect to the WebSocket API, and whom to trust.
    ///   - time: what waits are measured with.
    /// - Precondition: every instrument has rules.
    public init(
        _ account: SpotAccountClient, _ instruments: [Instrument], rules: [String: SymbolRules],
        reading: @escaping @Sendable ([String]) async -> [String: SymbolRules] = { _ in [:] },
        instance: ClientOrderID.Instance, sockets: WebSocketOptions = WebSocketOptions(), options: Options = Options(),
        time: NetworkTime = .system
    ) {
        precondition(instruments.allSatisfy { rules[$0.symbol] != nil }, "what has no rules is not traded")
        self.account = account
        board = OrderBoard(capacity: options.rememberedOrders)
        self.instruments = instruments
        self.rules = RuleBook(rules, options, time, reading: reading)
        self.options = options
        self.time = time
        self.sockets = sockets
        translation = SpotTranslation { ClientOrderID($0)?.instance == instance }
    }

    deinit { feed.withLock { $0 }?.cancel() }

    /// What Spot can do. Of a symbol that can do less an order is refused by `objections`, or by the venue.
    public var capabilities: VenueCapabilities {
        VenueCapabilities(
            orderTypes: Set(OrderType.allCases), timesInForce: Set(TimeInForce.allCases),
            features: [
                .postOnly, .spending, .trailing, .shrinking, .replacing, .cancelAllOfInstrument, .pair, .sequence,
                .bracket, .selfTradePrevention, .queryByClientID, .fillsSince, .privateStream, .refusesDuplicates,
            ], longestClientOrderID: 36)
    }

    // MARK: - Events

    /// Begins to tell what happens to the account; once.
    ///
    /// - Parameter handler: called on a thread of the network, one event after the other; it hands on and returns, and
    ///   calls neither `listen` nor `stop`.
    public func listen(_ handler: @escaping @Sendable (VenueEvent) -> Void) {
        let known = Dictionary(instruments.map { ($0.symbol, $0) }) { first, _ in first }
        let feed = UserDataFeed(
            UserDataFeed.Setup(
                access: account.access, options: sockets, instruments: known, lifetime: options.connectionLifetime,
                answerTime: options.answerTime, time: time, gate: account.gate,
                venueTime: { [account] in account.clock.now?.milliseconds },
                synchronize: { [account] in _ = try? await account.synchronize() })
        ) { [weak self] news in self?.hear(news, handler) }
        let isFirst = self.feed.withLock { known in
            guard known == nil else { return false }
            known = feed
            return true
        }
        precondition(isFirst, "events have one listener")
        rules.tellReadings { [weak self] rules in
            guard let known = known[rules.symbol] else { return }
            self?.hear(rules, of: known, handler)
        }
        feed.start()
    }

    /// Stops telling, and ends the connection. Orders stay as they are.
    public func stop() async {
        await feed.withLock { $0 }?.stop()
    }

    /// Makes the connection of the account's events anew and tells of a gap, because something that must have happened
    /// was not told.
    ///
    /// - Parameter words: what was not told.
    public func renewEvents(_ words: String) { feed.withLock { $0 }?.renew(words) }

    /// Looks some time after a confirmed request whether its effect was told. A stream can be silent about the account
    /// and answer every ping.
    func expectNews(of order: StandingOrder) {
        guard feed.withLock({ $0 != nil }), !board.hasHeard(order) else { return }
        let gaps = board.gaps
        Task { [weak self, time, options] in
            try? await time.wait(time.now() + options.deafness)
            // A gap in between is told already, and covers it.
            guard let self, board.gaps == gaps, !board.hasHeard(order) else { return }
            renewEvents("\(order.clientOrderID) is \(order.status.state.name), and that was never told")
        }
    }

    private func hear(_ news: UserDataFeed.News, _ handler: @Sendable (VenueEvent) -> Void) {
        // Told under the lock: two connections that stand side by side must not overtake each other.
        sieve.withLock { sieve in
            switch news {
            case .lost(let words):
                board.miss(isStanding: false)
                handler(.lost(words))
            case .gap(let gap):
                board.miss(isStanding: true)
                handler(.gap(gap))
            case .event(let event):
                if let told = translate(event, &sieve) { handler(told) }
            }
        }
    }

    /// Tells of rules that were read anew. Where a step has more decimals than the instrument's numbers the coarser one of before serves on.
    private func hear(_ rules: SymbolRules, of known: Instrument, _ handler: @Sendable (VenueEvent) -> Void) {
        guard
            let now = try? rules.listing?.instrument(
                priceScale: known.priceScale, quantityScale: known.quantityScale)
        else { return }
        sieve.withLock { _ in handler(.rules(now)) }
    }

    private func translate(_ event: UserEvent, _ sieve: inout EventSieve) -> VenueEvent? {
        switch event {
        case .execution(let report, let instrument):
            guard sieve.passes(report, of: instrument), let event = translation.event(report, of: instrument) else {
                return nil
            }
            board.tell(event.order)
            return .order(event)
        case .elsewhere(let symbol): return .elsewhere(symbol: symbol)
        case .balances(let balances, let time): return .balances(balances, at: time)
        case .transfer(let amount, let time): return .transfer(amount, at: time)
        case .list(let list): return .list(list)
        case .terminated, .shutdown, .passedOver: return nil
        }
    }
}
