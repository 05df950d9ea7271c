import Market
import Venues

@testable import Ingestion

/// Changes, snapshots and books for tests.
enum BookSamples {
    static let time = Timestamp(milliseconds: 1_700_000_000_000)
    static let bitcoin = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))

    static func levels(_ levels: [(Int64, Int64)]) -> [BookLevel] {
        levels.map { BookLevel(price: Price(mantissa: $0.0), quantity: Quantity(mantissa: $0.1)) }
    }

    static func diff(
        _ first: Int64, _ last: Int64, bids: [(Int64, Int64)] = [], asks: [(Int64, Int64)] = [],
        after seconds: Int64 = 0
    ) -> DepthDiff {
        DepthDiff(
            time: time.adding(seconds: seconds), firstID: first, lastID: last, bids: levels(bids), asks: levels(asks))
    }

    static func snapshot(
        _ lastID: Int64, bids: [(Int64, Int64)] = [(99, 1), (98, 2)], asks: [(Int64, Int64)] = [(101, 1), (102, 2)],
        limit: Int = 1_000
    ) -> DepthSnapshot {
        DepthSnapshot(lastID: lastID, bids: levels(bids), asks: levels(asks), limit: limit)
    }

    /// A live book after update `lastID`.
    static func live(_ lastID: Int64 = 100, _ limits: BookLimits = BookLimits()) -> LocalBook {
        var book = LocalBook(limits)
        _ = book.streamBegan()
        _ = book.apply(snapshot(lastID), at: time)
        return book
    }
}

/// Numbers that are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
