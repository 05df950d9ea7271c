public import Optimization

/// What people write of a search besides its ranges, the same for commands and forms.
public enum SearchWords {
    /// The objective that a text says: a figure of a result, `return` or `drawdown` for short, or an expression.
    ///
    /// - Throws: `FormulaError`, with the place of the mistake.
    public static func objective(_ text: String) throws(FormulaError) -> Formula {
        let long = ["return": "total_return", "drawdown": "-max_drawdown"][text] ?? text
        return try Formula(long, names: FigureNames.all)
    }

    /// The condition that a text says, `trade_count >= 30`.
    ///
    /// - Throws: `FormulaError`, with the place of the mistake.
    public static func condition(_ text: String) throws(FormulaError) -> Condition {
        try Condition(text, names: FigureNames.all)
    }

    /// The seconds of a length of time, `90m`, `12h`, `30d` or `26w`, ten years at most; `nil` when the text says none.
    public static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            text.first?.isNumber == true, count <= 3_660 * 86_400 / unit
        else { return nil }
        return count * unit
    }
}
