import Backtesting
import Market
import Statistics

/// Whether the profit outlives one more candle between decision and order.
struct DelayHunter: Sendable {
    let subject: AuditSubject
    let workers: Int
    let isCancelled: @Sendable () -> Bool

    /// The share of the ratio that must be left.
    static let kept = 0.5
    /// How many standard errors a fall must be away from none to be more than luck.
    static let significance = 3.0
    /// Below it nothing can be told.
    private static let fewestTrips = 10

    func finding() -> AuditFinding? {
        let subject = subject
        let isCancelled = isCancelled
        let runs = Workers.map(2, workers: workers, meanwhile: { _ in }) { piece -> BacktestResult? in
            var configuration = subject.configuration(for: subject.series)
            configuration.keepsEquityCurve = true
            if piece == 1 { configuration.catalog = configuration.catalog.delayed }
            return try? Backtest.run(subject.series, configuration, isCancelled: isCancelled)
        }
        guard let prompt = runs[0], let late = runs[1] else { return nil }
        return DelayHunter.finding(prompt, late)
    }

    static func finding(_ prompt: BacktestResult, _ late: BacktestResult) -> AuditFinding {
        var finding = AuditFinding(
            check: .delay, verdict: .inconclusive, figure: nil, threshold: kept, unit: .share, words: "")
        let first = returns(prompt)
        let second = returns(late)
        guard prompt.trips.count >= fewestTrips else {
            finding.words = "With \(prompt.trips.count) round trips nothing can be told; it takes \(fewestTrips)."
            return finding
        }
        guard let ratio = Moments(first).sharpe, ratio > 0, prompt.metrics.totalReturn > 0 else {
            finding.words = "There is no profit on these candles that a delay could take away."
            return finding
        }
        let share = (Moments(second).sharpe ?? 0) / ratio
        finding.figure = share
        let test = PairedTest(
            first, second, draws: 0, bootstrap: StationaryBootstrap(count: first.count, meanBlock: 1, seed: 1))
        let statistic = test.statistic ?? 0
        let left =
            "One candle later it brings \(percent(late.metrics.totalReturn)) instead of \(percent(prompt.metrics.totalReturn))"
        if share >= kept {
            finding.verdict = .passed
            finding.words = left + "."
        } else if statistic >= significance {
            finding.verdict = .failed
            finding.words =
                left
                + ", \(decimal(statistic)) standard errors less: the profit lies in the one candle that nobody can "
                + "trade on, or was seen before it was there."
        } else {
            finding.verdict = .warned
            finding.words = left + "; with \(decimal(statistic)) standard errors that may be luck."
        }
        return finding
    }

    /// The returns of equal stretches of the run, a twentieth of the candles at most.
    private static func returns(_ result: BacktestResult) -> [Double] {
        guard let curve = result.equity, curve.count > 0 else { return [] }
        let parts = min(max(curve.count / 20, 20), 500, curve.count)
        var before = Double(result.initialEquity.units)
        return (1...parts).map { part in
            let equity = Double(curve.equity(curve.count * part / parts - 1).units)
            defer { before = equity }
            return before > 0 ? equity / before - 1 : 0
        }
    }
}

/// Numbers as findings say them.
func percent(_ share: Double) -> String { decimal(share * 100) + "%" }

/// Two decimals, or the exponent where there are many digits before them.
func decimal(_ value: Double, _ decimals: Int = 2) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    let factor = decimals == 0 ? 1.0 : decimals == 1 ? 10 : 100
    let units = Int64((abs(value) * factor).rounded())
    let sign = value < 0 && units > 0 ? "-" : ""
    guard decimals > 0 else { return sign + "\(units)" }
    let rest = String(units % Int64(factor))
    return sign + "\(units / Int64(factor))." + String(repeating: "0", count: decimals - rest.count) + rest
}
