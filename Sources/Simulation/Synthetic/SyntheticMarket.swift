public import Market
public import Trading

/// Something that happened at a market.
public enum MarketEvent: Sendable, Hashable {
    /// The visible book.
    case depth(InstrumentID, BookDepth)
    /// The best bid and ask.
    case quote(InstrumentID, Quote)
    /// A trade on the tape.
    case print(InstrumentID, TradePrint)
    /// A minute's candle, once the minute is over.
    case closedCandle(InstrumentID, Candle)

    /// When it happened; for a candle when it closed.
    public var time: Timestamp {
        switch self {
        case .depth(_, let depth): return depth.time
        case .quote(_, let quote): return quote.time
        case .print(_, let print): return print.time
        case .closedCandle(_, let candle): return candle.closeTime(.oneMinute)
        }
    }
}

/// A market made of numbers: candles, tape, quotes and a twenty-level book of several instruments, from a seed.
///
/// It is a pure function of seed and absolute time: the same seed gives the same market on every machine and in every
/// run, any instant can be asked for without those before it, and a program that starts again finds the market that it
/// left. Closed candles are made of the prints, exactly. What it looks like (and how closely that resembles a market) is
/// described in `docs/synthetic-market.md`.
public struct SyntheticMarket: Sendable {
    /// The seed.
    public let seed: UInt64
    /// What trades, in the order of the instrument numbers.
    public let profiles: [SyntheticInstrument]
    /// Up to where `advance` has told; later events are still to come.
    public private(set) var now: Timestamp

    /// How many levels a side of the book has.
    public let bookLevels: Int

    private let trees: [VarianceTree]
    private let tapes: [SyntheticTape]
    /// The minute being told, by instrument.
    private var paths: [MinutePath] = []
    /// Prints of the minute being told that are still to come, oldest last.
    private var pending: [[TradePrint]] = []

    /// A market whose events are told from `start` on.
    ///
    /// - Parameters:
    ///   - seed: another seed, another market.
    ///   - instruments: what trades.
    ///   - start: where `advance` begins.
    ///   - bookLevels: how many levels a side of the book has; the best twenty are the same whatever it is.
    public init(
        seed: UInt64, instruments: [SyntheticInstrument] = SyntheticInstrument.defaults, start: Timestamp,
        bookLevels: Int = 20
    ) {
        self.seed = seed
        self.bookLevels = bookLevels
        profiles = instruments
        now = start
        let market = HashedNoise(seed: seed)
        let noises = instruments.indices.map { HashedNoise(seed: market.bits(1, Int64($0))) }
        trees = zip(instruments, noises).map {
            VarianceTree(market: market, instrument: $1, dailyVolatility: $0.dailyVolatility)
        }
        tapes = zip(instruments, noises).map { SyntheticTape($0, $1) }
    }

    /// The instruments, in the order of their numbers.
    public var instruments: [Instrument] { profiles.map(\.instrument) }

    // MARK: - Any instant

    /// The candle of the minute that holds `time`, as it will be once the minute is over. Some microseconds.
    public func candle(_ instrument: InstrumentID, at time: Timestamp) -> Candle {
        let path = path(instrument, time)
        let openTime = Timestamp(nanoseconds: path.minute * 60_000_000_000)
        var candle: Candle?
        tapes[instrument.index].prints(path) { print in
            guard candle != nil else {
                candle = Candle(
                    openTime: openTime, open: print.price, high: print.price, low: print.price, close: print.price,
                    volume: print.quantity)
                return
            }
            candle?.take(print)
        }
        guard let candle else { preconditionFailure("every minute has a print") }
        return candle
    }

    /// The candles of the whole minutes in [from, to), oldest first. Some microseconds a minute.
    public func candles(_ instrument: InstrumentID, from: Timestamp, to: Timestamp) -> [Candle] {
        var time = from.floored(to: .oneMinute)
        if time < from { time = time.adding(seconds: 60) }
        var candles: [Candle] = []
        while time.adding(seconds: 60) <= to {
            candles.append(candle(instrument, at: time))
            time = time.adding(seconds: 60)
        }
        return candles
    }

