public import Backtesting
public import Market
public import Storage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension BacktestArchive {
    /// What was asked for, as the store keeps it.
    private struct StoredPortfolio: Encodable {
        var portfolio: String
    }

    /// Keeps the result of a portfolio beside those of single strategies: its class is `PortfolioResult.className`, its
    /// result the JSON that `wick backtest portfolio --json` prints.
    ///
    /// - Parameters:
    ///   - extended: the extended figures of the account.
    ///   - origin: what it was made from.
    ///   - request: the file that described it, or the symbols that were named.
    ///   - seconds: how long the run took.
    ///   - now: when it ended.
    /// - Returns: its number.
    /// - Throws: `StoreError`.
    public static func keep(
        _ result: PortfolioResult, _ extended: ExtendedMetrics, _ origin: RunOrigin, request: String, seconds: Double,
        in store: Store, at now: Timestamp
    ) throws(StoreError) -> Int64 {
        let names = result.instruments.map(\.instrument.name)
        let asked = try? JSONEncoder().encode(StoredPortfolio(portfolio: request))
        let record = BacktestRecord(
            createdAt: now, className: PortfolioResult.className,
            series: (names.first ?? "") + (names.count > 1 ? " +\(names.count - 1)" : ""),
            timeframe: result.account.timeframe, request: asked.map { String(decoding: $0, as: UTF8.self) } ?? "{}",
            result: result.json(seconds: seconds, extended: extended, stamp: origin.stamp), origin: origin.json)
        return try store.keep(record, equity: equityBytes(result), trades: Array(result.tradesCSV(extended).utf8))
    }

    /// The account's equity curve as it is kept: thinned, as bytes.
    public static func equityBytes(_ result: PortfolioResult) -> [UInt8] {
        bytes(result.account.equity?.thinned(to: equityPoints) ?? [])
    }
}
