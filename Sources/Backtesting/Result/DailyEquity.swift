public import Market

/// The last mark of every UTC day of a run, exact.
///
/// Days without a candle keep the mark of the day before. A candle belongs to the day that it opened in.
public struct DailyEquity: Sendable {
    /// The equity it began with, which the first day is measured against.
    public let initial: Money
    /// The first day, in days since the epoch.
    let firstDay: Int64
    /// One amount (`Money.units`) a day.
    let units: [Int128]

    /// How many days there are.
    public var count: Int { units.count }

    /// The start of the day `index`.
    public func day(_ index: Int) -> Timestamp { Timestamp(seconds: (firstDay + Int64(index)) * 86_400) }

    /// The last mark of the day `index`.
    public func equity(_ index: Int) -> Money { Money(units: units[index], initial.currency) }

    /// One return a day, as fractions, the first against the initial equity; empty when the account was lost on some day but
    /// the last: no more than a ten-thousandth of what it began with was left. O(days).
    public var returns: [Double] { DailyReturns(initial: initial.units, daily: units).values }

    /// One return a day as fractions also of an account that was lost: −1 on the first day that it ends at nothing or
    /// below, 0 on all days after it, whatever a position that was still open came to. O(days).
    public var returnsUntilLost: [Double] {
        var before = initial.units
        return units.map { equity in
            guard before > DailyReturns.ruin(initial.units) else { return 0 }
            let value = equity > DailyReturns.ruin(initial.units) ? Double(equity - before) / Double(before) : -1
            before = equity
            return value
        }
    }
}
