public import Backtesting
public import Market
import Simulation
import Trading

/// The past of the synthetic market as series for backtests: made when asked for, so that somebody without any recorded
/// candles can try a strategy. The store's own series of the same name come before these.
public struct SyntheticSeries: Sendable {
    /// How far back a series is offered; a month of minutes is made in a fraction of a second.
    private static let offeredSeconds: Int64 = 30 * 86_400
    /// The longest stretch that is made at once: a year, some ten seconds and forty megabytes.
    private static let longestSeconds: Int64 = 366 * 86_400

    let market: SyntheticMarket

    /// The past of the market of `seed`.
    public init(seed: UInt64) { market = SyntheticMarket(seed: seed, start: .epoch) }

    /// What is offered at `now`.
    func offered(now: Timestamp) -> [StoredSeries] {
        let to = now.floored(to: .oneMinute)
        let from = to.adding(seconds: -SyntheticSeries.offeredSeconds).floored(to: .oneDay)
        return market.instruments.map {
            StoredSeries(
                name: $0.name, timeframe: .oneMinute, from: from, to: to, count: Int((to.seconds - from.seconds) / 60))
        }
    }

    /// The candles of a series in [from, to), with the minutes that longer ones are made of, up to the last whole one before
    /// `now`; a month of them when no beginning is named. `nil` when it is no series of this market. Some microseconds a
    /// minute.
    ///
    /// - Throws: `EngineError` when more than a year is asked for, or nothing of the past.
    public func runCandles(
        named name: String, _ timeframe: Timeframe, from: Timestamp?, to: Timestamp?, now: Timestamp
    ) throws(EngineError) -> RunCandles? {
        guard let index = market.instruments.firstIndex(where: { $0.name == name.uppercased() }) else { return nil }
        let offer = offered(now: now)[index]
        let end = min(to ?? offer.to, offer.to).floored(to: timeframe)
        let start = (from ?? offer.from).floored(to: timeframe)
        guard start < end else {
            throw .noRecording(series: name, reason: "the synthetic market has a past only; ask for a time before now")
        }
        guard end.seconds - start.seconds <= SyntheticSeries.longestSeconds else {
            throw .noRecording(series: name, reason: "at most a year of the synthetic market is made at once")
        }
        let minutes = CandleSeries(
            instrument: market.instruments[index], timeframe: .oneMinute,
            candles: market.candles(InstrumentID(index), from: start, to: end))
        guard timeframe > .oneMinute else { return RunCandles(minutes) }
        return RunCandles(minutes.resampled(to: timeframe), detail: minutes)
    }
}
