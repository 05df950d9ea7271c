import Engine
import Market

/// The returns of the calendar months (UTC) of an equity curve, by year.
struct MonthlyReturns: Sendable {
    /// A year with its months.
    struct Year: Sendable, Hashable {
        var year: Int
        /// January first; `nil` where the curve has no mark, or the one before was not positive.
        var months: [Double?]
        /// The return of the year as far as the curve reaches into it.
        var total: Double?
    }

    /// The years, oldest first.
    let years: [Year]

    /// The largest month of either sign.
    let largest: Double

    /// The months of a report's curve: the last mark in each ÷ the last mark before it − 1, the first against what the
    /// run began with. A mark at midnight belongs to the day that ends there. O(points).
    init(_ report: BacktestReport) {
        var years: [Year] = []
        var before = report["initial_equity"] ?? report.equity.first?.value ?? 0
        var yearBefore = before
        for (index, point) in report.equity.enumerated() {
            let date = point.time.adding(nanoseconds: -1).calendarDate
            let isLast: Bool
            if index + 1 < report.equity.count {
                let next = report.equity[index + 1].time.adding(nanoseconds: -1).calendarDate
                isLast = next.year != date.year || next.month != date.month
            } else {
                isLast = true
            }
            guard isLast else { continue }
            if years.last?.year != Int(date.year) {
                years.append(Year(year: Int(date.year), months: Array(repeating: nil, count: 12), total: nil))
                yearBefore = before
            }
            let place = years.count - 1
            if before > 0 { years[place].months[Int(date.month) - 1] = point.value / before - 1 }
            if yearBefore > 0 { years[place].total = point.value / yearBefore - 1 }
            before = point.value
        }
        self.years = years
        largest = years.flatMap(\.months).compactMap { $0 }.map(abs).max() ?? 0
    }
}
