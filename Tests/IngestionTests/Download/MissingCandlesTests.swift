import Market
import Storage
import Testing

@testable import Ingestion

@Suite("which candles are missing")
struct MissingCandlesTests {
    private let instrument = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))

    private func store(_ minutes: [Int]) throws -> Store {
        let store = try Store.inMemory()
        let candles = minutes.map { minute in
            let price = Price(mantissa: 100)
            return Candle(
                openTime: Sample.time(minute), open: price, high: price, low: price, close: price, volume: .zero)
        }
        try store.write(candles, of: instrument, .oneMinute, at: Sample.now)
        return store
    }

    private func missing(_ store: Store, _ from: Int, _ to: Int) throws -> [Range<Int>] {
        try MissingCandles.stretches(
            store, venue: "binance", symbol: "btcusdt", .oneMinute, from: Sample.time(from), to: Sample.time(to)
        ).map { gap in
            func minute(_ time: Timestamp) -> Int { Int(time.nanoseconds(since: Sample.time(0)) / 60_000_000_000) }
            return minute(gap.from)..<minute(gap.to)
        }
    }

    @Test(
        "before, between and behind what is stored, and nothing that is stored",
        arguments: [
            (-5, 30, [-5..<0, 3..<10, 12..<30]), (0, 12, [3..<10]), (1, 11, [3..<10]), (4, 6, [4..<6]),
            (-9, -2, [-9 ..< -2]),
            (20, 25, [20..<25]), (0, 3, []), (10, 12, []), (5, 5, []), (7, 3, []), (-3, 1, [-3..<0]),
            (11, 14, [12..<14]),
        ])
    func stretches(_ from: Int, _ to: Int, _ expected: [Range<Int>]) throws {
        #expect(try missing(store([0, 1, 2, 10, 11]), from, to) == expected)
    }

    @Test("all of it where nothing is stored")
    func nothing() throws {
        #expect(try missing(Store.inMemory(), 3, 9) == [3..<9])
        #expect(try missing(store([]), 3, 9) == [3..<9])
    }

    @Test("pages cover what is missing, each candle once, and none is longer than allowed", arguments: 0..<20)
    func pages(_ seed: Int) throws {
        var state = UInt64(seed) &+ 99
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let stored = (0..<300).filter { _ in next(3) > 0 }
        let store = try store(stored)
        let (from, to, size) = (next(100) - 50, 200 + next(200), 1 + next(40))
        let stretches = try MissingCandles.stretches(
            store, venue: "BINANCE", symbol: "BTCUSDT", .oneMinute, from: Sample.time(from), to: Sample.time(to))
        let pages = MissingCandles.pages(stretches, .oneMinute, size: size)
        #expect(pages.allSatisfy { (1...size).contains($0.count(of: .oneMinute)) })
        let covered = pages.flatMap { page in
            (0..<page.count(of: .oneMinute)).map { page.from.adding(seconds: Int64($0) * 60) }
        }
        #expect(covered == (from..<to).filter { !stored.contains($0) }.map(Sample.time))
    }
}
