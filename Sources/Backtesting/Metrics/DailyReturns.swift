/// The returns of consecutive days and the ratios made from them.
///
/// Markets of this kind never close, so a year has 365 days and a ratio is annualised by √365.
struct DailyReturns: Sendable {
    /// One return a day, as fractions; empty when the account was lost on some day but the last.
    let values: [Double]

    /// What an account that began with `initial` has to have more of: with less it is lost. What a day makes of the last cents says
    /// nothing of a strategy, and a mean of such days would.
    static func ruin(_ initial: Int128) -> Int128 { initial / 10_000 }

    /// The same of an approximate amount.
    static func ruin(_ initial: Double) -> Double { initial / 10_000 }

    /// Days in a year.
    static let perYear = 365.0

    /// The returns of a series of equities, the first against `initial`.
    init(initial: Int128, daily: [Int128]) {
        var before = initial
        var values: [Double] = []
        values.reserveCapacity(daily.count)
        for equity in daily {
            guard before > DailyReturns.ruin(initial) else {
                values = []
                break
            }
            values.append(Double(equity - before) / Double(before))
            before = equity
        }
        self.values = values
    }

    /// The returns themselves.
    init(_ values: [Double]) { self.values = values }

    /// The mean; `nil` without a day.
    var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

    /// The sample standard deviation (divisor n − 1); `nil` below two days.
    var deviation: Double? {
        guard let mean, values.count > 1 else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot()
    }

    /// The root of the mean square of the losses, days of gain counting as nothing (divisor n, target 0).
    var downsideDeviation: Double? {
        guard !values.isEmpty else { return nil }
        let squares = values.reduce(0) { $0 + ($1 < 0 ? $1 * $1 : 0) }
        return (squares / Double(values.count)).squareRoot()
    }

    /// mean ÷ sample deviation × √365, risk-free rate 0; `nil` below two days or without any deviation.
    var sharpe: Double? { annualized(over: deviation) }

    /// mean ÷ downside deviation × √365; `nil` below two days or without a losing day.
    var sortino: Double? { annualized(over: downsideDeviation) }

    private func annualized(over deviation: Double?) -> Double? {
        // Equal returns differ by rounding only; what such a deviation divides means nothing.
        guard values.count > 1, let mean, let deviation, deviation > abs(mean) * 1e-12 else { return nil }
        return mean / deviation * DailyReturns.perYear.squareRoot()
    }
}
