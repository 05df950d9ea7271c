public import Market
public import Trading

/// Something that a run decided, at the candle that it was decided on.
public struct Decision: Sendable {
    /// The place of the candle in the series: the one that had just closed, or inside which an order met the market.
    public var bar: Int
    /// What was decided.
    public var content: Content

    /// What can be decided.
    public enum Content: Sendable {
        /// What the strategy said at a close, and what came of it.
        case signal(SignalRecord)
        /// An order with its terms, as it was after it was made or something became of it.
        case order(Order)
    }

    /// Whether both are the same to the last bit; a number that is undefined in both is the same.
    public func isSame(as other: Decision) -> Bool {
        guard bar == other.bar else { return false }
        switch (content, other.content) {
        case (.order(let a), .order(let b)): return a == b
        case (.signal(let a), .signal(let b)):
            return a.time == b.time && a.price == b.price && a.outcome == b.outcome && a.signal.isSame(as: b.signal)
        default: return false
        }
    }
}

extension Signal {
    /// As `==`, but for numbers without a value, which are not equal to themselves.
    fileprivate func isSame(as other: Signal) -> Bool {
        direction == other.direction && strength.bitPattern == other.strength.bitPattern
            && confidence.bitPattern == other.confidence.bitPattern && rule == other.rule
            && protection == other.protection && values.count == other.values.count
            && zip(values, other.values).allSatisfy {
                $0.name == $1.name && ($0.value.bitPattern == $1.value.bitPattern || $0.value.isNaN && $1.value.isNaN)
            }
    }
}

extension Backtest {
    /// Everything that a run decides over the first candles of a series, as the kernel writes it down: each signal, and
    /// each order at every step of its life. For comparing runs decision by decision. O(candles).
    ///
    /// - Parameters:
    ///   - count: how many candles are played; all of them where none is given. Nothing is cancelled behind the last.
    ///   - isCancelled: asked now and then; `true` ends the run with `BacktestError.cancelled`.
    /// - Throws: `BacktestError`, as `run`.
    public static func decisions(
        of configuration: BacktestConfiguration, over series: CandleSeries, first count: Int? = nil,
        isCancelled: () -> Bool = { false }
    ) throws(BacktestError) -> [Decision] {
        let problems = configuration.problems(for: series)
        guard problems.isEmpty, let first = series.candles.first else { throw .invalid(problems) }
        var run = BacktestRun(
            series, configuration,
            tracker: EquityTracker(initial: configuration.cash.units, first: first.openTime, days: 1),
            recording: .everything)
        var decisions: [Decision] = []
        let exchange = run.exchange
        // What the registration wrote down is no decision.
        exchange.drainOutput { _ in }
        for bar in 0..<min(count ?? series.candles.count, series.candles.count) {
            if bar % Backtest.stride == 0, isCancelled() { throw .cancelled }
            run.step(series.candles[bar])
            guard exchange.hasOutput else { continue }
            exchange.drainOutput { effect in
                switch effect {
                case .record(.signal(let signal)): decisions.append(Decision(bar: bar, content: .signal(signal)))
                case .record(.order(let order)): decisions.append(Decision(bar: bar, content: .order(order)))
                default: break
                }
            }
        }
        return decisions
    }
}
