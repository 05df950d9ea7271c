import Backtesting
import Engine
import Market
import Settings
import Strategies
import Trading

/// What a portfolio is to run: of a file, or of the options of the command line.
struct PortfolioPlan {
    /// Where problems are, before them: `portfolio.yaml: `; empty for options.
    let place: String
    /// What was asked for, for the history.
    let description: String
    /// The files that its file names, of rules and of corporate actions.
    let files: [String]

    let traders: [Trader]
    /// Where candles come from.
    var sources: [PortfolioCandles.Source]
    let capital: CapitalUse
    let fills: Timeframe?
    let detail: DetailChoice
    /// What is read instead of the files of these paths.
    let texts: [String: String]
    let span: (from: Timestamp?, to: Timestamp?)
    let seed: String?
    let limits: (Currency) throws -> RiskLimits

    /// One strategy.
    struct Trader {
        var name: String?
        var text: BacktestText
        /// Which of `sources` it trades.
        var source: Int
        var timeframe: Timeframe?
        var share: Ratio
        var limits: (Currency) throws -> StrategyLimits
    }

    /// The plan of a file. A span of the command line narrows that of the file; what is assumed of the market is said
    /// there alone.
    init(
        _ file: PortfolioFile, file path: String, _ span: (from: Timestamp?, to: Timestamp?),
        assuming assumptions: AssumptionText, detail: DetailChoice, texts: [String: String]
    ) {
        place = "\(path): "
        var sources: [PortfolioCandles.Source] = []
        traders = file.strategies.map { strategy in
            var text = BacktestText(
                strategy: strategy.className, parameters: strategy.parameters.map { .init($0.name, $0.text) })
            text.cash = file.cash ?? text.cash
            text.feeBasisPoints = file.feeBasisPoints ?? text.feeBasisPoints
            text.makerFeeBasisPoints = file.makerFeeBasisPoints
            text.feeAsset = file.feeAsset
            text.slippageBasisPoints = file.slippageBasisPoints ?? text.slippageBasisPoints
            text.participationPercent = file.participationPercent
            text.waitsForVolume = file.waitsForVolume
            text.sizing = strategy.sizing
            text.stopLossPercent = strategy.stopLossPercent
            text.takeProfitPercent = strategy.takeProfitPercent
            text.trailingStopPercent = strategy.trailingStopPercent
            text.assumptions = assumptions
            let told = file.candles.first { $0.symbol == strategy.symbol }
            let source = PortfolioCandles.Source(
                symbol: strategy.symbol, csv: told?.csv, kind: told?.kind, actions: told?.corporateActions)
            if !sources.contains(source) { sources.append(source) }
            return Trader(
                name: strategy.name, text: text, source: sources.firstIndex(of: source) ?? 0,
                timeframe: strategy.timeframe, share: strategy.capitalShare ?? .one, limits: strategy.limits(in:))
        }
        self.sources = sources
        capital = CapitalUse(rawValue: file.capital) ?? .split
        fills = file.fills
        self.detail = detail
        self.texts = texts
        self.span = (span.from ?? file.from, span.to ?? file.to)
        seed = file.marketSeed.map { "\($0)" }
        limits = file.limits(in:)
        description = path
        var files: [String] = []
        let named = file.strategies.compactMap(\.rulesFile) + file.candles.compactMap(\.corporateActions)
        for file in named where !files.contains(file) { files.append(file) }
        self.files = files
    }

    /// The plan of options: one strategy on every symbol, in equal shares.
    init(
        _ setup: BacktestSetup, _ sources: [PortfolioCandles.Source], capital: CapitalUse, timeframe: Timeframe?,
        fills: Timeframe?, _ span: (from: Timestamp?, to: Timestamp?), seed: String?, detail: DetailChoice
    ) {
        place = ""
        let text = setup.text
        let share = capital == .split ? Ratio(units: Ratio.one.units / Int64(max(sources.count, 1))) : .one
        let file = setup.account.limits
        traders = sources.indices.map { index in
            Trader(name: nil, text: text, source: index, timeframe: timeframe, share: share) { currency in
                try file.map { try LimitFile($0, currency: currency).strategy } ?? .none
            }
        }
        self.sources = sources
        self.capital = capital
        self.fills = fills
        self.detail = detail
        texts = [:]
        self.span = span
        self.seed = seed
        limits = { currency in try file.map { try LimitFile($0, currency: currency).account } ?? .none }
        files = []
        description = sources.map { $0.symbol ?? $0.csv ?? "" }.joined(separator: " ")
    }
}
