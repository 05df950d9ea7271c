import ArgumentParser
import Backtesting
import Market
import Settings

/// How a backtest trades.
struct BacktestSetup: ParsableArguments {
    @Option(
        help: ArgumentHelp("The strategy class; 'wick strategy classes' lists them.", valueName: "class"))
    var strategy: String?

    @Option(
        name: .customLong("param"), parsing: .singleValue,
        help: ArgumentHelp("A parameter of the strategy; may be given several times.", valueName: "name=value"))
    var parameters: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The cash it begins with, in the quote currency.", valueName: "amount"))
    var cash = "10000"

    @Option(
        name: .customLong("fee-bps"), parsing: .unconditional,
        help: ArgumentHelp("The fee in basis points.", valueName: "bps"))
    var fee = "10"

    @Option(
        name: .customLong("maker-fee-bps"), parsing: .unconditional,
        help: ArgumentHelp("The fee of orders that rested (default: --fee-bps).", valueName: "bps"))
    var makerFee: String?

    @Option(
        name: .customLong("slippage-bps"), parsing: .unconditional,
        help: ArgumentHelp("How far market fills are moved against the trader.", valueName: "bps"))
    var slippage = "0"

    @Option(help: ArgumentHelp("How big entries are: all-in, fixed:N of the base asset, percent:P of the equity."))
    var sizing = "all-in"

    @Option(
        name: .customLong("quantity-step"), parsing: .unconditional,
        help: ArgumentHelp("Quantities are multiples of this instead of the instrument's step.", valueName: "quantity"))
    var quantityStep: String?

    @Option(
        name: .customLong("stop-loss"), parsing: .unconditional,
        help: ArgumentHelp("A stop this many percent behind the entry.", valueName: "percent"))
    var stopLoss: String?

    @Option(
        name: .customLong("take-profit"), parsing: .unconditional,
        help: ArgumentHelp("A target this many percent before the entry.", valueName: "percent"))
    var takeProfit: String?

    @Option(
        name: .customLong("trailing-stop"), parsing: .unconditional,
        help: ArgumentHelp("A stop that follows the best close at this many percent.", valueName: "percent"))
    var trailingStop: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most of a candle's volume that orders get, in percent (default: any quantity).", valueName: "percent"))
    var participation: String?

    @Flag(
        name: .customLong("wait-for-volume"),
        help: "Let orders wait for the next candle that traded, instead of filling in one without volume.")
    var waitsForVolume = false

    @Option(
        help: ArgumentHelp(
            "Apply the limits of a file: sections 'risk' for the account, 'strategy' for the strategy.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var limits: String?

    /// What was said, in the words of the backtest.
    var text: BacktestText {
        var text = BacktestText(strategy: strategy ?? "")
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { text.parameters.append(.init(String(parts[0]), String(parts[1]))) }
        }
        text.cash = cash
        text.feeBasisPoints = fee
        text.makerFeeBasisPoints = makerFee
        text.slippageBasisPoints = slippage
        text.sizing = sizing
        text.quantityStep = quantityStep
        text.participationPercent = participation
        text.stopLossPercent = stopLoss
        text.takeProfitPercent = takeProfit
        text.trailingStopPercent = trailingStop
        text.waitsForVolume = waitsForVolume
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
        do throws(BacktestError) {
            // Any instrument tells what is wrong; the real one is known when its candles are read.
            let configuration = try text.configuration(for: BacktestSetup.anyInstrument)
            let series = CandleSeries(instrument: BacktestSetup.anyInstrument, timeframe: .oneMinute, candles: [])
            problems += configuration.problems(for: series).filter { !$0.hasPrefix("series:") }.map { "--" + $0 }
        } catch {
            if case .invalid(let found) = error {
                problems += found.filter { strategy != nil || !$0.hasPrefix("strategy:") }.map { "--" + $0 }
            }
        }
        return problems
    }

    /// Applies the limits of the file, where one is named.
    func applyLimits(to configuration: inout BacktestConfiguration) throws {
        guard let limits else { return }
        let file = try LimitFile(limits, currency: configuration.cash.currency)
        configuration.accountLimits = file.account
        configuration.strategyLimits = file.strategy
    }

    private static let anyInstrument = Instrument(
        venue: "ANY", symbol: "ANY", kind: .linearPerpetual, base: Currency("BASE")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
}
