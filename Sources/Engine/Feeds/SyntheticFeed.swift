import Market
import Simulation
import Trading

/// The synthetic market in step with the clock.
///
/// The market is a function of seed and time, so a session that starts again finds the market that it left, and history
/// can be had for any stretch of the past.
final class SyntheticFeed: MarketFeed {
    /// The market is told in stretches of at most this, so that a long silence (a suspended machine) takes no memory.
    private static let stretchNanoseconds: Int64 = 5_000_000_000

    let instruments: [Instrument]
    let timeframe = Timeframe.oneMinute
    let missing: String? = nil
    let source: FeedSource
    let startTime: Timestamp

    private let options: SyntheticFeedOptions
    private var market: SyntheticMarket
    private var events: [MarketEvent] = []
    private var place = 0

    /// A market that is told from `start` on.
    init(_ options: SyntheticFeedOptions, start: Timestamp) {
        self.options = options
        startTime = start
        market = SyntheticMarket(seed: options.seed, start: start)
        instruments = market.instruments
        source = .synthetic(seed: options.seed)
    }

    func history(_ index: Int) -> [Candle] {
        let end = market.now.floored(to: .oneMinute)
        return market.candles(
            InstrumentID(index), from: end.adding(seconds: -60 * Int64(options.historyMinutes)), to: end)
    }

    func next(until now: Timestamp) -> MarketUpdate? {
        while place == events.count {
            guard market.now < now else { return nil }
            events.removeAll(keepingCapacity: true)
            place = 0
            let stretch = market.now.adding(nanoseconds: SyntheticFeed.stretchNanoseconds)
            market.advance(to: min(now, stretch)) { events.append($0) }
        }
        place += 1
        switch events[place - 1] {
        case .depth(let id, let depth): return .depth(id, depth)
        case .quote(let id, let quote): return .quote(id, quote)
        case .print(let id, let print): return .print(id, print)
        case .closedCandle(let id, let candle): return .minute(id, candle)
        }
    }

    func control(_ control: ReplayControl, now: Timestamp) -> Bool { false }
}
