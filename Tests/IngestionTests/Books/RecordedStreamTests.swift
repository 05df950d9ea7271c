import Market
import Testing
import Venues

@testable import Ingestion

/// Runs where a recorded stream lies beside the package or under WICK_TEST_DATA; it is not part of it.
@Suite(
    "a recorded stream",
    .enabled(if: RecordedStream.isThere, "no recorded stream: set WICK_TEST_DATA to the folder that holds market/"))
struct RecordedStreamTests {
    @Test("the book rebuilt from it has the top of every recorded ticker that can be compared")
    func book() throws {
        var book = LocalBook()
        var check = TopCheck()
        var (applied, tickers) = (0, 0)
        for (time, event) in try RecordedStream.events() {
            switch event {
            case .snapshot(let snapshot): #expect(book.apply(snapshot, at: time) == .live)
            case .depth(let diff):
                let step = book.apply(diff)
                if book.state == .live {
                    #expect(step == .applied && book.isReadable)
                    applied += 1
                }
                check.note(book)
            case .message(.bookTicker(let ticker)):
                tickers += 1
                if case .disagreed(let id, let found, let venue) = check.note(ticker) {
                    Issue.record("after update \(id) the book has \(found), the venue \(venue)")
                }
            case .message: break
            }
        }
        #expect(tickers == 28_040)
        // Of 3,451 changes five came before the snapshot, and what the last ticker does not enclose stays undecided.
        #expect(applied >= 3_444 && check.compared >= 3_440, "\(applied) applied, \(check.compared) compared")
    }

    @Test("the candles made of its trades are the venue's, 23:55 to 23:59")
    func candles() throws {
        var builder = CandleBuilder(BookSamples.bitcoin)
        var candles: [BuiltCandle] = []
        for (_, event) in try RecordedStream.events() {
            guard case .message(.trade(let trade)) = event else { continue }
            let step = builder.apply(trade.print)
            #expect(step.verdict == .taken && step.missing == nil && step.revised == nil)
            if let closed = step.closed { candles.append(closed) }
        }
        if let last = builder.close(at: Timestamp(iso8601: "2024-08-09T00:00:00Z")!) { candles.append(last) }
        #expect(candles.count == 6 && candles.map(\.isWhole) == [false, true, true, true, true, true])
        let official = try RecordedStream.officialMinutes()
        for (candle, row) in zip(candles.dropFirst(), official) {
            let numbers = try row.dropFirst().map { try DecimalText.mantissa($0, scale: 8) }
            #expect("\(candle.openTime.milliseconds)" == row[0])
            let found = candle.candle
            #expect(
                [found.open, found.high, found.low, found.close].map(\.mantissa) + [found.volume.mantissa] == numbers)
        }
        #expect(official.count == 5)
    }

    @Test("cut, in disorder and twice, it gives the true book or a stale one, never a wrong one", arguments: 0..<3)
    func damaged(_ seed: Int) throws {
        // The true book after each change, and its whole content now and then.
        let events = try RecordedStream.events()
        var truth: [Int64: Quote] = [:]
        var whole: [Int64: ([BookLevel], [BookLevel])] = [:]
        var snapshots: [DepthSnapshot] = []
        var book = LocalBook()
        var diffs: [DepthDiff] = []
        for (time, event) in events {
            switch event {
            case .snapshot(let snapshot):
                _ = book.apply(snapshot, at: time)
            case .depth(let diff):
                diffs.append(diff)
                _ = book.apply(diff)
                truth[book.lastID] = book.quote
                if book.state == .live, diffs.count % 10 == 0 {
                    let (bids, asks) = (book.allLevels(of: .buy), book.allLevels(of: .sell))
                    whole[book.lastID] = (bids, asks)
                    // What REST would have answered: everything that this book knows.
                    snapshots.append(DepthSnapshot(lastID: book.lastID, bids: bids, asks: asks, limit: 100_000))
                }
            case .message: break
            }
        }
        var numbers = SeededNumbers(seed: UInt64(seed + 1))
        var stream: [DepthDiff] = []
        for diff in diffs {
            switch Int.random(in: 0..<100, using: &numbers) {
            case 0, 1: break
            case 2: stream += [diff, diff]
            case 3: stream.insert(diff, at: max(0, stream.count - 1))
            case 4: stream += stream.suffix(3) + [diff]
            default: stream.append(diff)
            }
        }
        var damagedBook = LocalBook()
        var (live, stale) = (0, 0)
        var reasons: Set<String> = []
        var wanted = false
        for diff in stream {
            let step = damagedBook.apply(diff)
            if case .wantsSnapshot(let reason) = step {
                wanted = true
                reasons.insert(String("\(reason)".prefix(9)))
            }
            // The answer comes late, when the stream has gone on.
            if wanted, Int.random(in: 0..<3, using: &numbers) == 0,
                let snapshot = snapshots.last(where: { $0.lastID <= diff.lastID })
            {
                if case .wantsSnapshot = damagedBook.apply(snapshot, at: diff.time) {
                    wanted = true
                } else {
                    wanted = false
                }
            }
            guard damagedBook.state == .live else {
                #expect(damagedBook.quote == nil)
                stale += 1
                continue
            }
            live += 1
            #expect(damagedBook.quote.map(\.bid) == truth[damagedBook.lastID].map(\.bid))
            #expect(damagedBook.quote.map(\.askSize) == truth[damagedBook.lastID].map(\.askSize))
            if let (bids, asks) = whole[damagedBook.lastID] {
                #expect(damagedBook.allLevels(of: .buy) == bids && damagedBook.allLevels(of: .sell) == asks)
            }
        }
        #expect(live > 1_000 && stale > 100 && reasons.contains { $0.hasPrefix("stale") })
    }

    @Test("its seconds have features within their bounds")
    func features() throws {
        var book = LocalBook()
        var sampler = BookFeatureSampler()
        var features: [BookFeature] = []
        for (time, event) in try RecordedStream.events() {
            switch event {
            case .snapshot(let snapshot): _ = book.apply(snapshot, at: time)
            case .depth(let diff):
                if let feature = sampler.sample(book, before: diff.time) { features.append(feature) }
                _ = book.apply(diff)
            case .message: break
            }
        }
        #expect(features.count > 330)
        #expect(zip(features, features.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(features.allSatisfy { (-1...1).contains($0.imbalance) && $0.spreadBps > 0 && $0.spreadBps < 5 })
        #expect(features.allSatisfy { $0.depthRatio.map { $0 > 0 } ?? false })
    }
}
