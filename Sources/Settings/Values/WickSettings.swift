public import Market
public import Trading

/// Everything that `wick.yaml` says, checked, with the defaults for what it does not say.
public struct WickSettings: Sendable {
    /// What money is at stake.
    public var mode = ModeSetting.paper
    /// Where market data come from.
    public var feed = FeedSettings()
    /// What the paper account begins with.
    public var account = AccountSettings()
    /// What the paper venue charges and how it fills.
    public var venue = VenueSettings()
    /// The venues that are asked over the network.
    public var venues = VenuesSettings()
    /// The account's limits.
    public var risk = WickSettings.defaultLimits
    /// What the emergency stop does.
    public var emergency = EmergencySettings()
    /// How the engine watches over itself.
    public var engine = EngineSettings()
    /// What is done when a file of rules changes.
    public var rules = RulesSettings()
    /// How the screen looks.
    public var screen = ScreenSettings()
    /// Keys other than the usual ones, by action; the single word `none` leaves an action without a key.
    public var keys: [String: [String]] = [:]
    /// What is kept, and for how long.
    public var storage = StorageSettings()
    /// How long the journal is kept, and how its files lie on the disk.
    public var journal = JournalSettings()
    /// How large the log may grow before it is put aside, in bytes.
    public var logFileBytes = 5_000_000
    /// The file that the settings come from; `nil` when there is none and all are defaults.
    public var file: String?

    /// The defaults.
    public init() {}

    /// The account's limits when nothing is said: thirty working orders, positions up to the equity, a quarter of the
    /// peak and a tenth of a day lost at most, data no older than half a minute, prices within a tenth of the last.
    public static let defaultLimits = RiskLimits(
        maximumOpenOrders: 30, maximumExposure: .one, maximumDrawdown: .percent(25), maximumDailyLoss: .percent(10),
        maximumDataAgeSeconds: 30, priceBand: .percent(10))
}

/// Where market data come from.
public struct FeedSettings: Sendable, Hashable {
    /// Where from.
    public var source = Source.auto
    /// What is watched on a venue, symbols in capitals, in the order of the watch list.
    public var symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    /// The seed of the synthetic market; the same seed gives the same market.
    public var seed: UInt64 = 1
    /// How many minutes of history the charts begin with.
    public var historyMinutes = 2_880
    /// Whether closed minutes of the synthetic market are stored.
    public var storesCandles = false
    /// Whether everything that a venue's market says is kept in files, to be played again.
    public var capturesMarket = false
    /// What a replay plays, `BINANCE:BTCUSDT`; `nil` must be said on the command line.
    public var series: String?
    /// A capture that a replay plays instead, by its path.
    public var file: String?
    /// The first candle's open time of a replay at the earliest.
    public var from: Timestamp?
    /// The end of a replay, exclusive.
    public var to: Timestamp?
    /// Recorded seconds a second; `nil` is as fast as possible.
    public var speed: Double? = 60
    /// Whether a replay waits for a step or a resume at its beginning.
    public var isPaused = false

    /// Where market data come from.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// Binance's public data where the network is there, the synthetic market where not.
        case auto
        /// Binance Spot's public data.
        case binance
        /// A market made from a seed.
        case synthetic
        /// Stored candles played back.
        case replay
    }

    /// The defaults.
    public init() {}
}

/// What the paper account begins with.
public struct AccountSettings: Sendable, Hashable {
    /// The cash of a new account; one that is stored already keeps what it has.
    public var cash = Money(whole: 10_000, .usdt)
    /// Whether a store without any strategy is given a few to begin with.
    public var hasStarterStrategies = true

    /// The defaults.
    public init() {}
}

/// What the paper venue charges and how it fills.
public struct VenueSettings: Sendable, Hashable {
    /// The fee of a fill that rested, as a share of its notional; negative for a rebate.
    public var makerFee = Ratio.basisPoints(10)
    /// The fee of a fill that took liquidity, as a share of its notional.
    public var takerFee = Ratio.basisPoints(10)
    /// Whether buyers pay the fee in what they bought instead of the quote currency.
    public var paysFeesInBase = false
    /// How far every taking fill is moved against the trader, as a share of its price.
    public var slippage = Ratio.zero
    /// The share of the traded volume that orders get; `nil` fills any quantity.
    public var participation: Ratio?
    /// Whether orders meet the books of a venue's market or a capture.
    public var meetsBooks = true
    /// Whether who left a level stood before and behind an order alike, instead of behind it.
    public var leavesQueueInProportion = false
    /// How its connection misbehaves, to rehearse a bad day.
    public var faults = Faults.off

