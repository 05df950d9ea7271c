public import Ingestion
public import Journal
public import Market
public import Simulation
public import Storage
import Strategies
public import Trading

/// Everything an engine is started with. Where the values come from (a file, the command line) is not its business.
public struct EngineConfiguration: Sendable {
    /// Where the lock, the control socket, the log, the latch and the candles are.
    public var directory: DataDirectory
    /// Where market data come from.
    public var feed: Feed
    /// What a new paper account begins with, in the quote currency of the instruments. An account that is stored already
    /// keeps what it has.
    public var cash: Money
    /// Fees and fill rules of the simulated venue.
    public var venue: SimulatedVenueOptions
    /// Whether orders meet the books of a followed market or a capture in the simulated venue; best prices alone otherwise.
    public var meetsBooks = true
    /// The venue that orders go to; `nil` trades on paper.
    public var trading: VenueTrading?
    /// How the connection to the simulated venue misbehaves, to rehearse bad days; `nil` for a sound one.
    public var faults: FaultPlan?
    /// The account's limits.
    public var limits: RiskLimits
    /// Whether an emergency stop leaves protective orders working, whoever asks for it; flattening cancels them still.
    public var keepsProtection = false
    /// The strategy classes that can be registered.
    public var catalog: StrategyCatalog
    /// Whether a store without any strategy is given a few to begin with.
    public var registersStarters: Bool
    /// Whether closed minutes of a synthetic market are stored, its history at the start among them: something to backtest
    /// and to replay without any import. Another seed is another market under the same name.
    public var storesCandles: Bool
    /// How many snapshots a second are published at most.
    public var snapshotsPerSecond: Int
    /// After how many seconds without anything heard an instrument's data count as stale.
    public var staleAfterSeconds: Int64
    /// Whether commands may reach the engine through a socket in the data directory.
    public var opensControlSocket: Bool
    /// How large the log file may grow before it is put aside, in bytes.
    public var logFileBytes: Int
    /// Where the time is read.
    public var clock: EngineClock
    /// How the journal is written.
    public var journal = JournalOptions()
    /// What the journal asks of the file system.
    public var journalFiles: any JournalFiles = SystemFiles()
    /// How long the journal is kept.
    public var retention = JournalRetention()
    /// What is done when the file of a strategy's rules changes; `nil` looks at no file.
    public var rulesReload: RulesReload?
    /// How long a strategy may take for one candle before it is left behind, in nanoseconds.
    public var strategyBudget: Int64 = 1_000_000_000
    /// How old the evidence may be that strategies need where real money is.
    public var evidence = EvidenceGate()
    /// Where the process ends without warning; for tests alone.
    public var crashPlan: CrashPlan?

    /// Where market data come from.
    public enum Feed: Sendable {
        /// A market made from a seed, in step with the clock.
        case synthetic(SyntheticFeedOptions)
        /// Stored candles, or what was captured of a venue's market, played back.
        case replay(ReplayOptions)
        /// A venue's market as it happens.
        case live(LiveFeedOptions)
    }

    /// The name of the account that the market trades on; `nil` for that of the synthetic market.
    public var account: String? {
        if case .live(let options) = feed { return options.source.account }
        return nil
    }

    /// Where the account's database and journal are.
    public var accountDirectory: DataDirectory { directory.account(named: account) }

    /// A paper account on the synthetic market, with the usual costs and limits.
    ///
    /// - Parameter directory: the data directory; made when it is not there.
    public init(directory: DataDirectory) {
        self.directory = directory
        feed = .synthetic(SyntheticFeedOptions())
        cash = Money(whole: 10_000, .usdt)
        venue = SimulatedVenueOptions()
        faults = nil
        limits = EngineConfiguration.defaultLimits
        catalog = .bundled
        registersStarters = true
        storesCandles = false
        snapshotsPerSecond = 15
        staleAfterSeconds = 10
        opensControlSocket = true
        logFileBytes = 5_000_000
        clock = .wall
    }

    /// Limits that let a small account trade and stop it before a bad day becomes a bad year: 30 working orders, all
    /// positions together at most the equity, a tenth of a day and a quarter of the peak lost at most, data no older
    /// than half a minute, prices within a tenth of the last.
    public static let defaultLimits = RiskLimits(
        maximumOpenOrders: 30, maximumExposure: .one, maximumDrawdown: .percent(25), maximumDailyLoss: .percent(10),
        maximumDataAgeSeconds: 30, priceBand: .percent(10))

