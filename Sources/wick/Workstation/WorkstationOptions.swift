import ArgumentParser
import Engine
import Ingestion
import Market
import Settings
import Storage
import Terminal

/// What can be said about the workstation on the command line; what is not said is as the configuration has it.
struct WorkstationOptions: ParsableArguments {
    @OptionGroup var market: MarketOptions
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var damage: DamageOptions
    @OptionGroup var look: LookOptions

    /// The settings with what was said on the command line in their place.
    ///
    /// - Throws: `CommandFailure` with every option that is wrong.
    func applied(to settings: WickSettings) throws -> WickSettings {
        var settings = settings
        var problems: [String] = []
        market.apply(to: &settings.feed, &problems)
        look.apply(to: &settings.screen, &problems)
        damage.check(settings.feed, &problems)
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        return settings
    }
}

/// The seed of a synthetic market or a search. A group of its own, which commands share with the workstation's: an option that both
/// declared apart would be taken by the workstation's.
struct SeedOptions: ParsableArguments {
    @Option(
        name: .customLong("seed"), parsing: .unconditional,
        help: ArgumentHelp(
            "The seed of what is drawn at random: the synthetic market, the trials of a search (default: 1).",
            valueName: "number"))
    var text: String?

    /// The seed that was said, what is none being added to the problems.
    func seed(_ problems: inout [String]) -> UInt64? {
        guard let text else { return nil }
        if let value = UInt64(text) { return value }
        problems.append("--seed: '\(Table.plain(text))' is no whole number from 0 to \(UInt64.max)")
        return nil
    }
}

/// Which market an engine trades on.
struct MarketOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where market data come from: auto (Binance where the network is there, else the synthetic market), binance or synthetic.",
            valueName: "source"),
        completion: .list(["auto", "binance", "synthetic"]))
    var feed: String?

    @Option(
        help: ArgumentHelp(
            "Play back a stored series, or a captured market from a file, instead of a market as it happens.",
            valueName: "venue:symbol or file"))
    var replay: String?

    @OptionGroup var span: SpanOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Recorded seconds a second, or max (default: 60, of a file 1).", valueName: "factor"))
    var speed: String?

    @Flag(help: "Wait at the beginning of the replay for a step or a resume.") var paused = false

    @OptionGroup var random: SeedOptions

    /// Puts what was said in the place of what is configured; what can't be read is added to the problems.
    func apply(to settings: inout FeedSettings, _ problems: inout [String]) {
        let (from, to) = span.span(&problems)
        if let feed = self.feed {
            switch FeedSettings.Source(rawValue: feed.lowercased()) {
            case .replay?, nil:
                problems.append(
                    "--feed: '\(Table.plain(feed))' is none of auto, binance, synthetic; a replay is asked for with --replay"
                )
            case let source?:
                if replay != nil {
                    problems.append("--feed: a replay has its own data; leave one of --feed and --replay out")
                }
                settings.source = source
            }
        }
        if let replay, CapturePath.isFile(replay) {
            settings.source = .replay
            (settings.file, settings.from, settings.to) = (replay, nil, nil)
            settings.speed = 1
            for (name, isSaid) in [("--from", from != nil), ("--to", to != nil)] where isSaid {
                problems.append("\(name): a file is played from its beginning to its end; leave it out")
            }
        } else if let replay {
            settings.file = nil
            let parts = replay.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count != 2 || parts.contains("") {
                problems.append(
                    "--replay: '\(replay)' is neither VENUE:SYMBOL (BINANCE:BTCUSDT; 'wick data status' lists what is stored) nor a file that is there"
                )
            }
            settings.source = .replay
            // From and to of the configuration belong to the series that it names.
            if settings.series != replay.uppercased() { (settings.from, settings.to) = (nil, nil) }
            settings.series = replay.uppercased()
        }
        if let from, settings.file == nil { settings.from = from }
        if let to, settings.file == nil { settings.to = to }
        if let speed {
            if speed.lowercased() == "max" {
                settings.speed = nil
            } else if let value = Double(speed), value > 0, value <= 1_000_000 {
                settings.speed = value
            } else {
                problems.append("--speed: '\(speed)' is neither a number above 0 and up to 1000000, nor max")
            }
        }
        if paused { settings.isPaused = true }
        if feed == nil, settings.source == .auto, random.text != nil || settings.from != nil || settings.to != nil {
            // A seed and a time of its own are things of the synthetic market.
            settings.source = .synthetic
        }
        if let seed = random.seed(&problems) { settings.seed = seed }
        if settings.source == .binance {
            for (name, isSaid) in [
                ("--seed", random.text != nil), ("--from", from != nil), ("--to", to != nil), ("--speed", speed != nil),
                ("--paused", paused),
            ] where isSaid {
                problems.append("\(name): a venue's market has none; it is as it is")
            }
        }
        if settings.source == .synthetic || settings.source == .auto {
            if paused {
                problems.append("--paused: only a replay has it; say what to play with --replay VENUE:SYMBOL")
            }
            if (settings.from == nil) != (settings.to == nil) {
                problems.append(
                    "--from, --to: a synthetic market in a time of its own needs both, where it begins and where it ends"
                )
            } else if settings.from == nil && speed != nil {
                problems.append(
                    "--speed: a market in step with the clock has none; give it a time of its own with --from and --to, "
                        + "or say what to play with --replay VENUE:SYMBOL")
            }
        }
    }
}

/// What is done about a journal that can't be followed.
struct DamageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Start on a journal that is damaged or can't be followed, from what the database holds; a sound one is untouched.",
            valueName: "reason"))
    var acceptJournalDamage: String?

    /// Adds to the problems what is wrong with it.
    func check(_ feed: FeedSettings, _ problems: inout [String]) {
        guard let reason = acceptJournalDamage else { return }
        if reason.allSatisfy(\.isWhitespace) {
            problems.append("--accept-journal-damage: say why; the journal keeps it")
        }
        if feed.source == .replay { problems.append("--accept-journal-damage: a replay keeps no journal") }
    }
}

/// How a screen looks.
struct LookOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The theme; 'wick theme list' names them.", valueName: "name"))
    var theme: String?

    @OptionGroup var share: ShareOptions

    @Option(
        help: ArgumentHelp("How many colours: auto, none, 16, 256 or true.", valueName: "colours"),
        completion: .list(["auto", "none", "16", "256", "true"]))
    var color: String?

    @Flag(help: "Draw with seven-bit characters only.") var ascii = false

    /// Puts what was said in the place of what is configured; what can't be read is added to the problems.
    func apply(to screen: inout ScreenSettings, _ problems: inout [String]) {
        if let color {
            if let value = ScreenSettings.Color(rawValue: color.lowercased()) {
                screen.color = value
            } else {
                problems.append("--color: '\(color)' is none of auto, none, 16, 256, true")
            }
        }
        if let theme { screen.theme = theme }
        if ascii { screen.isASCII = true }
    }
}

/// Which configuration file is used.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("The configuration (default: $XDG_CONFIG_HOME/wick/wick.yaml).", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    /// The file that is used, or `nil` when there is none.
    var path: String? {
        let directory = DataDirectory.configuration(environment: Environment.variables)
        return WickSettings.file(override: file, configurationDirectory: directory.path)
    }

    /// The settings of the file.
    func settings(_ vocabulary: SettingsVocabulary = SettingsVocabulary()) throws -> WickSettings {
        try WickSettings.load(path, vocabulary)
    }
}
