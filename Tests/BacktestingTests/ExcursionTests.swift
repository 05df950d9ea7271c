import Market
import Testing
import Trading

@testable import Backtesting

/// Excursions over hand-made candles with gaps between them.
@Suite struct ExcursionTests {
    /// Minutes 0…4 as open, high, low, close; each opens away from the close before.
    static let candles: [(Int64, Int64, Int64, Int64)] = [
        (100, 130, 70, 100), (101, 104, 96, 103), (99, 112, 98, 110), (108, 109, 90, 92), (95, 140, 60, 100),
    ]

    static let series = CandleSeries(
        instrument: freeInstrument, timeframe: .oneMinute,
        candles: candles.enumerated().map { index, candle in
            Candle(
                openTime: Timestamp(seconds: Int64(index) * 60), open: cents(candle.0 * 100),
                high: cents(candle.1 * 100), low: cents(candle.2 * 100), close: cents(candle.3 * 100),
                volume: Quantity(mantissa: 1))
        })

    struct Row: CustomTestStringConvertible, Sendable {
        var what: String
        var trip: RoundTrip
        var low: Double
        var high: Double
        var testDescription: String { what }
    }

    static let rows = [
        Row(
            what: "a rule's exit meets the open alone", trip: trip(.buy, 100, 95, from: 60, to: 240), low: 90, high: 112
        ),
        Row(
            what: "what came before the entry does not count", trip: trip(.buy, 99, 108, from: 120, to: 180), low: 98,
            high: 112),
        Row(
            what: "a stop: the open and the exit, not the candle's extremes",
            trip: trip(.buy, 100, 91, from: 60, to: 180, .stopLoss), low: 91, high: 112),
        Row(
            what: "a target of a long: the low came first",
            trip: trip(.buy, 100, 109, from: 60, to: 180, .takeProfit), low: 90, high: 112),
        Row(
            what: "a target that the open had reached: no low before it",
            trip: trip(.buy, 100, 107, from: 60, to: 180, .takeProfit), low: 96, high: 112),
        Row(
            what: "a target of a short: the high came first",
            trip: trip(.sell, 110, 62, from: 180, to: 240, .takeProfit), low: 62, high: 140),
        Row(
            what: "a trailing stop of a short", trip: trip(.sell, 100, 97, from: 60, to: 120, .trailingStop), low: 96,
            high: 104),
        Row(
            what: "opened and stopped in one candle",
            trip: trip(.buy, 101, 97, from: 60, to: 60, .stopLoss), low: 97, high: 101),
        Row(
            what: "open at the end: every candle to the end",
            trip: trip(.buy, 100, 100, from: 180, to: 300, isOpen: true), low: 60, high: 140),
        Row(what: "an entry outside its candle", trip: trip(.buy, 106, 99, from: 60, to: 120), low: 96, high: 106),
    ]

    @Test(arguments: rows)
    func excursion(_ row: Row) throws {
        let excursion = try #require(Excursion.excursions(of: [row.trip], over: MetCandles(Self.series)).first)
        let entry = row.trip.entryNotional.approximation
        let below = (entry - row.low) / entry
        let above = (row.high - entry) / entry
        #expect(abs(excursion.adverse - (row.trip.side == .buy ? below : above)) < 1e-12)
        #expect(abs(excursion.favorable - (row.trip.side == .buy ? above : below)) < 1e-12)
    }

    /// Two hours at 100; the second goes to 90 and 120 only after its sixth minute, at which 98 is traded.
    private static let hours = AssumptionTests.minutes(
        Array(repeating: (100, 100, 100, 100), count: 60) + Array(repeating: (100, 101, 99, 100), count: 5)
            + [(100, 100, 97, 97)] + Array(repeating: (100, 120, 90, 100), count: 54))

    @Test("a stop on a minute takes the minutes up to it, not the hour around it")
    func minutes() throws {
        let base = Self.hours.resampled(to: Timeframe("1h")!)
        let noon = base.candles[1].openTime.seconds
        let stopped = trip(.buy, 100, 98, from: noon, to: noon + 300, .stopLoss)
        let excursion = Excursion(stopped, MetCandles(base, detail: Self.hours))
        #expect(excursion.adverse == 0.02 && excursion.favorable == 0.01)
        // Opened inside the hour: what came before the entry does not count either.
        let late = trip(.buy, 100, 97, from: noon + 300, to: noon + 300, .stopLoss)
        #expect(Excursion(late, MetCandles(base, detail: Self.hours)).favorable == 0)
    }

    @Test("an hour without minutes counts as a whole")
    func hourWithoutMinutes() throws {
        var some = Self.hours
        let base = some.resampled(to: Timeframe("1h")!)
        some.candles.removeFirst(60)
        let first = base.candles[0].openTime.seconds
        let held = trip(.buy, 100, 98, from: first, to: first + 3_900, .stopLoss)
        let excursion = Excursion(held, MetCandles(base, detail: some))
        #expect(excursion.adverse == 0.02 && excursion.favorable == 0.01)
        some.candles.removeAll()
        let whole = trip(.buy, 100, 100, from: first, to: first + 7_200)
        let byHours = Excursion(whole, MetCandles(base, detail: some))
        #expect(byHours.adverse == 0.1 && byHours.favorable == 0.2)
    }

    @Test("a run that is filled on minutes has the excursions of its minutes")
    func runOnMinutes() throws {
        let minutes = walk(8_000, seed: 78)
        let base = minutes.resampled(to: Timeframe("1h")!)
        var configuration = try configuration("sma-crossover", [("fast", "3"), ("slow", "8")])
        configuration.protection = Protection(stopLoss: .percent(1), takeProfit: .percent(2))
        configuration.detail = minutes
        let result = try Backtest.run(base, configuration)
        #expect(result.trips.contains { $0.closedAt.seconds % 3_600 != 0 })
        let extended = ExtendedMetrics(result, base, detail: minutes)
        // The minutes say the same as a run of minutes alone would.
        #expect(extended.excursions == Excursion.excursions(of: result.trips, over: MetCandles(minutes)))
    }

    @Test("over real runs no excursion is negative, and none is less than where the trip ended")
    func properties() throws {
        for seed in UInt64(1)...5 {
            let series = walk(4_000, seed: seed)
            var configuration = try configuration("sma-crossover", slippage: "2")
            configuration.protection = Protection(
                stopLoss: .percent(1), takeProfit: .percent(2), trailingStop: .percent(2))
            let result = try Backtest.run(series, configuration)
            #expect(result.trips.count > 10)
            for (trip, excursion) in zip(
                result.trips, Excursion.excursions(of: result.trips, over: MetCandles(series)))
            {
                let gain = trip.exitNotional.approximation / trip.entryNotional.approximation - 1
                #expect(excursion.adverse >= 0 && excursion.favorable >= 0)
                #expect(excursion.favorable >= gain - 1e-9 && excursion.adverse >= -gain - 1e-9)
            }
        }
    }
}
