import Market
import Simulation
import Strategies
import Testing
import Trading

@testable import Backtesting

@Suite("Backtests that fill on a recording")
struct RecordedFillTests {
    /// Long on the close of one candle, flat on that of another.
    final class AtCandles: CompiledStrategy {
        static let descriptor = StrategyDescriptor(
            name: "at-candles", summary: "Enters and leaves at given candles.",
            parameters: [
                .integer("enter", "Which candle enters.", default: 1, in: 0...1_000),
                .integer("leave", "Which candle leaves.", default: 3, in: 0...1_000),
            ])
        private let enter: Int
        private let leave: Int
        let warmUp = 0

        init(_ parameters: Parameters) throws(ParameterErrors) {
            enter = parameters.integer("enter")
            leave = parameters.integer("leave")
        }

        func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
            if context.candleCount == enter { return Signal(.long, rule: "enter", values: []) }
            return context.candleCount == leave ? Signal(.flat, rule: "leave", values: []) : nil
        }
    }

    /// Events that are held in memory, handed out a few at a time.
    private final class Script: MarketRecording {
        private var events: ArraySlice<RecordedEvent>
        private let breaksAfter: Int?
        private var count = 0

        init(_ events: [RecordedEvent], breaksAfter: Int?) {
            self.events = events[...]
            self.breaksAfter = breaksAfter
        }

        func next(into taken: inout [RecordedEvent]) throws(RecordingError) -> Bool {
            if let breaksAfter, count >= breaksAfter { throw RecordingError("the disk is gone") }
            guard !events.isEmpty else { return false }
            taken += events.prefix(3)
            events = events.dropFirst(3)
            count += 3
            return true
        }
    }

    private static let start = Timestamp(seconds: 1_672_531_200)

    private static func time(_ second: Double) -> Timestamp {
        start.adding(nanoseconds: Int64(second * 1_000_000_000))
    }

    private static func quantity(_ tenths: Int64) -> Quantity { Quantity(mantissa: tenths * 10_000_000) }

    /// Levels of whole prices and tenths.
    private static func book(_ second: Double, _ bids: [(Int64, Int64)], _ asks: [(Int64, Int64)]) -> RecordedEvent {
        func side(_ levels: [(Int64, Int64)]) -> [BookLevel] {
            levels.map { BookLevel(price: cents($0.0 * 100), quantity: quantity($0.1)) }
        }
        return RecordedEvent(
            time: time(second), content: .book(BookDepth(time: time(second), bids: side(bids), asks: side(asks))))
    }

    private static func trade(_ second: Double, _ side: Side, _ price: Int64, _ tenths: Int64) -> RecordedEvent {
        RecordedEvent(
            time: time(second),
            content: .print(
                TradePrint(
                    time: time(second), price: cents(price * 100), quantity: quantity(tenths), aggressor: side, id: 1)))
    }

    private static func quote(_ second: Double, _ bid: Int64, _ ask: Int64) -> RecordedEvent {
        RecordedEvent(
            time: time(second),
            content: .quote(
                Quote(
                    time: time(second), bid: cents(bid * 100), ask: cents(ask * 100), bidSize: quantity(10),
                    askSize: quantity(10))))
    }

    private static func minute(_ number: Int64, told second: Double) -> RecordedEvent {
        RecordedEvent(time: time(second), content: .minute(start.adding(seconds: number * 60)))
    }

    private func configuration(
        _ events: [RecordedEvent], enter: Int = 1, leave: Int = 3, sizing: String = "fixed:3",
        takeProfit: String? = nil,
        breaksAfter: Int? = nil
    ) throws -> BacktestConfiguration {
        var text = BacktestText(
            strategy: "at-candles", parameters: [.init("enter", "\(enter)"), .init("leave", "\(leave)")])
        text.feeBasisPoints = "0"
        text.sizing = sizing
        text.takeProfitPercent = takeProfit
        var configuration = try text.configuration(
            for: freeInstrument, catalog: StrategyCatalog([AtCandles.self]))
        configuration.recorded = RecordedFills(name: "script") { () throws(RecordingError) in
            Script(events, breaksAfter: breaksAfter)
        }
        return configuration
    }

    /// A minute with prices, the connection lost, three minutes without any, and back.
    private static let broken = [
        book(59, [(99, 10)], [(100, 10), (101, 50)]), minute(0, told: 60.1),
        book(61, [(98, 10)], [(100, 10), (101, 50)]),
        RecordedEvent(time: time(70), content: .lost),
        book(305, [(120, 10)], [(121, 10)]), minute(1, told: 306), minute(2, told: 306), minute(3, told: 306),
        minute(4, told: 306), minute(5, told: 360.1), quote(361, 130, 131),
    ]

    private static let candles = series([
        (100, 100), (100, 101), (105, 104), (110, 111), (112, 113), (121, 122),
    ])

    @Test("the entry takes levels; the exit, decided in a gap, meets the candle there; both are told")
    func gap() throws {
        let result = try Backtest.run(RecordedFillTests.candles, configuration(RecordedFillTests.broken))
        // 1 at 100 and 2 at 101; 3 at the open of the fourth candle.
        #expect(result.finalEquity == Money(whole: 10_000 - 302 + 330, .usdt))
        let recorded = try #require(result.assumptions?.recorded)
        #expect(recorded.fills.book == 2 && recorded.fills.bar == 1 && recorded.fills.total == 3)
        #expect(recorded.fallbacks == 1)
        // Of the first candle the book came late, but it came.
        #expect(recorded.bars == 3)
        // Half the spread is 0.5 a piece, and the second level costs one more for two.
        #expect(result.assumptions?.costs.spread == (try Money("1.5", .usdt)))
        #expect(result.assumptions?.costs.impact == Money(whole: 2, .usdt))
        let json = result.json(seconds: 0)
        #expect(
            json.contains(
                #""recorded_fills":{"recording":"script","queue":"pessimistic","book":2,"trade":0,"quote":0,"bar":1,"#
                    + #""candles_without_prices":3,"remarks":[]}"#), "\(json)")
        #expect(result.assumptions?.lines.contains { $0.text.contains("1 of 3 without a book") } == true)
        #expect(result.equity?.json.contains("10028") == true)
    }

    @Test("a target waits in the queue of its level and fills by trades")
    func queue() throws {
        let events = [
            RecordedFillTests.book(59, [(99, 100)], [(100, 100)]), RecordedFillTests.minute(0, told: 60.1),
            // The target of 110 stands behind 2.
            RecordedFillTests.book(61, [(99, 100)], [(100, 100), (110, 20), (111, 1)]),
            RecordedFillTests.trade(62, .buy, 110, 25), RecordedFillTests.trade(63, .sell, 110, 90),
            RecordedFillTests.trade(64, .buy, 110, 25), RecordedFillTests.minute(1, told: 120.1),
            RecordedFillTests.quote(130, 99, 100), RecordedFillTests.minute(2, told: 180.1),
        ]
        let candles = series([(100, 100), (100, 100), (100, 100)])
        let result = try Backtest.run(
            candles, configuration(events, leave: 0, sizing: "fixed:3", takeProfit: "10"))
        // 0.5 of the first trade and 2.5 of the second.
        #expect(result.finalEquity == Money(whole: 10_030, .usdt))
        #expect(result.assumptions?.recorded?.fills.trade == 2)
        #expect(result.trips.map(\.isOpen) == [false])
    }

    @Test("the same run twice gives the same to the last digit")
    func twice() throws {
        let configuration = try configuration(RecordedFillTests.broken)
        let first = try Backtest.run(RecordedFillTests.candles, configuration)
        let second = try Backtest.run(RecordedFillTests.candles, configuration)
        #expect(first.json(seconds: 0) == second.json(seconds: 0))
        #expect(first.trips == second.trips)
    }

    @Test("a recording that can't be read on is no result")
    func unreadable() throws {
        var configuration = try configuration(RecordedFillTests.broken, breaksAfter: 6)
        let error = #expect(throws: BacktestError.self) { try Backtest.run(RecordedFillTests.candles, configuration) }
        #expect(error == .invalid(["book: the disk is gone"]))
        configuration.recorded = RecordedFills(name: "nowhere") { () throws(RecordingError) in
            throw RecordingError("there is no such file")
        }
        let missing = #expect(throws: BacktestError.self) { try Backtest.run(RecordedFillTests.candles, configuration) }
        #expect(missing == .invalid(["book: there is no such file"]))
    }

    @Test("what a recording says itself is not assumed beside it")
    func contradictions() throws {
        var configuration = try configuration([])
        configuration.measuresAmbiguity = true
        configuration.detail = RecordedFillTests.candles
        configuration.conditions.latency = LatencyModel(entry: [1], cancel: [1], answer: [1], bar: 0)
        configuration.conditions.slippage = SlippageModel(halfSpreads: [.basisPoints(1)])
        let problems = configuration.problems(for: RecordedFillTests.candles).map { $0.prefix { $0 != ":" } }
        for option in ["path", "detail", "latency-ms", "half-spread-bps"] {
            #expect(problems.contains { $0 == option }, "\(option)")
        }
    }
}
