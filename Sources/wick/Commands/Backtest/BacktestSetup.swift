import ArgumentParser
import Backtesting
import Market
import Settings

/// Which strategy a backtest tries, and how it trades.
struct BacktestSetup: ParsableArguments {
    @Option(
        help: ArgumentHelp("The strategy class; 'wick strategy classes' lists them.", valueName: "class"))
    var strategy: String?

    @OptionGroup var rules: RuleOption

    @Option(
        name: .customLong("param"), parsing: .singleValue,
        help: ArgumentHelp("A parameter of the strategy; may be given several times.", valueName: "name=value"))
    var parameters: [String] = []

    @OptionGroup var account: BacktestAccount

    /// What was said, in the words of the backtest.
    var text: BacktestText {
        // That rules are wrong is said when the options are looked at.
        let ruled = rules.file.flatMap { try? RuleFile($0).rules.text.className }
        var text = BacktestText(strategy: strategy ?? ruled ?? "")
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { text.parameters.append(.init(String(parts[0]), String(parts[1]))) }
        }
        account.apply(to: &text)
        return text
    }

    /// Everything that is wrong, in words, without knowing the instrument.
    ///
    /// - Parameter timeframe: the candles that it is to see.
    func problems(_ timeframe: Timeframe) -> [String] {
        var problems: [String] = []
        for parameter in parameters where !parameter.contains("=") {
            problems.append("--param: '\(parameter)' is not NAME=VALUE (fast=20)")
        }
        problems += text.repeatedParameters.map { "--param \($0): given twice; expected once" }
        if strategy != nil && rules.file != nil {
            problems.append("--rules: '--strategy' names a class; give one of the two")
        }
        if strategy == nil && rules.file == nil {
            problems.append(
                "--strategy: missing; expected a class of 'wick strategy classes', as sma-crossover, or --rules FILE")
        }
        let found = BacktestAccount.problems(of: text, .bundled, timeframe)
        return problems + found.filter { !text.strategy.isEmpty || !$0.hasPrefix("strategy:") }.map { "--" + $0 }
    }
}
