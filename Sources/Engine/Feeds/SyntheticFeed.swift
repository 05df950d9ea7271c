import Market
import Simulation
import Trading

/// The synthetic market, in step with the clock or in a time of its own.
///
/// The market is a function of seed and time, so a session that starts again finds the market that it left, and history
/// can be had for any stretch of the past.
final class SyntheticFeed: MarketFeed {
    /// The market is told in stretches of at most this, so that a long silence (a suspended machine) takes no memory.
    private static let stretchNanoseconds: Int64 = 5_000_000_000

    let instruments: [Instrument]
    let timeframe = Timeframe.oneMinute
    let missing: String? = nil
    let startTime: Timestamp

    private let options: SyntheticFeedOptions
    private var market: SyntheticMarket
    private var pace: MarketPace?
    private var isFinished = false

    /// A market that is told from `start` on, or in its own time from where `options` say; `resumed` is where an earlier
    /// session stopped telling. Where the market `continues` in the same process, it goes on right there.
    init(_ options: SyntheticFeedOptions, start: Timestamp, resumed: Timestamp? = nil, continues: Bool = false) {
        self.options = options
        var begin = start
        if let own = options.ownTime {
            begin = max(own.from, resumed ?? own.from)
            pace = MarketPace(from: begin, to: own.to, speed: own.speed, wall: start)
        } else if let resumed {
            begin = continues ? resumed : max(start, resumed)
        }
        startTime = begin
        market = SyntheticMarket(seed: options.seed, start: begin)
        instruments = market.instruments
    }

    var followsWallClock: Bool { pace == nil }
    var time: Timestamp { market.now }

    var source: FeedSource { .synthetic(seed: options.seed) }

    func history(_ index: Int) -> [Candle] {
        let end = market.now.floored(to: .oneMinute)
        return market.candles(
            InstrumentID(index), from: end.adding(seconds: -60 * Int64(options.historyMinutes)), to: end)
    }

    /// The closed minutes of an instrument that lie wholly in [from, to).
    func minutes(_ index: Int, from: Timestamp, to: Timestamp) -> [Candle] {
        market.candles(InstrumentID(index), from: from, to: to)
    }

    func stretch(until now: Timestamp, into updates: inout [MarketUpdate]) {
        let end = pace?.time(at: now) ?? now
        guard market.now < end else {
            if let pace, !isFinished, market.now >= pace.to {
                isFinished = true
                updates.append(.finished(market.now))
            }
            return
        }
        let limit = market.now.adding(nanoseconds: SyntheticFeed.stretchNanoseconds)
        market.advance(to: min(end, limit)) { event in
            switch event {
            case .depth(let id, let depth): updates.append(.depth(id, depth))
            case .quote(let id, let quote): updates.append(.quote(id, quote))
            case .print(let id, let print): updates.append(.print(id, print))
            case .closedCandle(let id, let candle): updates.append(.minute(id, candle))
            }
        }
    }

    func control(_ control: ReplayControl, now: Timestamp) -> Bool { false }
}

/// A market's own time: from one instant to another, so many times as fast as the wall clock.
struct MarketPace {
    /// Where it ends.
    let to: Timestamp
    private let from: Timestamp
    private let speed: Double?
    private let wall: Timestamp

    /// A time that stood at `from` when the wall clock showed `wall`; as fast as possible without a speed.
    init(from: Timestamp, to: Timestamp, speed: Double?, wall: Timestamp) {
        self.from = from
        self.to = to
        self.speed = speed
        self.wall = wall
    }

    /// How far time has come when the wall clock shows `now`.
    func time(at now: Timestamp) -> Timestamp {
        guard let speed else { return to }
        let passed = Double(max(0, now.nanoseconds(since: wall))) * speed
        let rest = Double(max(0, to.nanoseconds(since: from)))
        return from.adding(nanoseconds: Int64(min(passed, rest)))
    }
}
