import Market
import Trading

/// Figures of round trips. One with a profit after fees above 0 is won, below 0 lost.
struct TripFigures: Sendable {
    static let noTrip = "there is no round trip"

    /// Traded notional ÷ mean daily equity.
    let turnover: Double?
    /// The turnover of 365 days.
    let annualTurnover: Double?
    /// The mean profit of a trip.
    let expectancy: Money?
    /// The mean profit of the trips that won.
    let averageWin: Money?
    /// The mean loss of the trips that lost, positive.
    let averageLoss: Money?
    /// Average win ÷ average loss.
    let payoffRatio: Double?
    /// The most trips won in a row.
    let longestWinStreak: Int
    /// The most trips lost in a row.
    let longestLossStreak: Int
    /// The mean and the largest adverse excursion, as shares of the entry.
    let adverseMean: Double?
    let adverseMaximum: Double?
    /// The mean and the largest favourable excursion, as shares of the entry.
    let favorableMean: Double?
    let favorableMaximum: Double?
    /// The trips that bought first, and those that sold first.
    let long: TripGroup
    let short: TripGroup
    /// The trips by the hour of the day (UTC) they were opened in; hours without one are left out.
    let hours: [(hour: Int, group: TripGroup)]

    /// The figures of a result's trips. O(trips + days).
    init(_ result: BacktestResult, _ excursions: [Excursion], _ undefined: inout UndefinedFigures) {
        let trips = result.trips
        let none = TripGroup(result.initialEquity.currency)
        var all = none
        var sides = (long: none, short: none)
        var byHour = Array(repeating: none, count: 24)
        var traded: Int128 = 0
        for trip in trips {
            let profit = trip.profit
            all.take(trip, profit)
            if trip.side == .buy { sides.long.take(trip, profit) } else { sides.short.take(trip, profit) }
            byHour[trip.openedAt.hour].take(trip, profit)
            traded += trip.entryNotional.units + (trip.isOpen ? 0 : trip.exitNotional.units)
        }
        long = sides.long
        short = sides.short
        hours = byHour.enumerated().compactMap { $0.element.count > 0 ? ($0.offset, $0.element) : nil }
        expectancy = undefined.figure("expectancy", all.mean(all.profit, of: all.count), TripFigures.noTrip)
        let win = all.mean(all.gained, of: all.wins)
        let loss = all.mean(all.lost, of: all.losses)
        averageWin = undefined.figure("average_win", win, trips.isEmpty ? TripFigures.noTrip : "no round trip won")
        averageLoss = undefined.figure("average_loss", loss, trips.isEmpty ? TripFigures.noTrip : "no round trip lost")
        var payoff: Double?
        if let win, let loss { payoff = win.units.approximation / loss.units.approximation }
        payoffRatio = undefined.figure(
            "payoff_ratio", payoff,
            trips.isEmpty ? TripFigures.noTrip : "it needs a round trip that won and one that lost")
        longestWinStreak = TripFigures.longest(trips) { $0.profit.units > 0 }
        longestLossStreak = TripFigures.longest(trips) { $0.profit.units < 0 }

        let count = Double(excursions.count)
        let hasTrips = !excursions.isEmpty
        func mean(_ sum: Double) -> Double? { hasTrips ? sum / count : nil }
        adverseMean = undefined.figure("mae_mean", mean(excursions.reduce(0) { $0 + $1.adverse }), TripFigures.noTrip)
        adverseMaximum = undefined.figure("mae_max", excursions.map(\.adverse).max(), TripFigures.noTrip)
        favorableMean = undefined.figure(
            "mfe_mean", mean(excursions.reduce(0) { $0 + $1.favorable }), TripFigures.noTrip)
        favorableMaximum = undefined.figure("mfe_max", excursions.map(\.favorable).max(), TripFigures.noTrip)

        let held = result.daily.units.reduce(0) { $0 + $1.approximation } / Double(max(result.daily.count, 1))
        let turnover = held > 0 ? traded.approximation / held : nil
        self.turnover = undefined.figure("turnover", turnover, "the mean equity is not positive")
        let days = Double(result.to.nanoseconds(since: result.from)) / 86_400e9
        annualTurnover = undefined.figure(
            "annual_turnover",
            days >= PerformanceMetrics.minimumDays ? turnover.map { $0 * DailyReturns.perYear / days } : nil,
            turnover == nil
                ? "the mean equity is not positive"
                : "the run is shorter than \(Int(PerformanceMetrics.minimumDays)) days")
    }

    private static func longest(_ trips: [RoundTrip], _ belongs: (RoundTrip) -> Bool) -> Int {
        var running = 0
        var longest = 0
        for trip in trips {
            running = belongs(trip) ? running + 1 : 0
            longest = max(longest, running)
        }
        return longest
    }
}

/// Trips that belong together, added up exactly.
struct TripGroup: Sendable {
    private(set) var count = 0
    private(set) var wins = 0
    private(set) var losses = 0
    private(set) var gained: Money
    private(set) var lost: Money
    private var returns = 0.0

    /// No trip.
    init(_ currency: Currency) {
        gained = .zero(currency)
        lost = .zero(currency)
    }

    /// Takes a trip with its profit.
    mutating func take(_ trip: RoundTrip, _ profit: Money) {
        count += 1
        if profit.units > 0 {
            wins += 1
            gained = gained + profit
        } else if profit.units < 0 {
            losses += 1
            lost = lost - profit
        }
        if !trip.entryNotional.isZero {
            returns += profit.units.approximation / trip.entryNotional.units.approximation
        }
    }

    var profit: Money { gained - lost }

    /// The mean of profit ÷ entry notional.
    var averageReturn: Double? { count > 0 ? returns / Double(count) : nil }

    var winRate: Double? { count > 0 ? Double(wins) / Double(count) : nil }

    var profitFactor: Double? {
        lost.units > 0 ? gained.units.approximation / lost.units.approximation : nil
    }

    /// An amount ÷ a count, rounded toward zero at 10⁻¹⁶; `nil` of none.
    func mean(_ amount: Money, of count: Int) -> Money? {
        count > 0 ? Money(units: amount.units / Int128(count), amount.currency) : nil
    }
}

extension Timestamp {
    /// The hour of the UTC day, 0…23.
    fileprivate var hour: Int { Int((seconds - day * 86_400) / 3_600) }
}
