import Statistics

/// The annualised Sharpe ratio of the days before, day by day.
struct RollingSharpe: Sendable {
    /// The window.
    let days: Int
    /// One ratio for each day from the `days`-th on; `nil` where the returns in the window don't differ.
    let values: [Double?]

    /// The ratios of returns; none when there are fewer than the window has days. O(n · window).
    init(_ returns: [Double], days: Int) {
        self.days = days
        guard returns.count >= days else {
            values = []
            return
        }
        values = (0...(returns.count - days)).map { start in
            Moments(returns[start..<(start + days)]).sharpe.map { $0 * DailyReturns.perYear.squareRoot() }
        }
    }

    /// The ratio at the end.
    var last: Double? { values.last ?? nil }
    /// The lowest.
    var minimum: Double? { values.compactMap { $0 }.min() }
    /// The highest.
    var maximum: Double? { values.compactMap { $0 }.max() }
}