    /// Everything that is out of range, in words; empty when an engine can be started.
    public var problems: [String] {
        var problems = venue.problems
        if trading == nil ? cash.units <= 0 : cash.units < 0 { problems.append("the cash \(cash) is not positive") }
        if !(1...60).contains(snapshotsPerSecond) {
            problems.append("\(snapshotsPerSecond) snapshots a second are out of range; expected 1…60")
        }
        if !(1...86_400).contains(staleAfterSeconds) {
            problems.append("stale after \(staleAfterSeconds) seconds is out of range; expected 1…86,400")
        }
        if logFileBytes < 10_000 {
            problems.append("a log file of \(logFileBytes) bytes is out of range; expected 10,000 at least")
        }
        if trading != nil {
            if case .live = feed {
            } else {
                problems.append("orders for a venue need its market as it happens; leave out the replay or the seed")
            }
        }
        if directory.path.isEmpty { problems.append("the data directory has no path") }
        if case .synthetic(let synthetic) = feed, let own = synthetic.ownTime {
            if let speed = own.speed, !(speed > 0 && speed <= 1_000_000) {
                problems.append("the speed \(speed) is out of range; expected above 0 and up to 1,000,000")
            }
            if own.from >= own.to { problems.append("the market ends (\(own.to)) before it begins (\(own.from))") }
        }
        if case .replay(let replay) = feed {
            if let speed = replay.speed, !(speed > 0 && speed <= 1_000_000) {
                problems.append("the speed \(speed) is out of range; expected above 0 and up to 1,000,000")
            }
            if let from = replay.from, let to = replay.to, from >= to {
                problems.append("the replay ends (\(to)) before it begins (\(from))")
            }
        }
        return problems
    }
}

/// The synthetic market to run on.
public struct SyntheticFeedOptions: Sendable, Hashable {
    /// The seed: the same seed gives the same market.
    public var seed: UInt64
    /// How many minutes of history the charts begin with.
    public var historyMinutes: Int
    /// The time it is told in; `nil` follows the clock.
    public var ownTime: OwnTime?

    /// A time of the market's own. A session that starts again goes on where the last one stopped.
    public struct OwnTime: Sendable, Hashable {
        /// Where the first session begins.
        public var from: Timestamp
        /// Where the market ends.
        public var to: Timestamp
        /// Market seconds per second of the clock; `nil` is as fast as possible.
        public var speed: Double?

        /// A stretch of time at a speed.
        public init(from: Timestamp, to: Timestamp, speed: Double?) {
            self.from = from
            self.to = to
            self.speed = speed
        }
    }

    /// A market of a seed with two days of history, in step with the clock.
    public init(seed: UInt64 = 1, historyMinutes: Int = 2_880, ownTime: OwnTime? = nil) {
        self.seed = seed
        self.historyMinutes = historyMinutes
        self.ownTime = ownTime
    }
}

/// The venue's market to run on.
public struct LiveFeedOptions: Sendable {
    /// Where it comes from.
    public var source: any LiveSource
    /// How many minutes of history the charts begin with.
    public var historyMinutes: Int

    /// A market with two days of history.
    public init(source: any LiveSource, historyMinutes: Int = 2_880) {
        self.source = source
        self.historyMinutes = historyMinutes
    }
}

/// The recording to play.
public struct ReplayOptions: Sendable, Hashable {
    /// What to play, `BINANCE:BTCUSDT`.
    public var series: String
    /// A capture to play instead, by its path: whole, from its beginning to its end.
    public var file: String?
    /// The first candle's open time at the earliest; `nil` for the first stored.
    public var from: Timestamp?
    /// The end, exclusive; `nil` for the last stored.
    public var to: Timestamp?
    /// Recorded seconds per second; `nil` is as fast as possible.
    public var speed: Double?
    /// Whether it waits for a step or a resume at its beginning.
    public var isPaused: Bool

    /// A replay of a series.
    public init(
        series: String, from: Timestamp? = nil, to: Timestamp? = nil, speed: Double? = 60, isPaused: Bool = false
    ) {
        self.series = series
        self.from = from
        self.to = to
        self.speed = speed
        self.isPaused = isPaused
    }

    /// A replay of a capture.
    public init(file: String, speed: Double? = 1, isPaused: Bool = false) {
        self.init(series: file, speed: speed, isPaused: isPaused)
        self.file = file
    }
}