    /// The prints in [from, to), oldest first.
    public func prints(_ instrument: InstrumentID, from: Timestamp, to: Timestamp) -> [TradePrint] {
        var prints: [TradePrint] = []
        var time = from.floored(to: .oneMinute)
        while time < to {
            tapes[instrument.index].prints(path(instrument, time)) { print in
                if print.time >= from && print.time < to { prints.append(print) }
            }
            time = time.adding(seconds: 60)
        }
        return prints
    }

    /// The book that holds at `time`; its own time is when it came up.
    public func depth(_ instrument: InstrumentID, at time: Timestamp) -> BookDepth {
        let path = path(instrument, time)
        let inMinute = time.nanoseconds - path.minute * 60_000_000_000
        return depth(instrument.index, path, Int(inMinute / MinutePath.nanosecondsPerTick))
    }

    private func path(_ instrument: InstrumentID, _ time: Timestamp) -> MinutePath {
        let minute = time.floored(to: .oneMinute).seconds / 60
        return MinutePath(trees[instrument.index], minute: minute)
    }

    private func depth(_ index: Int, _ path: MinutePath, _ tick: Int) -> BookDepth {
        let book = tapes[index].book
        let time = path.minute * 60_000_000_000 + Int64(tick) * MinutePath.nanosecondsPerTick
        return BookDepth(
            time: Timestamp(nanoseconds: time), bids: book.levels(.buy, path, tick, count: bookLevels),
            asks: book.levels(.sell, path, tick, count: bookLevels))
    }

    // MARK: - Telling

    /// Tells what happened after `now` up to and including `time`, in order: at one instant the books and quotes of all
    /// instruments, then prints, then closed candles. `now` is `time` afterwards.
    public mutating func advance(to time: Timestamp, _ emit: (MarketEvent) -> Void) {
        while now < time {
            let minute = now.floored(to: .oneMinute).seconds / 60
            if paths.first?.minute != minute { turn(to: minute) }
            let start = minute * 60_000_000_000
            // The ticks of this minute after now; the tick that begins the next minute is told with it.
            let next = (now.nanoseconds - start) / MinutePath.nanosecondsPerTick + 1
            let nextTick = min(start + next * MinutePath.nanosecondsPerTick, start + 60_000_000_000)
            let until = min(nextTick, time.nanoseconds)
            tellPrints(before: Timestamp(nanoseconds: until), isInclusive: until < nextTick, emit)
            now = Timestamp(nanoseconds: until)
            guard until == nextTick else { return }
            if nextTick == start + 60_000_000_000 { turn(to: minute + 1) }
            tellBooks(Int(next) % MinutePath.ticks, emit)
            if nextTick == start + 60_000_000_000 { tellCandles(of: minute, emit) }
        }
    }

    private mutating func turn(to minute: Int64) {
        paths = trees.map { MinutePath($0, minute: minute) }
        pending = paths.indices.map { index in
            var prints: [TradePrint] = []
            tapes[index].prints(paths[index]) { if $0.time > now { prints.append($0) } }
            prints.reverse()
            return prints
        }
    }

    private mutating func tellPrints(before end: Timestamp, isInclusive: Bool, _ emit: (MarketEvent) -> Void) {
        while true {
            var first: Int?
            for index in pending.indices {
                guard let print = pending[index].last else { continue }
                if let known = first, let other = pending[known].last, other.time <= print.time { continue }
                first = index
            }
            guard let index = first, let print = pending[index].last,
                print.time < end || isInclusive && print.time == end
            else { return }
            pending[index].removeLast()
            emit(.print(InstrumentID(index), print))
        }
    }

    private func tellBooks(_ tick: Int, _ emit: (MarketEvent) -> Void) {
        for index in paths.indices {
            let depth = depth(index, paths[index], tick)
            emit(.depth(InstrumentID(index), depth))
            if let quote = depth.quote { emit(.quote(InstrumentID(index), quote)) }
        }
    }

    private func tellCandles(of minute: Int64, _ emit: (MarketEvent) -> Void) {
        for index in paths.indices {
            let candle = candle(InstrumentID(index), at: Timestamp(seconds: minute * 60))
            emit(.closedCandle(InstrumentID(index), candle))
        }
    }
}

extension Candle {
    /// Takes a further print in.
    mutating func take(_ print: TradePrint) {
        high = max(high, print.price)
        low = min(low, print.price)
        close = print.price
        volume = volume + print.quantity
    }
}
