import Foundation
import GRDB
import Market
import Testing

@testable import Storage

@Suite struct CandleStoreTests {
    private func read(_ store: Store, _ timeframe: Timeframe = .oneMinute) throws -> [Candle] {
        try store.candles(venue: "BINANCE", symbol: "BTCUSDT", timeframe).candles
    }

    @Test func candlesComeBackAsTheyWent() throws {
        let store = try Store.inMemory()
        var candles = Sample.minutes(0..<500)
        candles.removeSubrange(100..<130)
        candles[7].flags = Candle.Flags(rawValue: 2)
        let merge = try store.write(candles, of: Sample.instrument, .oneMinute, at: Sample.now)
        #expect(merge.inserted == 470 && merge.unchanged == 0)
        let series = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute)
        #expect(series.candles == candles)
        #expect(series.instrument == Sample.instrument)
    }

    @Test(arguments: ["1m", "5m", "1h", "1d"], [1, 80, 1_000, 1_000_000])
    func candlesReadInPartsAreTheSame(_ name: String, _ part: Int) throws {
        let store = try Store.inMemory()
        var candles = Sample.minutes(0..<4_003)
        candles.removeSubrange(700..<790)
        try store.write(candles, of: Sample.instrument, .oneMinute, at: Sample.now)
        let timeframe = try #require(Timeframe(name))
        for (from, to) in [(nil, nil), (candles[77].openTime, candles[3_333].openTime), (candles[5].openTime, nil)] {
            let whole = try store.candles(
                venue: "BINANCE", symbol: "BTCUSDT", timeframe, from: from, to: to)
            var parts: [[Candle]] = []
            try store.readCandles(venue: "BINANCE", symbol: "BTCUSDT", timeframe, from: from, to: to, part: part) {
                #expect($0 == Sample.instrument)
                parts.append($1)
            }
            #expect(parts.flatMap { $0 } == whole.candles)
            #expect(parts.allSatisfy { !$0.isEmpty && $0.count < part + CandleBlock.slotCount })
            #expect(parts.dropLast().allSatisfy { $0.count >= part })
        }
    }

    @Test func whatTakesCandlesInPartsMayStopThem() throws {
        struct Enough: Error {}
        let store = try Store.inMemory()
        try store.write(Sample.minutes(0..<1_000), of: Sample.instrument, .oneMinute, at: Sample.now)
        var calls = 0
        #expect(throws: Enough.self) {
            try store.readCandles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute, part: 100) { _, _ in
                calls += 1
                throw Enough()
            }
        }
        #expect(calls == 1)
        let error = #expect(throws: StoreError.self) {
            try store.readCandles(venue: "BINANCE", symbol: "NOSUCH", .oneMinute, part: 100) { _, _ in calls += 1 }
        }
        #expect(error?.kind == .notFound && calls == 1)
    }

    @Test func writingTheSameAgainChangesNothing() throws {
        let store = try Store.inMemory()
        let candles = Sample.minutes(0..<300)
        try store.write(candles, of: Sample.instrument, .oneMinute, at: Sample.now)
        var mark = try store.mark()
        let merge = try store.write(
            candles, of: Sample.instrument, .oneMinute, at: Sample.now.adding(seconds: 1))
        #expect(merge.inserted == 0 && merge.unchanged == 300 && merge.replaced == 0)
        #expect(try store.changes(since: &mark).isEmpty)
        #expect(try store.series()[0].updatedAt == Sample.now)
    }

    @Test func candlesWrittenInAnyOrderOfBatchesAreOneSeries() throws {
        let store = try Store.inMemory()
        for range in [200..<300, 0..<100, 90..<210, 299..<301] {
            try store.write(Sample.minutes(range), of: Sample.instrument, .oneMinute, at: Sample.now)
        }
        #expect(try read(store) == Sample.minutes(0..<301))
        let series = try store.series()[0]
        #expect(series.count == 301 && series.missing == 0)
        #expect(series.firstOpen == Sample.start && series.end == Sample.start.adding(seconds: 301 * 60))
    }

    @Test func aRevisionReplacesOrIsReportedAsAsked() throws {
        let store = try Store.inMemory()
        let candles = Sample.minutes(0..<10)
        try store.write(candles, of: Sample.instrument, .oneMinute, at: Sample.now)
        let revised = Sample.minute(4, price: 200)
        let kept = try store.write(
            [candles[3], revised], of: Sample.instrument, .oneMinute, conflicts: .keepsStored, at: Sample.now)
        #expect(kept.conflicts == [CandleMerge.Conflict(index: 1, stored: candles[4])])
        #expect(try read(store)[4] == candles[4])
        let replaced = try store.write([revised], of: Sample.instrument, .oneMinute, at: Sample.now)
        #expect(replaced.replaced == 1)
        #expect(try read(store)[4] == revised)
        #expect(try store.series()[0].count == 10)
    }

    @Test func onlyCandlesWhollyInTheRangeAreRead() throws {
        let store = try Store.inMemory()
        try store.write(Sample.minutes(0..<300), of: Sample.instrument, .oneMinute, at: Sample.now)
        func count(_ timeframe: Timeframe, _ from: Int64, _ to: Int64) throws -> [Int64] {
            try store.candles(
                venue: "BINANCE", symbol: "BTCUSDT", timeframe, from: Sample.start.adding(seconds: from),
                to: Sample.start.adding(seconds: to)
            ).candles.map { $0.openTime.nanoseconds(since: Sample.start) / 60_000_000_000 }
        }
        #expect(try count(.oneMinute, 60, 180) == [1, 2])
        #expect(try count(.oneMinute, 61, 179) == [])
        #expect(try count(.oneHour, 0, 7_199) == [0])
        #expect(try count(.oneHour, 1, 10_800) == [60, 120])
        #expect(try count(.oneMinute, -1_000, 60) == [0])
        #expect(try count(.oneMinute, 17_940, 1_000_000) == [299])
        let ends = (Timestamp(nanoseconds: .min), Timestamp(nanoseconds: .max))
        for timeframe in Timeframe.all {
            let all = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", timeframe, from: ends.0, to: ends.1)
            #expect(try all.candles == store.candles(venue: "BINANCE", symbol: "BTCUSDT", timeframe).candles)
        }
    }

    @Test func longerTimeframesDeriveFromMinutesAndNeverShowAnUnfinishedCandle() throws {
        let store = try Store.inMemory()
        var minutes = Sample.minutes(0..<200)
        minutes.removeSubrange(70..<75)
        try store.write(minutes, of: Sample.instrument, .oneMinute, at: Sample.now)
        let hours = try read(store, .oneHour)
        #expect(hours.count == 3)
        #expect(hours[0].minutes == 60 && !hours[0].flags.contains(.isPartial))
        #expect(hours[1].minutes == 55 && hours[1].flags.contains(.isPartial))
        #expect(hours[0].volume == Quantity(mantissa: 60 * 100_000_000))
        // The fourth hour has twenty minutes so far.
        #expect(hours[2].openTime == Sample.start.adding(seconds: 7_200))
    }

    @Test func anHourWithoutAMinuteIsAbsent() throws {
        let store = try Store.inMemory()
        let minutes = Sample.minutes(0..<60) + Sample.minutes(120..<180)
        try store.write(minutes, of: Sample.instrument, .oneMinute, at: Sample.now)
        let hours = try read(store, .oneHour).map(\.openTime)
        #expect(hours == [Sample.start, Sample.start.adding(seconds: 7_200)])
    }

    @Test func aStoredTimeframeIsReadAsItIsUnlessMinutesReachFurther() throws {
        let store = try Store.inMemory()
        var hour = Sample.minute(0, price: 500)
        hour.volume = Quantity(mantissa: 77)
        try store.write([hour], of: Sample.instrument, .oneHour, at: Sample.now)
        try store.write(Sample.minutes(0..<59), of: Sample.instrument, .oneMinute, at: Sample.now)
        #expect(try read(store, .oneHour) == [hour])
        try store.write(Sample.minutes(0..<120), of: Sample.instrument, .oneMinute, at: Sample.now)
        #expect(try read(store, .oneHour).count == 2)
        let first = try store.candles(
            venue: "BINANCE", symbol: "BTCUSDT", .oneHour, to: Sample.start.adding(seconds: 3_600))
        #expect(first.candles == [hour])
    }

    @Test func hoursDeriveFromFiveMinutesWhereThereAreNoMinutes() throws {
        let store = try Store.inMemory()
        let five = Timeframe("5m")!
        let candles = (0..<24).map { index in
            var candle = Sample.minute(index * 5, price: 100 + Int64(index))
            candle.minutes = 1
            return candle
        }
        try store.write(candles, of: Sample.instrument, five, at: Sample.now)
        let hours = try read(store, .oneHour)
        #expect(hours.count == 2)
        #expect(hours.allSatisfy { $0.minutes == 60 && !$0.flags.contains(.isPartial) })
        #expect(throws: StoreError.self) { try read(store, Timeframe("3m")!) }
    }

    @Test func aMissingSeriesIsNamedWithWhatThereIs() throws {
        let store = try Store.inMemory()
        try store.write([Sample.minute(0)], of: Sample.instrument, .oneDay, at: Sample.now)
        let error = #expect(throws: StoreError.self) { try read(store, .oneMinute) }
        #expect(error?.kind == .notFound)
        #expect(error?.detail.contains("stored in 1d") == true)
        let unknown = #expect(throws: StoreError.self) {
            try store.candles(venue: "X", symbol: "Y", .oneMinute)
        }
        #expect(unknown?.detail.contains("no candles of X:Y") == true)
    }

    @Test func gapsAreIntervals() throws {
        let store = try Store.inMemory()
        let minutes = Sample.minutes(0..<10) + Sample.minutes(12..<13) + Sample.minutes(400..<410)
        try store.write(minutes, of: Sample.instrument, .oneMinute, at: Sample.now)
        func time(_ minute: Int64) -> Timestamp { Sample.start.adding(seconds: minute * 60) }
        let series = try store.series()[0]
        #expect(
            try store.gaps(series) == [Gap(from: time(10), to: time(12)), Gap(from: time(13), to: time(400))])
        #expect(
            try store.gaps(series, from: time(11), to: time(50)) == [
                Gap(from: time(11), to: time(12)), Gap(from: time(13), to: time(50)),
            ])
        #expect(series.missing == 389)
    }

    @Test(arguments: [1, 5, 60, 79, 80, 81, 500])
    func theLastCandlesAreFoundAcrossGaps(count: Int) throws {
        let store = try Store.inMemory()
        let minutes = Sample.minutes(0..<100) + Sample.minutes(3_000..<3_050)
        try store.write(minutes, of: Sample.instrument, .oneMinute, at: Sample.now)
        let last = try store.lastCandles(count, venue: "BINANCE", symbol: "BTCUSDT", .oneMinute).candles
        #expect(last == Array(minutes.suffix(count)))
        let end = Sample.start.adding(seconds: 50 * 60)
        let before = try store.lastCandles(count, venue: "BINANCE", symbol: "BTCUSDT", .oneMinute, before: end)
        #expect(before.candles == Array(minutes[..<50].suffix(count)))
    }

    @Test func aDamagedBlockIsAnErrorAndNoCrash() throws {
        let damages: [[UInt8]] = [
            [1], Array(repeating: 0xFF, count: 48), Array(repeating: 0, count: 48), Array(repeating: 0, count: 96),
            Array(repeating: 7, count: 48 * 81),
        ]
        for bytes in damages {
            let store = try Store.inMemory()
            try store.write(Sample.minutes(0..<5), of: Sample.instrument, .oneMinute, at: Sample.now)
            try store.write { try $0.execute(sql: "UPDATE candle_blocks SET data = ?", arguments: [Data(bytes)]) }
            let error = #expect(throws: StoreError.self) { try read(store) }
            #expect(error?.kind == .corrupt)
        }
    }

    @Test func anInstrumentKeepsItsScales() throws {
        let store = try Store.inMemory()
        _ = try store.declare([Sample.instrument])
        var changed = Sample.instrument
        changed.rules.minimumNotional = 7
        _ = try store.declare([changed])
        #expect(try store.instrument(venue: "BINANCE", symbol: "BTCUSDT") == changed)
        let rescaled = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, priceScale: 2,
            rules: Sample.instrument.rules)
        let error = #expect(throws: StoreError.self) { try store.declare([rescaled]) }
        #expect(error?.kind == .conflict)
    }

    @Test func randomBatchesAgreeWithADictionary() throws {
        var random = SplitMix(seed: 42)
        let store = try Store.inMemory()
        var expected: [Int: Candle] = [:]
        for _ in 0..<60 {
            let start = Int(random.next() % 1_000)
            let batch = (start..<start + Int(random.next() % 120) + 1).compactMap { index -> Candle? in
                random.next() % 4 == 0 ? nil : Sample.minute(index, price: 100 + Int64(random.next() % 3))
            }
            try store.write(batch, of: Sample.instrument, .oneMinute, at: Sample.now)
            for candle in batch { expected[Int(candle.openTime.seconds - Sample.start.seconds) / 60] = candle }
        }
        #expect(try read(store) == expected.keys.sorted().map { expected[$0]! })
        #expect(try store.series()[0].count == expected.count)
    }
}

/// A seeded generator, so that a failing property test fails again.
struct SplitMix {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
