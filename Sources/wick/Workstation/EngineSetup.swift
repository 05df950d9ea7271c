import Engine
import Settings
import Simulation
import Storage
import Terminal

extension EngineConfiguration {
    /// What an engine on `directory` is started with, on a market that was opened.
    init(_ settings: WickSettings, directory: DataDirectory, on market: Feed) {
        self.init(directory: directory)
        let feed = settings.feed
        self.feed = market
        cash = settings.account.cash
        registersStarters = settings.account.hasStarterStrategies
        storesCandles = feed.storesCandles
        venue = SimulatedVenueOptions(
            makerFee: settings.venue.makerFee, takerFee: settings.venue.takerFee,
            feeAsset: settings.venue.paysFeesInBase ? .received : .quote, slippage: settings.venue.slippage,
            participation: settings.venue.participation,
            queue: settings.venue.leavesQueueInProportion ? .proportional : .pessimistic)
        meetsBooks = settings.venue.meetsBooks
        faults =
            switch settings.venue.faults {
            case .off: nil
            case .badDay: .badDay(seed: feed.seed)
            case .silent: .silent(seed: feed.seed)
            case .refusing: .refusing(seed: feed.seed)
            }
        limits = settings.risk
        keepsProtection = settings.emergency.keepsProtection
        logFileBytes = settings.logFileBytes
        journal.segmentBytes = settings.journal.segmentBytes
        journal.stallMilliseconds = Int32(settings.journal.stallMilliseconds)
        journal.minimumFreeBytes = UInt64(settings.journal.minimumFreeBytes)
        retention = JournalRetention(
            decisionDays: settings.journal.decisionDays, marketDays: settings.journal.marketDays)
        strategyBudget = Int64(settings.engine.strategyBudgetMilliseconds) * 1_000_000
        rulesReload = RulesReload(mode: RulesReload.Mode(rawValue: settings.rules.reload.rawValue) ?? .ask) { path in
            do throws(RuleFileError) {
                return .rules(try RuleFile(path).rules.text.className)
            } catch {
                return .wrong(error.description)
            }
        }
        evidence = EvidenceGate(days: settings.engine.evidenceDays)
        crashPlan = Environment.variables[CrashPlan.variable].flatMap { CrashPlan($0) }
    }
}

extension ScreenSettings {
    /// How many colours are used; `nil` leaves it to the terminal and `NO_COLOR`.
    var depth: ColorDepth? {
        switch color {
        case .auto: return nil
        case .none: return ColorDepth.none
        case .sixteen: return .ansi16
        case .palette: return .palette256
        case .all: return .trueColor
        }
    }

    /// What graphs are drawn with; `nil` leaves it to the theme.
    var glyphs: GlyphSet? {
        switch graph {
        case .auto: return nil
        case .braille: return .utf8
        case .block: return .block
        case .ascii: return .ascii
        }
    }
}
