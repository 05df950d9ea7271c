import ArgumentParser
import Backtesting
import Market
import Settings
import Strategies
import Trading

/// The account of a backtest: what it begins with, pays and may do.
struct BacktestAccount: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The cash it begins with, in the quote currency.", valueName: "amount"))
    var cash = "10000"

    @Option(
        name: .customLong("fee-bps"), parsing: .unconditional,
        help: ArgumentHelp("The fee in basis points (default: 10).", valueName: "bps"))
    var fee: String?

    @Option(
        name: .customLong("maker-fee-bps"), parsing: .unconditional,
        help: ArgumentHelp("The fee of orders that rested (default: --fee-bps).", valueName: "bps"))
    var makerFee: String?

    @Option(
        name: .customLong("fee-asset"),
        help: ArgumentHelp(
            "What buyers of a spot instrument pay fees in: quote, or base for what they bought (default: quote).",
            valueName: "asset"))
    var feeAsset: String?

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

    @OptionGroup(title: "Market") var market: BacktestAssumptions

    /// What stands against a run whose result is one of several: only a single run reports both ways through its candles.
    var singleRunProblems: [String] {
        market.path?.lowercased() == "both"
            ? ["--path: 'both' is for 'wick backtest run' alone; expected one of the ways"] : []
    }

    /// What stands against runs over a single instrument.
    var singleInstrumentProblems: [String] {
        market.corporateActions.count > 1
            ? ["--corporate-actions: there is one instrument; expected one file"] : []
    }

    /// What stands against fills by a recording, which says itself what these assume.
    var recordingProblems: [String] {
        let said: [(String, Bool)] = [
            ("path", market.path?.lowercased() == "both"), ("leverage", market.leverage != nil),
            ("funding", market.funding != nil), ("funding-rate-bps", market.fundingRate != nil),
            ("half-spread-bps", market.halfSpread != nil), ("half-spreads", market.halfSpreads != nil),
            ("impact", market.impact != nil), ("latency-ms", market.latency != nil),
            ("latency-file", market.latencies != nil), ("sessions", market.sessions != nil),
            ("corporate-actions", !market.corporateActions.isEmpty),
        ]
        return said.filter(\.1).map { name, _ in
            "--\(name): is of candles alone; with --book orders are filled on what the capture says"
        }
    }

    /// The options that problems may be about, without their dashes.
    static let options =
        [
            "cash", "fee-bps", "maker-fee-bps", "fee-asset", "slippage-bps", "sizing", "quantity-step", "stop-loss",
            "take-profit",
            "trailing-stop", "participation",
        ] + BacktestAssumptions.options

    /// Puts the options into the words of the backtest.
    func apply(to text: inout BacktestText) {
        text.cash = cash
        if let fee { text.feeBasisPoints = fee }
        text.makerFeeBasisPoints = makerFee
        text.feeAsset = feeAsset
        text.slippageBasisPoints = slippage
        text.sizing = sizing
        text.quantityStep = quantityStep
        text.participationPercent = participation
        text.stopLossPercent = stopLoss
        text.takeProfitPercent = takeProfit
        text.trailingStopPercent = trailingStop
        text.waitsForVolume = waitsForVolume
        text.assumptions = market.text
        if fee != nil, market.fees != nil {
            text.assumptions.problems.append("fee-bps: says nothing with --fees, whose lines say what takers pay")
        }
    }

    /// Applies the limits of the file, where one is named.
    func applyLimits(to configuration: inout BacktestConfiguration) throws {
        guard let limits else { return }
        let file = try LimitFile(limits, currency: configuration.cash.currency)
        configuration.accountLimits = file.account
        configuration.strategyLimits = file.strategy
    }

    /// Everything that is wrong with a backtest, in words, each beginning with the option's name, without knowing the
    /// instrument.
    ///
    /// - Parameter timeframe: the candles that it is to see.
    static func problems(
        of text: BacktestText, _ catalog: StrategyCatalog, _ timeframe: Timeframe = .oneMinute
    ) -> [String] {
        do throws(BacktestError) {
            // Any instrument tells what is wrong; the real one is known when its candles are read.
            let configuration = try text.configuration(for: anyInstrument, catalog: catalog)
            let series = CandleSeries(instrument: anyInstrument, timeframe: timeframe, candles: [])
            return configuration.problems(for: series).filter { !$0.hasPrefix("series:") }
        } catch {
            if case .invalid(let found) = error { return found }
            return []
        }
    }

    private static let anyInstrument = Instrument(
        venue: "ANY", symbol: "ANY", kind: .linearPerpetual, base: Currency("BASE")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
}
