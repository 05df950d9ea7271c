import Market

/// Says in words why a row was not taken.
enum RowExplanation {
    /// What was seen in a row and what was expected.
    ///
    /// - Parameters:
    ///   - kind: what is wrong.
    ///   - column: the column that is, or how many there are.
    ///   - needed: how many columns there have to be.
    ///   - timeframe: how long candles are.
    ///   - field: what stands in the column of this name: time, open, high, low, close or volume.
    static func text(
        _ kind: Refusal.Kind, column: String, needed: Int, _ timeframe: Timeframe, field: (String) -> String
    ) -> String {
        switch kind {
        case .columns:
            return "\(column) field\(column == "1" ? "" : "s"), at least \(needed) expected"
        case .time:
            return "'\(field("time"))' is no time between 2009 and 2100 (seconds, milliseconds, microseconds or "
                + "nanoseconds since 1970, or ISO 8601 in UTC)"
        case .number: return "\(column) '\(field(column))' is no number that fits"
        case .offGrid: return "'\(field("time"))' is not on a whole \(timeframe)"
        case .inconsistent:
            let prices = ["open", "high", "low", "close"].map { "\($0) \(field($0))" }.joined(separator: ", ")
            return "\(prices), volume \(field("volume")): low ≤ open and close ≤ high, prices above zero and a volume "
                + "not below were expected"
        case .order, .conflict, .length: return ""
        }
    }
}
