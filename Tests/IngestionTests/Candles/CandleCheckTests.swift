import Market
import Testing
import Venues

@testable import Ingestion

@Suite("candles from trades against the venue's")
struct CandleCheckTests {
    private typealias Trades = CandleBuilderTests

    private func built(isWhole: Bool = true) -> BuiltCandle {
        var candle = BuiltCandle(Trades.trade(5, 0, 100, 4), Trades.start, Trades.instrument)
        candle.isWhole = isWhole
        candle.add(Trades.trade(6, 1, 110, 2, .sell), Trades.instrument)
        return candle
    }

    private func kline(_ candle: BuiltCandle, isClosed: Bool = true) -> StreamKline {
        StreamKline(
            instrument: 0, eventTime: Trades.start.adding(seconds: 60), timeframe: .oneMinute, candle: candle.candle,
            isClosed: isClosed, trades: candle.trades, tradeCount: candle.tradeCount, quoteVolume: candle.quoteVolume,
            takerBuyVolume: candle.takerBuyVolume, takerBuyQuoteVolume: candle.takerBuyQuoteVolume)
    }

    @Test("equal candles are equal, whichever comes first")
    func equal() {
        var check = CandleCheck()
        #expect(check.note(built()) == nil)
        #expect(check.note(kline(built())) == .init(openTime: Trades.start, result: .equal))
        var other = CandleCheck()
        #expect(other.note(kline(built())) == nil)
        #expect(other.note(built()) == .init(openTime: Trades.start, result: .equal))
    }

    @Test("a candle that is not closed yet says nothing")
    func open() {
        var check = CandleCheck()
        _ = check.note(built())
        #expect(check.note(kline(built(), isClosed: false)) == nil)
    }

    @Test("each field that differs is named")
    func fields() {
        let cases: [(CandleCheck.Fields, (inout StreamKline) -> Void)] = [
            (.open, { $0.candle.open = Price(mantissa: 101) }), (.high, { $0.candle.high = Price(mantissa: 111) }),
            (.low, { $0.candle.low = Price(mantissa: 99) }), (.close, { $0.candle.close = Price(mantissa: 109) }),
            (.volume, { $0.candle.volume = Quantity(mantissa: 7) }), (.quoteVolume, { $0.quoteVolume.units += 1 }),
            (.tradeCount, { $0.tradeCount += 1 }), (.takerBuyVolume, { $0.takerBuyVolume = .zero }),
            (.takerBuyQuoteVolume, { $0.takerBuyQuoteVolume.units -= 1 }), (.trades, { $0.trades = 5...7 }),
        ]
        for (field, change) in cases {
            var kline = kline(built())
            change(&kline)
            #expect(CandleCheck.compare(built(), kline) == .differs(field))
            #expect(!field.description.isEmpty)
        }
        #expect(CandleCheck.Fields([.open, .volume]).description == "open, volume")
    }

    @Test("a difference in a candle that is not whole is no contradiction")
    func incomplete() {
        var kline = kline(built())
        kline.tradeCount += 1
        #expect(CandleCheck.compare(built(isWhole: false), kline) == .incomplete(.tradeCount))
    }

    @Test("a minute in which nothing traded is equal to none")
    func empty() {
        var check = CandleCheck()
        var kline = kline(built())
        (kline.tradeCount, kline.trades) = (0, nil)
        #expect(check.note(kline)?.result == .equal)
    }

    @Test("a revision is compared again")
    func revised() {
        var check = CandleCheck()
        var complete = built()
        _ = check.note(built())
        complete.add(Trades.trade(7, 2, 90), Trades.instrument)
        guard case .differs = check.note(kline(complete))?.result else {
            Issue.record("a candle without its last trade is no other")
            return
        }
        #expect(check.note(complete)?.result == .equal)
    }
}
