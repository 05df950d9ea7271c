import Backtesting
import Engine

/// Keeps backtests in the store, beside those that were started from the screen.
enum BacktestHistory {
    /// Keeps a result. That it can't be kept spoils nothing: it is said, and the result is printed all the same.
    ///
    /// - Returns: its number, or `nil` when it could not be kept.
    static func keep(
        _ played: PlayedRun, _ origin: RunOrigin, _ text: BacktestText, _ data: DataOptions
    ) -> Int64? {
        let result = played.result
        let request = BacktestRequest(
            className: result.strategy,
            parameters: Dictionary(result.parameters.texts.map { ($0.name, $0.text) }) { $1 },
            series: result.instrument.name, timeframe: result.timeframe, from: played.span.from, to: played.span.to,
            cash: text.cash,
            feeBasisPoints: text.feeBasisPoints, slippageBasisPoints: text.slippageBasisPoints, sizing: text.sizing)
        do {
            return try BacktestArchive.keep(
                result, played.extended, DayCurve(result, played.series), origin, request, seconds: played.seconds,
                in: data.store(), at: Environment.now)
        } catch {
            Output.error("wick: the result is not kept: \(CommandFailure(reason: error)?.description ?? "\(error)")")
            return nil
        }
    }

    /// Keeps the result of a portfolio; see above.
    static func keep(
        _ played: PlayedPortfolio, _ origin: RunOrigin, _ request: String, _ data: DataOptions
    ) -> Int64? {
        do {
            return try BacktestArchive.keep(
                played.result, played.extended, origin, request: request, seconds: played.seconds, in: data.store(),
                at: Environment.now)
        } catch {
            Output.error("wick: the result is not kept: \(CommandFailure(reason: error)?.description ?? "\(error)")")
            return nil
        }
    }
}
