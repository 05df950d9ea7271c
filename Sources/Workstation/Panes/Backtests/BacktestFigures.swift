import Engine

/// How the figures of a backtest are named and written.
enum BacktestFigures {
    private enum Kind {
        case money, share, ratio, count, duration
    }

    private static let known: [(key: String, name: String, kind: Kind)] = [
        ("total_return", "Total return", .share), ("annualized_return", "Annualised", .share),
        ("max_drawdown", "Max drawdown", .share), ("sharpe", "Sharpe", .ratio), ("sortino", "Sortino", .ratio),
        ("calmar", "Calmar", .ratio), ("profit_factor", "Profit factor", .ratio), ("win_rate", "Win rate", .share),
        ("trade_count", "Trades", .count), ("average_trade_seconds", "Average trade", .duration),
        ("exposure", "Time in market", .share), ("initial_equity", "Initial equity", .money),
        ("final_equity", "Final equity", .money), ("fees_paid", "Fees paid", .money), ("bars", "Candles", .count),
        ("seconds", "Computed in", .duration),
    ]

    /// Keys of which more is better, and of which less is.
    private static let gains: Set = [
        "total_return", "annualized_return", "sharpe", "sortino", "calmar", "profit_factor", "win_rate", "final_equity",
    ]
    private static let costs: Set = ["max_drawdown", "fees_paid"]

    /// The figures of a report worth showing, in a fixed order; those without a known name come last under their key.
    static func rows(_ report: BacktestReport) -> [(key: String, name: String, text: String)] {
        var rows: [(key: String, name: String, text: String)] = []
        for (key, name, _) in known where report.figures.contains(where: { $0.key == key }) {
            rows.append((key, name, text(key, report[key])))
        }
        for figure in report.figures where !known.contains(where: { $0.key == figure.key }) {
            guard let value = figure.value else { continue }
            rows.append((figure.key, figure.key.replacing("_", with: " "), text(figure.key, value)))
        }
        return rows
    }

    /// A figure as people write it; `–` where it is undefined.
    static func text(_ key: String, _ value: Double?) -> String {
        guard let value, value.isFinite else { return value == .infinity ? "∞" : "–" }
        switch known.first(where: { $0.key == key })?.kind {
        case .money: return Words.grouped(Words.fixed(value, 2))
        case .share:
            return key.hasSuffix("return") ? Words.signedPercent(value) : Words.percent(value, decimals: 2)
        case .count: return Words.grouped(Words.fixed(value, 0))
        case .duration: return value < 60 ? "\(Words.fixed(value, value < 10 ? 2 : 1))s" : Words.duration(Int64(value))
        case .ratio, nil: return Words.fixed(value, 2)
        }
    }

    /// Which of two runs did better by a figure: -1 the first, 1 the second, 0 neither or not comparable.
    static func better(_ key: String, _ first: Double?, _ second: Double?) -> Int {
        guard let first, let second, first != second else { return 0 }
        if gains.contains(key) { return first > second ? -1 : 1 }
        if costs.contains(key) { return first < second ? -1 : 1 }
        return 0
    }
}
