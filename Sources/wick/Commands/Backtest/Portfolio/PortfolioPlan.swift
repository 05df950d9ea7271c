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
    /// The files of rules that its file names.
    let rulesFiles: [String]

    private let traders: [Trader]
    private let sources: [PortfolioCandles.Source]
    private let capital: CapitalUse
    private let fills: Timeframe?
    private let span: (from: Timestamp?, to: Timestamp?)
    private let seed: String?
    private let limits: (Currency) throws -> RiskLimits

    /// One strategy.
    private struct Trader {
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
        assuming assumptions: AssumptionText
    ) {
        place = "\(path): "
        var sources: [PortfolioCandles.Source] = []
        traders = file.strategies.map { strategy in
            var text = BacktestText(
                strategy: strategy.className, parameters: strategy.parameters.map { .init($0.name, $0.text) })
            text.cash = file.cash ?? text.cash
            text.feeBasisPoints = file.feeBasisPoints ?? text.feeBasisPoints
            text.makerFeeBasisPoints = file.makerFeeBasisPoints
            text.slippageBasisPoints = file.slippageBasisPoints ?? text.slippageBasisPoints
            text.participationPercent = file.participationPercent
            text.waitsForVolume = file.waitsForVolume
            text.sizing = strategy.sizing
            text.stopLossPercent = strategy.stopLossPercent
            text.takeProfitPercent = strategy.takeProfitPercent
            text.trailingStopPercent = strategy.trailingStopPercent
            text.assumptions = assumptions
            let told = file.candles.first { $0.symbol == strategy.symbol }
            let source = PortfolioCandles.Source(symbol: strategy.symbol, csv: told?.csv, kind: told?.kind)
            if !sources.contains(source) { sources.append(source) }
            return Trader(
                name: strategy.name, text: text, source: sources.firstIndex(of: source) ?? 0,
                timeframe: strategy.timeframe, share: strategy.capitalShare ?? .one, limits: strategy.limits(in:))
        }
        self.sources = sources
        capital = CapitalUse(rawValue: file.capital) ?? .split
        fills = file.fills
        self.span = (span.from ?? file.from, span.to ?? file.to)
        seed = file.marketSeed.map { "\($0)" }
        limits = file.limits(in:)
        description = path
        var rules: [String] = []
        for file in file.strategies.compactMap(\.rulesFile) where !rules.contains(file) { rules.append(file) }
        rulesFiles = rules
    }

    /// The plan of options: one strategy on every symbol, in equal shares.
    init(
        _ setup: BacktestSetup, _ sources: [PortfolioCandles.Source], capital: CapitalUse, timeframe: Timeframe?,
        fills: Timeframe?, _ span: (from: Timestamp?, to: Timestamp?), seed: String?
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
        self.span = span
        self.seed = seed
        limits = { currency in try file.map { try LimitFile($0, currency: currency).account } ?? .none }
        rulesFiles = []
        description = sources.map { $0.symbol ?? $0.csv ?? "" }.joined(separator: " ")
    }

    // MARK: Loading

    /// What is run, and where the candles of the first series came from.
    struct Loaded {
        var series: [CandleSeries]
        var configuration: PortfolioConfiguration
        var source: RunOrigin.Source
        /// The seed of candles that were made.
        var seed: UInt64?
    }

    /// Reads the candles and makes the configuration; all that is missing is said at once.
    func load(_ data: DataOptions, _ line: ProgressLine) throws -> Loaded {
        var series: [CandleSeries?] = []
        var origins: [(source: RunOrigin.Source, seed: UInt64?)] = []
        var problems: [String] = []
        var status = ExitStatus.noInput.rawValue
        for index in sources.indices {
            do {
                let (found, origin) = try candles(of: index, data, line)
                series.append(found)
                origins.append(origin)
            } catch {
                guard let failure = CommandFailure(reason: error) else { throw error }
                series.append(nil)
                status = failure.status
                let found = failure.description.split(separator: "\n").map(String.init)
                for problem in found where !problems.contains(problem) { problems.append(problem) }
            }
        }
        line.clear()
        guard problems.isEmpty else {
            var failure = CommandFailure(.noInput, problems.map { place + $0 }.joined(separator: "\n"))
            failure.status = status
            throw failure
        }
        let (found, configuration) = try configuration(series.compactMap { $0 })
        return Loaded(
            series: found, configuration: configuration, source: origins.first?.source ?? .store,
            seed: origins.lazy.compactMap(\.seed).first)
    }

    /// The candles that drive the fills of a symbol: the longest that all of its strategies can be served with.
    private func base(of source: Int) -> Timeframe {
        let wanted =
            traders.filter { $0.source == source }.map { $0.timeframe ?? .oneMinute } + [fills].compactMap { $0 }
        return Timeframe.all.last { base in
            wanted.allSatisfy { $0 >= base && $0.seconds % base.seconds == 0 }
        } ?? .oneMinute
    }

    private func candles(
        of index: Int, _ data: DataOptions, _ line: ProgressLine
    ) throws -> (CandleSeries, (source: RunOrigin.Source, seed: UInt64?)) {
        let wanted = sources[index]
        let base = base(of: index)
        var arguments: [String] = []
        func add(_ option: String, _ value: String?) {
            if let value { arguments += [option, value] }
        }
        add("--symbol", wanted.symbol)
        add("--csv", wanted.csv)
        add("--kind", wanted.kind)
        add("--from", span.from?.description)
        add("--to", span.to?.description)
        add("--market-seed", seed)
        // A file has the candles it has; they are made longer below.
        if wanted.csv == nil { add("--timeframe", base.description) }
        let source = try BacktestSource.parse(arguments)
        line.show(Double(index) / Double(sources.count), wanted.symbol ?? wanted.csv ?? "")
        let request = try source.request { _ in [] }
        let series = try source.series(request, data, line)
        let longer = series.timeframe == .oneMinute && base > .oneMinute ? series.resampled(to: base) : series
        return (longer, try source.origin(request, data))
    }

    private func configuration(
        _ found: [CandleSeries]
    ) throws -> (series: [CandleSeries], configuration: PortfolioConfiguration) {
        var series = found
        var strategies: [PortfolioStrategy] = []
        var account: BacktestConfiguration?
        for (index, trader) in traders.enumerated() {
            let instrument = series[trader.source].instrument
            let single: BacktestConfiguration
            do throws(BacktestError) {
                single = try trader.text.configuration(for: instrument)
            } catch {
                guard case .invalid(let problems) = error, let name = trader.name else { throw error }
                throw CommandFailure(usage: problems.map { "\(place)\(name): \($0)" })
            }
            account = account ?? single
            if let step = single.quantityStep {
                series[trader.source].instrument.rules.quantityStep = step
                series[trader.source].instrument.rules.marketQuantityStep = .zero
            }
            strategies.append(
                PortfolioStrategy(
                    number: index + 1,
                    name: trader.name ?? "\(StrategyClass.title(of: single.strategy)) \(instrument.symbol)",
                    strategy: single.strategy, parameters: single.parameters, instrument: instrument.name,
                    timeframe: trader.timeframe, sizing: single.sizing, capitalShare: trader.share,
                    protection: single.protection, limits: try trader.limits(single.cash.currency)))
        }
        guard let account else { throw CommandFailure(.usage, "\(place)there is no strategy") }
        return (
            series,
            PortfolioConfiguration(
                strategies: strategies, cash: account.cash, venue: account.venue, conditions: account.conditions,
                accountLimits: try limits(account.cash.currency), capital: capital)
        )
    }
}
