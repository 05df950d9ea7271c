import Backtesting
import Market
import Optimization
import Storage
import Strategies
import Studies
import Trading

/// A search on its way from the command line to the store: candles, plan and study.
struct SearchSession {
    var series: CandleSeries
    var plan: StudyPlan
    var store: Store
    var study: StudyRecord
    var workers: Int
    var interruption: SearchInterruption
    /// The seed of candles that were made.
    var marketSeed: UInt64?
    /// Whether what comes of it is evidence: its candles are those of the store.
    var keepsEvidence: Bool

    /// What a search is asked for, before its candles are read.
    struct Request {
        var kind: String
        var source: BacktestSource
        var setup: BacktestSetup
        var options: SearchOptions
        var data: DataOptions
        var sampler: Sampler
        var seed: UInt64
        /// The count of trials; `nil` for every combination.
        var count: Int?
        var batch: Int
        var isPruning: Bool
        /// Whether everything but switches is searched where no range is given.
        var searchesAll: Bool
        /// What its results depend on besides.
        var definition: [(String, String)] = []
        /// What else is wrong.
        var problems: [String]
    }

    /// The fingerprint of the shorter candles that orders are filled on.
    var detailHash: String? { plan.configuration.detail?.fingerprint }

    /// Grids above this are a mistake more often than a wish.
    static let largestGrid = 1_000_000

    /// Reads the candles and opens the study.
    ///
    /// - Throws: `CommandFailure` with everything that is wrong with the options, or with a study that is another one.
    static func open(_ asked: Request) throws -> SearchSession {
        var problems: [String] = []
        let values = asked.options.values(&problems)
        problems += asked.problems + asked.setup.account.singleRunProblems
        problems += asked.setup.account.singleInstrumentProblems
        let search = searchText(asked, &problems)
        // The parameters are read as a search above; without them the run has the strategy's defaults.
        var setup = asked.setup
        setup.parameters = setup.parameters.filter { !$0.contains("=") }
        var request = BacktestSource.Request()
        do {
            request = try asked.source.request(usual: try setup.rules.read()?.text.timeframe) { setup.problems($0) }
        } catch let failure as CommandFailure {
            problems = failure.description.split(separator: "\n").map(String.init) + problems
        }
        let count = asked.count ?? search?.space.count ?? 0
        if count > largestGrid {
            problems.append("--param: \(count) combinations are too many to try; expected at most \(largestGrid)")
        }
        guard problems.isEmpty, let search, let objective = values.objective else {
            throw CommandFailure(usage: problems, unreadable: setup.account.market.unreadable)
        }
        let line = ProgressLine(asked.kind)
        setup.parameters = []
        let text = setup.text
        let candles = try asked.source.candles(request, assuming: text.assumptions, asked.data, line)
        let series = candles.series
        line.clear()
        var configuration = try text.configuration(over: candles)
        try setup.account.applyLimits(to: &configuration)
        let runProblems = configuration.problems(for: series)
        guard runProblems.isEmpty else { throw CommandFailure(usage: runProblems.map { "--" + $0 }) }
        let plan = StudyPlan(
            configuration: configuration, fixed: search.fixed, space: search.space, sampler: asked.sampler,
            seed: asked.seed, count: min(count, search.space.count ?? count), batch: asked.batch,
            isPruning: asked.isPruning, objective: objective, constraints: values.constraints)
        let store = try asked.data.store()
        let study = try study(asked, plan, series, text, store)
        return SearchSession(
            series: series, plan: plan, store: store, study: study, workers: values.workers,
            interruption: SearchInterruption(), marketSeed: try asked.source.origin(request, asked.data).seed,
            keepsEvidence: asked.source.csv == nil)
    }

    private static func searchText(_ asked: Request, _ problems: inout [String]) -> SearchText? {
        guard let strategyClass = StrategyCatalog.bundled.strategyClass(named: asked.setup.text.strategy) else {
            return nil
        }
        var written: [(name: String, text: String)] = []
        for parameter in asked.setup.parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { written.append((String(parts[0]), String(parts[1]))) }
        }
        let search = SearchText(written, of: strategyClass.descriptor.parameters, searchesAll: asked.searchesAll)
        problems += search.problems
        if search.problems.isEmpty, search.space.dimensions.isEmpty {
            problems.append("--param: nothing to vary; expected a range or a list, as fast=5..50/5 or slow=20,50,100")
        } else if asked.sampler == .grid, search.space.count == nil {
            problems.append("--param: a grid needs a step in every range, as width=1..3/0.5")
        }
        return search
    }

    private static func study(
        _ asked: Request, _ plan: StudyPlan, _ series: CandleSeries, _ text: BacktestText, _ store: Store
    ) throws -> StudyRecord {
        guard !series.candles.isEmpty else { throw CommandFailure(.noInput, "there are no candles") }
        var record = StudyRecord(
            name: asked.options.study ?? "", kind: asked.kind, plan: plan, over: series, text: text,
            more: asked.definition, at: Environment.now)
        if asked.options.resume {
            if asked.options.study == nil {
                guard let known = try store.studies().first(where: { $0.isSame(as: record) }) else {
                    throw CommandFailure(
                        .noInput, "--resume: there is no study of these options and candles; leave --resume out")
                }
                record.name = known.name
            } else if try store.study(named: record.name) == nil {
                throw CommandFailure(.noInput, "--resume: there is no study '\(record.name)'; leave --resume out")
            }
        }
        let (study, isNew) = try store.open(record)
        if !isNew { try check(study, record) }
        return study
    }

    /// A study goes on only as what it was.
    private static func check(_ study: StudyRecord, _ asked: StudyRecord) throws {
        let differences = study.differences(from: asked)
        if study.isSame(as: asked) { return }
        throw CommandFailure(
            .data,
            (["--study: '\(study.name)' is another search; choose another name, or the same options"] + differences)
                .joined(separator: "\n"))
    }
}
