import ArgumentParser
import Backtesting

/// Which strategy a backtest tries, and how it trades.
struct BacktestSetup: ParsableArguments {
    @Option(
        help: ArgumentHelp("The strategy class; 'wick strategy classes' lists them.", valueName: "class"))
    var strategy: String?

    @Option(
        name: .customLong("param"), parsing: .singleValue,
        help: ArgumentHelp("A parameter of the strategy; may be given several times.", valueName: "name=value"))
    var parameters: [String] = []

    @OptionGroup var account: BacktestAccount

    /// What was said, in the words of the backtest.
    var text: BacktestText {
        var text = BacktestText(strategy: strategy ?? "")
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { text.parameters.append(.init(String(parts[0]), String(parts[1]))) }
        }
        account.apply(to: &text)
        return text
    }

    /// Everything that is wrong, in words, without knowing the instrument.
    var problems: [String] {
        var problems: [String] = []
        for parameter in parameters where !parameter.contains("=") {
            problems.append("--param: '\(parameter)' is not NAME=VALUE (fast=20)")
        }
        if strategy == nil {
            problems.append("--strategy: missing; expected a class of 'wick strategy classes', as sma-crossover")
        }
        let found = BacktestAccount.problems(of: text, .bundled)
        return problems + found.filter { strategy != nil || !$0.hasPrefix("strategy:") }.map { "--" + $0 }
    }
}
