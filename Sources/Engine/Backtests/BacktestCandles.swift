import Backtesting
import Market
import Storage

/// The candles that background runs are over: those of the store and, where it has none of a name, the past of the
/// synthetic market.
struct BacktestCandles: Sendable {
    let store: Store
    let synthetic: SyntheticSeries?
    let clock: EngineClock

    /// The candles that a request names; longer ones with the minutes under them where each of them holds some, as
    /// `wick backtest run` takes them, so that both come to the same.
    ///
    /// - Throws: `EngineError.noRecording` where there are none, or `StoreError`.
    func candles(_ request: BacktestRequest) throws -> RunCandles {
        let parts = request.series.uppercased().split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw EngineError.noRecording(series: request.series, reason: "expected VENUE:SYMBOL, as BINANCE:BTCUSDT")
        }
        let isStored = try !store.series(venue: parts[0], symbol: parts[1]).isEmpty
        if !isStored,
            let made = try synthetic?.runCandles(
                named: request.series, request.timeframe, from: request.from, to: request.to, now: clock.now())
        {
            return made
        }
        let series = try store.candles(
            venue: parts[0], symbol: parts[1], request.timeframe, from: request.from, to: request.to)
        guard !series.candles.isEmpty else {
            throw EngineError.noRecording(series: request.series, reason: "no candle of it lies in that time")
        }
        guard request.timeframe > .oneMinute, let minutes = try store.minutes(under: series) else {
            return RunCandles(series)
        }
        return RunCandles(series, whereWhole: minutes)
    }
}
