public import Backtesting
public import Market
public import Storage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How backtests stand in the store, and back.
public enum BacktestArchive {
    /// Points of a stored equity curve.
    static let equityPoints = 2_000

    /// A request as the store keeps it.
    private struct StoredRequest: Codable {
        var className: String
        var parameters: [String: String]
        var series: String
        var timeframe: Timeframe
        var from: Timestamp?
        var to: Timestamp?
        var cash: String
        var feeBasisPoints: String
        var slippageBasisPoints: String
        var sizing: String
    }

    /// Keeps a result as the screen's history and the command line read it, its equity curve thinned.
    ///
    /// - Parameters:
    ///   - extended: the extended figures of the result.
    ///   - days: the run day by day.
    ///   - origin: what it was made from.
    ///   - seconds: how long the run took.
    ///   - now: when it ended.
    /// - Returns: its number.
    /// - Throws: `StoreError`.
    public static func keep(
        _ result: BacktestResult, _ extended: ExtendedMetrics, _ days: DayCurve, _ origin: RunOrigin,
        _ request: BacktestRequest, seconds: Double, in store: Store, at now: Timestamp
    ) throws(StoreError) -> Int64 {
        try keep(
            result, extended, days, origin, request,
            json: result.json(seconds: seconds, extended: extended, stamp: origin.stamp), in: store, at: now)
    }

    static func keep(
        _ result: BacktestResult, _ extended: ExtendedMetrics, _ days: DayCurve, _ origin: RunOrigin,
        _ request: BacktestRequest, json: String, in store: Store, at now: Timestamp
    ) throws(StoreError) -> Int64 {
        let record = BacktestRecord(
            createdAt: now, className: request.className, series: request.series, timeframe: request.timeframe,
            request: text(request), result: json, origin: origin.json)
        return try store.keep(
            record, equity: equityBytes(result), trades: Array(result.tradesCSV(extended).utf8), days: days.bytes)
    }

    /// The equity curve of a result as it is kept: thinned, as bytes.
    public static func equityBytes(_ result: BacktestResult) -> [UInt8] {
        bytes(result.equity?.thinnedKeepingDays(to: equityPoints) ?? [])
    }

    static func text(_ request: BacktestRequest) -> String {
        let stored = StoredRequest(
            className: request.className, parameters: request.parameters, series: request.series,
            timeframe: request.timeframe, from: request.from, to: request.to, cash: request.cash,
            feeBasisPoints: request.feeBasisPoints, slippageBasisPoints: request.slippageBasisPoints,
            sizing: request.sizing)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(stored)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// The request of a stored run; one that another program stored in words of its own is shown by what the store knows.
    static func request(_ record: BacktestRecord) -> BacktestRequest? {
        guard let stored = try? JSONDecoder().decode(StoredRequest.self, from: Data(record.request.utf8)) else {
            return BacktestRequest(className: record.className, series: record.series, timeframe: record.timeframe)
        }
        return BacktestRequest(
            className: stored.className, parameters: stored.parameters, series: stored.series,
            timeframe: stored.timeframe, from: stored.from, to: stored.to, cash: stored.cash,
            feeBasisPoints: stored.feeBasisPoints, slippageBasisPoints: stored.slippageBasisPoints,
            sizing: stored.sizing)
    }

    /// What the screen shows of a result: its figures, and of its JSON the extended ones behind them.
    static func report(_ result: BacktestResult, json: String) -> BacktestReport {
        let figures: [(key: String, value: Double?)] = result.figures.compactMap { figure in
            switch figure.value {
            case .text, .time: return nil
            default: return (figure.key, figure.number)
            }
        }
        let extended = self.figures(json).filter { figure in !figures.contains { $0.key == figure.key } }
        return BacktestReport(
            figures: figures + extended, equity: result.equity?.thinnedKeepingDays(to: equityPoints) ?? [],
            trips: result.tradeRows.map(row))
    }

    /// The figures of a stored result, in the order the screen lists them.
    static func figures(_ json: String) -> [(key: String, value: Double?)] {
        guard let values = try? JSONDecoder().decode([String: LenientNumber].self, from: Data(json.utf8)) else {
            return []
        }
        return figureKeys.compactMap { key in values[key].map { (key, $0.value) } }
    }

    private static let figureKeys = [
        "bars", "initial_equity", "final_equity", "total_return", "annualized_return", "sharpe", "sortino", "calmar",
        "max_drawdown", "win_rate", "profit_factor", "trade_count", "average_trade_seconds", "fees_paid", "exposure",
        "volatility", "return_to_volatility", "robust_sharpe", "probabilistic_sharpe", "minimum_track_record_days",
        "omega", "tail_ratio", "skew", "excess_kurtosis", "value_at_risk", "expected_shortfall", "ulcer_index",
        "longest_underwater_days", "underwater_share", "recovery_factor", "recovery_days", "turnover",
        "annual_turnover", "expectancy", "average_win", "average_loss", "payoff_ratio", "longest_win_streak",
        "longest_loss_streak", "mae_mean", "mae_max", "mfe_mean", "mfe_max",
    ]

    /// A number, or nothing where something else stands.
    private struct LenientNumber: Decodable {
        var value: Double?
        init(from decoder: any Decoder) throws {
            value = try? decoder.singleValueContainer().decode(Double.self)
        }
    }

    // MARK: Curves

    /// An equity curve as bytes: nanoseconds and value of each point, 8 bytes each, little-endian.
    static func bytes(_ points: [(time: Timestamp, value: Double)]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(points.count * 16)
        for point in points {
            withUnsafeBytes(of: point.time.nanoseconds.littleEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: point.value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// The points of an equity curve; none when the bytes are no curve.
    public static func points(_ bytes: [UInt8]) -> [(time: Timestamp, value: Double)] {
        guard bytes.count % 16 == 0 else { return [] }
        return bytes.withUnsafeBytes { raw in
            (0..<bytes.count / 16).map { index in
                let time = Int64(littleEndian: raw.loadUnaligned(fromByteOffset: index * 16, as: Int64.self))
                let bits = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index * 16 + 8, as: UInt64.self))
                return (Timestamp(nanoseconds: time), Double(bitPattern: bits))
            }
        }
    }

    /// The rows that the screen shows of stored trades.
    static func trips(_ bytes: [UInt8]) -> [[String]] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
            row(line.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        }
    }

    /// Of a row of all columns: opened, closed, side, quantity, entry, exit, profit, why.
    private static func row(_ columns: [String]) -> [String] {
        [0, 1, 2, 3, 4, 5, 9, 12].map { columns.indices.contains($0) ? columns[$0] : "" }
    }
}
