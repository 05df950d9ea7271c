/// One figure of two runs side by side.
public struct ComparisonRow: Sendable, Equatable {
    /// The key of the figure.
    public var key: String
    /// The first run's value; `nil` where it is undefined.
    public var first: Double?
    /// The second run's value; `nil` where it is undefined.
    public var second: Double?
    /// Second − first; `nil` where either is undefined.
    public var difference: Double?
    /// Which run did better by this figure; `nil` where neither did, or where more is neither good nor bad.
    public var better: Better?

    /// Which of two runs did better.
    public enum Better: Sendable, Equatable {
        /// The first.
        case first
        /// The second.
        case second
    }
}

/// Two runs side by side, from the figures that are kept of them.
public enum BacktestComparison {
    /// Figures of which more is better.
    static let gains = [
        "final_equity", "total_return", "annualized_return", "sharpe", "sortino", "calmar", "win_rate",
        "profit_factor",
    ]
    /// Figures of which less is better.
    static let costs = ["max_drawdown", "fees_paid"]

    /// A row for every key of either run, in the order of the first, then those that only the second has.
    public static func rows(
        _ first: [(key: String, value: Double?)], _ second: [(key: String, value: Double?)]
    ) -> [ComparisonRow] {
        var keys = first.map(\.key)
        for (key, _) in second where !keys.contains(key) { keys.append(key) }
        func value(_ figures: [(key: String, value: Double?)], _ key: String) -> Double? {
            figures.first { $0.key == key }.flatMap(\.value)
        }
        return keys.map { key in
            let a = value(first, key)
            let b = value(second, key)
            let difference = a.flatMap { a in b.map { $0 - a } }
            return ComparisonRow(
                key: key, first: a, second: b, difference: difference, better: better(key, difference))
        }
    }

    /// Two results side by side, in the figures that are numbers.
    public static func rows(_ first: BacktestResult, _ second: BacktestResult) -> [ComparisonRow] {
        rows(first.numbers, second.numbers)
    }

    private static func better(_ key: String, _ difference: Double?) -> ComparisonRow.Better? {
        guard let difference, difference != 0 else { return nil }
        if gains.contains(key) { return difference > 0 ? .second : .first }
        if costs.contains(key) { return difference > 0 ? .first : .second }
        return nil
    }
}

extension BacktestResult {
    /// The figures that are numbers, with their keys: what is kept of a run for lists and comparisons.
    public var numbers: [(key: String, value: Double?)] {
        figures.compactMap { figure in
            switch figure.value {
            case .text, .time: return nil
            case .count, .money, .fraction, .ratio, .seconds: return (figure.key, figure.number)
            }
        }
    }
}
