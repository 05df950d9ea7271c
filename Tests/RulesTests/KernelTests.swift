import Backtesting
import Bytes
import Market
import Rules
import Simulation
import Strategies
import Testing
import Trading

/// Rules in the kernel: what rests in the market, how much is bought, and what a killed engine comes back to.
@Suite struct KernelTests {
    /// Whole prices, one candle each; a candle's low and high may be given.
    static func series(_ prices: [(close: Int64, low: Int64?, high: Int64?)]) -> CandleSeries {
        var open = prices.first?.close ?? 0
        let candles = prices.enumerated().map { index, price in
            defer { open = price.close }
            return Candle(
                openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 60), open: cents(open * 100),
                high: cents(max(price.high ?? 0, open, price.close) * 100),
                low: cents(min(price.low ?? .max, open, price.close) * 100), close: cents(price.close * 100),
                volume: Quantity(mantissa: 1_000_000_000_000))
        }
        return CandleSeries(instrument: freeInstrument, timeframe: .oneMinute, candles: candles)
    }

    static func bytes(_ value: some BinaryCodable) -> [UInt8] {
        var writer = ByteWriter()
        writer.value(value)
        return writer.bytes
    }

    static func run(_ yaml: String, _ series: CandleSeries, sizing: String = "all-in") throws -> BacktestResult {
        var text = BacktestText(strategy: try rules(yaml).text.className)
        text.feeBasisPoints = "0"
        text.sizing = sizing
        return try Backtest.run(series, text.configuration(for: series.instrument))
    }

    @Test("a stop and a target of the rules rest in the market at their distance, as a share of the close")
    func distances() throws {
        // Entered on the close of 100, filled at the open of 100: a stop 5 away, a target 10 away.
        let text = "name: a\nentry: close == 100\nstop: 5\ntarget: close / 10"
        let stopped = try Self.run(
            text, Self.series([(90, nil, nil), (100, nil, nil), (101, 94, nil), (99, nil, nil)]))
        #expect(stopped.trips.map(\.exitPurpose) == [.stopLoss])
        #expect(stopped.finalEquity == Money(whole: 9_500, .usdt))
        let reached = try Self.run(
            text, Self.series([(90, nil, nil), (100, nil, nil), (101, nil, 112), (99, nil, nil)]))
        #expect(reached.trips.map(\.exitPurpose) == [.takeProfit])
        #expect(reached.finalEquity == Money(whole: 11_000, .usdt))
    }

    @Test("a later entry rests its own stop, not that of the one before")
    func laterEntry() throws {
        let text = "name: a\nentry: close == 100 or close == 200\nexit: close == 150\nstop: when(close == 100, 40, 10)"
        let prices: [(Int64, Int64?, Int64?)] = [
            (100, nil, nil), (100, nil, nil), (150, nil, nil), (200, nil, nil), (200, nil, nil), (195, 189, nil),
            (195, nil, nil),
        ]
        let result = try Self.run(text, Self.series(prices))
        #expect(result.trips.map(\.exitPurpose) == [.exit, .stopLoss])
    }

    @Test("a trailing distance follows the best close")
    func trailing() throws {
        let text = "name: a\nentry: close == 100\ntrail: close / 10"
        let prices: [(Int64, Int64?, Int64?)] = [
            (100, nil, nil), (110, nil, nil), (120, nil, nil), (115, 107, nil), (115, nil, nil),
        ]
        let result = try Self.run(text, Self.series(prices))
        #expect(result.trips.map(\.exitPurpose) == [.trailingStop])
        // Bought at 100, sold at a tenth below 120.
        #expect(result.finalEquity == Money(whole: 10_800, .usdt))
    }

    @Test("a size takes its share of the sizing", arguments: ["all-in", "fixed:40", "percent:40"])
    func size(_ sizing: String) throws {
        let prices: [(Int64, Int64?, Int64?)] = [(100, nil, nil), (100, nil, nil), (200, nil, nil)]
        let text = "name: a\nentry: close == 100\nsize: 0.25"
        let share = try Self.run(text, Self.series(prices), sizing: sizing).finalEquity
        // A quarter of 10,000, of 40 pieces at 100, of 4,000: doubled at the end.
        #expect(share == Money(whole: sizing == "all-in" ? 12_500 : 11_000, .usdt))
    }

    @Test("rules for other candles are refused before anything runs")
    func otherCandles() throws {
        let text = BacktestText(strategy: try bundledRules("trend-pullback").text.className)
        let series = walk(100, seed: 1)
        let error = #expect(throws: BacktestError.self) {
            try Backtest.run(series, text.configuration(for: series.instrument))
        }
        #expect(
            error
                == .invalid([
                    "timeframe: it looks at longer candles beside those of 5m, and must see those, not 1m"
                ]))
    }

    @Test(
        "a kernel that is put together anew from its image, rules included, decides as it would have", arguments: 1...8)
    func resumed(_ seed: Int) throws {
        let timeframe = Timeframe("5m")!
        let series = walk(3_000, seed: UInt64(seed), timeframe: timeframe)
        let rules = try bundledRules("trend-pullback")
        let registration = StrategyRegistration(
            id: StrategyID(rawValue: 1), name: "dips", className: rules.text.className,
            parameters: Parameters(rules.text.parameters), instrument: InstrumentID(0), timeframe: timeframe,
            sizing: .equityShare(.percent(50)))
        func kernel() -> Kernel {
            Kernel(cash: Money(whole: 10_000, .usdt), instruments: [freeInstrument], catalog: .bundled)
        }
        func play(_ kernel: Kernel, _ candles: ArraySlice<Candle>) -> [[UInt8]] {
            var effects: [[UInt8]] = []
            for candle in candles {
                var made: [Effect] = []
                kernel.step(.candle(InstrumentID(0), timeframe, candle), into: &made)
                // Orders fill at once and in full, so that positions, stops and targets come and go.
                for case .submit(let order) in made where order.request.purpose == .entry {
                    let quantity =
                        order.request.quantity.isZero ? Quantity(mantissa: 1_000_000) : order.request.quantity
                    let fill = Fill(
                        tradeID: UInt64(order.id.rawValue), price: candle.close, quantity: quantity,
                        quoteFee: .zero(.usdt), liquidity: .taker)
                    kernel.step(
                        .report(OrderReport(order: order.id, time: candle.closeTime(timeframe), kind: .filled(fill))),
                        into: &made)
                }
                effects += made.map(Self.bytes)
            }
            return effects
        }
        let place = 400 + seed * 200
        let first = kernel()
        var ignored: [Effect] = []
        first.step(.command(.register(registration, history: []), at: .epoch), into: &ignored)
        _ = play(first, series.candles[..<place])
        let second = try Kernel(first.image, catalog: .bundled)
        #expect(second.strategiesWithoutState.isEmpty)
        let (expected, resumed) = (play(first, series.candles[place...]), play(second, series.candles[place...]))
        #expect(!expected.isEmpty && expected == resumed)
        #expect(Self.bytes(first.image) == Self.bytes(second.image))
    }
}
