public import Market
import Simulation
import Trading

/// The time that runs are stitched over, with what lies in it and was not traded.
public struct StitchedSpan: Sendable, Hashable {
    /// The open of the first candle.
    public var from: Timestamp
    /// The close of the last candle.
    public var to: Timestamp
    /// How many candles lie in it.
    public var bars: Int

    /// A span of its parts.
    public init(from: Timestamp, to: Timestamp, bars: Int) {
        self.from = from
        self.to = to
        self.bars = bars
    }
}

extension BacktestResult {
    /// The result with an open position sold (or bought back) at its end as a market order would, at the costs of the run's
    /// own venue: its mark moved by half the spread, the slippage and the impact, and the taker fee in force, all rounded
    /// against the trader. One without an open position stays as it is; equity curve and daily marks keep the last mark.
    public func closedOut() -> BacktestResult {
        guard var trip = trips.last, trip.isOpen, let closing else { return self }
        let moved = closing.spread + closing.slippage + closing.impact
        var result = self
        trip.exitNotional = trip.side == .buy ? trip.exitNotional - moved : trip.exitNotional + moved
        trip.fees += closing.fees
        trip.isOpen = false
        trip.exitPurpose = .close
        result.trips[trips.count - 1] = trip
        result.feesPaid += closing.fees
        result.finalEquity -= moved + closing.fees
        result.assumptions?.costs.add(closing)
        result.closing = nil
        return result
    }

    /// Runs that follow each other in time as one: each began with what the one before it ended with.
    ///
    /// Equity is marked at the candles of the runs only. Days between them, and those of the span before the first and
    /// behind the last, have a return of 0; what closing a position cost is in the last mark of its run. Parameters are
    /// those of the last run.
    ///
    /// - Parameters:
    ///   - parts: the runs, each with its equity curve.
    ///   - span: the time that the runs are of, where nothing was traded in some of it; from the first one to the last
    ///     where none is given.
    /// - Precondition: there is a part, each has its curve and lies in the span, all are of one instrument and timeframe.
    public static func stitched(_ parts: [BacktestResult], over span: StitchedSpan? = nil) -> BacktestResult {
        guard let first = parts.first, let last = parts.last else { preconditionFailure("there is a part") }
        let span =
            span ?? StitchedSpan(from: first.from, to: last.to, bars: parts.reduce(0) { $0 + $1.bars })
        precondition(span.from <= first.from && last.to <= span.to, "the runs lie in the span")
        let days = Int(span.to.day - span.from.day) + 1
        var tracker = EquityTracker(initial: first.initialEquity.units, first: span.from, days: days)
        var held = 0.0
        func lastOpen(_ to: Timestamp) -> Timestamp { to.adding(nanoseconds: -last.timeframe.nanoseconds) }
        for part in parts {
            guard let curve = part.equity else { preconditionFailure("a part has its equity curve") }
            curve.forEach(in: 0..<curve.count) { index, units in
                let openTime = curve.time(index).adding(nanoseconds: -part.timeframe.nanoseconds)
                tracker.take(units, openTime: openTime, isHeld: false)
            }
            tracker.take(part.finalEquity.units, openTime: lastOpen(part.to), isHeld: false)
            held += part.metrics.exposure * Double(part.bars)
        }
        tracker.take(last.finalEquity.units, openTime: lastOpen(span.to), isHeld: false)
        var result = last
        result.from = span.from
        result.to = span.to
        result.bars = span.bars
        result.initialEquity = first.initialEquity
        result.trips = parts.flatMap(\.trips)
        result.feesPaid = parts.reduce(.zero(first.feesPaid.currency)) { $0 + $1.feesPaid }
        result.equity = nil
        result.ambiguity = nil
        for part in parts.dropLast() {
            guard let assumptions = part.assumptions else { continue }
            result.assumptions?.add(assumptions)
        }
        result.daily = DailyEquity(initial: first.initialEquity, firstDay: span.from.day, units: tracker.dailyEquity)
        result.gaps = parts.flatMap(\.gaps)
        result.missingBars = parts.reduce(0) { $0 + $1.missingBars }
        result.partialBars = parts.reduce(0) { $0 + $1.partialBars }
        result.refusals.count = parts.reduce(0) { $0 + $1.refusals.count }
        result.refusals.firstReason = parts.first { $0.refusals.count > 0 }?.refusals.firstReason ?? ""
        result.metrics = PerformanceMetrics(
            initial: first.initialEquity, final: last.finalEquity,
            span: span.to.nanoseconds(since: span.from) / 1_000_000_000,
            returns: DailyReturns(initial: first.initialEquity.units, daily: tracker.dailyEquity),
            maximumDrawdown: tracker.maximumDrawdown, trips: result.trips,
            exposure: held / Double(max(result.bars, 1)))
        return result
    }
}
