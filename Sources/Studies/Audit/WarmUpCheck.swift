import Backtesting
import Market
import Trading

/// How much the signals depend on how many candles the strategy was warmed up with.
struct WarmUpCheck: Sendable {
    let subject: AuditSubject
    let workers: Int
    let isCancelled: @Sendable () -> Bool

    /// The share of signals that may differ.
    static let tolerance = 0.01
    /// Searches and tests warm a strategy up with so many times the candles that it says it needs.
    static let usual = 4

    func finding(_ meanwhile: (Int) -> Void) -> AuditFinding? {
        let candles = subject.series.candles
        let start = candles.count / 2
        let configuration = subject.configuration(for: subject.series)
        let strategyClass = configuration.catalog.strategyClass(named: configuration.strategy)
        let own = max((try? strategyClass?.make(configuration.parameters))?.warmUp ?? 0, 1)
        var finding = AuditFinding(
            check: .warmUp, verdict: .inconclusive, figure: nil, threshold: WarmUpCheck.tolerance, unit: .share,
            words: "There are too few candles to warm it up with \(WarmUpCheck.usual) times the \(own) that it needs.")
        var lengths: [Int] = []
        var length = own
        while length < start {
            lengths.append(length)
            length *= 2
        }
        guard lengths.contains(own * WarmUpCheck.usual) else { return finding }
        lengths.append(start)
        let subject = subject
        let isCancelled = isCancelled
        let sizes = lengths
        let runs = Workers.map(sizes.count, workers: workers, meanwhile: meanwhile) { piece -> [Decision]? in
            var series = subject.series
            series.candles = Array(candles[start...])
            var warmed = subject
            warmed.configuration.history = Array(candles[..<start].suffix(sizes[piece]))
            return warmed.decisions(over: series, knowing: subject.series, isCancelled)
        }
        guard let longest = runs.last.flatMap({ $0 }) else { return nil }
        var drifts: [Double] = []
        for run in runs {
            guard let run else { return nil }
            drifts.append(1 - SignalPlaces(longest).sameness(SignalPlaces(run)))
        }
        guard SignalPlaces(longest).count > 0 else {
            finding.words = "There are no signals in the newer half of the candles."
            return finding
        }
        let usual = drifts[lengths.firstIndex(of: own * WarmUpCheck.usual) ?? 0]
        finding.figure = usual
        finding.verdict = usual <= WarmUpCheck.tolerance ? .passed : .warned
        let settled = lengths.indices.first { drifts[$0...].allSatisfy { $0 == 0 } } ?? lengths.count - 1
        finding.words =
            "Warmed up with the \(own) candles that it needs, \(percent(drifts[0])) of its signals differ; with "
            + "\(own * WarmUpCheck.usual), \(percent(usual)); "
            + (settled < lengths.count - 1
                ? "from \(lengths[settled]) on none does." : "it does not settle within \(start) candles.")
        return finding
    }
}
