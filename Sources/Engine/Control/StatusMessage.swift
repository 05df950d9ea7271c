import Glibc
import Market
import Trading
import Venues

/// How an engine is doing, in JSON.
public struct StatusMessage: Codable, Sendable, Hashable {
    /// The engine's process.
    public var process: Int32
    /// The engine's release.
    public var release: String
    /// `paper`, `testnet` or `live`.
    public var mode: String
    /// `synthetic` or `replay`.
    public var source: String
    /// The market's time.
    public var time: String
    /// `active`, `reducing` or `halted`.
    public var tradingState: String
    /// Cash plus positions at their marks.
    public var equity: String
    /// Cash.
    public var cash: String
    /// The currency of all amounts.
    public var currency: String
    /// The day's profit and loss.
    public var dayProfit: String
    /// How many positions are open.
    public var openPositions: Int
    /// How many orders work.
    public var openOrders: Int
    /// How many alerts nobody has seen to.
    public var unacknowledgedAlerts: Int
    /// The instruments and whether their data are fit to act on.
    public var markets: [Market]
    /// The screens that are attached, in the order in which they came.
    public var screens: [Screen]
    /// How the connection to the venue is made to misbehave, when it is.
    public var rehearsal: String?
    /// Why the engine trades no more, when it does not.
    public var engineProblem: String?
    /// Why nothing opens at a venue over a network, when nothing does.
    public var venueProblem: String?
    /// The weight that the venue counts for the last minute, and the most there may be; `nil` on paper.
    public var venueWeight: Int64?
    /// See `venueWeight`.
    public var venueWeightLimit: Int64?
    /// Why nothing that opens is sent to the venue, and until when, while that is so.
    public var venuePause: String?
    /// The same of the server that a followed market's books and minutes are asked of; `nil` for a market that asks for
    /// nothing.
    public var dataWeight: Int64?
    /// See `dataWeight`.
    public var dataWeightLimit: Int64?
    /// Why that server is asked for nothing, and until when, while that is so.
    public var dataPause: String?
    /// What keeps a venue's data from coming.
    public var feedProblem: String?
    /// Records waiting for the store.
    public var storeBacklog: Int
    /// What is wrong with the store.
    public var storeProblem: String?
    /// Nanoseconds a step takes, 50th percentile.
    public var stepMedianNanoseconds: Int64
    /// Nanoseconds a step takes, 99th percentile.
    public var stepTailNanoseconds: Int64
    /// Events per second.
    public var eventsPerSecond: Double
    /// Resident memory in bytes.
    public var residentBytes: Int64
    /// The process's share of one core.
    public var processorShare: Double

    /// One instrument's part.
    public struct Market: Codable, Sendable, Hashable {
        /// `BINANCE:BTCUSDT`.
        public var symbol: String
        /// The last price.
        public var last: String?
        /// `waiting`, `live`, `stale` or `finished`.
        public var status: String
        /// How long nothing was heard, in seconds, when stale.
        public var staleSeconds: Int?
    }

    /// A screen that is attached.
    public struct Screen: Codable, Sendable, Hashable {
        /// Where it is.
        public var name: String
        /// Whether it has control.
        public var inControl: Bool
    }

    /// The status that a snapshot of this process's engine shows.
    public init(_ snapshot: Snapshot, screens: [(name: String, isInControl: Bool)] = []) {
        process = getpid()
        release = WickRelease.version
        self.screens = screens.map { Screen(name: $0.name, inControl: $0.isInControl) }
        mode = snapshot.mode.rawValue
        switch snapshot.source {
        case .synthetic: source = "synthetic"
        case .replay: source = "replay"
        case .live(let venue, let problem):
            source = venue
            feedProblem = problem
        }
        time = snapshot.time.description
        switch snapshot.tradingState {
        case .active: tradingState = "active"
        case .reducing: tradingState = "reducing"
        case .halted: tradingState = "halted"
        }
        equity = snapshot.account.equity.decimalText
        cash = snapshot.account.cash.decimalText
        currency = snapshot.account.currency.code
        dayProfit = snapshot.account.dayProfit.decimalText
        openPositions = snapshot.positions.count
        openOrders = snapshot.orders.filter { !$0.order.state.isClosed }.count
        unacknowledgedAlerts = snapshot.alerts.filter { $0.state == .unacknowledged }.count
        markets = snapshot.markets.map { market in
            var message = Market(
                symbol: market.instrument.name, last: market.last.map(market.instrument.text), status: "waiting")
            switch market.status {
            case .waiting: break
            case .live: message.status = "live"
            case .finished: message.status = "finished"
            case .stale(let seconds):
                message.status = "stale"
                message.staleSeconds = seconds
            }
            return message
        }
        let health = snapshot.health
        storeBacklog = health.storeBacklog
        rehearsal = snapshot.rehearsal
        venueProblem = snapshot.venueProblem
        venueWeight = snapshot.venueLimits?.weight
        venueWeightLimit = snapshot.venueLimits?.limit
        venuePause = snapshot.venueLimits?.pauseWords
        dataWeight = snapshot.dataLimits?.weight
        dataWeightLimit = snapshot.dataLimits?.limit
        dataPause = snapshot.dataLimits?.pauseWords
        engineProblem = health.engineProblem
        storeProblem = health.storeProblem
        stepMedianNanoseconds = health.stepMedianNanoseconds
        stepTailNanoseconds = health.stepTailNanoseconds
        eventsPerSecond = health.eventsPerSecond
        residentBytes = health.residentBytes
        processorShare = health.processorShare
    }
}

extension VenueLimits {
    /// Until when a pause lasts, and why there is one.
    fileprivate var pauseWords: String? {
        pause.map { pause in until.map { "until \($0.timeOfDay): \(pause)" } ?? pause }
    }
}