    /// How the connection to the paper venue misbehaves.
    public enum Faults: String, Sendable, Hashable, CaseIterable {
        /// Not at all.
        case off
        /// Answers are lost, late, doubled and out of order, some requests refused, with silences in between.
        case badDay = "bad-day"
        /// It hears nothing and says nothing.
        case silent
        /// It refuses whatever it is asked.
        case refusing
    }

    /// The defaults.
    public init() {}
}

/// How the engine watches over itself.
public struct EngineSettings: Sendable, Hashable {
    /// How long a strategy may take for one candle before it is left behind, in milliseconds.
    public var strategyBudgetMilliseconds = 1_000
    /// How old the evidence may be that a strategy needs before it is enabled with real money, in days.
    public var evidenceDays = 90

    /// The defaults.
    public init() {}
}

/// What is done when the file that a strategy's rules come from changes.
public struct RulesSettings: Sendable, Hashable {
    /// How it is gone about.
    public var reload = Reload.ask

    /// The ways to go about it.
    public enum Reload: String, Sendable, Hashable, CaseIterable {
        /// The file is checked, and a person loads it.
        case ask
        /// The file is checked and loaded at once; with real money a person loads it all the same.
        case auto
        /// No file is looked at.
        case off
    }

    /// The defaults.
    public init() {}
}

/// What the emergency stop does.
public struct EmergencySettings: Sendable, Hashable {
    /// Whether its second stage leaves stop-losses and take-profits of open positions working.
    public var keepsProtection = false

    /// The defaults.
    public init() {}
}

/// How the screen looks.
public struct ScreenSettings: Sendable, Hashable {
    /// The theme's name; `nil` for the one chosen last.
    public var theme: String?
    /// The layout's name; `nil` for the one chosen last.
    public var layout: String?
    /// How many colours are used.
    public var color = Color.auto
    /// Whether everything is drawn in ASCII.
    public var isASCII = false
    /// What graphs are drawn with.
    public var graph = Graph.auto
    /// Frames a second at most; keys are answered at once besides.
    public var framesPerSecond = 10

    /// How many colours are used.
    public enum Color: String, Sendable, Hashable, CaseIterable {
        /// As many as the terminal says; none when `NO_COLOR` is set.
        case auto
        /// None: bold, dim, reverse.
        case none
        /// The sixteen of the terminal's own palette.
        case sixteen = "16"
        /// The xterm palette.
        case palette = "256"
        /// All.
        case all = "true"
    }

    /// What graphs are drawn with.
    public enum Graph: String, Sendable, Hashable, CaseIterable {
        /// What the theme says.
        case auto
        /// Braille dots.
        case braille
        /// Block elements, for fonts without braille.
        case block
        /// Seven-bit characters.
        case ascii
    }

    /// The names of the layouts.
    public static let layouts = ["trade", "watch", "research", "ops"]

    /// The defaults.
    public init() {}
}

/// What is kept, and for how long.
public struct StorageSettings: Sendable, Hashable {
    /// After how many days equity points, signals, verdicts, acknowledged alerts and audit lines are forgotten; `nil`
    /// keeps them for ever. Candles, orders, fills, round trips and backtests always stay.
    public var retentionDays: Int? = 400
    /// For how many days what the order books of a venue's market were like each second is kept; `nil` stores nothing of it.
    public var bookFeatureDays: Int? = 90

    /// The defaults.
    public init() {}
}

/// How long the journal is kept, and how its files lie on the disk.
public struct JournalSettings: Sendable, Hashable {
    /// After how many days decisions are pruned; `nil` keeps them for ever.
    public var decisionDays: Int? = 1_826
    /// After how many days market updates are pruned; `nil` keeps them for ever.
    public var marketDays: Int? = 7
    /// How large a segment may grow, in bytes.
    public var segmentBytes = 64_000_000
    /// How much of the disk is to stay free, in bytes: with less, nothing is opened any more.
    public var minimumFreeBytes = 250_000_000
    /// How long an order waits for the disk at most, in milliseconds: beyond that, nothing is opened any more.
    public var stallMilliseconds = 500

    /// The defaults.
    public init() {}
}
