import ArgumentParser
import Engine
import Market
import Storage
import Strategies
import Trading

/// `wick strategy …`
struct StrategyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strategy", abstract: "Register strategies, switch them, change their parameters.",
        discussion: """
            Examples:
              wick strategy classes
              wick strategy add trend --class sma-crossover --symbol SYNTHETIC:BTCUSDT --timeframe 5m \\
                --param fast=20 --param slow=50 --sizing percent:20 --stop-loss 2 --enable
              wick strategy disable trend
              wick strategy check pullback.yaml
              wick strategy add dips --rules pullback.yaml --symbol SYNTHETIC:BTCUSDT --sizing percent:20 --enable
            A running engine does it at once; without one, the next does.
            """,
        subcommands: [
            StrategyClasses.self, StrategyList.self, StrategyShow.self, StrategyAdd.self, StrategySet.self,
            StrategyRemove.self, StrategyEnable.self, StrategyDisable.self, StrategyCheck.self,
            StrategyEvidence.self,
        ])
}

/// `wick strategy classes`
struct StrategyClasses: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classes", abstract: "List the strategy classes and their parameters.",
        discussion: "Example: wick strategy classes --json")

    @OptionGroup var print: PrintOptions

    private struct Row {
        var name: String
        var summary: String
        var parameters: [Parameter]

        struct Parameter {
            var name: String
            var meaning: String
            var unit: String
            var defaultValue: Double
            var minimum: Double
            var maximum: Double
            var step: Double
            var isInteger: Bool
            var isSwitch: Bool
        }
    }

    func run() throws {
        let descriptors = StrategyCatalog.bundled.classes.map { $0.descriptor }
        if print.isJSON {
            return JSON.print(descriptors.map(StrategyClasses.row))
        }
        for descriptor in descriptors {
            Output.line("\(descriptor.name)\n  \(descriptor.summary)")
            var table = Table(.text("  parameter"), .number("default"), .text("allowed"), .text("meaning"))
            for parameter in descriptor.parameters {
                let unit = parameter.unit.isEmpty ? "" : " (\(parameter.unit))"
                table.add(
                    "  " + parameter.name, parameter.text(parameter.defaultValue), parameter.expectation,
                    parameter.meaning + unit)
            }
            table.print(whenEmpty: "  no parameters")
            Output.line("")
        }
    }

    private static func row(_ descriptor: StrategyDescriptor) -> Row {
        Row(
            name: descriptor.name, summary: descriptor.summary,
            parameters: descriptor.parameters.map {
                Row.Parameter(
                    name: $0.name, meaning: $0.meaning, unit: $0.unit, defaultValue: $0.defaultValue,
                    minimum: $0.bounds.lowerBound, maximum: $0.bounds.upperBound, step: $0.step,
                    isInteger: $0.isInteger, isSwitch: $0.isSwitch)
            })
    }
}

/// `wick strategy list`
struct StrategyList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the registered strategies.", discussion: "Example: wick strategy list")

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let rows = try rows()
        if print.isJSON { return JSON.print(rows) }
        var table = Table(
            .text("name"), .text("class"), .text("parameters"), .text("symbol"), .text("timeframe"), .text("sizing"),
            .text("protection"), .text("status"))
        for row in rows {
            let status = row.reason.isEmpty ? row.status : "\(row.status): \(row.reason)"
            table.add(
                row.name, row.className, row.parameterText, row.symbol, row.timeframe, row.sizing, row.protectionText,
                status)
        }
        table.print(whenEmpty: "no strategy is registered; 'wick strategy add --help' shows how")
    }

    /// What the running engine says, and behind it what only the store knows: strategies of other sessions' instruments.
    private func rows() throws -> [StrategyRow] {
        let stored = try data.withAccount { try $0.strategies() }.map { StrategyRow($0) }
        guard let live = try data.runningEngine()?.strategies() else { return stored }
        return live.registered.map { StrategyRow($0) }
            + stored.filter { row in
                !live.removed.contains(row.name) && !live.registered.contains { $0.name == row.name }
            }
    }
}

/// `wick strategy show NAME`
struct StrategyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one strategy: how it is registered and, where an engine runs, how it fares.",
        discussion: "Example: wick strategy show trend")

    @Argument(help: "The strategy's name.") var name: String
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Detail {
        var strategy: StrategyRow
        var live: StrategyMessage?
    }

    func run() throws {
        let known = try data.runningEngine()?.strategies()
        let live = known?.registered.first { $0.name == name }
        let row = try live.map { StrategyRow($0) } ?? stored(isRemoved: known?.removed.contains(name) == true)
        if print.isJSON { return JSON.print(Detail(strategy: row, live: live)) }
        var lines = [
            ("name", row.name), ("class", row.className), ("parameters", row.parameterText), ("symbol", row.symbol),
            ("timeframe", row.timeframe), ("sizing", row.sizing), ("capital share", row.capitalSharePercent + "%"),
            ("protection", row.protectionText), ("status", row.status),
        ]
        lines += row.ruleLines
        if !row.reason.isEmpty { lines.append(("reason", row.reason)) }
        if let live {
            lines += [
                ("position", live.position), ("day profit", live.dayProfit), ("total profit", live.totalProfit),
                ("round trips", "\(live.tripCount), \(live.winCount) won"),
                ("warm-up", live.warmUpRemaining == 0 ? "done" : "\(live.warmUpRemaining) candles to go"),
            ]
        }
        for (title, value) in lines {
            Output.line(title + String(repeating: " ", count: 15 - title.count) + value)
        }
    }

    /// What the store says of a strategy that no engine runs.
    private func stored(isRemoved: Bool) throws -> StrategyRow {
        guard !isRemoved, let record = try data.withAccount({ try $0.strategy(named: name) }) else {
            throw CommandFailure(.refused, "there is no strategy named '\(name)'; 'wick strategy list' names them")
        }
        return StrategyRow(record)
    }
}
