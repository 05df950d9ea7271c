import Backtesting
import Market
import Simulation
import Storage
import Strategies
import Testing
import Trading

@testable import Studies

@Suite("Searches and audits that fill on shorter candles")
struct DetailStudyTests {
    private let minutes: CandleSeries
    private let series: CandleSeries

    init() {
        let start = Timestamp(iso8601: "2024-02-01T00:00:00Z")!
        let market = SyntheticMarket(seed: 11, start: start)
        let candles = market.candles(InstrumentID(0), from: start, to: start.adding(seconds: 12 * 86_400))
        minutes = CandleSeries(instrument: market.instruments[0], timeframe: .oneMinute, candles: candles)
        series = minutes.resampled(to: Timeframe("1h")!)
    }

    private func plan(detail: CandleSeries?) throws -> StudyPlan {
        var plan = try makePlan([("fast", "2,4"), ("slow", "8,12")], sampler: .grid)
        plan.configuration.protection = Protection(stopLoss: .basisPoints(20), takeProfit: .basisPoints(30))
        plan.configuration.detail = detail
        return plan
    }

    private func trials(_ plan: StudyPlan) throws -> [Trial] {
        let store = try Store.inMemory()
        return try runner(store, study(store, "a", series, plan), plan).run(stage: 0, over: series)
    }

    @Test("a trial is the run of its parameters to the last digit, with minutes and without")
    func trialsAreRuns() throws {
        var figures: [[[Double?]]] = []
        for detail in [minutes, nil] {
            let plan = try plan(detail: detail)
            let trials = try trials(plan)
            #expect(trials.count == 4)
            for trial in trials {
                let run = try Backtest.run(series, plan.configuration(trial.point, past: []))
                #expect(!run.trips.isEmpty)
                #expect(trial.figures == FigureNames.values(run))
            }
            figures.append(trials.map(\.figures))
        }
        #expect(figures[0] != figures[1])
    }

    @Test("a study with minutes is another one than a study without, or with others")
    func identity() throws {
        var revised = minutes
        revised.candles[7].high = Price(mantissa: revised.candles[7].high.mantissa + 1)
        let text = BacktestText(strategy: "sma-crossover")
        var written = text
        written.assumptions.corporateActions = AssumptionText.TextFile(name: "a", text: "2024-02-03,1,0.5\n")
        let records = try [
            (plan(detail: minutes), text), (plan(detail: nil), text), (plan(detail: revised), text),
            (plan(detail: minutes), written),
        ].map { plan, text in
            StudyRecord(name: "a", kind: "sweep", plan: plan, over: series, text: text, at: now)
        }
        for (place, record) in records.enumerated() {
            #expect(records[..<place].allSatisfy { !$0.isSame(as: record) && !$0.differences(from: record).isEmpty })
        }
        #expect(records[0].isSame(as: records[0]))
        #expect(records[0].defined("detail") == "1m \(minutes.fingerprint)")
    }

    @Test("each test of a walk-forward is the run over its window and the minutes inside it")
    func walkForward() throws {
        let plan = try plan(detail: minutes)
        let windows = WalkForwardPlan(train: 4 * 86_400, test: 2 * 86_400).windows(of: series)
        let store = try Store.inMemory()
        let outcome = try WalkForwardRunner(
            runner(store, study(store, "a", series, plan), plan), plan, over: series, windows: windows,
            isCancelled: { false }
        ).run()
        #expect(outcome.steps.count == 4)
        for step in outcome.steps {
            let (best, test) = (try #require(step.best), try #require(step.test))
            var part = series
            part.candles = Array(series.candles[step.window.test])
            var configuration = try plan.configuration(best.point, past: series.candles[..<step.window.test.lowerBound])
            configuration.cash = test.initialEquity
            configuration.detail = minutes.within(part)
            let alone = try Backtest.run(part, configuration)
            #expect(!alone.trips.isEmpty)
            #expect(alone.trips.dropLast() == test.trips.dropLast())
            let isLast = step.window.number == windows.count
            #expect((isLast ? alone : alone.closedOut()).finalEquity == test.finalEquity)
        }
    }

    @Test("a stretch of a cross-validation meets the minutes inside it alone")
    func stretches() throws {
        let plan = try plan(detail: minutes)
        let store = try Store.inMemory()
        let trials = try runner(store, study(store, "a", series, plan), plan).run(
            stage: 1, over: series, in: [20..<120, 160..<260])
        var cash = plan.configuration.cash
        for range in [20..<120, 160..<260] {
            var part = series
            part.candles = Array(series.candles[range])
            var configuration = try plan.configuration(trials[0].point, past: series.candles[..<range.lowerBound])
            configuration.cash = cash
            configuration.detail = minutes.within(part)
            cash = try Backtest.run(part, configuration).closedOut().finalEquity
        }
        let start = Double(plan.configuration.cash.units)
        #expect(trials[0].figure("total_return") == Double(cash.units - plan.configuration.cash.units) / start)
    }

    @Test("the hunters find nothing in an honest strategy whose orders meet minutes")
    func hunters() throws {
        var configuration = run(
            "sma-crossover", series,
            try Parameters(SMACrossover.descriptor.parameters, overrides: [("fast", "2"), ("slow", "8")]))
        configuration.protection = Protection(stopLoss: .basisPoints(20), takeProfit: .basisPoints(30))
        configuration.detail = minutes
        let subject = AuditSubject(configuration, over: series)
        let report = try #require(
            try StrategyAudit(subject, options: quickly).run(workers: 2, isCancelled: { false }))
        for hunter in [AuditCheck.repetition, .truncation, .futureShuffle] {
            #expect(report[hunter]?.verdict == .passed, "\(hunter): \(report[hunter]?.words ?? "")")
        }
        #expect(report[.noise]?.verdict != .failed)
    }

    @Test("behind a cut whose future is made up orders meet the candles themselves")
    func cut() throws {
        var configuration = run("sma-crossover", series, Parameters(SMACrossover.descriptor.parameters))
        configuration.detail = minutes
        let subject = AuditSubject(configuration, over: series)
        let time = series.candles[30].openTime
        #expect(subject.withoutDetail(from: time).configuration.detail?.candles.count == 30 * 60)
        #expect(subject.withoutDetail().configuration.detail == nil)
        #expect(subject.stretch(24).configuration.detail?.candles.count == 24 * 60)
    }

    @Test("dividends earn nothing on noise")
    func noise() throws {
        // Holds from the third candle on and is paid a tenth of the price every day.
        let catalog = thumb { { index, _ in index == 2 ? .long : nil } }
        var configuration = run("thumb", series, Parameters([]), catalog)
        let price = series.candles[0].close.mantissa
        configuration.conditions.funding = .recorded(
            (1..<12).map {
                FundingPoint(
                    time: series.candles[0].openTime.adding(seconds: Int64($0) * 86_400), rate: .zero,
                    dividend: Price(mantissa: price / 10))
            })
        let report = try #require(
            try StrategyAudit(AuditSubject(configuration, over: series), options: quickly)
                .run(workers: 2, isCancelled: { false }))
        #expect(report[.noise]?.verdict == .passed, "\(report[.noise]?.words ?? "")")
    }
}
