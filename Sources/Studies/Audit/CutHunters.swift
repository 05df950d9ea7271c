import Backtesting
import Market
import Statistics

/// Whether decisions of the past depend on candles of the future: the series is cut, and what lies behind the cut is taken
/// away or replaced. The strategy that is made from what is left must decide the same up to the cut.
struct CutHunters: Sendable {
    let subject: AuditSubject
    let options: AuditOptions
    let workers: Int
    let isCancelled: @Sendable () -> Bool

    /// How many candles are played behind a cut whose future was replaced.
    private static let beyond = 64

    /// What a run decided, and where its first difference to the run as it is lies.
    private struct Outcome: Sendable {
        var cut: Int
        var difference: Int?
    }

    /// What the strategy decides over its candles as they are; `nil` when it was cancelled.
    func reference() -> [Decision]? { subject.decisions(over: subject.series, isCancelled) }

    /// Two further runs, one after the other: a strategy has no memory of other runs.
    func repetition(_ reference: [Decision]) -> AuditFinding? {
        var finding = AuditFinding(
            check: .repetition, verdict: .passed, figure: 0, threshold: 0, unit: .count,
            words: "Three runs over the same candles made the same \(reference.count) decisions.")
        if reference.isEmpty {
            finding.verdict = .inconclusive
            finding.words = "Nothing was decided."
        }
        for _ in 0..<2 {
            guard let again = subject.decisions(over: subject.series, isCancelled) else { return nil }
            guard let bar = CutHunters.difference(reference, again, before: .max) else { continue }
            finding.verdict = .failed
            finding.figure = (finding.figure ?? 0) + 1
            finding.words =
                "A further run over the same candles decided something else at \(time(bar)): the strategy remembers "
                + "other runs, or draws lots."
        }
        return finding
    }

    /// The candles behind a cut are missing, and with them the shorter ones inside them, which are never played.
    func truncation(_ reference: [Decision], _ meanwhile: (Int) -> Void) -> AuditFinding? {
        let cuts = cuts(reference, salt: 1)
        let subject = subject
        let isCancelled = isCancelled
        let outcomes = Workers.map(cuts.count, workers: workers, meanwhile: meanwhile) { piece -> Outcome? in
            let cut = cuts[piece]
            var series = subject.series
            series.candles = Array(series.candles[..<cut])
            return subject.decisions(over: series, isCancelled).map {
                Outcome(cut: cut, difference: CutHunters.difference(reference, $0, before: cut))
            }
        }
        return finding(.truncation, reference, outcomes, "when the candles behind it were missing")
    }

    /// The candles behind a cut are others, without shorter ones inside them.
    func futureShuffle(_ reference: [Decision], _ meanwhile: (Int) -> Void) -> AuditFinding? {
        let cuts = cuts(reference, salt: 2)
        let subject = subject
        let isCancelled = isCancelled
        let seed = options.seed
        let outcomes = Workers.map(cuts.count, workers: workers, meanwhile: meanwhile) { piece -> Outcome? in
            let cut = cuts[piece]
            var other = OtherCandles(subject.series.candles, seed: seed &+ UInt64(piece) &* 0x9E37_79B9)
            let futures = OtherCandles.Future.allCases
            var series = subject.series
            series.candles = other.replaced(after: cut, futures[piece % futures.count])
            let madeUp = subject.withoutDetail(from: series.candles[cut].openTime)
            return madeUp.decisions(over: series, first: cut + CutHunters.beyond, isCancelled).map {
                Outcome(cut: cut, difference: CutHunters.difference(reference, $0, before: cut))
            }
        }
        return finding(.futureShuffle, reference, outcomes, "when the candles behind it were others")
    }

    /// How many candles lie before each cut: half of the cuts are behind candles on which something was decided, the
    /// others anywhere.
    private func cuts(_ reference: [Decision], salt: UInt64) -> [Int] {
        let count = subject.series.candles.count
        guard count > 1 else { return [] }
        var generator = SeededGenerator(seed: options.seed &* 31 &+ salt)
        var decided: [Int] = []
        for decision in reference where decision.bar + 1 < count && decided.last != decision.bar + 1 {
            decided.append(decision.bar + 1)
        }
        decided.shuffle(using: &generator)
        var cuts = Array(decided.prefix(options.cuts / 2))
        while cuts.count < options.cuts { cuts.append(1 + generator.index(below: count - 1)) }
        // Mixed, so that each way to replace a future meets both kinds.
        cuts.shuffle(using: &generator)
        return cuts
    }

    private func finding(
        _ check: AuditCheck, _ reference: [Decision], _ outcomes: [Outcome?], _ condition: String
    ) -> AuditFinding? {
        let known = outcomes.compactMap { $0 }
        guard known.count == outcomes.count else { return nil }
        var finding = AuditFinding(
            check: check, verdict: .passed, figure: nil, threshold: 0, unit: .share,
            words: "At \(known.count) instants nothing was decided otherwise \(condition).")
        guard !known.isEmpty else {
            finding.verdict = .inconclusive
            finding.words = "There are too few candles to cut."
            return finding
        }
        let changed = known.filter { $0.difference != nil }
        if reference.isEmpty, changed.isEmpty {
            finding.verdict = .inconclusive
            finding.words = "Nothing was decided over these candles, so nothing could be decided otherwise."
            return finding
        }
        finding.figure = Double(changed.count) / Double(known.count)
        if let first = changed.min(by: { ($0.difference ?? 0, $0.cut) < ($1.difference ?? 0, $1.cut) }),
            let bar = first.difference
        {
            finding.verdict = .failed
            finding.words =
                "At \(changed.count) of \(known.count) instants something before it was decided otherwise \(condition); "
                + "the first is what was decided at \(time(bar)), \(first.cut - bar - 1) candles before the cut."
        }
        return finding
    }

    private func time(_ bar: Int) -> String {
        let candles = subject.series.candles
        return candles[min(bar, candles.count - 1)].closeTime(subject.series.timeframe).description
    }

    /// The candle of the first decision before the candle `end` that only one of both made.
    static func difference(_ a: [Decision], _ b: [Decision], before end: Int) -> Int? {
        var place = 0
        while true {
            let first = place < a.count && a[place].bar < end ? a[place] : nil
            let second = place < b.count && b[place].bar < end ? b[place] : nil
            guard let first else { return second?.bar }
            guard let second else { return first.bar }
            if !first.isSame(as: second) { return min(first.bar, second.bar) }
            place += 1
        }
    }
}
