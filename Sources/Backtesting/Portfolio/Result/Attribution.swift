public import Market
import Trading

/// What a part of a portfolio, a strategy or an instrument, has brought in. Over all strategies, as over all instruments,
/// profits sum to what the account has gained, to the last unit.
public struct Attribution: Sendable {
    /// What it began with: its share of the cash; of an instrument, the shares of its strategies.
    public var capital: Money
    /// Profit and loss: `realized` + `open` − `fees`.
    public var profit: Money
    /// Profit and loss of what was closed, before fees.
    public var realized: Money
    /// Profit and loss of what is open, at the last close, before fees.
    public var open: Money
    /// All fees.
    public var fees: Money
    /// Round trips, those that are open at the end included.
    public var tradeCount: Int
    /// Round trips with a profit after fees ÷ all; `nil` without one.
    public var winRate: Double?
    /// Profits ÷ losses of round trips after fees; `nil` without a loss.
    public var profitFactor: Double?
    /// `profit` ÷ the account's initial equity: these sum to the account's total return.
    public var contribution: Double
    /// `profit` ÷ `capital`; `nil` where the share of the cash comes to nothing.
    public var returnOnCapital: Double?
    /// The share of the instrument's candles at whose close anything was held.
    public var exposure: Double
    /// The deepest fall of `capital` and what was brought in below its highest, as a positive share of that.
    public var maximumDrawdown: Double
    /// The covariance of its daily contributions with the account's ÷ their variance: these sum to 1; negative for a part
    /// that makes the account steadier. `nil` where the account's days don't differ.
    public var riskShare: Double?
    /// Capital and what was brought in, at the end of every UTC day.
    public var daily: DailyEquity

    /// The attribution of a standing without its share of risk.
    ///
    /// - Parameters:
    ///   - positions: its positions.
    ///   - trips: its round trips.
    ///   - bars: how many candles its instrument has.
    init(
        _ standing: PortfolioRun.Standing, _ kernel: Kernel, positions: [Position], trips: [RoundTrip], bars: Int,
        initial: Money, from: Timestamp
    ) {
        let currency = initial.currency
        capital = Money(units: standing.base, currency)
        realized = positions.reduce(.zero(currency)) { $0 + $1.realized }
        fees = positions.reduce(.zero(currency)) { $0 + $1.fees }
        profit = Money(units: standing.contribution, currency)
        // By difference, so that a rounding rest of a cost that was split between fills is in no place twice.
        open = profit - realized + fees
        tradeCount = trips.count
        let wins = trips.filter { $0.profit.units > 0 }
        winRate = trips.isEmpty ? nil : Double(wins.count) / Double(trips.count)
        let gained = wins.reduce(Int128(0)) { $0 + $1.profit.units }
        let lost = trips.reduce(Int128(0)) { $0 - min($1.profit.units, 0) }
        profitFactor = lost > 0 ? Double(gained) / Double(lost) : nil
        contribution = Double(profit.units) / Double(initial.units)
        returnOnCapital = capital.isZero ? nil : Double(profit.units) / Double(capital.units)
        exposure = bars > 0 ? Double(standing.tracker.heldCount) / Double(bars) : 0
        maximumDrawdown = capital.isZero ? 0 : standing.tracker.maximumDrawdown
        riskShare = nil
        daily = DailyEquity(initial: capital, firstDay: from.day, units: standing.tracker.dailyEquity)
    }
}

extension DailyEquity {
    /// What each day added. O(days).
    var changes: [Double] {
        var before = initial.units
        return units.map { unit in
            defer { before = unit }
            return (unit - before).approximation
        }
    }
}

/// How daily contributions move together.
enum DailyCovariance {
    /// The correlation (Pearson) of every two of some columns of as many days, as a square; 1 on its diagonal, `nil` where
    /// a column does not vary. O(columns² × days).
    static func correlations(_ columns: [[Double]]) -> [[Double?]] {
        let centered = columns.map(DailyCovariance.centered)
        let squares = centered.map { product($0, $0) }
        return columns.indices.map { row in
            columns.indices.map { column -> Double? in
                guard squares[row] > 0, squares[column] > 0 else { return nil }
                if row == column { return 1 }
                let value = product(centered[row], centered[column]) / (squares[row] * squares[column]).squareRoot()
                return min(max(value, -1), 1)
            }
        }
    }

    /// The covariance of each column with the sum of all ÷ the variance of the sum; `nil` where that does not vary.
    static func shares(_ columns: [[Double]], of total: [Double]) -> [Double?] {
        let sum = centered(total)
        let variance = product(sum, sum)
        return columns.map { variance > 0 ? product(centered($0), sum) / variance : nil }
    }

    /// The distances from the mean; zeros where the values differ by rounding only.
    private static func centered(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(max(values.count, 1))
        let distances = values.map { $0 - mean }
        let isSpread = distances.contains { abs($0) > abs(mean) * 1e-12 }
        return isSpread ? distances : distances.map { _ in 0 }
    }

    private static func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
