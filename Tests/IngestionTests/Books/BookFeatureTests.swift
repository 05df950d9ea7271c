import Market
import Testing
import Venues

@testable import Ingestion

@Suite("features of a book")
struct BookFeatureTests {
    private func book(bids: [(Int64, Int64)], asks: [(Int64, Int64)], limit: Int = 1_000) -> LocalBook {
        var book = LocalBook()
        _ = book.streamBegan()
        _ = book.apply(BookSamples.snapshot(1, bids: bids, asks: asks, limit: limit), at: BookSamples.time)
        return book
    }

    @Test("imbalance, spread and depth ratio are what their definitions say")
    func definitions() throws {
        let book = book(
            bids: [(99_950, 3), (99_900, 5), (99_000, 100)], asks: [(100_050, 1), (100_100, 3), (101_000, 40)])
        var definition = BookFeature.Definition()
        definition.levels = 2
        let feature = try #require(BookFeature(book, at: BookSamples.time, definition))
        #expect(feature.imbalance == (8.0 - 4.0) / 12.0)
        #expect(feature.spreadBps == 10)
        // Ten basis points of 100,000 are 100.
        #expect(feature.depthRatio == 2)
        #expect(feature.time == BookSamples.time)
    }

    @Test("a depth ratio with nothing asked near enough, or not known so far, is none")
    func noRatio() throws {
        let wide = try #require(BookFeature(book(bids: [(90, 1)], asks: [(110, 1)]), at: BookSamples.time))
        #expect(wide.depthRatio == nil)
        let cut = book(bids: [(99_999, 1)], asks: [(100_001, 1)], limit: 1)
        #expect(try #require(BookFeature(cut, at: BookSamples.time)).depthRatio == nil)
    }

    @Test("a book that can't be read has no features")
    func unreadable() {
        #expect(BookFeature(LocalBook(), at: BookSamples.time) == nil)
        #expect(BookFeature(book(bids: [(1, 1)], asks: []), at: BookSamples.time) == nil)
    }

    @Test("at each second the book is that of the changes before it")
    func seconds() {
        var book = BookSamples.live()
        var sampler = BookFeatureSampler()
        func change(_ id: Int64, _ milliseconds: Int64, _ bid: Int64) -> BookFeature? {
            var diff = BookSamples.diff(id, id, bids: [(99, bid)])
            diff.time = Timestamp(milliseconds: BookSamples.time.milliseconds + milliseconds)
            let feature = sampler.sample(book, before: diff.time)
            _ = book.apply(diff)
            return feature
        }
        #expect(change(101, 0, 5) == nil)
        #expect(change(102, 900, 7) == nil)
        let first = change(103, 1_000, 8)
        #expect(first?.time == BookSamples.time.adding(seconds: 1))
        #expect(first?.imbalance == (9.0 - 3.0) / 12.0)
        #expect(change(104, 1_500, 9) == nil)
        // Two seconds were passed over: only the last has a feature.
        #expect(change(105, 4_100, 1)?.time == BookSamples.time.adding(seconds: 4))
        #expect(change(106, 3_000, 1) == nil)
    }
}
