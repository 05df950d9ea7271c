import ArgumentParser
import Market
import Storage
import Strategies
import Trading

/// `wick strategy evidence NAME`
struct StrategyEvidence: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Show what speaks for trading a strategy with real money, and what is missing.",
        discussion: """
            Evidence is about a class with its parameters on an instrument's candles; it is kept by 'wick backtest audit', \
            'optimize', 'sweep' and 'walk-forward' when they run on stored candles. Ends with 0 when nothing is missing \
            or somebody answered for it, with 1 otherwise.

            Example: wick strategy evidence trend
            """)

    @Argument(help: "The strategy's name.") var name: String
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Row {
        var strategy: String
        var isMet: Bool
        var maximumDays: Int
        var waiver: String?
        var waivedAt: String?
        var checks: [CheckRow]
    }

    private struct CheckRow {
        var check: String
        var isMet: Bool
        var value: Double?
        var time: String?
        var source: String?
        var detail: String
        var command: String?
    }

    func run() throws {
        let subject = try EvidenceLookup.subject(name, data)
        let gate = EvidenceGate(days: try configuration.settings().engine.evidenceDays)
        let records = try data.store().evidence(of: subject.className, series: subject.series, subject.timeframe)
        let (checks, waiver) = gate.standings(of: subject, records, at: Environment.now)
        let isMet = waiver != nil || checks.allSatisfy(\.isMet)
        if print.isJSON {
            JSON.print(
                Row(
                    strategy: name, isMet: isMet, maximumDays: gate.days, waiver: waiver?.detail,
                    waivedAt: waiver?.time.description,
                    checks: checks.map {
                        CheckRow(
                            check: $0.check.rawValue, isMet: $0.isMet, value: $0.record?.value,
                            time: $0.record?.time.description, source: $0.record?.source,
                            detail: $0.problem ?? $0.record?.detail ?? "",
                            command: $0.isMet ? nil : subject.command(for: $0.check))
                    }))
        } else {
            var table = Table(
                .text("check"), .text("stands"), .number("figure"), .text("of"), .text("from"), .text("particulars"))
            for standing in checks {
                table.add(
                    standing.check.rawValue,
                    standing.isMet
                        ? "met" : standing.record == nil ? "missing" : standing.isStale ? "too old" : "failed",
                    standing.record?.value.map { Figures.decimal($0, 3) } ?? "–", standing.record?.time.date ?? "–",
                    standing.record?.source ?? "–", standing.record?.detail ?? subject.command(for: standing.check))
            }
            table.print(whenEmpty: "")
            if let waiver { Output.line("\nWaived on \(waiver.time.date) by \(waiver.source): \(waiver.detail)") }
            Output.line(
                isMet ? "\n\(name) may be enabled with real money." : "\n\(name) may not be enabled with real money.")
        }
        if !isMet { throw CommandFailure(.refused) }
    }
}

/// Strategies as evidence knows them.
enum EvidenceLookup {
    /// The strategy of a name: that of a running engine, else the one in the store.
    static func subject(_ name: String, _ data: DataOptions) throws -> EvidenceGate.Subject {
        guard let record = try data.withAccount({ try $0.strategy(named: name) }) else {
            throw CommandFailure(.refused, "there is no strategy named '\(name)'; 'wick strategy list' names them")
        }
        guard let strategyClass = StrategyCatalog.bundled.strategyClass(named: record.className) else {
            throw CommandFailure(.data, "there is no class '\(StrategyClass.title(of: record.className))'")
        }
        let registration = try record.registration(
            descriptors: strategyClass.descriptor.parameters, instrument: InstrumentID(0))
        return EvidenceGate.Subject(
            name: name, className: record.className, parameters: values(registration.parameters),
            series: record.instrument.name, timeframe: record.timeframe)
    }

    /// The values of parameters by name.
    static func values(_ parameters: Parameters) -> [(name: String, value: Double)] {
        zip(parameters.descriptors, parameters.values).map { ($0.name, $1) }
    }
}
