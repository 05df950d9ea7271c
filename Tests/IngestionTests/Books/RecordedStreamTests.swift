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
        func judge(_ result: TopCheck.Result) {
            if case .disagreed(let id, let found, let venue) = result {
                Issue.record("after update \(id) the book has \(found), the venue \(venue)")
            }
        }
        for (time, event) in try RecordedStream.events.get() {
            switch event {
            case .snapshot(let snapshot): #expect(book.apply(snapshot, at: time) == .live)
            case .depth(let diff):
                let step = book.apply(diff)
                if book.state == .live {
                    // In the fourth minute the price leaves what the snapshot told: the book says so.
                    #expect(step == .applied || step == .wantsSnapshot(.thin))
                    applied += 1
                }
                judge(check.note(book))
            case .message(.bookTicker(let ticker)):
                tickers += 1
                judge(check.note(ticker))
            case .message: break
            }
        }
        #expect(tickers == 28_040)
        // Three of the 3,451 changes came before the snapshot. Only the last can have no ticker behind it.
        #expect(applied == 3_448 && check.compared >= 3_447, "\(applied) applied, \(check.compared) compared")
    }

    @Test("the candles made of its trades are the venue's, 23:55 to 23:59")
    func candles() throws {
        var builder = CandleBuilder(BookSamples.bitcoin)
        var candles: [BuiltCandle] = []
        for (_, event) in try RecordedStream.events.get() {
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
        let events = try RecordedStream.events.get()
        var truth: [Int64: [BookLevel?]] = [:]
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
                if book.state == .live { truth[book.lastID] = [book.bestBid, book.bestAsk] }
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
            #expect([damagedBook.bestBid, damagedBook.bestAsk] == truth[damagedBook.lastID])
            if let (bids, asks) = whole[damagedBook.lastID] {
                #expect(damagedBook.allLevels(of: .buy) == bids && damagedBook.allLevels(of: .sell) == asks)
            }
        }
        #expect(live > 1_000 && stale > 100 && reasons.contains { $0.hasPrefix("stale") })
    }

    @Test("its seconds have features within their bounds, as long as the book is known")
    func features() throws {
        var book = LocalBook()
        var sampler = BookFeatureSampler()
        var features: [BookFeature] = []
        for (time, event) in try RecordedStream.events.get() {
            switch event {
            case .snapshot(let snapshot): _ = book.apply(snapshot, at: time)
            case .depth(let diff):
                if let feature = sampler.sample(book, before: diff.time) { features.append(feature) }
                if book.apply(diff) == .wantsSnapshot(.thin) { try check(features) }
            case .message: break
            }
        }
    }

    private func check(_ features: [BookFeature]) throws {
        #expect(features.count > 100)
        #expect(zip(features, features.dropFirst()).allSatisfy { $1.time.seconds - $0.time.seconds == 1 })
        #expect(features.allSatisfy { (-1...1).contains($0.imbalance) && $0.spreadBps > 0 && $0.spreadBps < 5 })
        #expect(features.prefix(60).allSatisfy { $0.depthRatio.map { $0 > 0 } ?? false })
    }
}
