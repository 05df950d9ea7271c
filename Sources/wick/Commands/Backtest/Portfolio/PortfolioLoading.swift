import Backtesting
import Engine
import Ingestion
import Market
import Settings
import Strategies
import Trading

// The candles of a portfolio, and its configuration over them.
extension PortfolioPlan {
    /// What is run, and where the candles of the first series came from.
    struct Loaded {
        var series: [CandleSeries]
        /// The shorter candles that orders are filled on.
        var details: [CandleSeries]
        var configuration: PortfolioConfiguration
        var source: RunOrigin.Source
        /// The seed of candles that were made.
        var seed: UInt64?
    }

    /// Reads the candles and makes the configuration; all that is missing is said at once.
    func load(_ data: DataOptions, _ line: ProgressLine) throws -> Loaded {
        var found: [RunCandles] = []
        var origins: [(source: RunOrigin.Source, seed: UInt64?)] = []
        var problems: [String] = []
        var status = ExitStatus.noInput.rawValue
        for index in sources.indices {
            do {
                let (candles, origin) = try candles(of: index, data, line)
                found.append(candles)
                origins.append(origin)
            } catch {
                guard let failure = CommandFailure(reason: error) else { throw error }
                status = failure.status
                let told = failure.description.split(separator: "\n").map(String.init)
                for problem in told where !problems.contains(problem) { problems.append(problem) }
            }
        }
        line.clear()
        guard problems.isEmpty else {
            var failure = CommandFailure(.noInput, problems.map { place + $0 }.joined(separator: "\n"))
            failure.status = status
            throw failure
        }
        let details = try details(found)
        let made = try configuration(found.map(\.series))
        var configuration = made.configuration
        configuration.details = details
        return Loaded(
            series: made.series, details: details, configuration: configuration,
            source: origins.first?.source ?? .store, seed: origins.lazy.compactMap(\.seed).first)
    }

    /// The candles that drive the fills of a symbol: the longest that all of its strategies can be served with.
    private func base(of source: Int) -> Timeframe {
        let wanted =
            traders.filter { $0.source == source }.map { $0.timeframe ?? .oneMinute } + [fills].compactMap { $0 }
        return Timeframe.all.last { base in
            wanted.allSatisfy { $0 >= base && $0.seconds % base.seconds == 0 }
        } ?? .oneMinute
    }

    /// Whether it is said anywhere how long the candles of a symbol are.
    private func saysTimeframe(of source: Int) -> Bool {
        fills != nil || traders.contains { $0.source == source && $0.timeframe != nil }
    }

    private func candles(
        of index: Int, _ data: DataOptions, _ line: ProgressLine
    ) throws -> (RunCandles, (source: RunOrigin.Source, seed: UInt64?)) {
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
        if wanted.mayBeMade { add("--market-seed", seed) }
        // A file has the candles it has; they are made longer below.
        if wanted.csv == nil { add("--timeframe", base.description) }
        let isPlain = wanted.csv != nil || base == .oneMinute
        add("--detail", (isPlain ? DetailChoice.none : detail).rawValue)
        line.show(Double(index) / Double(sources.count), wanted.symbol ?? wanted.csv ?? "")
        func read(_ arguments: [String]) throws -> (BacktestSource, BacktestSource.Request, RunCandles) {
            let source = try BacktestSource.parse(arguments)
            let request = try source.request { _ in [] }
            return (source, request, try source.candles(request, assuming: AssumptionText(), data, line))
        }
        var (source, request, candles): (BacktestSource, BacktestSource.Request, RunCandles)
        do {
            (source, request, candles) = try read(arguments)
        } catch let error as IngestionError
            where error.kind == .notCandles && wanted.csv != nil && saysTimeframe(of: index)
        {
            // Rows may not show how long they are; then what is traded on them says it.
            (source, request, candles) = try read(arguments + ["--timeframe", base.description])
        }
        if wanted.csv != nil, candles.series.timeframe == .oneMinute, base > .oneMinute {
            let minutes = candles.series
            candles = RunCandles(minutes.resampled(to: base), detail: detail == .none ? nil : minutes)
        }
        return (try candles.adjusted(by: try actions(of: index)), try source.origin(request, data))
    }

    /// The corporate actions of a symbol.
    private func actions(of index: Int) throws -> AssumptionText.TextFile? {
        try sources[index].actions.map { path in
            do {
                return AssumptionText.TextFile(name: path, text: try texts[path] ?? TextFile.contents(of: path))
            } catch let error as SettingsError {
                throw CommandFailure(.noInput, "corporate actions: \(error.description)")
            }
        }
    }

    /// The shorter candles for fills: of all symbols with longer ones, or, where they are missing of one, of none, so that
    /// all orders are filled alike.
    private func details(_ found: [RunCandles]) throws -> [CandleSeries] {
        let details = found.compactMap(\.detail)
        let bare = found.first { $0.series.timeframe > .oneMinute && $0.detail == nil }?.series
        if detail == .minutes, let bare {
            throw CommandFailure(
                .data,
                "--detail: there are no minutes of \(bare.instrument.name); '--detail auto' does without them then")
        }
        if detail == .minutes, details.isEmpty {
            throw CommandFailure(usage: ["--detail: the candles are minutes already"])
        }
        return bare == nil ? details : []
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
        guard var account else { throw CommandFailure(.usage, "\(place)there is no strategy") }
        for index in sources.indices {
            let instrument = series[index].instrument
            guard let file = try actions(of: index),
                let payments = try CorporateActions(file, for: instrument).payments
            else { continue }
            guard account.conditions.funding == nil else {
                throw CommandFailure(usage: ["--corporate-actions: what pays dividends exchanges no funding"])
            }
            account.conditions.payments[instrument.name] = payments
        }
        return (
            series,
            PortfolioConfiguration(
                strategies: strategies, cash: account.cash, venue: account.venue, conditions: account.conditions,
                accountLimits: try limits(account.cash.currency), capital: capital)
        )
    }
}
