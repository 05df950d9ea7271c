import Backtesting
public import Market
import Statistics

/// The daily marks of a run, from the points of its curve.
struct DailyMarks {
    /// The first day, in days since the epoch.
    let firstDay: Int64
    /// What the first day is measured against.
    let initial: Double
    /// The last mark of each day; a day without one has that of the day before.
    let values: [Double]

    /// The marks of a report; `nil` without a curve.
    init?(_ report: BacktestReport) {
        guard let first = report.equity.first, let last = report.equity.last else { return nil }
        func day(_ time: Timestamp) -> Int64 { time.adding(nanoseconds: -1).day }
        firstDay = day(first.time)
        initial = report["initial_equity"] ?? first.value
        var values: [Double] = []
        var before = initial
        var index = 0
        for own in firstDay...max(firstDay, day(last.time)) {
            while index < report.equity.count, day(report.equity[index].time) <= own {
                before = report.equity[index].value
                index += 1
            }
            values.append(before)
        }
        self.values = values
    }

    /// The returns of the days in the range; `nil` where the equity was not positive before one of them.
    func returns(_ days: Range<Int64>) -> [Double]? {
        var returns: [Double] = []
        returns.reserveCapacity(days.count)
        for day in days {
            let place = Int(day - firstDay)
            let before = place == 0 ? initial : values[place - 1]
            guard before > 0 else { return nil }
            returns.append(values[place] / before - 1)
        }
        return returns
    }
}

/// Several runs side by side over the days that they have in common: intervals, and whether they differ from the first.
public struct BacktestComparison: Sendable, Hashable {
    /// What is said of one run; ends of intervals are those of 95 %.
    public struct Row: Sendable, Hashable {
        /// The run.
        public var id: Int64
        /// The annualised Sharpe ratio over the common days.
        public var sharpe: Double?
        /// The interval of the total return over the common days.
        public var returnLow: Double?, returnHigh: Double?
        /// The interval of the Sharpe ratio.
        public var sharpeLow: Double?, sharpeHigh: Double?
        /// The mean daily return less that of the first run; `nil` of the first.
        public var dailyDifference: Double?
        /// The chance of such a difference between runs that don't differ, by the paired test.
        public var probability: Double?
        /// The same chance by the bootstrap.
        public var bootstrapProbability: Double?
    }

    /// The runs in the order they were given; none where there is a problem.
    public let rows: [Row]
    /// The first common day and the end of the last.
    public let from: Timestamp, to: Timestamp
    /// How many days they have in common.
    public let days: Int
    /// Why nothing can be said; `nil` where something can.
    public let problem: String?

    /// Compares runs. Some milliseconds for a few of a year.
    public init(_ runs: [(id: Int64, report: BacktestReport)]) {
        let marks = runs.compactMap { DailyMarks($0.report) }
        let first = marks.map(\.firstDay).max() ?? 0
        let end = marks.map { $0.firstDay + Int64($0.values.count) }.min() ?? 0
        from = Timestamp(seconds: first * 86_400)
        to = Timestamp(seconds: max(first, end) * 86_400)
        days = Int(max(0, end - first))
        guard marks.count == runs.count else {
            rows = []
            problem = "a run has no equity curve"
            return
        }
        guard days >= ReturnsComparison.minimumDays else {
            rows = []
            problem = "\(days) days in common; a test needs \(ReturnsComparison.minimumDays)"
            return
        }
        let returns = marks.compactMap { $0.returns(first..<end) }
        guard returns.count == runs.count, let comparison = ReturnsComparison(returns) else {
            rows = []
            problem = "the equity of a run was gone before the last of the common days"
            return
        }
        problem = nil
        rows = zip(runs, comparison.rows).map { run, row in
            Row(
                id: run.id, sharpe: row.sharpe, returnLow: row.returnInterval?.low,
                returnHigh: row.returnInterval?.high, sharpeLow: row.sharpeInterval?.low,
                sharpeHigh: row.sharpeInterval?.high, dailyDifference: row.difference?.test.meanDifference,
                probability: row.difference?.test.probability,
                bootstrapProbability: row.difference?.test.bootstrapProbability)
        }
    }
}
