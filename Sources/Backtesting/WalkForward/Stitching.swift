import Market
import Simulation
import Trading

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
    /// Equity is marked at the candles of the runs only. A day between two runs has a return of 0; what closing a
    /// position cost between them falls on the first mark after it. Parameters are those of the last run.
    ///
    /// - Parameter parts: the runs, each with its equity curve.
    /// - Precondition: there is a part, each has its curve, all are of one instrument and timeframe.
    public static func stitched(_ parts: [BacktestResult]) -> BacktestResult {
        guard let first = parts.first, let last = parts.last else { preconditionFailure("there is a part") }
        let days = Int(last.to.day - first.from.day) + 1
        var tracker = EquityTracker(initial: first.initialEquity.units, first: first.from, days: days)
        var held = 0.0
        for part in parts {
            guard let curve = part.equity else { preconditionFailure("a part has its equity curve") }
            curve.forEach(in: 0..<curve.count) { index, units in
                let openTime = curve.time(index).adding(nanoseconds: -part.timeframe.nanoseconds)
                tracker.take(units, openTime: openTime, isHeld: false)
            }
            held += part.metrics.exposure * Double(part.bars)
        }
        var result = last
        result.from = first.from
        result.bars = parts.reduce(0) { $0 + $1.bars }
        result.initialEquity = first.initialEquity
        result.trips = parts.flatMap(\.trips)
        result.feesPaid = parts.reduce(.zero(first.feesPaid.currency)) { $0 + $1.feesPaid }
        result.equity = nil
        result.ambiguity = nil
        for part in parts.dropLast() {
            guard let assumptions = part.assumptions else { continue }
            result.assumptions?.add(assumptions)
        }
        result.daily = DailyEquity(initial: first.initialEquity, firstDay: first.from.day, units: tracker.dailyEquity)
        result.gaps = parts.flatMap(\.gaps)
        result.missingBars = parts.reduce(0) { $0 + $1.missingBars }
        result.partialBars = parts.reduce(0) { $0 + $1.partialBars }
        result.refusals.count = parts.reduce(0) { $0 + $1.refusals.count }
        result.refusals.firstReason = parts.first { $0.refusals.count > 0 }?.refusals.firstReason ?? ""
        result.metrics = PerformanceMetrics(
            initial: first.initialEquity, final: last.finalEquity,
            span: last.to.nanoseconds(since: first.from) / 1_000_000_000,
            returns: DailyReturns(initial: first.initialEquity.units, daily: tracker.dailyEquity),
            maximumDrawdown: tracker.maximumDrawdown, trips: result.trips,
            exposure: held / Double(max(result.bars, 1)))
        return result
    }
}
