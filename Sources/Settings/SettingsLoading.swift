import Glibc
import Market

/// What the settings are checked against beyond their own form: names that other parts of the program know.
public struct SettingsVocabulary {
    /// The themes there are; empty leaves the name unchecked.
    public var themes: [String]
    /// Tells what is wrong with the keys, one sentence each that begins with the action's name and a colon.
    public var keyProblems: ([String: [String]]) -> [String]

    /// A vocabulary of its parts; the defaults check nothing.
    public init(themes: [String] = [], keyProblems: @escaping ([String: [String]]) -> [String] = { _ in [] }) {
        self.themes = themes
        self.keyProblems = keyProblems
    }
}

extension WickSettings {
    /// The configuration file: `override` (`--config`), else `wick.yaml` in the configuration directory where there is
    /// one, else `nil`.
    public static func file(override: String?, configurationDirectory: String) -> String? {
        if let override { return override }
        let usual = configurationDirectory + "/wick.yaml"
        return access(usual, F_OK) == 0 ? usual : nil
    }

    /// The settings of a file; the defaults when there is none.
    ///
    /// - Throws: `SettingsError` with everything that is wrong with it.
    public static func load(
        _ file: String?, _ vocabulary: SettingsVocabulary = SettingsVocabulary()
    ) throws(SettingsError) -> WickSettings {
        guard let file else { return WickSettings() }
        return try parse(SettingsDocument(file: file), vocabulary)
    }

    /// The settings written in a text.
    ///
    /// - Parameters:
    ///   - text: the text of a `wick.yaml`.
    ///   - name: what problems call it.
    ///   - vocabulary: what names are checked against.
    /// - Throws: `SettingsError` with everything that is wrong with it.
    public static func parse(
        _ text: String, name: String = "wick.yaml", _ vocabulary: SettingsVocabulary = SettingsVocabulary()
    ) throws(SettingsError) -> WickSettings {
        try parse(SettingsDocument(text: text, file: name), vocabulary)
    }

    private static func parse(
        _ document: SettingsDocument, _ vocabulary: SettingsVocabulary
    ) throws(SettingsError) -> WickSettings {
        let root = Section(document)
        let settings = read(root, document.file, vocabulary)
        guard root.problems.isEmpty else { throw SettingsError(root.problems) }
        return settings
    }

    /// Reads every option of a file; its problems are noted in `root`.
    static func read(_ root: Section, _ file: String, _ vocabulary: SettingsVocabulary) -> WickSettings {
        var settings = WickSettings()
        settings.file = file
        let mode = root.choice("mode", ModeSetting.allCases.map(\.rawValue), default: settings.mode.rawValue)
        settings.mode = ModeSetting(rawValue: mode) ?? settings.mode
        settings.feed = root.section("feed") { $0.feed() }
        settings.account = root.section("account") { $0.account() }
        let currency = settings.account.cash.currency
        settings.venue = root.section("venue") { $0.venue() }
        settings.venues = root.section("venues") { section in
            var venues = VenuesSettings()
            venues.binance = section.section("binance") { $0.binance() }
            return venues
        }
        settings.risk = root.section("risk") { LimitSections.risk($0, currency, defaults: settings.risk) }
        settings.emergency = root.section("emergency") { section in
            var emergency = EmergencySettings()
            emergency.keepsProtection = section.flag("keep-protection", default: emergency.keepsProtection)
            return emergency
        }
        settings.engine = root.section("engine") { section in
            var engine = EngineSettings()
            engine.strategyBudgetMilliseconds = section.integer(
                "strategy-budget-milliseconds", in: 50...60_000, default: engine.strategyBudgetMilliseconds)
            engine.evidenceDays = section.integer("evidence-days", in: 1...3_650, default: engine.evidenceDays)
            return engine
        }
        settings.rules = root.section("rules") { section in
            var rules = RulesSettings()
            let reload = section.choice(
                "reload", RulesSettings.Reload.allCases.map(\.rawValue), default: rules.reload.rawValue)
            rules.reload = RulesSettings.Reload(rawValue: reload) ?? rules.reload
            return rules
        }
        settings.screen = root.section("screen") { $0.screen(vocabulary) }
        settings.keys = root.section("keys") { $0.keyMap(vocabulary) }
        settings.storage = root.section("storage") { section in
            var storage = StorageSettings()
            storage.retentionDays = section.optionalInteger(
                "retention-days", in: 1...36_500, default: storage.retentionDays, example: 400)
            storage.bookFeatureDays = section.optionalInteger(
                "book-feature-days", in: 1...36_500, default: storage.bookFeatureDays, example: 90)
            return storage
        }
        settings.journal = root.section("journal") { $0.journal() }
        settings.logFileBytes = root.section("log") { section in
            section.integer("file-megabytes", in: 1...1_000, default: settings.logFileBytes / 1_000_000) * 1_000_000
        }
        if settings.mode != .paper {
            if settings.venues.binance.key == nil {
                root.note(
                    "mode",
                    "'\(settings.mode.rawValue)' needs the key that orders are placed with: 'venues: binance: key'",
                    example: "key: main")
            }
            if settings.feed.source == .synthetic {
                root.note(
                    "mode", "'\(settings.mode.rawValue)' can't trade on the synthetic market ('feed: source')",
                    example: "source: binance")
            }
        }
        root.finish()
        return settings
    }
}

