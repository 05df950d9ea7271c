import ArgumentParser
import Backtesting
import Settings

/// What a backtest assumes of its market beyond fees and fill rules.
struct BacktestAssumptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Trade on margin: how many times the margin positions may be worth.", valueName: "times"))
    var leverage: String?

    @Option(help: ArgumentHelp("What carries a position: isolated (default) or cross.", valueName: "mode"))
    var margin: String?

    @Option(
        name: .customLong("maintenance-tiers"),
        help: ArgumentHelp(
            "Lines of FROM,PERCENT: the maintenance margin from a notional on (default: a usual table).",
            valueName: "file"), completion: .file())
    var maintenanceTiers: String?

    @Option(
        name: .customLong("liquidation-fee-bps"), parsing: .unconditional,
        help: ArgumentHelp("The fee of a liquidation (default: 50).", valueName: "bps"))
    var liquidationFee: String?

    @Option(
        name: .customLong("funding-rate-bps"), parsing: .unconditional,
        help: ArgumentHelp("What longs pay shorts each time, of the notional.", valueName: "bps"))
    var fundingRate: String?

    @Option(
        name: .customLong("funding-interval"),
        help: ArgumentHelp("The time between two fundings (default: 8h).", valueName: "duration"))
    var fundingInterval: String?

    @Option(
        help: ArgumentHelp("Lines of TIME,RATE[,MARK]: recorded fundings.", valueName: "file"), completion: .file())
    var funding: String?

    @Option(
        name: .customLong("half-spread-bps"), parsing: .unconditional,
        help: ArgumentHelp("Half the spread, which market fills cross.", valueName: "bps"))
    var halfSpread: String?

    @Option(
        name: .customLong("half-spreads"),
        help: ArgumentHelp("Lines of HOUR,BPS: half the spread by the hour of the UTC day.", valueName: "file"),
        completion: .file())
    var halfSpreads: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The factor k of the impact k·σ·√(quantity ÷ volume) of market fills.", valueName: "factor"))
    var impact: String?

    @Option(
        name: .customLong("impact-window"), parsing: .unconditional,
        help: ArgumentHelp("How many candles σ is measured over (default: 100).", valueName: "count"))
    var impactWindow: String?

    @Option(
        name: .customLong("latency-ms"), parsing: .unconditional,
        help: ArgumentHelp("How long orders, cancels and answers take.", valueName: "entry,cancel,answer"))
    var latency: String?

    @Option(
        name: .customLong("latency-file"),
        help: ArgumentHelp("Lines of recorded milliseconds to draw each way from.", valueName: "file"),
        completion: .file())
    var latencies: String?

    @Option(
        name: .customLong("latency-seed"),
        help: ArgumentHelp("The seed of these draws (default: 1).", valueName: "number"))
    var latencySeed: String?

    @Option(
        help: ArgumentHelp(
            "Lines of FROM,MAKER,TAKER: fees in basis points by the notional of thirty days, instead of --fee-bps.",
            valueName: "file"), completion: .file())
    var fees: String?

    @Option(
        name: .customLong("fee-discount"), parsing: .unconditional,
        help: ArgumentHelp("What is taken off fees paid in a third asset.", valueName: "percent"))
    var feeDiscount: String?

    @Option(
        help: ArgumentHelp(
            "Lines of DATE,OPEN,CLOSE in UTC: when the exchange is open (default: always).", valueName: "file"),
        completion: .file())
    var sessions: String?

    @Option(
        name: .customLong("corporate-actions"), parsing: .singleValue,
        help: ArgumentHelp(
            "Lines of DATE,SPLIT,DIVIDEND: candles before a split are brought to the shares after it, dividends are paid; "
                + "of a portfolio SYMBOL=FILE for each share.", valueName: "file"), completion: .file())
    var corporateActions: [String] = []

    @Option(
        help: ArgumentHelp(
            "The order of a candle's extremes: pessimistic (default), optimistic, nearest, high-first, low-first, or "
                + "both, which reports how much rests on it.", valueName: "path"))
    var path: String?

    /// The options that problems may be about, without their dashes.
    static let options = [
        "leverage", "margin", "maintenance-tiers", "liquidation-fee-bps", "funding-rate-bps", "funding-interval",
        "funding", "half-spread-bps", "half-spreads", "impact", "impact-window", "latency-ms", "latency-file",
        "latency-seed", "fees", "fee-discount", "sessions", "path", "corporate-actions",
    ]

    /// What was said, files read; one that can't be read is a problem of the text.
    var text: AssumptionText {
        var text = AssumptionText()
        text.leverage = leverage
        text.margin = margin
        text.liquidationFeeBasisPoints = liquidationFee
        text.fundingRateBasisPoints = fundingRate
        text.fundingInterval = fundingInterval
        text.halfSpreadBasisPoints = halfSpread
        text.impact = impact
        text.impactWindow = impactWindow
        text.latency = latency
        text.latencySeed = latencySeed
        text.feeDiscountPercent = feeDiscount
        text.path = path
        func read(_ option: String, _ file: String?) -> AssumptionText.TextFile? {
            guard let file else { return nil }
            do throws(SettingsError) {
                return AssumptionText.TextFile(name: file, text: try TextFile.contents(of: file))
            } catch {
                text.problems.append("\(option): \(error.description)")
                return nil
            }
        }
        text.maintenanceTiers = read("maintenance-tiers", maintenanceTiers)
        text.funding = read("funding", funding)
        text.halfSpreads = read("half-spreads", halfSpreads)
        text.latencies = read("latency-file", latencies)
        text.fees = read("fees", fees)
        text.sessions = read("sessions", sessions)
        text.corporateActions = read("corporate-actions", corporateActions.first)
        // What goes with a file has been said with it, even if the file can't be read.
        if text.fees == nil, fees != nil { text.feeDiscountPercent = nil }
        if text.latencies == nil, latencies != nil { text.latencySeed = nil }
        return text
    }

    /// The problems, as they are said, that are files which can't be read.
    var unreadable: [String] { text.problems.map { "--" + $0 } }
}
