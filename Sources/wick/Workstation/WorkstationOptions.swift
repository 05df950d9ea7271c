import ArgumentParser
import Engine
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

/// Which market an engine trades on.
struct MarketOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Play back a stored series instead of the synthetic market.", valueName: "venue:symbol"))
    var replay: String?

    @OptionGroup var span: SpanOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Recorded seconds a second, or max (default: 60).", valueName: "factor"))
    var speed: String?

    @Flag(help: "Wait at the beginning of the replay for a step or a resume.") var paused = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The seed of the synthetic market (default: 1).", valueName: "number"))
    var seed: String?

    /// Puts what was said in the place of what is configured; what can't be read is added to the problems.
    func apply(to feed: inout FeedSettings, _ problems: inout [String]) {
        let (from, to) = span.span(&problems)
        if let replay {
            let parts = replay.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count != 2 || parts.contains("") {
                problems.append(
                    "--replay: '\(replay)' is not VENUE:SYMBOL (BINANCE:BTCUSDT); 'wick data status' lists what is stored"
                )
            }
            feed.source = .replay
            // From and to of the configuration belong to the series that it names.
            if feed.series != replay.uppercased() { (feed.from, feed.to) = (nil, nil) }
            feed.series = replay.uppercased()
        }
        if let from { feed.from = from }
        if let to { feed.to = to }
        if let speed {
            if speed.lowercased() == "max" {
                feed.speed = nil
            } else if let value = Double(speed), value > 0, value <= 1_000_000 {
                feed.speed = value
            } else {
                problems.append("--speed: '\(speed)' is neither a number above 0 and up to 1000000, nor max")
            }
        }
        if paused { feed.isPaused = true }
        if let seed {
            if let value = UInt64(seed) {
                feed.seed = value
            } else {
                problems.append("--seed: '\(seed)' is no whole number from 0 to \(UInt64.max)")
            }
        }
        if feed.source == .synthetic {
            if paused {
                problems.append("--paused: only a replay has it; say what to play with --replay VENUE:SYMBOL")
            }
            if (feed.from == nil) != (feed.to == nil) {
                problems.append(
                    "--from, --to: a synthetic market in a time of its own needs both, where it begins and where it ends"
                )
            } else if feed.from == nil && speed != nil {
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
