import ArgumentParser
import Engine
import Market
import Storage
import Strategies
import Trading

/// What can be said of a strategy on the command line; what is left out stays as it is.
struct StrategyOptions: ParsableArguments {
    @Option(
        name: .customLong("param"), parsing: .singleValue,
        help: "A parameter as NAME=VALUE; may be given several times.")
    var parameters: [String] = []

    @Option(help: "The instrument, VENUE:SYMBOL (SYNTHETIC:BTCUSDT).")
    var symbol: String?

    @Option(help: "The candles it sees: 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d.")
    var timeframe: String?

    @Option(help: "How big entries are: all-in, fixed:N of the base asset, percent:P of the equity.")
    var sizing: String?

    @Option(
        name: .customLong("capital-share"), parsing: .unconditional,
        help: "The share of the account's equity it may use, in percent.")
    var capitalShare: String?

    @Option(
        name: .customLong("stop-loss"), parsing: .unconditional,
        help: "A stop this many percent behind the entry; 'off' for none.")
    var stopLoss: String?

    @Option(
        name: .customLong("take-profit"), parsing: .unconditional,
        help: "A target this many percent before the entry; 'off' for none.")
    var takeProfit: String?

    @Option(
        name: .customLong("trailing-stop"), parsing: .unconditional,
        help: "A stop that follows at this many percent; 'off' for none.")
    var trailingStop: String?

    @Option(
        name: .customLong("max-drawdown"), parsing: .unconditional,
        help: "Halt it when its own equity has lost this many percent.")
    var maximumDrawdown: String?

    /// Applies what was said to a strategy; all problems are reported at once.
    func apply(to record: inout StrategyRecord, _ store: Store) throws {
        var problems: [String] = []
        if let symbol {
            if let instrument = try Symbols.instrument(symbol, store) {
                record.instrument = instrument
            } else {
                problems.append("--symbol: '\(symbol)' is not known; \(try Symbols.known(store))")
            }
        }
        if let timeframe {
            if let value = Timeframe(timeframe) {
                record.timeframe = value
            } else {
                problems.append("--timeframe: '\(timeframe)' is none of \(Timeframe.all)")
            }
        }
        if let sizing {
            if let value = Sizing(text: sizing, record.instrument) {
                record.sizing = value
            } else {
                problems.append("--sizing: '\(sizing)' is none of all-in, fixed:N, percent:P (percent:25)")
            }
        }
        if let value = percent(capitalShare, "--capital-share", 0...100, &problems) { record.capitalShare = value }
        change(&record.protection.stopLoss, stopLoss, "--stop-loss", &problems)
        change(&record.protection.takeProfit, takeProfit, "--take-profit", &problems)
        change(&record.protection.trailingStop, trailingStop, "--trailing-stop", &problems)
        change(&record.limits.maximumDrawdown, maximumDrawdown, "--max-drawdown", &problems)
        mergeParameters(&record, &problems)
        guard problems.isEmpty else { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
    }

    private func mergeParameters(_ record: inout StrategyRecord, _ problems: inout [String]) {
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                record.parameters[parts[0]] = parts[1]
            } else {
                problems.append("--param: '\(parameter)' is not NAME=VALUE (fast=20)")
            }
        }
        guard let strategyClass = StrategyCatalog.bundled.strategyClass(named: record.className) else {
            let known = StrategyCatalog.bundled.classes.map { $0.descriptor.name }.joined(separator: ", ")
            problems.append("--class: there is no class '\(record.className)'; known: \(known)")
            return
        }
        do {
            let overrides = record.parameters.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }
            let parameters = try Parameters(strategyClass.descriptor.parameters, overrides: overrides)
            _ = try strategyClass.init(parameters)
        } catch {
            problems += error.problems.map { "--param \($0)" }
        }
    }

    private func percent(
        _ text: String?, _ option: String, _ range: ClosedRange<Int>, _ problems: inout [String]
    ) -> Ratio? {
        guard let text else { return nil }
        if let value = try? Ratio(percent: text), value > .zero, value <= .percent(range.upperBound) { return value }
        problems.append("\(option): '\(text)' is no percentage above 0 up to \(range.upperBound) (2.5)")
        return nil
    }

    private func change(_ value: inout Ratio?, _ text: String?, _ option: String, _ problems: inout [String]) {
        if text == "off" {
            value = nil
        } else if let ratio = percent(text, option, 0...99, &problems) {
            value = ratio
        }
    }
}

