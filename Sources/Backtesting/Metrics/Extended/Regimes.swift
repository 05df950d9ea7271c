import Market
import Statistics
import Trading

/// What kind of market a day began in, from the closes of the days before it alone.
///
/// Trend: the return of the last `window` days ÷ (their daily deviation × √window), which a walk without drift spreads as a
/// standard normal variable: above 0.43 up, below −0.43 down, sideways between — a third of such a walk's days each.
/// Volatility: the deviation of the daily returns of the last `window` days, among the `memory` values before it: the
/// lowest third calm, the highest turbulent, normal between.
struct Regimes: Sendable {
    /// Days that trend and volatility look back.
    static let window = 30
    /// Earlier volatilities that one is ranked among, at most and at least.
    static let memory = 365
    static let leastMemory = 60
    /// The terciles of a standard normal variable.
    static let threshold = 0.430_727_299_295_457_5

    /// The trend of a day.
    enum Trend: String, CaseIterable, Sendable {
        case up
        case sideways
        case down
    }

    /// The volatility of a day.
    enum Volatility: String, CaseIterable, Sendable {
        case calm
        case normal
        case turbulent
    }

    /// One for each day; `nil` where there is too little before it.
    let trends: [Trend?]
    let volatilities: [Volatility?]

    /// The regimes of days by their closes: that of day d knows the closes up to day d − 1. O(days · memory).
    ///
    /// - Parameter open: the price that the first day began with.
    init(open: Double, closes: [Double]) {
        // returns[d] is that of day d.
        var returns: [Double] = []
        returns.reserveCapacity(closes.count)
        var before = open
        for close in closes {
            returns.append(before > 0 ? close / before - 1 : 0)
            before = close
        }
        var trends: [Trend?] = []
        var volatilities: [Volatility?] = []
        var known: [Double] = []
        for day in closes.indices {
            guard day >= Regimes.window else {
                trends.append(nil)
                volatilities.append(nil)
                continue
            }
            let moments = Moments(returns[(day - Regimes.window)..<day])
            let deviation = moments.deviation ?? 0
            let first = day > Regimes.window ? closes[day - Regimes.window - 1] : open
            let moved = first > 0 ? closes[day - 1] / first - 1 : 0
            let scale = deviation * Double(Regimes.window).squareRoot()
            let strength = scale > 0 ? moved / scale : 0
            trends.append(
                strength > Regimes.threshold ? .up : strength < -Regimes.threshold ? .down : .sideways)
            volatilities.append(Regimes.volatility(deviation, among: known.suffix(Regimes.memory)))
            known.append(deviation)
        }
        self.trends = trends
        self.volatilities = volatilities
    }

    private static func volatility(_ value: Double, among known: ArraySlice<Double>) -> Volatility? {
        guard known.count >= leastMemory else { return nil }
        let below = known.count { $0 < value }
        let equal = known.count { $0 == value }
        // Equal values count by half, so that a market that never changes is normal.
        let rank = (Double(below) + Double(equal) / 2) / Double(known.count)
        return rank < 1.0 / 3 ? .calm : rank > 2.0 / 3 ? .turbulent : .normal
    }
}

/// The figures of the days of one regime.
struct RegimeFigures: Sendable {
    /// What it is called; `unknown` for days with too little before them.
    let name: String
    /// How many days it had.
    let days: Int
    /// What they brought together: ∏(1 + r) − 1.
    let totalReturn: Double?
    /// Mean ÷ deviation of their returns × √365; `nil` below `ExtendedMetrics.minimumSample` days.
    let sharpe: Double?
    /// The share of their time in which a position was held.
    let exposure: Double
    /// The round trips that were opened in them.
    let trips: TripGroup

    /// The figures by trend and by volatility, regimes without a day left out; none where daily returns are undefined.
    /// O(days + trips + days held).
    static func figures(
        _ result: BacktestResult, _ series: CandleSeries, _ undefined: inout UndefinedFigures
    ) -> (trend: [RegimeFigures], volatility: [RegimeFigures])? {
        let returns = result.daily.returns
        let closes = DailyCloses(series, from: result.daily.firstDay, count: result.daily.count)
        let regimes = Regimes(open: closes.firstOpen, closes: closes.values)
        let isKnown = regimes.trends.contains { $0 != nil } && returns.count == closes.values.count
        let reason =
            returns.isEmpty
            ? "the account was lost on some day"
            : "there are \(returns.count) days; a regime needs \(Regimes.window) before it"
        guard undefined.figure("by_regime", isKnown ? true : nil, reason) != nil else { return nil }
        let held = heldShares(result)
        func table(_ names: [String], _ labels: [String?]) -> [RegimeFigures] {
            (names + ["unknown"]).compactMap { name in
                let days = labels.indices.filter { (labels[$0] ?? "unknown") == name }
                guard !days.isEmpty else { return nil }
                return RegimeFigures(name, days, result, returns, held, labels)
            }
        }
        return (
            table(Regimes.Trend.allCases.map(\.rawValue), regimes.trends.map { $0?.rawValue }),
            table(Regimes.Volatility.allCases.map(\.rawValue), regimes.volatilities.map { $0?.rawValue })
        )
    }

    private init(
        _ name: String, _ days: [Int], _ result: BacktestResult, _ returns: [Double], _ held: [Double],
        _ labels: [String?]
    ) {
        self.name = name
        self.days = days.count
        let own = days.map { returns[$0] }
        totalReturn = own.reduce(1) { $0 * (1 + $1) } - 1
        sharpe = own.count >= ExtendedMetrics.minimumSample ? DailyReturns(own).sharpe : nil
        exposure = days.reduce(0) { $0 + held[$1] } / Double(days.count)
        var trips = TripGroup(result.initialEquity.currency)
        for trip in result.trips {
            let day = Int(trip.openedAt.day - result.daily.firstDay)
            guard labels.indices.contains(day), (labels[day] ?? "unknown") == name else { continue }
            trips.take(trip, trip.profit)
        }
        self.trips = trips
    }

    /// The share of each day in which a position was held; the first and the last day count whole.
    private static func heldShares(_ result: BacktestResult) -> [Double] {
        var shares = [Double](repeating: 0, count: result.daily.count)
        for trip in result.trips {
            var from = trip.openedAt
            while from < trip.closedAt {
                let end = min(Timestamp(seconds: (from.day + 1) * 86_400), trip.closedAt)
                let day = Int(from.day - result.daily.firstDay)
                if shares.indices.contains(day) { shares[day] += Double(end.nanoseconds(since: from)) / 86_400e9 }
                from = end
            }
        }
        return shares.map { min($0, 1) }
    }
}
