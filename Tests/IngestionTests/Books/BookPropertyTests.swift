import Market
import Testing
import Venues

@testable import Ingestion

/// Random streams against a book that is a dictionary.
@Suite("books against a plain model")
struct BookPropertyTests {
    /// A venue: a true book, told as changes and snapshots.
    private struct Venue {
        var bids: [Int64: Int64] = [:]
        var asks: [Int64: Int64] = [:]
        var id: Int64 = 1_000
        var numbers: SeededNumbers

        mutating func change() -> DepthDiff {
            let first = id + 1
            id += Int64.random(in: 1...5, using: &numbers)
            var diff = BookSamples.diff(first, id)
            for _ in 0..<Int.random(in: 0...12, using: &numbers) {
                let isBid = Bool.random(using: &numbers)
                // Most changes near the middle, some far away.
                let reach: Int64 = Int.random(in: 0..<4, using: &numbers) == 0 ? 3_000 : 20
                let distance = Int64.random(in: 1...reach, using: &numbers)
                let price = isBid ? 10_000 - distance : 10_000 + distance
                let quantity =
                    Int.random(in: 0..<3, using: &numbers) == 0 ? 0 : Int64.random(in: 1...99, using: &numbers)
                let level = BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: quantity))
                if isBid {
                    bids[price] = quantity == 0 ? nil : quantity
                    diff.bids.append(level)
                } else {
                    asks[price] = quantity == 0 ? nil : quantity
                    diff.asks.append(level)
                }
            }
            return diff
        }

        func levels(_ side: Side) -> [BookLevel] {
            let levels = side == .buy ? bids.sorted { $0.key > $1.key } : asks.sorted { $0.key < $1.key }
            return BookSamples.levels(levels.map { ($0.key, $0.value) })
        }

        func snapshot(limit: Int = 5_000) -> DepthSnapshot {
            DepthSnapshot(
                lastID: id, bids: Array(levels(.buy).prefix(limit)), asks: Array(levels(.sell).prefix(limit)),
                limit: limit)
        }

        func equals(_ book: LocalBook) -> Bool {
            book.lastID == id && book.allLevels(of: .buy) == levels(.buy) && book.allLevels(of: .sell) == levels(.sell)
        }
    }

    @Test("a book equals the model after every change", arguments: 0..<6)
    func complete(_ seed: Int) {
        var venue = Venue(numbers: SeededNumbers(seed: UInt64(seed + 1)))
        var book = LocalBook()
        _ = book.streamBegan()
        _ = book.apply(venue.snapshot(), at: BookSamples.time)
        for step in 0..<1_500 {
            #expect(book.apply(venue.change()) == .applied)
            if step % 50 == 0 || step > 1_490 { #expect(venue.equals(book)) }
        }
        #expect(book.reach(of: .buy).levels > 200)
    }

    @Test("a bounded book is the model's near end, wherever it says that it is complete", arguments: 0..<4)
    func bounded(_ seed: Int) {
        var limits = BookLimits()
        limits.levels = 150
        limits.fewestKnown = 0
        var venue = Venue(numbers: SeededNumbers(seed: UInt64(seed + 31)))
        for _ in 0..<300 { _ = venue.change() }
        var book = LocalBook(limits)
        _ = book.streamBegan()
        _ = book.apply(venue.snapshot(limit: 100), at: BookSamples.time)
        for _ in 0..<600 {
            _ = book.apply(venue.change())
            for side in [Side.buy, .sell] {
                let reach = book.reach(of: side)
                #expect(reach.levels <= 150)
                let depth = book.depth(levels: 10_000)
                let known = (side == .buy ? depth?.bids : depth?.asks) ?? []
                let model = venue.levels(side)
                if let end = reach.completeTo {
                    #expect(known == model.filter { side == .buy ? $0.price >= end : $0.price <= end })
                } else {
                    #expect(known == model)
                }
            }
        }
    }

    @Test(
        "a stream with losses, repetitions and disorder gives the venue's book or none, never a wrong one",
        arguments: 0..<4)
    func damaged(_ seed: Int) {
        var numbers = SeededNumbers(seed: UInt64(seed + 77))
        var venue = Venue(numbers: SeededNumbers(seed: UInt64(seed + 51)))
        // The true books by update: what a live book must be.
        var truth: [Int64: ([BookLevel], [BookLevel])] = [:]
        var queue: [DepthDiff] = []
        var book = LocalBook()
        var snapshots: [(due: Int, DepthSnapshot)] = []
        var (live, stale) = (0, 0)
        for step in 0..<1_200 {
            let change = venue.change()
            if step % 4 == 0 { truth[venue.id] = (venue.levels(.buy), venue.levels(.sell)) }
            switch Int.random(in: 0..<60, using: &numbers) {
            case 0: break
            case 1: queue += [change, change]
            case 2: queue.insert(change, at: max(0, queue.count - 1))
            case 3: queue += [queue.last ?? change, change]
            default: queue.append(change)
            }
            while queue.count > 2 {
                if case .wantsSnapshot = book.apply(queue.removeFirst()) {
                    snapshots = [(step + Int.random(in: 1...6, using: &numbers), venue.snapshot())]
                }
                if let next = snapshots.first, next.due <= step {
                    snapshots.removeFirst()
                    if case .wantsSnapshot = book.apply(next.1, at: BookSamples.time) {
                        snapshots = [(step + 3, venue.snapshot())]
                    }
                }
                if book.state == .live {
                    live += 1
                    if let (bids, asks) = truth[book.lastID] {
                        #expect(book.allLevels(of: .buy) == bids && book.allLevels(of: .sell) == asks)
                    }
                } else {
                    stale += 1
                }
            }
        }
        #expect(live > 300 && stale > 50)
    }
}
