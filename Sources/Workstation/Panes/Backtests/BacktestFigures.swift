import Engine

/// How the figures of a backtest are named and written.
enum BacktestFigures {
    private enum Kind {
        case money, share, ratio, count, duration, days
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

    /// Figures of the long list, behind those above.
    private static let extended: [(key: String, name: String, kind: Kind)] = [
        ("volatility", "Volatility", .share), ("return_to_volatility", "Return/volatility", .ratio),
        ("robust_sharpe", "Robust Sharpe", .ratio), ("probabilistic_sharpe", "Sharpe above 0", .share),
        ("minimum_track_record_days", "Needed record", .days), ("omega", "Omega", .ratio),
        ("tail_ratio", "Tail ratio", .ratio), ("skew", "Skew", .ratio), ("excess_kurtosis", "Excess kurtosis", .ratio),
        ("value_at_risk", "Value at risk", .share), ("expected_shortfall", "Expected shortfall", .share),
        ("ulcer_index", "Ulcer index", .share), ("longest_underwater_days", "Longest under water", .days),
        ("underwater_share", "Time under water", .share), ("recovery_factor", "Recovery factor", .ratio),
        ("recovery_days", "Recovered after", .days), ("turnover", "Turnover", .ratio),
        ("annual_turnover", "Turnover a year", .ratio), ("expectancy", "Expectancy", .money),
        ("average_win", "Average win", .money), ("average_loss", "Average loss", .money),
        ("payoff_ratio", "Payoff ratio", .ratio), ("longest_win_streak", "Win streak", .count),
        ("longest_loss_streak", "Loss streak", .count), ("mae_mean", "Mean against", .share),
        ("mae_max", "Worst against", .share), ("mfe_mean", "Mean in favour", .share),
        ("mfe_max", "Best in favour", .share),
    ]

    /// Keys of which more is better, and of which less is.
    private static let gains: Set = [
        "total_return", "annualized_return", "sharpe", "sortino", "calmar", "profit_factor", "win_rate", "final_equity",
        "omega", "tail_ratio", "recovery_factor", "robust_sharpe", "probabilistic_sharpe", "payoff_ratio", "expectancy",
    ]
    private static let costs: Set = [
        "max_drawdown", "fees_paid", "value_at_risk", "expected_shortfall", "ulcer_index", "longest_underwater_days",
        "underwater_share", "volatility",
    ]

    /// The figures that everybody looks at first.
    static func firstRows(_ report: BacktestReport) -> [(key: String, name: String, text: String)] {
        rows(report).filter { row in !extended.contains { $0.key == row.key } }
    }

    /// The figures of a report worth showing, in a fixed order; those without a known name come last under their key.
    static func rows(_ report: BacktestReport) -> [(key: String, name: String, text: String)] {
        var rows: [(key: String, name: String, text: String)] = []
        let known = known + extended
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
        switch (known + extended).first(where: { $0.key == key })?.kind {
        case .money: return Words.grouped(Words.fixed(value, 2))
        case .share:
            return key.hasSuffix("return") ? Words.signedPercent(value) : Words.percent(value, decimals: 2)
        case .count: return Words.grouped(Words.fixed(value, 0))
        case .duration: return value < 60 ? "\(Words.fixed(value, value < 10 ? 2 : 1))s" : Words.duration(Int64(value))
        case .days: return "\(Words.grouped(Words.fixed(value, 0))) d"
        case .ratio, nil: return Words.fixed(value, 2)
        }
    }

    /// Which of several runs did best by a figure, by their places; none where more is neither better nor worse, where
    /// fewer than two have it, or where all are equal.
    static func best(_ key: String, _ values: [Double?]) -> [Int] {
        let isGain = gains.contains(key)
        guard isGain || costs.contains(key) else { return [] }
        let known = values.compactMap { $0 }
        guard known.count > 1, let best = isGain ? known.max() : known.min(), known.contains(where: { $0 != best })
        else { return [] }
        return values.indices.filter { values[$0] == best }
    }
}
