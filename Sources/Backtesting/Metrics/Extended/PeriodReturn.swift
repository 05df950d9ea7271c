import Market

/// The return of a calendar month or year (UTC) as far as the run reached into it.
struct PeriodReturn: Sendable, Hashable {
    /// The year.
    let year: Int
    /// The month, 1…12; `nil` of a whole year.
    let month: Int?
    /// Days of the run in it.
    let days: Int
    /// Last mark in it ÷ last mark before it (the initial equity at first) − 1; `nil` where that is not positive.
    let value: Double?

    /// The returns of months. O(days).
    static func months(of daily: DailyEquity) -> [PeriodReturn] {
        periods(of: daily) { (Int($0.year), Int($0.month)) }
    }

    /// The returns of years. O(days).
    static func years(of daily: DailyEquity) -> [PeriodReturn] {
        periods(of: daily) { (Int($0.year), nil) }
    }

    private static func periods(
        of daily: DailyEquity, _ name: ((year: Int64, month: Int64, day: Int64)) -> (Int, Int?)
    ) -> [PeriodReturn] {
        var periods: [PeriodReturn] = []
        var before = daily.initial.units
        var start = 0
        for day in 0..<daily.count {
            let own = name(daily.day(day).calendarDate)
            let isLast = day + 1 == daily.count || name(daily.day(day + 1).calendarDate) != own
            guard isLast else { continue }
            let equity = daily.units[day]
            let value = before > 0 ? Double(equity - before) / Double(before) : nil
            periods.append(PeriodReturn(year: own.0, month: own.1, days: day + 1 - start, value: value))
            before = equity
            start = day + 1
        }
        return periods
    }
}
