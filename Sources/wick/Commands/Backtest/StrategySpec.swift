import ArgumentParser
import Backtesting
import Strategies

/// A strategy as `--strategy` of a comparison names it: `sma-crossover:fast=20,slow=50`, or `hold`.
struct StrategySpec: ExpressibleByArgument, Hashable {
    /// As it was written; rows are called so.
    var text: String

    init(argument: String) { text = argument }

    /// The class.
    var strategy: String { String(text.split(separator: ":", maxSplits: 1).first ?? "") }

    /// Whether it is what the others are measured by.
    var isBenchmark: Bool { strategy == BuyAndHold.descriptor.name }

    private var pairs: [Substring] {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? parts[1].split(separator: ",", omittingEmptySubsequences: false) : []
    }

    /// The backtest of it, with the options of the account.
    func backtest(_ account: BacktestAccount) -> BacktestText {
        var backtest = BacktestText(strategy: strategy)
        add(to: &backtest)
        account.apply(to: &backtest)
        if isBenchmark {
            // A position that a stop ends is not held.
            backtest.stopLossPercent = nil
            backtest.takeProfitPercent = nil
            backtest.trailingStopPercent = nil
        }
        return backtest
    }

    /// What is wrong with it as it is written; its parameters are judged by their class.
    var problems: [String] {
        var written = BacktestText(strategy: strategy)
        add(to: &written)
        return pairs.filter { !$0.contains("=") }.map {
            "'\($0)' is not NAME=VALUE; expected \(strategy):fast=20,slow=50 for example"
        } + written.repeatedParameters.map { "param \($0): given twice; expected once" }
    }

    private func add(to backtest: inout BacktestText) {
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { backtest.parameters.append(.init(String(parts[0]), String(parts[1]))) }
        }
    }
}

extension BacktestText {
    /// The names of parameters that are given more than once, each once.
    var repeatedParameters: [String] {
        var counts: [String: Int] = [:]
        return parameters.map(\.name).filter { name in
            counts[name, default: 0] += 1
            return counts[name] == 2
        }
    }
}
