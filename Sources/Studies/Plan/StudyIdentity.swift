public import Backtesting
public import Market
public import Storage

extension StudyRecord {
    /// The study of a plan over candles, as the store is to keep it.
    ///
    /// - Parameters:
    ///   - name: what processes share it by; empty to have it named.
    ///   - kind: `sweep`, `optimize` or `walk-forward`.
    ///   - text: the run as it was written.
    ///   - more: what its results depend on besides, as the windows of a walk-forward.
    ///   - now: when it begins.
    /// - Precondition: the series has a candle.
    public init(
        name: String, kind: String, plan: StudyPlan, over series: CandleSeries, text: BacktestText,
        more: [(String, String)] = [], at now: Timestamp
    ) {
        guard let first = series.candles.first, let last = series.candles.last else {
            preconditionFailure("a study has candles")
        }
        self.init(
            name: name, kind: kind, createdAt: now, className: plan.configuration.strategy,
            series: series.instrument.name, timeframe: series.timeframe, firstOpen: first.openTime,
            lastClose: last.closeTime(series.timeframe), dataHash: series.fingerprint, seed: plan.seed,
            space: plan.space.text(plan.configuration.parameters.descriptors), definition: plan.definition(text, more))
    }

    /// Whether the other one searches for the same over the same candles, so that either goes on with the other's trials.
    public func isSame(as other: StudyRecord) -> Bool {
        kind == other.kind && series == other.series && timeframe == other.timeframe && dataHash == other.dataHash
            && definition == other.definition
    }

    /// What stands in the way of going on with this study as another one, a sentence each; empty where nothing does.
    public func differences(from asked: StudyRecord) -> [String] {
        if isSame(as: asked) { return [] }
        var differences: [String] = []
        func compare(_ name: String, _ before: String, _ now: String) {
            if before != now { differences.append("\(name) was '\(before)' and is '\(now)'") }
        }
        compare("the command", kind, asked.kind)
        compare("the series", "\(series) \(timeframe)", "\(asked.series) \(asked.timeframe)")
        compare("the hash of the candles", dataHash, asked.dataHash)
        let (before, now) = (definition.split(separator: "\n"), asked.definition.split(separator: "\n"))
        func name(_ line: Substring) -> Substring { line.prefix { $0 != ":" } }
        func value(_ name: Substring, in lines: [Substring]) -> String {
            String((lines.first { $0.hasPrefix(name + ":") } ?? "").dropFirst(name.count + 2))
        }
        let added = now.filter { !before.contains($0) }.map(name)
        // What is not said any more stands nowhere in what is asked.
        let gone = before.map(name).filter { name in !now.contains { $0.hasPrefix(name + ":") } }
        for name in added + gone { compare(String(name), value(name, in: before), value(name, in: now)) }
        return differences
    }

    /// The value of a line of the definition; empty where there is none.
    public func defined(_ name: String) -> String {
        let line = definition.split(separator: "\n").first { $0.hasPrefix(name + ": ") || $0 == name + ":" }
        return line.map { String($0.dropFirst(name.count + 2)) } ?? ""
    }
}
