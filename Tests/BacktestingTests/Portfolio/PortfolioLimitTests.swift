import Backtesting
import Market
import Strategies
import Testing
import Trading

/// Shared limits, shares of the capital, and what can't be run.
@Suite struct PortfolioLimitTests {
    static let flat = (0..<6).map { _ in (open: Int64(100), close: Int64(100)) }

    private func pair(_ change: (inout PortfolioConfiguration) -> Void = { _ in }) throws -> PortfolioConfiguration {
        var configuration = portfolio(
            [
                try trader(1, "timed", on: "AAA", share: 60, catalog: TimedStrategy.catalog),
                try trader(2, "timed", on: "BBB", share: 40, catalog: TimedStrategy.catalog),
            ], catalog: TimedStrategy.catalog)
        configuration.venue.takerFee = .zero
        configuration.venue.makerFee = .zero
        change(&configuration)
        return configuration
    }

    private func run(
        _ configuration: PortfolioConfiguration, _ first: [(open: Int64, close: Int64)] = flat,
        _ second: [(open: Int64, close: Int64)] = flat
    ) throws -> PortfolioResult {
        try PortfolioBacktest.run(
            [series(first, instrument: free("AAA")), series(second, instrument: free("BBB"))], configuration)
    }

    @Test func eachSpendsItsShare() throws {
        let notionals = try run(pair()).account.trips.map(\.entryNotional.decimalText)
        #expect(notionals == ["6000", "4000"])
        let halved = try run(pair { $0.strategies[0].sizing = .equityShare(.percent(50)) })
        #expect(halved.account.trips.map(\.entryNotional.decimalText) == ["3000", "4000"])
    }

    @Test func aFixedQuantityIsHeldToTheShareToo() throws {
        // 45 at 100 is more than the 4000 of the second, 60 is just the 6000 of the first.
        let result = try run(
            pair {
                $0.strategies[0].sizing = .quantity(Quantity(mantissa: 6_000_000_000))
                $0.strategies[1].sizing = .quantity(Quantity(mantissa: 4_500_000_000))
            })
        #expect(result.account.trips.map(\.entryNotional.decimalText) == ["6000"])
        #expect(result.strategies[1].refusals.count == 1 && result.strategies[0].refusals.count == 0)
        #expect(result.account.refusals.firstReason.contains("denied"))
    }

    @Test func whatAStrategyWinsIsItsOwnToSpend() throws {
        // The first doubles its 6000 and buys again with 12000.
        let doubled: [(open: Int64, close: Int64)] = [
            (100, 100), (100, 200), (200, 200), (200, 200), (200, 200), (200, 200),
        ]
        let result = try run(
            pair {
                $0.strategies[0].protection = Protection(takeProfit: .percent(90))
                $0.strategies[0].strategy = "again"
                $0.catalog = StrategyCatalog([TimedStrategy.self]) { name in
                    StrategyClass(StrategyDescriptor(name: name, summary: "", parameters: [])) {
                        _ throws(ParameterErrors) in Again()
                    }
                }
            }, doubled)
        let first = result.account.trips.filter { $0.owner.rawValue == 1 }
        // 60 bought at 100 and sold at 190 make 11400.
        #expect(first.map(\.entryNotional.decimalText) == ["6000", "11400"])
    }

