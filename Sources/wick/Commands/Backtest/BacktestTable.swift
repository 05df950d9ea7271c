import Backtesting

/// What came out of a backtest, for people.
enum BacktestTable {
    /// The titles of the figures by their keys.
    static let titles = [
        "strategy": "strategy", "symbol": "symbol", "timeframe": "timeframe", "from": "from", "to": "to",
        "bars": "candles", "initial_equity": "initial equity", "final_equity": "final equity",
        "total_return": "total return", "annualized_return": "annualized return", "sharpe": "Sharpe (daily, √365)",
        "sortino": "Sortino", "calmar": "Calmar", "max_drawdown": "maximum drawdown", "win_rate": "win rate",
        "profit_factor": "profit factor", "trade_count": "round trips",
        "average_trade_seconds": "average time in a trade", "fees_paid": "fees paid", "exposure": "time in the market",
        "assumptions": "assumed", "ambiguity": "by the path",
    ]

    /// The keys in the order they are printed.
    static let order = [
        "strategy", "parameters", "symbol", "timeframe", "from", "to", "bars", "initial_equity", "final_equity",
        "total_return", "annualized_return", "sharpe", "sortino", "calmar", "max_drawdown", "win_rate",
        "profit_factor", "trade_count", "average_trade_seconds", "fees_paid", "exposure", "seconds",
        "assumptions", "ambiguity",
    ]

    /// A number of a kept result, in the form that its key asks for.
    static func text(_ key: String, _ number: Double) -> String {
        switch key {
        case "total_return", "annualized_return", "max_drawdown", "win_rate", "exposure": return Figures.percent(number)
        case "sharpe", "sortino", "calmar", "profit_factor": return Figures.decimal(number, 3)
        case "initial_equity", "final_equity", "fees_paid": return Figures.decimal(number, 2)
        case "average_trade_seconds", "seconds": return Figures.decimal(number, 3) + " s"
        default: return Figures.decimal(number, 0)
        }
    }

    /// Prints the figures, and what a reader should know of the data and of refused orders.
    ///
    /// - Parameter json: the result as programs get it, which the extended figures are read from, as they are of one that
    ///   was kept.
    static func print(_ result: BacktestResult, _ json: String, number: Int64?) {
        var rows: [(String, String)] = []
        for figure in result.figures {
            rows.append((titles[figure.key] ?? figure.key, figure.text))
            if figure.key == "strategy" {
                rows.append(
                    ("parameters", result.parameters.texts.map { "\($0.name)=\($0.text)" }.joined(separator: " ")))
            }
        }
        for line in result.assumptions?.lines ?? [] { rows.append((line.title, line.text)) }
        Output.pairs(rows)
        ExtendedTable(JSONValue(text: json)).print()
        if let ambiguity = result.ambiguity {
            Output.line("\nFrom the cruellest to the kindest way through the candles: \(ambiguity.text).")
        }
        if result.hasOpenTrade { Output.line("\nThe last round trip is open; it is marked at the last close.") }
        if result.missingBars > 0 {
            Output.line("\(result.missingBars) candles are missing in \(result.gaps.count) gaps.")
        }
        if result.refusals.count > 0 {
            Output.line("\(result.refusals.count) orders were refused; the first: \(result.refusals.firstReason)")
        }
        if let number { Output.line("\nKept as backtest \(number); 'wick backtest show \(number)' prints it again.") }
    }
}
