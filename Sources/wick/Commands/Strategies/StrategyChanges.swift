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

    /// What was said, and what of it can't even be taken for something said.
    private var arguments: (StrategyArguments, problems: [String]) {
        var arguments = StrategyArguments()
        var problems: [String] = []
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                arguments.parameters[parts[0]] = parts[1]
            } else {
                problems.append("--param: '\(parameter)' is not NAME=VALUE (fast=20)")
            }
        }
        arguments.symbol = symbol
        arguments.timeframe = timeframe
        arguments.sizing = sizing
        arguments.capitalShare = capitalShare
        arguments.stopLoss = stopLoss
        arguments.takeProfit = takeProfit
        arguments.trailingStop = trailingStop
        arguments.maximumDrawdown = maximumDrawdown
        return (arguments, problems)
    }

    /// Applies what was said to a strategy of the store; all problems are reported at once.
    func apply(to record: inout StrategyRecord, _ store: Store) throws {
        var (arguments, problems) = arguments
        let known = try Symbols.known(store)
        problems += arguments.apply(to: &record, .bundled) { name in
            if let instrument = try? Symbols.instrument(name, store) { return .success(instrument) }
            return .failure(StrategyArgumentError("'\(name)' is not known; \(known)"))
        }.map(StrategyOptions.option)
        guard problems.isEmpty else { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
    }

    /// Has a running engine register or change a strategy.
    func send(_ request: ControlRequest, to engine: EngineClient) throws -> StrategyMessage {
        var request = request
        let (arguments, problems) = arguments
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        request.strategyArguments = arguments
        do throws(EngineClientError) {
            return try engine.register(request)
        } catch {
            guard case .refused(let failure) = error, failure.code == .invalidArgument else { throw error }
            throw CommandFailure(
                usage: failure.message.split(separator: "\n").map { StrategyOptions.option(String($0)) })
        }
    }

    /// Whether a running engine is to do it: not when it is about an instrument that only later sessions trade.
    func isFor(_ engine: EngineClient, _ store: Store) throws -> Bool {
        guard let symbol, let instrument = try Symbols.instrument(symbol, store) else { return true }
        return try engine.status().markets.contains { $0.symbol == instrument.name }
    }

    /// A problem of an argument as one of the option that people know it by.
    private static func option(_ problem: String) -> String {
        let parts = problem.split(separator: ":", maxSplits: 1)
        return "--\(parts[0].replacingAll("_", "-")):\(parts.dropFirst().joined())"
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
    var className: String?
    @OptionGroup var rules: RuleOption
    @Flag(name: .customLong("enable"), help: "Let it trade at once.") var isEnabled = false
    @OptionGroup var options: StrategyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func validate() throws {
        guard StrategyNaming.isName(name) else { throw ValidationError("\(StrategyNaming.rule); got '\(name)'") }
        if options.symbol == nil { throw ValidationError("--symbol is needed (SYNTHETIC:BTCUSDT)") }
        if (className == nil) == (rules.file == nil) {
            throw ValidationError("either --class (of 'wick strategy classes') or --rules FILE is needed")
        }
    }

    func run() throws {
        let rulesOption = self.rules
        let rules = try rulesOption.read()
        let className = className ?? rules?.text.className ?? ""
        var options = options
        if options.timeframe == nil { options.timeframe = rules?.text.timeframe?.description }
        if let engine = try data.runningEngine(), try data.withAccount({ try options.isFor(engine, $0) }) {
            var request = ControlRequest(command: "strategy.add")
            request.strategy = name
            request.className = className
            request.enable = isEnabled
            let row = StrategyRow(try options.send(request, to: engine))
            try rulesOption.remember(for: name, data)
            return show(row)
        }
        let stored = try data.withAccount { store in
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
            try store.audit(
                "strategy add", subject: name, detail: StrategyClass.title(of: className), by: "command",
                at: Environment.now)
            return stored
        }
        try rulesOption.remember(for: name, data)
        show(StrategyRow(stored))
    }

    private func show(_ row: StrategyRow) {
        if print.isJSON { return JSON.print(row) }
        Output.line("registered \(row.name) (\(row.className)), \(row.status)")
    }
}

/// `wick strategy set NAME`
struct StrategySet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a strategy's parameters, rules, sizing, protection or market.",
        discussion: """
            Examples:
              wick strategy set trend --param fast=10 --trailing-stop 4
              wick strategy set dips --rules pullback.yaml
            """)

    @Argument(help: "The strategy's name.") var name: String
    @OptionGroup var rules: RuleOption
    @OptionGroup var options: StrategyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let className = try rules.read()?.text.className
        if let engine = try data.runningEngine(), try data.withAccount({ try options.isFor(engine, $0) }) {
            try engine.requireStrategy(name, data)
            var request = ControlRequest(command: "strategy.set")
            request.strategy = name
            request.className = className
            let row = StrategyRow(try options.send(request, to: engine))
            if rules.file != nil { try rules.remember(for: name, data) }
            return show(row)
        }
        let stored = try data.withAccount { store in
            guard var record = try store.strategy(named: name) else {
                throw CommandFailure(.refused, "there is no strategy named '\(name)'; 'wick strategy list' names them")
            }
            if let className { record.become(className, .bundled) }
            try options.apply(to: &record, store)
            let stored = try store.change(record, at: Environment.now)
            try store.audit("strategy set", subject: name, by: "command", at: Environment.now)
            return stored
        }
        if rules.file != nil { try rules.remember(for: name, data) }
        show(StrategyRow(stored))
    }

    private func show(_ row: StrategyRow) {
        if print.isJSON { return JSON.print(row) }
        Output.line("changed \(row.name): \(row.parameterText)")
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
        if let engine = try data.runningEngine() {
            try engine.requireStrategy(name, data)
            return Output.line(try engine.strategy("remove", name))
        }
        try data.withAccount { store in
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
        commandName: "enable", abstract: "Let a strategy trade.",
        discussion: """
            With real money a strategy needs evidence ('wick strategy evidence NAME'), or somebody who answers for what is \
            missing: --waive takes the reason, and asks for the strategy's name where there is a terminal. The waiver is \
            in the journal and in the audit.

            Examples:
              wick strategy enable trend
              wick strategy enable trend --waive "a tenth of the usual size, to see how it fills"
            """)

    @Argument(help: "The strategy's name.") var name: String
    @Option(help: ArgumentHelp("Answer for missing evidence, with the reason.", valueName: "reason"))
    var waive: String?
    @OptionGroup var data: DataOptions

    func run() throws {
        if let waive {
            guard waive.contains(where: { !$0.isWhitespace }) else {
                throw CommandFailure(.usage, "--waive: a waiver needs a reason")
            }
            if Output.canAsk {
                let answer = Output.ask(
                    "\(name) will trade with real money without evidence for it. Type its name to answer for that: ")
                guard answer == name else { throw CommandFailure(.refused, "nothing was changed") }
            }
        }
        try StrategySwitch.set(.enabled, name, data, waiving: waive)
    }
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

/// Switches a strategy: the running engine does it, or the store remembers it for the next one.
enum StrategySwitch {
    static func set(
        _ status: StrategyStatus, _ name: String, _ data: DataOptions, waiving reason: String? = nil
    ) throws {
        if let engine = try data.runningEngine() {
            try engine.requireStrategy(name, data)
            return Output.line(
                try engine.strategy(status == .enabled ? "enable" : "disable", name, waiving: reason))
        }
        if let reason { try waive(name, reason, data) }
        try data.withAccount { store in
            try store.setStatus(status, ofStrategyNamed: name, at: Environment.now)
            try store.audit("strategy \(status.rawValue)", subject: name, by: "command", at: Environment.now)
        }
        Output.line("\(name) is \(status.rawValue)")
    }

    /// Keeps a waiver for the next engine, which looks for it where real money is.
    private static func waive(_ name: String, _ reason: String, _ data: DataOptions) throws {
        let subject = try EvidenceLookup.subject(name, data)
        try data.store().keep([
            EvidenceRecord(
                time: Environment.now, check: .waiver, className: subject.className,
                parameters: EvidenceParameters(values: subject.parameters), series: subject.series,
                timeframe: subject.timeframe, value: nil, passed: true, source: "command", detail: reason)
        ])
        try data.withAccount { store in
            try store.audit("evidence waived", subject: name, detail: reason, by: "command", at: Environment.now)
        }
    }
}

extension EngineClient {
    /// Makes sure that the engine has a strategy of that name.
    ///
    /// - Throws: `CommandFailure`, also where only the store knows it: another session's.
    func requireStrategy(_ name: String, _ data: DataOptions) throws {
        let known = try strategies()
        if known.registered.contains(where: { $0.name == name }) { return }
        if !known.removed.contains(name), let record = try data.withAccount({ try $0.strategy(named: name) }) {
            throw CommandFailure(
                .refused,
                "\(name) trades \(record.instrument.name), which the running engine does not; change it when no engine "
                    + "runs")
        }
        throw CommandFailure(.refused, "there is no strategy named '\(name)'; 'wick strategy list' names them")
    }
}
