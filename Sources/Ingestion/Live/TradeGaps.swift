import Market

/// Stretches of trades of one market that were not heard, and what becomes of them.
///
/// A venue numbers an instrument's trades one by one, so that a jump tells exactly which are missing. They are asked for a
/// page at a time, the oldest stretch first, and for so long only as a late trade can still change a candle.
struct TradeGaps {
    /// With more trades missing at once, they are left to the venue's candles.
    static let mostTrades: UInt64 = 20_000
    /// So is a stretch that lasts longer than this: its first candles could not be changed any more.
    static let longest: Int64 = 180_000_000_000
    /// How long is waited for trades that another connection may still tell.
    static let patience: Int64 = 1_000_000_000
    /// How long is waited before the same is asked again.
    static let pause: Int64 = 5_000_000_000
    /// How long after it was found a stretch is given up.
    static let limit: Int64 = 120_000_000_000
    /// How many stretches are open at once; beyond it the oldest is given up. The builder remembers more.
    static let most = 64

    /// A stretch.
    struct Gap: Equatable {
        /// The numbers that were missing when it was found.
        var ids: ClosedRange<UInt64>
        /// When the trade before it happened, by the venue's clock.
        var from: Timestamp
        /// When the trade behind it did.
        var to: Timestamp
        /// When it was found.
        var found: Timestamp
        /// How many there were.
        var size: UInt64 { ids.upperBound - ids.lowerBound + 1 }
        /// Whether it has lasted longer than other connections are waited for.
        fileprivate var isConfirmed = false
        /// When it was asked for last.
        fileprivate var asked: Timestamp?
        /// How many trades of it the venue told when asked.
        fileprivate(set) var fetched: UInt64 = 0
        /// The first number of which the venue has not said yet whether it has it.
        fileprivate var next: UInt64

        init(ids: ClosedRange<UInt64>, from: Timestamp, to: Timestamp, found: Timestamp) {
            (self.ids, self.from, self.to, self.found) = (ids, from, to, found)
            next = ids.lowerBound
        }
    }

    /// How a stretch ended.
    enum End: Equatable {
        /// Every trade of it came, whether asked for or by itself.
        case filled
        /// It is too long to be asked for.
        case tooLong
        /// The venue does not have some of its trades.
        case absent
        /// It was asked for in vain for too long.
        case unanswered
    }

    /// A stretch that is over, and how many of its trades did not come.
    struct Closure: Equatable {
        var gap: Gap
        var end: End
        var missing: UInt64
    }

    private(set) var open: [Gap] = []
    /// The number from which the first of them is being asked for.
    private var asking: UInt64?

    /// Notes a stretch.
    mutating func note(_ gap: Gap) -> Closure? {
        defer { open.append(gap) }
        guard open.count == TradeGaps.most else { return nil }
        asking = nil
        let oldest = open.removeFirst()
        return Closure(gap: oldest, end: .unanswered, missing: oldest.size - min(oldest.size, oldest.fetched))
    }

    /// Gives up every stretch: what it would ask for, the venue has no more. Those that were told of end with that.
    mutating func abandon(_ trades: CandleBuilder) -> [Closure] {
        defer { (open, asking) = ([], nil) }
        return open.filter(\.isConfirmed).map { gap in
            Closure(gap: gap, end: .absent, missing: trades.missingCount(in: gap.ids))
        }
    }

    /// The stretches of which it has become certain just now that they were not heard, and how many of their trades are missing.
    mutating func confirmed(at now: Timestamp, _ trades: CandleBuilder) -> [(gap: Gap, missing: UInt64)] {
        var new: [(gap: Gap, missing: UInt64)] = []
        for index in open.indices where !open[index].isConfirmed {
            guard now.nanoseconds(since: open[index].found) >= TradeGaps.patience else { break }
            let missing = trades.missingCount(in: open[index].ids)
            guard missing > 0 else { continue }
            open[index].isConfirmed = true
            new.append((open[index], missing))
        }
        return new
    }

    /// What is over, and from which number on to ask for trades now, which then counts as asked.
    mutating func advance(at now: Timestamp, _ trades: CandleBuilder) -> (over: [Closure], question: UInt64?) {
        var over: [Closure] = []
        while let gap = open.first {
            let missing = trades.missingCount(in: gap.ids)
            let age = now.nanoseconds(since: gap.found)
            if missing == 0 {
                // What came by itself in time was late, not missing.
                if gap.fetched > 0 || gap.isConfirmed { over.append(Closure(gap: gap, end: .filled, missing: 0)) }
            } else if age < TradeGaps.patience {
                break
            } else if missing > TradeGaps.mostTrades || gap.to.nanoseconds(since: gap.from) > TradeGaps.longest {
                over.append(Closure(gap: gap, end: .tooLong, missing: missing))
            } else if gap.next > gap.ids.upperBound {
                over.append(Closure(gap: gap, end: .absent, missing: missing))
            } else if age >= TradeGaps.limit {
                over.append(Closure(gap: gap, end: .unanswered, missing: missing))
            } else if asking == nil, gap.asked.map({ now.nanoseconds(since: $0) >= TradeGaps.pause }) ?? true {
                guard let first = trades.firstMissing(in: gap.next...gap.ids.upperBound) else {
                    over.append(Closure(gap: gap, end: .absent, missing: missing))
                    open.removeFirst()
                    continue
                }
                open[0].asked = now
                asking = first
                return (over, first)
            } else {
                break
            }
            asking = nil
            open.removeFirst()
        }
        return (over, nil)
    }

    /// The numbers that an answer to the question from `id` on may bring; `nil` when nobody waits for it any more. Newer
    /// trades are the stream's to tell.
    mutating func wanted(from id: UInt64) -> ClosedRange<UInt64>? {
        guard asking == id, let gap = open.first else { return nil }
        asking = nil
        return id...gap.ids.upperBound
    }

    /// Notes what a question brought.
    ///
    /// - Parameters:
    ///   - fetched: how many trades of the stretch were new.
    ///   - last: the highest number in the answer: whatever is missing up to it, the venue does not have.
    ///   - isFull: whether more would not have gone into the answer, so that the next page is asked for at once.
    mutating func answered(fetched: UInt64, last: UInt64?, isFull: Bool) {
        guard !open.isEmpty else { return }
        open[0].fetched += fetched
        if let last, last >= open[0].next { open[0].next = last == .max ? .max : last + 1 }
        if isFull { open[0].asked = nil }
    }
}
