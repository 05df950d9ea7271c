import GRDB
import Market
import Testing

@testable import Storage

@Suite("Book features in the store")
struct FeatureStoreTests {
    private static func feature(_ second: Int, ratio: Double? = 1.25) -> BookFeature {
        BookFeature(
            time: Sample.start.adding(seconds: Int64(second)), imbalance: Double(second % 200 - 100) / 100,
            spreadBps: 0.001 + Double(second % 17), depthRatio: ratio)
    }

    private func isNear(_ stored: BookFeature, _ given: BookFeature) -> Bool {
        func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= abs(b) / 2_000 + 1e-7 }
        return stored.time == given.time && isNear(stored.imbalance, given.imbalance)
            && isNear(stored.spreadBps, given.spreadBps)
            && (stored.depthRatio == nil) == (given.depthRatio == nil)
            && isNear(stored.depthRatio ?? 0, given.depthRatio ?? 0)
    }

    @Test("features are read as they were stored, to a part in two thousand")
    func roundTrip() throws {
        let store = try Store.inMemory()
        let given = (0..<5_000).filter { $0 % 7 != 0 }.map {
            Self.feature($0, ratio: $0 % 5 == 0 ? nil : Double($0) / 3)
        }
        #expect(try store.write(given, of: Sample.instrument, at: Sample.now) == given.count)
        let stored = try store.features(venue: "binance", symbol: "btcusdt")
        #expect(stored.count == given.count)
        #expect(zip(stored, given).allSatisfy(isNear))
        let series = try #require(try store.featureSeries().first)
        #expect(series.instrument == Sample.instrument)
        #expect(series.definition == BookFeature.Definition())
        #expect(series.count == given.count)
        #expect(series.first == given.first?.time)
        #expect(series.last == given.last?.time)
        #expect(series.missing == 4_999 - given.count)
        #expect(series.updatedAt == Sample.now)
    }

    @Test("features read in parts are the same", arguments: [1, 660, 5_000, 1_000_000])
    func parts(_ part: Int) throws {
        let store = try Store.inMemory()
        let given = (0..<5_000).filter { $0 % 7 != 0 }.map { Self.feature($0) }
        try store.write(given, of: Sample.instrument, at: Sample.now)
        let series = try #require(try store.featureSeries().first)
        for (from, to) in [(nil, nil), (given[100].time, given[3_000].time)] {
            let whole = try store.features(venue: "BINANCE", symbol: "BTCUSDT", from: from, to: to)
            var parts: [[BookFeature]] = []
            try store.readFeatures(series, from: from, to: to, part: part) { parts.append($0) }
            #expect(parts.flatMap { $0 } == whole)
            #expect(parts.dropLast().allSatisfy { $0.count >= part } && parts.allSatisfy { !$0.isEmpty })
        }
    }

    @Test("a ratio beyond what is kept becomes the greatest that is")
    func largest() throws {
        let store = try Store.inMemory()
        try store.write([Self.feature(0, ratio: 1e300)], of: Sample.instrument, at: Sample.now)
        #expect(try store.features(venue: "BINANCE", symbol: "BTCUSDT").first?.depthRatio == 65_504)
    }

    @Test("features handed in piece by piece are those handed in at once, and the same again changes nothing")
    func pieces() throws {
        let (once, often) = (try Store.inMemory(), try Store.inMemory())
        let given = (0..<2_000).map { Self.feature($0) }
        try once.write(given, of: Sample.instrument, at: Sample.now)
        for begin in stride(from: 0, to: 2_000, by: 61) {
            try often.write(Array(given[begin..<min(begin + 61, 2_000)]), of: Sample.instrument, at: Sample.now)
        }
        #expect(try often.write(Array(given[500..<700]), of: Sample.instrument, at: Sample.now) == 0)
        #expect(
            try once.features(venue: "BINANCE", symbol: "BTCUSDT")
                == often.features(venue: "BINANCE", symbol: "BTCUSDT"))
        #expect(try often.featureSeries().first?.count == 2_000)
    }

    @Test("a span is read alone, its end exclusive")
    func span() throws {
        let store = try Store.inMemory()
        try store.write((0..<3_000).map { Self.feature($0) }, of: Sample.instrument, at: Sample.now)
        func seconds(_ from: Int64?, _ to: Int64?) throws -> [Int64] {
            try store.features(
                venue: "BINANCE", symbol: "BTCUSDT", from: from.map { Sample.start.adding(seconds: $0) },
                to: to.map { Sample.start.adding(seconds: $0) }
            ).map { $0.time.seconds - Sample.start.seconds }
        }
        #expect(try seconds(650, 1_350) == Array(650..<1_350))
        #expect(try seconds(2_990, nil) == Array(2_990..<3_000))
        #expect(try seconds(nil, 3) == [0, 1, 2])
        #expect(try seconds(5_000, nil) == [])
        #expect(
            try store.features(venue: "BINANCE", symbol: "BTCUSDT", from: Timestamp(nanoseconds: .min)).count == 3_000)
    }

    @Test("features of two definitions are two series")
    func definitions() throws {
        let store = try Store.inMemory()
        let other = BookFeature.Definition(levels: 5, band: 25)
        try store.write([Self.feature(0)], of: Sample.instrument, at: Sample.now)
        try store.write([Self.feature(1)], of: Sample.instrument, other, at: Sample.now)
        try store.write([Self.feature(2)], of: Sample.other, at: Sample.now)
        #expect(try store.featureSeries().map(\.definition.levels) == [5, 10, 10])
        let read = try store.features(venue: "BINANCE", symbol: "BTCUSDT", other)
        #expect(read.map(\.time) == [Self.feature(1).time])
    }

    @Test("old features go by whole blocks, and a series without any goes with them")
    func pruning() throws {
        let store = try Store.inMemory()
        let given = (0..<3_000).map { Self.feature($0) }
        try store.write(given, of: Sample.instrument, at: Sample.now)
        try store.write([Self.feature(1)], of: Sample.other, at: Sample.now)
        let gone = try store.pruneFeatures(before: Sample.start.adding(seconds: 2_000))
        let left = try store.features(venue: "BINANCE", symbol: "BTCUSDT")
        #expect(gone > 1_000 && gone <= 2_001)
        #expect(left.count == 3_001 - gone)
        #expect(left.first.map { $0.time <= Sample.start.adding(seconds: 2_000) } == true)
        let series = try store.featureSeries()
        #expect(series.map(\.instrument.symbol) == ["BTCUSDT"])
        #expect(series.first?.count == left.count)
        #expect(series.first?.first == left.first?.time)
        try store.pruneFeatures(before: Sample.now)
        #expect(try store.featureSeries().isEmpty)
        #expect(try store.pruneFeatures(before: Sample.now) == 0)
    }

    @Test("a day of one book takes little more than half a megabyte")
    func size() throws {
        let temporary = TemporaryDirectory()
        let store = try Store(directory: temporary.directory)
        func pages() throws -> Int { try store.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 } }
        let before = try pages()
        // As they come: a minute at a time.
        for minute in 0..<1_440 {
            try store.write(
                (minute * 60..<minute * 60 + 60).map { Self.feature($0) }, of: Sample.instrument, at: Sample.now)
        }
        let bytes = (try pages() - before) * 4_096
        #expect(bytes < 580_000)
    }

    @Test("bytes that are no block are refused as damaged", arguments: [5, 3_966])
    func damaged(_ count: Int) throws {
        let store = try Store.inMemory()
        try store.write([Self.feature(0)], of: Sample.instrument, at: Sample.now)
        try store.write { try $0.execute(sql: "UPDATE feature_blocks SET data = zeroblob(?)", arguments: [count]) }
        let error = #expect(throws: StoreError.self) { try store.features(venue: "BINANCE", symbol: "BTCUSDT") }
        #expect(error?.kind == .corrupt)
    }

    @Test("a feature that no book has is refused as damaged")
    func impossible() throws {
        let store = try Store.inMemory()
        try store.write([Self.feature(0)], of: Sample.instrument, at: Sample.now)
        // An imbalance of 2.
        try store.write { try $0.execute(sql: "UPDATE feature_blocks SET data = x'004000000000'") }
        let error = #expect(throws: StoreError.self) { try store.features(venue: "BINANCE", symbol: "BTCUSDT") }
        #expect(error?.kind == .corrupt)
    }
}
