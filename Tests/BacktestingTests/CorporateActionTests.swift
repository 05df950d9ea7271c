import Backtesting
import Market
import Simulation
import Testing
import Trading

@Suite struct CorporateActionTests {
    private func actions(_ text: String) throws -> CorporateActions {
        try CorporateActions(.init(name: "actions", text: text), for: GoldenTests.perpetual)
    }

    private func day(_ day: Int64, _ price: Int64) -> Candle {
        Candle(
            openTime: Timestamp(seconds: 1_672_531_200 + day * 86_400), open: cents(price * 100),
            high: cents(price * 100 + 50), low: cents(price * 100 - 50), close: cents(price * 100),
            volume: Quantity(mantissa: 100_000_000))
    }

    private func series(_ prices: [Int64]) -> CandleSeries {
        CandleSeries(
            instrument: GoldenTests.perpetual, timeframe: .oneDay,
            candles: prices.enumerated().map { day(Int64($0.offset), $0.element) })
    }

    @Test func candlesBeforeASplitAreThoseOfTheSharesAfterIt() throws {
        let raw = series([400, 404, 101, 102, 51])
        // Four for one on 3 January, two for one on the 5th.
        let adjusted = try actions("date,split,dividend\n2023-01-03,4,0\n2023-01-05,2,0\n").adjusted(raw)
        #expect(adjusted.candles.map(\.close) == [50, 50.5, 50.5, 51, 51].map { cents(Int64($0 * 100)) })
        #expect(adjusted.candles.map(\.volume.mantissa) == [8, 8, 2, 2, 1].map { $0 * 100_000_000 })
        #expect(adjusted.candles.allSatisfy { $0.isConsistent })
    }

    @Test func dividendsBeforeASplitAreThoseOfTheSharesAfterIt() throws {
        let payments = try actions("2023-01-02,1,4\n2023-01-03,4,0.5\n2023-01-04,1,0.25\n").payments
        guard case .recorded(let points)? = payments else {
            Issue.record("there are payments")
            return
        }
        #expect(points.map(\.dividend) == [cents(100), cents(50), cents(25)])
        let none = try actions("2023-01-03,4,0\n").payments
        #expect(none == nil)
    }

    @Test func aHolderGainsNothingByASplitAndReceivesTheDividend() throws {
        // Bought at 100 on the second day: 100 shares, 400 after the split; 0.25 each are paid on the fourth.
        let actions = try actions("2023-01-03,4,0\n2023-01-04,1,0.25\n")
        var configuration = try AssumptionTests.holding { _ in }
        configuration.conditions.funding = actions.payments
        let result = try Backtest.run(actions.adjusted(series([100, 100, 25, 25, 25])), configuration)
        #expect(result.finalEquity == Money(whole: 10_100, .usdt))
        #expect(result.trips.map(\.funding) == [Money(whole: -100, .usdt)])
        #expect(result.trips.map(\.quantity) == [Quantity(mantissa: 400 * 100_000_000)])
    }

    @Test(arguments: [
        "2023-01-03,0,0", "2023-01-03,2,-1", "2023-01-03,2", "soon,2,0", "2023-01-03,2,0\n2023-01-02,2,0",
    ])
    func whatIsWrongIsSaid(_ text: String) {
        #expect(throws: BacktestError.self) { _ = try actions(text) }
    }
}
