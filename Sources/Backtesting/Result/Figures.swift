public import Market
import Trading

/// One figure of a run with its stable key.
public struct Figure: Sendable {
    /// The key, as in the JSON.
    public var key: String
    /// What it is.
    public var value: Value

    /// What a figure can be.
    public enum Value: Sendable {
        /// A name.
        case text(String)
        /// An instant.
        case time(Timestamp)
        /// A whole number.
        case count(Int)
        /// An exact amount.
        case money(Money)
        /// A share, 1 being the whole; `nil` where it is undefined.
        case fraction(Double?)
        /// A ratio without unit; `nil` where it is undefined.
        case ratio(Double?)
        /// Seconds; `nil` where it is undefined.
        case seconds(Double?)
    }

    /// The figure as a double for charts and comparisons; `nil` for names, instants and what is undefined.
    public var number: Double? {
        switch value {
        case .text, .time: return nil
        case .count(let count): return Double(count)
        case .money(let money): return money.approximation
        case .fraction(let number), .ratio(let number), .seconds(let number): return number
        }
    }

    /// The figure for people: amounts with two decimals, shares in percent, `–` for what is undefined.
    public var text: String {
        switch value {
        case .text(let text): return text
        case .time(let time): return time.description
        case .count(let count): return String(count)
        case .money(let money): return "\(money.text(decimals: 2)) \(money.currency.code)"
        case .fraction(let share): return share.map { Figure.decimal($0 * 100, 2) + " %" } ?? "–"
        case .ratio(let ratio): return ratio.map { Figure.decimal($0, 3) } ?? "–"
        case .seconds(let seconds): return seconds.map { Figure.duration($0) } ?? "–"
        }
    }

    /// A number with a fixed count of decimals, without a locale.
    static func decimal(_ value: Double, _ decimals: Int) -> String {
        let scaled = (value * Double(DecimalText.powerOfTen(decimals))).rounded()
        guard abs(scaled) < 9e17 else { return value.description }
        return DecimalText.text(Int128(Int64(scaled)), scale: decimals, minimumDecimals: decimals)
    }

    private static func duration(_ seconds: Double) -> String {
        if seconds < 120 { return decimal(seconds, 3) + " s" }
        if seconds < 7_200 { return decimal(seconds / 60, 1) + " min" }
        if seconds < 172_800 { return decimal(seconds / 3_600, 1) + " h" }
        return decimal(seconds / 86_400, 1) + " d"
    }
}

extension BacktestResult {
    /// Every figure in the order it is listed, but `parameters`, and `seconds`, which only the caller can measure.
    public var figures: [Figure] {
        func figure(_ key: String, _ value: Figure.Value) -> Figure { Figure(key: key, value: value) }
        return [
            figure("strategy", .text(StrategyClass.title(of: strategy))),
            figure("symbol", .text(instrument.symbol)),
            figure("timeframe", .text(timeframe.description)),
            figure("from", .time(from)),
            figure("to", .time(to)),
            figure("bars", .count(bars)),
            figure("initial_equity", .money(initialEquity)),
            figure("final_equity", .money(finalEquity)),
            figure("total_return", .fraction(metrics.totalReturn)),
            figure("annualized_return", .fraction(metrics.annualizedReturn)),
            figure("sharpe", .ratio(metrics.sharpe)),
            figure("sortino", .ratio(metrics.sortino)),
            figure("calmar", .ratio(metrics.calmar)),
            figure("max_drawdown", .fraction(metrics.maximumDrawdown)),
            figure("win_rate", .fraction(metrics.winRate)),
            figure("profit_factor", .ratio(metrics.profitFactor)),
            figure("trade_count", .count(metrics.tradeCount)),
            figure("average_trade_seconds", .seconds(metrics.averageTradeSeconds)),
            figure("fees_paid", .money(feesPaid)),
            figure("exposure", .fraction(metrics.exposure)),
        ]
    }
}