extension Section {
    fileprivate func feed() -> FeedSettings {
        var feed = FeedSettings()
        let source = choice("source", FeedSettings.Source.allCases.map(\.rawValue), default: feed.source.rawValue)
        feed.source = FeedSettings.Source(rawValue: source) ?? feed.source
        feed.symbols = symbols("symbols", default: feed.symbols)
        feed.seed = read("seed", feed.seed, expected: "a whole number from 0", example: "1") { UInt64($0) }
        feed.historyMinutes = integer("history-minutes", in: 0...100_000, default: feed.historyMinutes)
        feed.storesCandles = flag("store-candles", default: feed.storesCandles)
        feed.capturesMarket = flag("capture", default: feed.capturesMarket)
        feed.series = read(
            "series", feed.series, expected: "a stored series as VENUE:SYMBOL", example: "BINANCE:BTCUSDT"
        ) { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } ? .some(text.uppercased()) : nil
        }
        feed.from = time("from")
        feed.to = time("to")
        feed.speed = read("speed", feed.speed, expected: "a number above 0 and up to 1000000, or max", example: "60") {
            if $0.lowercased() == "max" { return .some(nil) }
            guard let speed = Double($0), speed > 0, speed <= 1_000_000 else { return nil }
            return .some(speed)
        }
        feed.isPaused = flag("paused", default: feed.isPaused)
        if let from = feed.from, let to = feed.to, from >= to {
            note("to", "\(to) is not after from, \(from)", example: "to: 2023-02-01")
        }
        return feed
    }

    fileprivate func account() -> AccountSettings {
        var account = AccountSettings()
        let currency = read("currency", Currency.usdt, expected: "a currency code", example: "USDT") {
            Currency($0.uppercased())
        }
        account.cash = money("cash", currency, default: Money(units: account.cash.units, currency))
        account.hasStarterStrategies = flag("starter-strategies", default: account.hasStarterStrategies)
        return account
    }

    fileprivate func venue() -> VenueSettings {
        var venue = VenueSettings()
        venue.makerFee = basisPoints("maker-fee-bps", in: -100...1_000, default: venue.makerFee)
        venue.takerFee = basisPoints("taker-fee-bps", in: -100...1_000, default: venue.takerFee)
        venue.paysFeesInBase = choice("fee-asset", ["quote", "base"], default: "quote") == "base"
        venue.slippage = basisPoints("slippage-bps", in: 0...1_000, default: venue.slippage)
        venue.participation = optionalPercent("participation-percent", upTo: 100, default: nil, example: 10)
        venue.meetsBooks = flag("books", default: venue.meetsBooks)
        venue.leavesQueueInProportion =
            choice("queue", ["pessimistic", "proportional"], default: "pessimistic") == "proportional"
        let faults = choice("faults", VenueSettings.Faults.allCases.map(\.rawValue), default: venue.faults.rawValue)
        venue.faults = VenueSettings.Faults(rawValue: faults) ?? venue.faults
        return venue
    }

    fileprivate func journal() -> JournalSettings {
        var journal = JournalSettings()
        journal.decisionDays = optionalInteger(
            "decision-days", in: 1...36_500, default: journal.decisionDays, example: 1_826)
        journal.marketDays = optionalInteger("market-days", in: 1...36_500, default: journal.marketDays, example: 7)
        journal.segmentBytes =
            integer("segment-megabytes", in: 1...1_000, default: journal.segmentBytes / 1_000_000) * 1_000_000
        journal.minimumFreeBytes =
            integer("minimum-free-megabytes", in: 10...1_000_000, default: journal.minimumFreeBytes / 1_000_000)
            * 1_000_000
        journal.stallMilliseconds = integer("stall-milliseconds", in: 50...60_000, default: journal.stallMilliseconds)
        return journal
    }

    fileprivate func screen(_ vocabulary: SettingsVocabulary) -> ScreenSettings {
        var screen = ScreenSettings()
        if vocabulary.themes.isEmpty {
            screen.theme = lastOr(text("theme", default: "last", expected: "a theme's name") { !$0.isEmpty })
        } else {
            screen.theme = lastOr(choice("theme", ["last"] + vocabulary.themes, default: "last"))
        }
        screen.layout = lastOr(choice("layout", ["last"] + ScreenSettings.layouts, default: "last"))
        let color = choice("color", ScreenSettings.Color.allCases.map(\.rawValue), default: screen.color.rawValue)
        screen.color = ScreenSettings.Color(rawValue: color) ?? screen.color
        screen.isASCII = flag("ascii", default: screen.isASCII)
        let graph = choice("graph", ScreenSettings.Graph.allCases.map(\.rawValue), default: screen.graph.rawValue)
        screen.graph = ScreenSettings.Graph(rawValue: graph) ?? screen.graph
        screen.framesPerSecond = integer("frames-per-second", in: 1...60, default: screen.framesPerSecond)
        return screen
    }

    private func lastOr(_ name: String) -> String? { name == "last" ? nil : name }

    fileprivate func keyMap(_ vocabulary: SettingsVocabulary) -> [String: [String]] {
        var map: [String: [String]] = [:]
        for action in keys() {
            let expected = "a key, a list of keys, or none"
            guard let words = words(action, expected: expected, example: "[ctrl-k, f5]") else { continue }
            map[action] = words
        }
        for problem in vocabulary.keyProblems(map) {
            let parts = problem.split(separator: ":", maxSplits: 1)
            let action = parts.first.map(String.init) ?? ""
            let text = parts.count == 2 ? parts[1].drop { $0 == " " } : Substring(problem)
            note(action, String(text))
        }
        return map
    }
}
