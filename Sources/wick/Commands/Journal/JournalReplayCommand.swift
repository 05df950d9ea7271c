import ArgumentParser
import Glibc
import Journal
import Market
import Settings
import Simulation
import Strategies
import Trading

/// `wick journal replay`
struct JournalReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Run a session again and compare every decision with the recorded one.",
        discussion: """
            The kernel is given what it was given then, and each of its effects is held against the journal, byte for \
            byte. It ends with 0 when all are the same, and with 1 at the first that differs.

            With other limits or parameters, kernel and paper venue decide anew over the recorded market, and what they \
            would have done otherwise is told.

            Examples:
              wick journal replay
              wick journal replay 12
              wick journal replay --with limits.yaml
              wick journal replay --param trend.fast=12 --param trend.slow=40
            """)

    @Argument(
        help: ArgumentHelp(
            "The session's number, or the decision record after which it began, as list shows them; the last session "
                + "without.",
            valueName: "session"))
    var session: UInt64?
    @Option(
        help: ArgumentHelp("What these limits would have decided.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var with: String?
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "What this parameter would have decided; may be said several times.", valueName: "strategy.name=value"))
    var param: [String] = []
    @OptionGroup var place: JournalPlaceOptions

    func run() throws {
        let directory = try place.directory()
        if with == nil && param.isEmpty { return try replay(directory) }
        try whatIf(directory)
    }

    private func replay(_ directory: String) throws {
        var reading = try SessionReading(directory, session: session)
        var replay: KernelReplay
        do {
            replay = KernelReplay(try Kernel(reading.state.kernel, catalog: .bundled))
        } catch {
            throw CommandFailure(.data, "\(reading.checkpoint.path): \(error)")
        }
        while true {
            let isBehind = reading.isBehindLastDecision
            guard let item = try reading.next() else { break }
            let difference: ReplayDifference?
            switch item {
            case .market(let input): difference = replay.take(input)
            case .record(let record): difference = replay.take(record)
            }
            guard let difference else { continue }
            guard isBehind, reading.isOpen, difference.recorded == nil else { return try tell(difference) }
            return tell(replay, rest: difference)
        }
        guard let difference = replay.finish() else { return tell(replay, rest: nil) }
        guard reading.isOpen, difference.recorded == nil else { return try tell(difference) }
        tell(replay, rest: difference)
    }

    /// Tells that all was the same; `rest` is what the kernel does that the engine had not come to write down when it was
    /// killed, or does not yet: the next start, or the next moment, writes it.
    private func tell(_ replay: KernelReplay, rest: ReplayDifference?) {
        Output.line("identical: \(replay.events) events, \(replay.orders) orders")
        if let rest { Output.line("what came next is not written down: \(rest.replayed ?? "")") }
    }

    private func tell(_ difference: ReplayDifference) throws {
        Output.line("different at \(difference)")
        throw CommandFailure(.refused)
    }

    private func whatIf(_ directory: String) throws {
        var change = WhatIfChange()
        var problems: [String] = []
        for text in param {
            guard let parameter = WhatIfChange.Parameter(text) else {
                problems.append("--param: '\(Table.plain(text))' is no change; expected strategy.name=value")
                continue
            }
            change.parameters.append(parameter)
        }
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        var reading = try SessionReading(directory, session: session)
        if let with { change.limits = try limits(with, reading.state.kernel.account.currency) }
        let result: WhatIfResult
        do {
            var run = try WhatIf(reading.state, catalog: .bundled, change: change)
            while let item = try reading.next() { try run.take(item) }
            result = try run.result()
        } catch let error as WhatIfError {
            if case .parameters(let text) = error { throw CommandFailure(usage: ["--param: \(text)"]) }
            throw CommandFailure(.data, error.description)
        }
        for difference in result.differences {
            Output.line("\(difference.time) \(Table.plain(difference.name))")
            Output.line("  was:   \(difference.was ?? "nothing")")
            Output.line("  would: \(difference.would ?? "nothing")")
        }
        Output.line("decisions that differ: \(result.differences.count)")
        line("as it was", result.asItWas)
        line("as it would", result.asItWould)
    }

    private func line(_ name: String, _ figures: WhatIfResult.Figures) {
        Output.line(
            "\(name): \(figures.orders) orders, \(figures.denied) denied, equity \(figures.equity.text(decimals: 2)) "
                + "\(figures.equity.currency)")
    }

    private func limits(_ path: String, _ currency: Currency) throws -> RiskLimits {
        try LimitFile(path, currency: currency).account
    }
}

extension WhatIfChange.Parameter {
    /// A change written as `strategy.name=value`; a strategy's name may hold points.
    init?(_ text: String) {
        guard let equals = text.firstIndex(of: "="), let point = text[..<equals].lastIndex(of: ".") else { return nil }
        let strategy = String(text[..<point])
        let name = String(text[text.index(after: point)..<equals])
        let value = String(text[text.index(after: equals)...])
        guard !strategy.isEmpty, !name.isEmpty, !value.isEmpty else { return nil }
        self.init(strategy: strategy, name: name, text: value)
    }
}