/// `wick strategy add NAME`
struct StrategyAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Register a strategy.",
        discussion: """
            Example:
              wick strategy add dip --class rsi-mean-reversion --symbol SYNTHETIC:ETHUSDT --param period=14 \\
                --param low=30 --param high=70 --sizing percent:20 --stop-loss 3 --enable
            """)

    @Argument(help: "The strategy's name.") var name: String
    @Option(name: .customLong("class"), help: "The strategy class; 'wick strategy classes' lists them.")
    var className: String
    @Flag(name: .customLong("enable"), help: "Let it trade at once.") var isEnabled = false
    @OptionGroup var options: StrategyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func validate() throws {
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0))
        }
        guard isPlain, (1...32).contains(name.count) else {
            throw ValidationError("a strategy's name has 1 to 32 letters, digits, '-', '_' or '.'; got '\(name)'")
        }
        if options.symbol == nil { throw ValidationError("--symbol is needed (SYNTHETIC:BTCUSDT)") }
    }

    func run() throws {
        let stored = try data.withStore { store in
            // Where the symbol is unknown any instrument does until everything else has been looked at too.
            let named = try Symbols.instrument(options.symbol ?? "", store)
            guard let instrument = try named ?? Symbols.all(store).first else {
                throw CommandFailure(.usage, "--symbol: '\(options.symbol ?? "")' is not known")
            }
            var record = StrategyRecord(
                name: name, className: className, instrument: instrument, timeframe: .oneMinute,
                sizing: .equityShare(.percent(10)), status: isEnabled ? .enabled : .disabled)
            try options.apply(to: &record, store)
            let stored = try store.add(record, at: Environment.now)
            try store.audit("strategy add", subject: name, detail: className, by: "command", at: Environment.now)
            return stored
        }
        if print.isJSON { return JSON.print(StrategyRow(stored)) }
        Output.line("registered \(stored.name) (\(stored.className)), \(stored.status.rawValue)")
    }
}

/// `wick strategy set NAME`
struct StrategySet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a strategy's parameters, sizing, protection or market.",
        discussion: "Example: wick strategy set trend --param fast=10 --trailing-stop 4")

    @Argument(help: "The strategy's name.") var name: String
    @OptionGroup var options: StrategyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let stored = try data.withStore { store in
            guard var record = try store.strategy(named: name) else {
                throw CommandFailure(.refused, "there is no strategy named '\(name)'; 'wick strategy list' names them")
            }
            try options.apply(to: &record, store)
            let stored = try store.change(record, at: Environment.now)
            try store.audit("strategy set", subject: name, by: "command", at: Environment.now)
            return stored
        }
        if print.isJSON { return JSON.print(StrategyRow(stored)) }
        Output.line("changed \(stored.name): \(StrategyRow(stored).parameterText)")
    }
}

/// `wick strategy remove NAME`
struct StrategyRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a strategy that holds nothing.",
        discussion: "Example: wick strategy remove trend")

    @Argument(help: "The strategy's name.") var name: String
    @OptionGroup var data: DataOptions

    func run() throws {
        try data.withStore { store in
            if let record = try store.strategy(named: name),
                let held = try store.positions().first(where: { $0.position.owner == record.id })
            {
                throw CommandFailure(
                    .refused,
                    "\(name) holds \(held.instrument.text(held.position.quantity)) \(held.instrument.pair); close it "
                        + "first: wick position close \(held.instrument.name) --owner \(name)")
            }
            try store.removeStrategy(named: name, at: Environment.now)
            try store.audit("strategy remove", subject: name, by: "command", at: Environment.now)
        }
        Output.line("removed \(name)")
    }
}

/// `wick strategy enable NAME`
struct StrategyEnable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a strategy trade.", discussion: "Example: wick strategy enable trend")

    @Argument(help: "The strategy's name.") var name: String
    @OptionGroup var data: DataOptions

    func run() throws { try StrategySwitch.set(.enabled, name, data) }
}

/// `wick strategy disable NAME`
struct StrategyDisable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Stop a strategy from opening; its position and its protective orders stay.",
        discussion: "Example: wick strategy disable trend")

    @Argument(help: "The strategy's name.") var name: String
    @OptionGroup var data: DataOptions

    func run() throws { try StrategySwitch.set(.disabled, name, data) }
}

/// Switches a strategy in the store; a running engine notices.
enum StrategySwitch {
    static func set(_ status: StrategyStatus, _ name: String, _ data: DataOptions) throws {
        try data.withStore { store in
            try store.setStatus(status, ofStrategyNamed: name, at: Environment.now)
            try store.audit("strategy \(status.rawValue)", subject: name, by: "command", at: Environment.now)
        }
        let isRunning = EngineLock.runningEngine(in: data.directory) != nil
        Output.line("\(name) is \(status.rawValue)" + (isRunning ? "; the running engine takes it over" : ""))
    }
}
