import Backtesting
import Market
import Statistics

/// Whether a strategy earns on prices that nobody can foretell: it must lose about its costs.
struct NoiseHunter: Sendable {
    let subject: AuditSubject
    let options: AuditOptions
    let workers: Int
    let isCancelled: @Sendable () -> Bool

    /// How many standard errors the mean profit before costs may be above nothing. Of 64 series, luck goes beyond it
    /// once in some ten thousand audits.
    static let significance = 4.0
    /// The share of equal signals from which on other candles make no difference.
    static let sameness = 0.9
    private static let fewestSignals = 10

    /// What a run over made-up candles brought, in shares of the first cash.
    struct Outcome: Sendable {
        var gross: Double
        var net: Double
        var trips: Int
    }

    func finding(_ meanwhile: (Int) -> Void) -> AuditFinding? {
        let subject = subject.withoutDetail()
        let isCancelled = isCancelled
        let seed = options.seed
        let outcomes = Workers.map(options.noises, workers: workers, meanwhile: meanwhile) { piece -> Outcome? in
            let series = NoiseHunter.series(subject, seed, piece)
            var configuration = subject.configuration(for: series)
            configuration.keepsEquityCurve = false
            guard let result = try? Backtest.run(series, configuration, isCancelled: isCancelled) else { return nil }
            return NoiseHunter.outcome(result)
        }
        let known = outcomes.compactMap { $0 }
        guard known.count == outcomes.count else { return nil }
        return NoiseHunter.finding(known)
    }

    /// The signals over one made-up series against those over the real one.
    func otherCandles(_ reference: [Decision]) -> AuditFinding? {
        let series = NoiseHunter.series(subject, options.seed, -1)
        guard let others = subject.withoutDetail().decisions(over: series, isCancelled) else { return nil }
        let real = SignalPlaces(reference)
        let made = SignalPlaces(others)
        var finding = AuditFinding(
            check: .otherCandles, verdict: .passed, figure: nil, threshold: NoiseHunter.sameness, unit: .share,
            words: "")
        guard real.count >= NoiseHunter.fewestSignals else {
            finding.verdict = .inconclusive
            finding.words = "With \(real.count) signals nothing can be told; it takes \(NoiseHunter.fewestSignals)."
            return finding
        }
        let share = real.sameness(made)
        finding.figure = share
        let words = "\(percent(share)) of the signals are the same over other candles at the same times"
        if share >= NoiseHunter.sameness {
            finding.verdict = .warned
            finding.words =
                words + ": it decides by the clock, or by data of its own, which cutting the candles can't take away."
        } else {
            finding.words = words + "."
        }
        return finding
    }

    private static func series(_ subject: AuditSubject, _ seed: UInt64, _ piece: Int) -> CandleSeries {
        var other = OtherCandles(subject.series.candles, seed: seed &* 1_009 &+ UInt64(piece + 1))
        var series = subject.series
        series.candles = other.martingale()
        return series
    }

    /// What a run brought before and after all its costs. Funding and dividends are among them: they are of the market that
    /// was, and nobody can foretell prices by them here.
    static func outcome(_ result: BacktestResult) -> Outcome {
        let start = Double(result.initialEquity.units)
        let costs = Double((result.assumptions?.costs.total ?? result.feesPaid).units)
        let net = Double(result.finalEquity.units) / start - 1
        return Outcome(gross: net + costs / start, net: net, trips: result.trips.count)
    }

    private static func finding(_ outcomes: [Outcome]) -> AuditFinding {
        var finding = AuditFinding(
            check: .noise, verdict: .inconclusive, figure: nil, threshold: significance, unit: .number, words: "")
        let trips = outcomes.reduce(0) { $0 + $1.trips }
        let gross = Moments(outcomes.map(\.gross))
        guard trips >= outcomes.count, gross.isSpread, let deviation = gross.deviation else {
            finding.words = "With \(trips) round trips over \(outcomes.count) made-up series nothing can be told."
            return finding
        }
        let net = Moments(outcomes.map(\.net)).mean
        let statistic = gross.mean / (deviation / Double(outcomes.count).squareRoot())
        finding.figure = statistic
        let words =
            "Over \(outcomes.count) made-up series without any tendency it brought \(percent(gross.mean)) a run before "
            + "costs and \(percent(net)) after them"
        if statistic > significance {
            finding.verdict = .failed
            finding.words =
                words + ": nothing can be earned there but by knowing what comes, or by fills that are too kind."
        } else {
            finding.verdict = .passed
            finding.words = words + ", as luck does."
        }
        return finding
    }
}

/// Where signals lie and what they say.
struct SignalPlaces {
    private let places: [(bar: Int, direction: Int8)]

    init(_ decisions: [Decision]) {
        places = decisions.compactMap { decision in
            guard case .signal(let record) = decision.content else { return nil }
            return (decision.bar, record.signal.direction.rawValue)
        }
    }

    var count: Int { places.count }

    /// Signals that both have ÷ signals that any has; 1 without any.
    func sameness(_ other: SignalPlaces) -> Double {
        var (a, b, both) = (0, 0, 0)
        while a < places.count, b < other.places.count {
            let (first, second) = (places[a], other.places[b])
            if first.bar == second.bar {
                if first.direction == second.direction { both += 1 }
                a += 1
                b += 1
            } else if first.bar < second.bar {
                a += 1
            } else {
                b += 1
            }
        }
        let any = places.count + other.places.count - both
        return any == 0 ? 1 : Double(both) / Double(any)
    }
}