    /// Wants to be long at every close.
    private final class Again: Strategy {
        let warmUp = 0
        func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
            context.direction == .flat ? Signal(.long, rule: "again", values: []) : nil
        }
    }

    @Test func theAccountsExposureLimitIsSharedByAll() throws {
        let result = try run(
            pair {
                $0.accountLimits.maximumExposure = .percent(70)
                $0.strategies[1].parameters = try! Parameters(
                    TimedStrategy.descriptor.parameters, overrides: [("long", "3")])
            })
        #expect(result.account.trips.map(\.entryNotional.decimalText) == ["6000"])
        #expect(result.strategies[1].refusals.count == 1)
    }

    @Test func aDrawdownOfTheAccountStopsEveryoneFromOpening() throws {
        // The first loses 1200 of 10000 before the second wants to buy.
        let falling: [(open: Int64, close: Int64)] = [
            (100, 100), (100, 100), (100, 80), (80, 80), (80, 80), (80, 80),
        ]
        let result = try run(
            pair {
                $0.accountLimits.maximumDrawdown = .percent(10)
                $0.strategies[1].parameters = try! Parameters(
                    TimedStrategy.descriptor.parameters, overrides: [("long", "4")])
            }, falling)
        #expect(result.account.trips.count == 1)
        #expect(result.halts.count == 1 && result.halts[0].strategy == nil)
        #expect(result.halts[0].text.contains("only reductions"))
    }

    @Test func aLimitSeesTheAccountOnceEveryCloseOfTheInstantIsMarked() throws {
        // What the first loses with its 6000 the second wins with its 4000, and the other way round a candle later.
        let down: [(open: Int64, close: Int64)] = [
            (100, 100), (100, 100), (100, 80), (80, 100), (100, 100), (100, 100),
        ]
        let up: [(open: Int64, close: Int64)] = [
            (100, 100), (100, 100), (100, 130), (130, 100), (100, 100), (100, 100),
        ]
        for bars in [(down, up), (up, down)] {
            var configuration = try pair { $0.accountLimits.maximumDrawdown = .percent(2) }
            if bars.0[2].close == 130 { configuration.strategies.swapAt(0, 1) }
            for index in configuration.strategies.indices {
                configuration.strategies[index].instrument =
                    configuration.strategies[index].capitalShare == .percent(60) && bars.0[2].close == 80
                        || configuration.strategies[index].capitalShare == .percent(40) && bars.0[2].close == 130
                    ? "TEST:AAA" : "TEST:BBB"
            }
            let result = try run(configuration, bars.0, bars.1)
            #expect(result.account.trips.count == 2)
            #expect(result.halts.isEmpty && result.account.metrics.maximumDrawdown == 0)
        }
    }

    @Test func aStrategysOwnDrawdownIsMeasuredByItsShare() throws {
        // 6000 fall by a fifth: 12 % of the account, 20 % of the share.
        let falling: [(open: Int64, close: Int64)] = [
            (100, 100), (100, 100), (100, 80), (80, 80), (80, 80), (80, 80),
        ]
        let result = try run(pair { $0.strategies[0].limits.maximumDrawdown = .percent(15) }, falling)
        #expect(result.halts.map(\.strategy) == [0])
        #expect(result.halts[0].time == series(falling).candles[3].openTime)
    }

    @Test func anInstrumentThatEndsEarlyKeepsItsLastMark() throws {
        let result = try run(pair(), Array(Self.flat.prefix(3)) + [(120, 120)], Self.flat)
        #expect(result.instruments[0].bars == 4 && result.instruments[1].bars == 6)
        #expect(result.account.bars == 6)
        #expect(result.account.finalEquity.decimalText == "11200")
        #expect(result.account.trips[0].closedAt == result.instruments[0].to)
    }

    // MARK: What can't be run

    private func problems(
        _ series: [CandleSeries], _ change: (inout PortfolioConfiguration) -> Void = { _ in }
    ) throws -> [String] {
        try pair(change).problems(for: series)
    }

    private let both = [series(flat, instrument: free("AAA")), series(flat, instrument: free("BBB"))]

    @Test func everythingThatIsWrongIsSaidAtOnce() throws {
        let found = try problems(both) {
            $0.strategies[0].strategy = "nonsense"
            $0.strategies[0].instrument = "TEST:ZZZ"
            $0.strategies[1].capitalShare = .percent(120)
            $0.strategies[1].sizing = .equityShare(.percent(0))
            $0.cash = .zero(.usdt)
        }
        #expect(found.count == 6)
        #expect(found[0].hasPrefix("cash:"))
        #expect(found[1] == "timed 1: strategy: there is no class 'nonsense'; known: timed")
        #expect(found[2] == "timed 1: symbol: there are no candles of TEST:ZZZ")
        #expect(found[3].hasPrefix("timed 2: sizing: 0% is out of range"))
        #expect(found[4].hasPrefix("timed 2: capital-share: 120%"))
        #expect(found[5].hasPrefix("capital-share: the strategies have 180% together"))
        #expect(throws: BacktestError.self) { try PortfolioBacktest.run(both, portfolio([])) }
    }

    @Test func sharesAboveTheWholeAreFineInAPool() throws {
        #expect(try problems(both) { $0.strategies[0].capitalShare = .one }.count == 1)
        #expect(
            try problems(both) {
                $0.strategies[0].capitalShare = .one
                $0.capital = .pooled
            }.isEmpty)
    }

    @Test func namesAndNumbersAreThereOnce() throws {
        let found = try problems(both) {
            $0.strategies[1].name = $0.strategies[0].name
            $0.strategies[1].number = 1
        }
        #expect(found == ["name: two strategies are called 'timed 1'", "number: two strategies have the number 1"])
    }

    @Test func anAccountTradesOneQuoteCurrency() throws {
        let mixed = [both[0], series(Self.flat, instrument: free("BBB", quote: .usd))]
        let found = try problems(mixed)
        #expect(found.count == 1 && found[0].contains("not in USD, the quote currency of TEST:BBB"))
    }

    @Test func seriesThatShareNoTimeAreRefused() throws {
        let later = CandleSeries(
            instrument: both[1].instrument, timeframe: .oneMinute,
            candles: both[1].candles.map {
                var candle = $0
                candle.openTime = $0.openTime.adding(seconds: 86_400)
                return candle
            })
        let found = try problems([both[0], later])
        #expect(found.count == 2)
        #expect(found[0].hasPrefix("series: TEST:AAA (2023-01-01T00:00:00Z to 2023-01-01T00:06:00Z) shares no time"))
    }

    @Test func candlesAreMadeOfShorterOnesAlone() throws {
        let fives = CandleSeries(
            instrument: free("AAA"), timeframe: Timeframe("5m")!,
            candles: both[0].candles.map {
                var candle = $0
                candle.openTime = Timestamp(
                    seconds: 1_672_531_200 + ($0.openTime.seconds - 1_672_531_200) * 5)
                return candle
            })
        #expect(try problems([fives, both[1]]) { $0.strategies[0].timeframe = .oneHour }.isEmpty)
        let found = try problems([fives, both[1]]) { $0.strategies[0].timeframe = .oneMinute }
        #expect(found.count == 1 && found[0].contains("there are no 1m candles of TEST:AAA, and none can be made"))
        #expect(try problems(both + [both[0]]) == ["series: 1m candles of TEST:AAA are given twice"])
    }

    @Test func whoStartedItCanCancelIt() throws {
        #expect(throws: BacktestError.cancelled) {
            try PortfolioBacktest.run(both, pair(), isCancelled: { true })
        }
    }
}
