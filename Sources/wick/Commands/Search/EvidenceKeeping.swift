import Backtesting
import Market
import Optimization
import Statistics
import Storage
import Studies
import Trading

/// Evidence that commands keep, of runs over stored candles.
enum EvidenceKeeping {
    /// What an audit says for and against a strategy.
    static func keep(
        _ report: AuditReport, _ configuration: BacktestConfiguration, _ series: CandleSeries, _ data: DataOptions
    ) throws {
        func record(_ check: EvidenceCheck, _ value: Double?, _ passed: Bool, _ words: String) -> EvidenceRecord {
            EvidenceRecord(
                time: Environment.now, check: check, className: configuration.strategy,
                parameters: EvidenceParameters(values: EvidenceLookup.values(configuration.parameters)),
                series: series.instrument.name, timeframe: series.timeframe, value: value, passed: passed,
                source: "audit " + series.fingerprint, detail: words)
        }
        let hunters = [AuditCheck.repetition, .truncation, .futureShuffle, .noise].compactMap { report[$0] }
        let failed = hunters.first { $0.verdict == .failed }
        let isClean = failed == nil && report[.truncation]?.verdict == .passed
        let shown = failed ?? report[.truncation]
        var records = [record(.truncation, report[.truncation]?.figure, isClean, shown?.words ?? "")]
        if let delay = report[.delay] {
            records.append(record(.delay, delay.figure, delay.verdict == .passed, delay.words))
        }
        try data.store().keep(records)
    }

    /// What a search says: the best trial's deflated Sharpe ratio among all that were ever tried, and how often the best
    /// of its trials is below the middle elsewhere.
    static func keep(_ report: SearchReport) throws {
        let session = report.session
        guard let best = report.best else { return }
        let parameters = try session.plan.parameters(best.point)
        var records: [EvidenceRecord] = []
        func record(
            _ check: EvidenceCheck, _ parameters: EvidenceParameters, _ value: Double?, _ passed: Bool, _ words: String
        ) {
            records.append(evidence(session, check, parameters, value, passed, words))
        }
        let known = try session.store.trialSummaries().first {
            $0.className == session.study.className && $0.series == session.study.series
                && $0.timeframe == session.study.timeframe
        }
        if let belief = report.belief {
            let count = max(known?.combinations ?? 0, belief.trials)
            let deflated = belief.deflated(among: count)
            record(
                .deflatedSharpe, EvidenceParameters(values: EvidenceLookup.values(parameters)), deflated,
                (deflated ?? 0) >= 0.95,
                "\(deflated.map { Figures.decimal($0, 3) } ?? "undefined") among \(count) combinations; it takes 0.95")
        }
        if let (overfitting, _) = session.plan.overfitting(
            among: report.ranked, over: session.series, workers: session.workers,
            isCancelled: { [flag = session.interruption.flag] in flag.isRaised })
        {
            record(
                .overfitting, searched(session), overfitting.probability, overfitting.probability <= 0.5,
                "\(Figures.decimal(overfitting.probability, 3)) by \(overfitting.blocks) blocks; at most 0.5 will do")
        }
        try session.store.keep(records)
    }

    /// What a walk-forward says of everything that it searched: evidence for it once all windows have come to an end and
    /// earned more than they lost.
    static func keep(_ outcome: WalkForwardOutcome, _ session: SearchSession) throws {
        guard outcome.steps.count == outcome.windows, let stitched = outcome.stitched else { return }
        let (sharpe, gain) = (stitched.metrics.sharpe, stitched.metrics.totalReturn)
        try session.store.keep([
            evidence(
                session, .walkForward, searched(session), sharpe, !outcome.isRuined && gain > 0,
                "\(outcome.windows) windows, out of sample a Sharpe ratio of "
                    + "\(sharpe.map { Figures.decimal($0, 3) } ?? "–") and a return of \(Figures.percent(gain)); it takes a "
                    + "gain")
        ])
    }

    private static func evidence(
        _ session: SearchSession, _ check: EvidenceCheck, _ parameters: EvidenceParameters, _ value: Double?,
        _ passed: Bool, _ words: String
    ) -> EvidenceRecord {
        EvidenceRecord(
            time: Environment.now, check: check, className: session.study.className, parameters: parameters,
            series: session.study.series, timeframe: session.study.timeframe, value: value, passed: passed,
            source: session.study.name, detail: words)
    }

    /// All parameters: those that were searched with their ranges, the others with their values.
    private static func searched(_ session: SearchSession) -> EvidenceParameters {
        let plan = session.plan
        return EvidenceParameters(
            plan.configuration.parameters.descriptors.map { descriptor in
                if let dimension = plan.space.dimensions.first(where: { $0.name == descriptor.name }) {
                    switch dimension.values {
                    case .choice(let values):
                        return (descriptor.name, values.min() ?? 0, values.max() ?? 0)
                    case .range(let low, let high, _, _): return (descriptor.name, low, high)
                    }
                }
                let written = plan.fixed.last { $0.name == descriptor.name }
                let value = written.flatMap { try? descriptor.value(of: $0.text) } ?? descriptor.defaultValue
                return (descriptor.name, value, value)
            })
    }
}
