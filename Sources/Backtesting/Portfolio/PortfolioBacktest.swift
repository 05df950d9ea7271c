public import Market
import Trading

/// Runs many strategies over many series on one account, through the kernel and the simulated venue that paper trading
/// uses. One strategy over one series comes out as from `Backtest`, to the last digit.
public enum PortfolioBacktest {
    /// The result of `configuration` over `series`: O(candles × instruments), the same to the last digit on every run and
    /// in whatever order series and strategies are given.
    ///
    /// Where an instrument has shorter candles, these are its bars for fills, each at its own end; what is marked and seen
    /// stays as without them.
    ///
    /// What happens at one instant happens in the order of `docs/fill-rules.md`: all bars that end there trade, then all
    /// are marked at their closes, then strategies act; shorter timeframes before longer ones, then by the instrument's
    /// number (instruments are numbered by their names), then by the strategy's. Nobody sees a candle before it has ended.
    ///
    /// - Parameters:
    ///   - series: the shortest series of an instrument drives its fills; longer ones are taken where a strategy asks for
    ///     their timeframe, and derived where there is none. Those that no strategy trades are left out.
    ///   - progress: called now and then with the share done, 0…1.
    ///   - isCancelled: asked now and then; `true` ends the run with `BacktestError.cancelled`.
    /// - Throws: `BacktestError.invalid` with every problem of the configuration, or `.cancelled`.
    public static func run(
        _ series: [CandleSeries], _ configuration: PortfolioConfiguration, progress: (Double) -> Void = { _ in },
        isCancelled: () -> Bool = { false }
    ) throws(BacktestError) -> PortfolioResult {
        let problems = configuration.problems(for: series)
        guard problems.isEmpty else { throw .invalid(problems) }
        var configuration = configuration
        configuration.strategies.sort { $0.number < $1.number }
        let market = PortfolioMarket(series, configuration.strategies, details: configuration.details)
        var run = PortfolioRun(market, configuration)
        guard run.play(market.streams, progress: progress, isCancelled: isCancelled) else { throw .cancelled }
        return PortfolioResult(run, market, configuration)
    }
}
