import Market
import Testing
import Venues

@testable import Ingestion

@Suite("candles from trades")
struct CandleBuilderTests {
    static let instrument = BookSamples.bitcoin
    /// A whole minute.
    static let start = Timestamp(milliseconds: 1_699_999_980_000)

    static func trade(
        _ id: UInt64, _ seconds: Int64, _ price: Int64, _ quantity: Int64 = 10, _ aggressor: Side = .buy
    ) -> TradePrint {
        TradePrint(
            time: start.adding(seconds: seconds), price: Price(mantissa: price), quantity: Quantity(mantissa: quantity),
            aggressor: aggressor, id: id)
    }

    /// A builder in whose first minute a trade came, so that the next ones are whole.
    private func builder(_ trades: TradePrint...) -> CandleBuilder {
        var builder = CandleBuilder(Self.instrument)
        _ = builder.apply(Self.trade(1, -1, 100))
        for trade in trades { _ = builder.apply(trade) }
        return builder
    }

    @Test("a minute's trades make its candle, closed by the first trade of the next")
    func minute() throws {
        var builder = builder(
            Self.trade(2, 0, 100, 1), Self.trade(3, 10, 120, 2, .sell), Self.trade(4, 20, 90, 3),
            Self.trade(5, 59, 110, 4, .sell))
        let step = builder.apply(Self.trade(6, 60, 111))
        let closed = try #require(step.closed)
        #expect(
            closed.candle
                == Candle(
                    openTime: Self.start, open: Price(mantissa: 100), high: Price(mantissa: 120),
                    low: Price(mantissa: 90), close: Price(mantissa: 110), volume: Quantity(mantissa: 10)))
        #expect(closed.trades == 2...5 && closed.tradeCount == 4 && closed.isWhole)
        #expect(closed.quoteVolume.units == 100 + 240 + 270 + 440)
        #expect(closed.takerBuyVolume.mantissa == 4 && closed.takerBuyQuoteVolume.units == 370)
        #expect(builder.current?.openTime == Self.start.adding(seconds: 60))
    }

    @Test("the venue's clock closes a minute, too, and only once it is over")
    func byClock() {
        var builder = builder(Self.trade(2, 0, 100))
        #expect(builder.close(at: Self.start.adding(seconds: 59)) == nil)
        #expect(builder.close(at: Self.start.adding(seconds: 60))?.tradeCount == 1)
        #expect(builder.close(at: Self.start.adding(seconds: 120)) == nil)
    }

    @Test("the minute in which the first trade came is not whole")
    func firstMinute() {
        var builder = CandleBuilder(Self.instrument)
        _ = builder.apply(Self.trade(1, 5, 100))
        #expect(builder.apply(Self.trade(2, 60, 100)).closed?.isWhole == false)
        #expect(builder.apply(Self.trade(3, 120, 100)).closed?.isWhole == true)
    }

    @Test("a trade that comes twice counts once")
    func duplicate() {
        var builder = builder(Self.trade(2, 0, 100), Self.trade(3, 1, 100))
        #expect(builder.apply(Self.trade(3, 1, 100)).verdict == .duplicate)
        #expect(builder.apply(Self.trade(2, 0, 100)).verdict == .duplicate)
        #expect(builder.current?.tradeCount == 2)
    }

    @Test("missing numbers are told, and the candle is not whole until they came")
    func missing() {
        var builder = builder(Self.trade(2, 0, 100))
        #expect(builder.apply(Self.trade(6, 2, 100)).missing == 3...5)
        #expect(builder.apply(Self.trade(4, 1, 130)).verdict == .taken)
        #expect(builder.missing == [3...3, 5...5])
        #expect(builder.apply(Self.trade(4, 1, 130)).verdict == .duplicate)
        let closed = builder.apply(Self.trade(7, 60, 100)).closed
        #expect(closed?.isWhole == false && closed?.candle.high.mantissa == 130)
        #expect(builder.apply(Self.trade(3, 1, 100)).revised?.isWhole == false)
        let revised = builder.apply(Self.trade(5, 1, 80)).revised
        #expect(revised?.isWhole == true && revised?.candle.low.mantissa == 80 && revised?.tradeCount == 5)
        #expect(builder.missing.isEmpty)
    }

    @Test("numbers missing between two minutes leave both in doubt")
    func missingBetween() {
        var builder = builder(Self.trade(2, 59, 100))
        let closed = builder.apply(Self.trade(4, 60, 100)).closed
        #expect(closed?.isWhole == false)
        #expect(builder.apply(Self.trade(5, 120, 100)).closed?.isWhole == false)
        #expect(builder.apply(Self.trade(6, 180, 100)).closed?.isWhole == true)
    }

    @Test("open and close go by the number of the trade, not by when it came")
    func order() {
        var builder = builder(
            Self.trade(3, 1, 103), Self.trade(5, 1, 105), Self.trade(2, 1, 102), Self.trade(4, 1, 104))
        let candle = builder.close(at: Self.start.adding(seconds: 60))?.candle
        #expect(candle?.open.mantissa == 102 && candle?.close.mantissa == 105)
    }

    @Test("a late trade of a closed minute revises its candle; one of a minute long gone is refused")
    func late() {
        var builder = builder(Self.trade(2, 0, 100), Self.trade(4, 60, 100))
        let step = builder.apply(Self.trade(3, 59, 200))
        #expect(step.closed == nil && step.revised?.openTime == Self.start)
        #expect(step.revised?.candle.high.mantissa == 200 && step.revised?.candle.close.mantissa == 200)
        for minute in 2...8 { _ = builder.apply(Self.trade(UInt64(minute * 2 + 2), Int64(minute * 60), 100)) }
        #expect(builder.apply(Self.trade(5, 59, 300)).verdict == .tooLate)
    }

    @Test("a late trade of a minute without any other makes its candle")
    func lateAlone() {
        var builder = builder(Self.trade(2, 0, 100), Self.trade(4, 120, 100))
        let step = builder.apply(Self.trade(3, 70, 150))
        #expect(step.revised?.openTime == Self.start.adding(seconds: 60) && step.revised?.tradeCount == 1)
        #expect(builder.current?.openTime == Self.start.adding(seconds: 120))
    }

    @Test("an interruption leaves the last minute in doubt until the next trade tells whether one was missed")
    func interrupted() {
        var silent = builder(Self.trade(2, 0, 100))
        silent.interrupt()
        #expect(silent.close(at: Self.start.adding(seconds: 60))?.isWhole == false)
        var joined = builder(Self.trade(2, 0, 100))
        joined.interrupt()
        #expect(joined.apply(Self.trade(3, 61, 100)).closed?.isWhole == true)
        #expect(joined.close(at: Self.start.adding(seconds: 120))?.isWhole == true)
        var missed = builder(Self.trade(2, 0, 100))
        missed.interrupt()
        #expect(missed.apply(Self.trade(4, 61, 100)).closed?.isWhole == false)
        #expect(missed.apply(Self.trade(3, 59, 100)).revised?.isWhole == true)
        #expect(missed.close(at: Self.start.adding(seconds: 120))?.isWhole == true)
    }

    @Test("what is missing of a stretch is counted, and where it begins")
    func missingOfStretch() {
        var builder = builder(Self.trade(10, 0, 100), Self.trade(20, 1, 100), Self.trade(15, 1, 100))
        // Missing are 2 to 9, 11 to 14 and 16 to 19.
        #expect(builder.missingCount(in: 8...17) == 2 + 4 + 2)
        #expect(builder.firstMissing(in: 8...17) == 8 && builder.firstMissing(in: 15...30) == 16)
        #expect(builder.firstMissing(in: 10...10) == nil && builder.missingCount(in: 20...30) == 0)
        _ = builder.apply(Self.trade(16, 1, 100))
        #expect(builder.firstMissing(in: 15...30) == 17)
    }

    @Test("numbers that no market has end nothing")
    func absurd() {
        var builder = builder()
        for id in 0..<5 as Range<UInt64> {
            _ = builder.apply(Self.trade(.max - id, 0, .max, .max))
            _ = builder.apply(Self.trade(id, 0, .max, .max))
        }
        #expect(builder.current?.candle.volume.mantissa == .max)
        #expect(builder.close(at: Self.start.adding(seconds: 60)) != nil)
    }

    @Test("trades in any order make the same candles", arguments: 0..<10)
    func anyOrder(_ seed: Int) {
        var numbers = SeededNumbers(seed: UInt64(seed + 1))
        let trades = (0..<300).map { index in
            Self.trade(
                UInt64(index + 2), Int64(index), Int64.random(in: 90...110, using: &numbers),
                Int64.random(in: 1...9, using: &numbers), Bool.random(using: &numbers) ? .buy : .sell)
        }
        func candles(_ trades: [TradePrint]) -> [Timestamp: BuiltCandle] {
            var builder = CandleBuilder(Self.instrument)
            _ = builder.apply(Self.trade(1, -1, 100))
            var candles: [Timestamp: BuiltCandle] = [:]
            for trade in trades {
                let step = builder.apply(trade)
                for candle in [step.closed, step.revised].compactMap({ $0 }) { candles[candle.openTime] = candle }
            }
            if let last = builder.close(at: Self.start.adding(seconds: 600)) { candles[last.openTime] = last }
            return candles
        }
        // Disorder of up to some forty trades, and repetitions.
        var mixed = trades.enumerated().map {
            (Int.random(in: $0.offset...$0.offset + 40, using: &numbers), $0.element)
        }
        mixed += trades.prefix(50).map { (299, $0) }
        mixed.sort { $0.0 < $1.0 }
        let expected = candles(trades)
        #expect(expected.count == 6)
        let found = candles(mixed.map(\.1))
        #expect(found.mapValues(\.candle) == expected.mapValues(\.candle))
        #expect(found.mapValues(\.quoteVolume) == expected.mapValues(\.quoteVolume))
    }
}
