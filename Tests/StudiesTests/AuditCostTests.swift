import Backtesting
import Market
import Simulation
import Testing
import Trading

@testable import Studies

@Suite("Costs as the audit multiplies them, and takes them out")
struct AuditCostTests {
    /// Bought at the open of the second candle at 100 and sold at that of the third at 105, all in.
    private static let rising = prices([100, 100, 105])

    private static func prices(_ opens: [Int64], reach: Int64 = 0) -> CandleSeries {
        let candles = opens.enumerated().map { index, open in
            func price(_ whole: Int64) -> Price { Price(mantissa: whole * 100_000_000) }
            return Candle(
                openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 3_600), open: price(open),
                high: price(open + reach), low: price(open - reach), close: price(open),
                volume: Quantity(mantissa: 100_000_000))
        }
        return CandleSeries(instrument: instrument, timeframe: Timeframe("1h")!, candles: candles)
    }

    /// Long on the first candle, flat on the second, and so on.
    private func trader(_ series: CandleSeries, _ change: (inout BacktestConfiguration) -> Void)
        -> BacktestConfiguration
    {
        var configuration = run(
            "thumb", series, Parameters([]), thumb { { index, _ in index.isMultiple(of: 2) ? .long : .flat } })
        configuration.venue.makerFee = .zero
        configuration.venue.takerFee = .zero
        change(&configuration)
        return configuration
    }

    private func costs(_ change: (inout BacktestConfiguration) -> Void) throws -> (AuditFinding, [Double]) {
        let subject = AuditSubject(trader(Self.rising, change), over: Self.rising)
        let checks = StrengthChecks(subject: subject, options: quickly, workers: 2, isCancelled: { false })
        let (finding, rows) = try #require(checks.costs())
        #expect(rows.map(\.factor) == [0, 1, 2, 4])
        return (finding, rows.map(\.totalReturn))
    }

    /// 105 ÷ 100 with a share of both sides lost.
    private func expected(_ share: Double) -> Double { 1.05 * (1 - share) / (1 + share) - 1 }

    private func check(_ found: (AuditFinding, [Double])) {
        for (value, share) in zip(found.1, [0, 0.01, 0.02, 0.04]) { #expect(abs(value - expected(share)) < 1e-6) }
        // 0.05 ÷ 2.05 is 2.439 %: the fee at which 5 % are gone, whatever the costs of the run are made of.
        #expect(abs((found.0.figure ?? 0) - 243.9) < 0.1)
        #expect(found.0.verdict == .passed)
    }

    @Test("fixed fees are multiplied")
    func fixed() throws {
        check(
            try costs {
                $0.venue.makerFee = .percent(1)
                $0.venue.takerFee = .percent(1)
            })
    }

    @Test("the fees of a schedule are multiplied, and are no part of the break-even")
    func schedule() throws {
        check(
            try costs {
                $0.conditions.fees = FeeSchedule(tiers: [FeeTier(from: 0, maker: .percent(1), taker: .percent(1))])
            })
    }

    @Test("half spreads are multiplied, and are no part of the break-even")
    func halfSpreads() throws {
        check(try costs { $0.conditions.slippage = SlippageModel(halfSpreads: [.percent(1)]) })
    }

    @Test("impact and the ways of orders are multiplied, up to a day")
    func others() throws {
        let hour: Int64 = 3_600_000_000_000
        let configuration = trader(Self.rising) {
            $0.conditions.slippage = SlippageModel(impact: .percent(50))
            $0.conditions.latency = LatencyModel(entry: [hour / 2], cancel: [0], answer: [10 * hour], bar: hour)
        }
        let dearer = configuration.costs(times: 4).conditions
        #expect(dearer.slippage?.impact == .percent(200))
        #expect(dearer.latency?.entry == [2 * hour] && dearer.latency?.answer == [24 * hour])
        let free = configuration.costs(times: 0).conditions
        #expect(free.slippage?.impact == .zero && free.latency?.entry == [0])
        #expect(configuration.costs(times: 1).conditions == configuration.conditions)
        #expect(configuration.costs(.percent(1)).conditions == .none)
    }

    @Test("before costs nothing is earned on prices that stay, whatever the costs are made of")
    func beforeCosts() throws {
        // An order comes in after half the candle: half the way to its high or low, 1 of 100.
        let series = Self.prices(Array(repeating: 100, count: 9), reach: 2)
        let configuration = trader(series) {
            $0.venue.slippage = .basisPoints(20)
            $0.conditions.fees = FeeSchedule(tiers: [FeeTier(from: 0, maker: .zero, taker: .basisPoints(30))])
            $0.conditions.slippage = SlippageModel(halfSpreads: [.basisPoints(50)])
            $0.conditions.latency = LatencyModel(
                entry: [1_800_000_000_000], cancel: [0], answer: [0], bar: 3_600_000_000_000)
        }
        let result = try Backtest.run(series, configuration)
        #expect(result.trips.count == 4)
        let costs = try #require(result.assumptions?.costs)
        for part in [costs.fees, costs.spread, costs.slippage, costs.drift] { #expect(part.units > 0) }
        let outcome = NoiseHunter.outcome(result)
        #expect(outcome.net < -0.1 && abs(outcome.gross) < 1e-9)
    }
}
