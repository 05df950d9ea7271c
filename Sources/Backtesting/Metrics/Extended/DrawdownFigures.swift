import Market

/// How the daily equity fell below its peaks, the initial equity being the first of them, and came back.
struct DrawdownFigures: Sendable {
    /// The root of the mean square of the daily drawdowns, as a share.
    let ulcerIndex: Double?
    /// The most days in a row below a peak, a fall that goes on at the end included.
    let longestUnderwaterDays: Int
    /// The share of days below a peak.
    let underwaterShare: Double
    /// Total return ÷ maximum drawdown.
    let recoveryFactor: Double?
    /// Days from the trough of the deepest daily drawdown back to its peak.
    let recoveryDays: Int?

    /// The figures of marks. O(days).
    ///
    /// - Parameter maximumDrawdown: that of the marks at every candle, which `recoveryFactor` is measured by.
    init(
        _ daily: DailyEquity, totalReturn: Double, maximumDrawdown: Double, _ undefined: inout UndefinedFigures
    ) {
        var peak = daily.initial.units
        var squares = 0.0
        var under = 0
        var running = 0
        var longest = 0
        var deepest = 0.0
        var trough: Int?
        var peakOfTrough: Int128 = 0
        var recovered: Int?
        for (day, equity) in daily.units.enumerated() {
            if let trough, recovered == nil, equity >= peakOfTrough { recovered = day - trough }
            guard equity < peak else {
                peak = equity
                running = 0
                continue
            }
            let share = (peak - equity).approximation / peak.approximation
            squares += share * share
            under += 1
            running += 1
            longest = max(longest, running)
            if share > deepest {
                deepest = share
                trough = day
                peakOfTrough = peak
                recovered = nil
            }
        }
        let count = Double(max(daily.count, 1))
        let isReturn = !daily.returns.isEmpty
        ulcerIndex = undefined.figure(
            "ulcer_index", isReturn ? (squares / count).squareRoot() : nil, "the account was lost on some day")
        longestUnderwaterDays = longest
        underwaterShare = Double(under) / count
        recoveryFactor = undefined.figure(
            "recovery_factor", maximumDrawdown > 0 ? totalReturn / maximumDrawdown : nil, "the equity never fell")
        recoveryDays = undefined.figure(
            "recovery_days", recovered,
            trough == nil
                ? "no day ended below a peak" : "the deepest daily drawdown was not made good by the end")
    }
}
