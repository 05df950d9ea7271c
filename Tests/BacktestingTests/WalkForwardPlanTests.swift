import Backtesting
import Market
import Testing
import Trading

@Suite("Windows, looks and stitching")
struct WalkForwardPlanTests {
    /// Hours from 2023-01-01 on.
    private func hours(_ count: Int) -> CandleSeries {
        let candles = (0..<count).map { index in
            Candle(
                openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 3_600), open: cents(100), high: cents(100),
                low: cents(100), close: cents(100), volume: Quantity(mantissa: 1))
        }
        return CandleSeries(instrument: freeInstrument, timeframe: Timeframe("1h")!, candles: candles)
    }

    @Test("rolling windows move on by the test, with purge and embargo between training and test")
    func rolling() {
        let plan = WalkForwardPlan(train: 10 * 3_600, test: 4 * 3_600, purge: 2 * 3_600, embargo: 3_600)
        let windows = plan.windows(of: hours(24))
        #expect(windows.map(\.train) == [0..<8, 4..<12, 8..<16].prefix(windows.count).map { $0 })
        #expect(windows.map(\.test) == [11..<15, 15..<19, 19..<23])
        #expect(windows.map(\.number) == [1, 2, 3])
        #expect(plan.windows(of: hours(14)).isEmpty)
        #expect(plan.windows(of: hours(15)).count == 1)
    }

    @Test("anchored windows all begin at the first candle")
    func anchored() {
        let windows = WalkForwardPlan(train: 10 * 3_600, test: 4 * 3_600, isAnchored: true).windows(of: hours(24))
        #expect(windows.map(\.train) == [0..<10, 0..<14, 0..<18])
        #expect(windows.map(\.test) == [10..<14, 14..<18, 18..<22])
    }

    @Test("windows without a candle are left out")
    func gap() {
        var series = hours(40)
        series.candles.removeSubrange(12..<24)
        let windows = WalkForwardPlan(train: 8 * 3_600, test: 4 * 3_600).windows(of: series)
        #expect(windows.allSatisfy { !$0.train.isEmpty && !$0.test.isEmpty })
        #expect(windows.count < 8 && windows.last?.testTo == series.candles.last?.closeTime(series.timeframe))
    }

    @Test("a look sees what a run over the candles so far sees, and the whole is the whole")
    func looks() throws {
        let series = walk(4_000, seed: 11)
        let setup = try configuration("sma-crossover", [("fast", "5"), ("slow", "20")])
        var seen: [BacktestResult] = []
        let whole = try #require(
            try Backtest.run(
                series, setup, looks: 3,
                goesOn: {
                    seen.append($0)
                    return true
                }))
        let alone = try Backtest.run(series, setup)
        #expect(whole.finalEquity == alone.finalEquity && whole.trips == alone.trips)
        #expect(whole.metrics.sharpe == alone.metrics.sharpe && whole.bars == 4_000)
        #expect(seen.map(\.bars) == [1_000, 2_000, 3_000])
        for look in seen {
            let part = try Backtest.run(
                CandleSeries(
                    instrument: series.instrument, timeframe: series.timeframe,
                    candles: Array(series.candles.prefix(look.bars))), setup)
            #expect(
                look.finalEquity == part.finalEquity && look.metrics.maximumDrawdown == part.metrics.maximumDrawdown)
            #expect(look.metrics.sharpe == part.metrics.sharpe && look.to == part.to && look.gaps == part.gaps)
        }
        #expect(try Backtest.run(series, setup, looks: 3, goesOn: { $0.bars < 2_000 }) == nil)
    }

    @Test("closing out costs the slippage and the taker fee of the mark, and no more")
    func closing() throws {
        // Crosses upward once and stays: 100 USDT a coin at the end.
        let bars = (0..<30).map { (open: Int64($0 < 10 ? 50 : 100), close: Int64($0 < 10 ? 50 : 100)) }
        let setup = try configuration("sma-crossover", [("fast", "2"), ("slow", "4")], fee: "10", slippage: "20")
        let open = try Backtest.run(series(bars), setup)
        let trip = try #require(open.trips.last)
        #expect(open.hasOpenTrade)
        let closed = open.closedOut()
        let mark = trip.exitNotional.units
        let slipped = (mark * 2 + 999) / 1_000
        let fee = (mark - slipped + 999) / 1_000
        #expect(closed.finalEquity.units == open.finalEquity.units - slipped - fee)
        #expect(closed.trips.last!.profit.units == trip.profit.units - slipped - fee && !closed.hasOpenTrade)
        #expect(closed.closedOut().finalEquity == closed.finalEquity)
    }

    @Test("any changed candle changes the fingerprint")
    func fingerprint() {
        let series = walk(500, seed: 3)
        var seen = [series.fingerprint]
        #expect(series.fingerprint.count == 16 && walk(500, seed: 3).fingerprint == seen[0])
        for index in [0, 250, 499] {
            var other = series
            other.candles[index].volume = Quantity(mantissa: other.candles[index].volume.mantissa + 1)
            seen.append(other.fingerprint)
        }
        var shorter = series
        shorter.candles.removeLast()
        seen.append(shorter.fingerprint)
        #expect(Set(seen).count == seen.count)
    }
}
