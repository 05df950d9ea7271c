import Market
import Testing
import Trading

@testable import Engine

@Suite("Past of the synthetic market")
struct SyntheticSeriesTests {
    private let series = SyntheticSeries(seed: 7)
    private let now = Timestamp(iso8601: "2026-03-02T10:00:30Z")!

    @Test("a month of every instrument is offered, up to the last whole minute")
    func offers() {
        let offered = series.offered(now: now)
        #expect(offered.map(\.name) == ["SYNTHETIC:BTCUSDT", "SYNTHETIC:ETHUSDT", "SYNTHETIC:SOLUSDT"])
        #expect(offered.allSatisfy { $0.from.date == "2026-01-31" && $0.to.description == "2026-03-02T10:00:00Z" })
    }

    @Test("its candles are those of the market, in any timeframe, and never of the future")
    func candles() throws {
        let from = Timestamp(iso8601: "2026-03-02T09:30:00Z")!
        let minutes = try #require(
            try series.runCandles(named: "synthetic:ethusdt", .oneMinute, from: from, to: nil, now: now)
        ).series
        #expect(minutes.candles.count == 30)
        #expect(minutes.candles == series.market.candles(InstrumentID(1), from: from, to: now))
        let longer = try series.runCandles(named: "SYNTHETIC:ETHUSDT", Timeframe("15m")!, from: from, to: now, now: now)
        #expect(longer?.detail?.candles == minutes.candles)
        #expect(longer?.series.candles == CandleResampler.resample(minutes.candles, to: Timeframe("15m")!))
    }

    @Test("what is no series of it, too long or not past is told apart")
    func refuses() throws {
        let other = try series.runCandles(named: "BINANCE:BTCUSDT", .oneMinute, from: nil, to: nil, now: now)
        #expect(other == nil)
        #expect(throws: EngineError.self) {
            try series.runCandles(named: "SYNTHETIC:BTCUSDT", .oneMinute, from: now, to: nil, now: now)
        }
        #expect(throws: EngineError.self) {
            try series.runCandles(
                named: "SYNTHETIC:BTCUSDT", .oneMinute, from: Timestamp(iso8601: "2020-01-01")!, to: nil, now: now)
        }
    }
}
