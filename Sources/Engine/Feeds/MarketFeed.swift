import Ingestion
import Market
import Trading

/// What a source of market data says, one thing at a time.
enum MarketUpdate: Sendable {
    /// A new best bid and ask.
    case quote(InstrumentID, Quote)
    /// A trade of the tape, and the newest minute with it where the source tells that; elsewhere the time of the trade says
    /// which minute is its.
    case print(InstrumentID, TradePrint, minute: Candle? = nil)
    /// Trades, oldest first, that are told behind newer ones, and the forming candle with them; for the screen only.
    case late(InstrumentID, [TradePrint], forming: Candle?)
    /// The visible book, for the screen only.
    case depth(InstrumentID, BookDepth)
    /// The visible book, which orders meet too; without levels, nothing is known of it any more.
    case book(InstrumentID, BookDepth)
    /// Nothing is heard of a book any more: orders do not meet it, while the screen keeps it.
    case bookLost(InstrumentID, Timestamp)
    /// A closed minute of a market whose quotes and prints were given out too.
    case minute(InstrumentID, Candle)
    /// A recorded candle of the feed's own timeframe, of which nothing else is known.
    case bar(InstrumentID, Candle)
    /// Minutes, oldest first, that closed while nothing was heard of a market: what strategies see of them is the past.
    case missed(InstrumentID, [Candle])
    /// Minutes, oldest first, that come behind later ones: for the past that strategies see, and the screen.
    case filled(InstrumentID, [Candle])
    /// A minute that was told before has other numbers; for the screen only.
    case revised(InstrumentID, Candle)
    /// The connection to the market changed.
    case link(LinkState)
    /// Something that a person should know of the source, of a kind in one word.
    case remark(kind: String, text: String, isWarning: Bool)
    /// A second of the market's time began.
    case timer(Timestamp)
    /// The recording is over.
    case finished(Timestamp)
}

extension MarketUpdate {
    /// What a followed market said.
    ///
    /// - Parameters:
    ///   - numbers: the number of each instrument by its place in the source.
    ///   - inOrder: the time of receipt as this feed tells it.
    init(_ update: LiveUpdate, _ numbers: [InstrumentID], inOrder: (Timestamp) -> Timestamp) {
        switch update {
        case .quote(let place, var quote):
            quote.time = inOrder(quote.time)
            self = .quote(numbers[place], quote)
        case .print(let place, var print, let minute):
            print.time = inOrder(print.time)
            self = .print(numbers[place], print, minute: minute)
        case .late(let place, let prints, let forming): self = .late(numbers[place], prints, forming: forming)
        case .depth(let place, var depth):
            depth.time = inOrder(depth.time)
            self = .depth(numbers[place], depth)
        case .minute(let place, let candle): self = .minute(numbers[place], candle)
        case .missed(let place, let minutes): self = .missed(numbers[place], minutes)
        case .filled(let place, let minutes): self = .filled(numbers[place], minutes)
        case .revised(let place, let candle): self = .revised(numbers[place], candle)
        case .link(let state): self = .link(state)
        case .remark(let kind, let text, let isWarning): self = .remark(kind: kind, text: text, isWarning: isWarning)
        }
    }
}

extension MarketUpdate {
    /// Appends what a followed market said; where its connection is lost, its books are.
    ///
    /// - Parameter meetsBook: whether orders meet a book of an instrument, at its time.
    static func append(
        _ update: LiveUpdate, _ numbers: [InstrumentID], inOrder: (Timestamp) -> Timestamp,
        meetsBook: (InstrumentID, BookDepth) -> Bool, to updates: inout [MarketUpdate]
    ) {
        let translated = MarketUpdate(update, numbers, inOrder: inOrder)
        if case .depth(let id, let depth) = translated, meetsBook(id, depth) {
            updates.append(.book(id, depth))
        } else {
            updates.append(translated)
        }
        if case .link(.lost) = translated {
            for id in numbers { updates.append(.bookLost(id, inOrder(.epoch))) }
        }
    }
}

/// A source of market data that is asked, not one that calls: the engine's thread decides when.
///
/// A feed belongs to the engine's thread.
protocol MarketFeed: AnyObject {
    /// What it has data of, in the order of the watch list.
    var instruments: [Instrument] { get }
    /// How the screen names it.
    var source: FeedSource { get }
    /// Why there is no book or tape, when there is none.
    var missing: String? { get }
    /// Where its own time begins.
    var startTime: Timestamp { get }
    /// The length of the candles it gives out.
    var timeframe: Timeframe { get }

    /// The closed candles before the first update, oldest first; called once for each instrument, before `next`.
    func history(_ index: Int) throws(EngineError) -> [Candle]

    /// Whether its time is the wall clock's; otherwise it has a time of its own.
    var followsWallClock: Bool { get }

    /// Whether the market goes on while nobody listens; one that is made up or recorded waits.
    var goesOnUnheard: Bool { get }

    /// Appends the next stretch of what has happened by `now`; appends nothing when there is nothing (yet).
    ///
    /// A stretch is whole: a feed that starts anew at `time` tells exactly what comes behind it.
    ///
    /// - Parameter now: the wall clock. A feed with a clock of its own translates it.
    func stretch(until now: Timestamp, into updates: inout [MarketUpdate]) throws(EngineError)

    /// Up to where everything was told.
    var time: Timestamp { get }

    /// Pauses, resumes, steps or speeds up, where the source can; false where it can't.
    func control(_ control: ReplayControl, now: Timestamp) -> Bool
}

extension MarketFeed {
    var goesOnUnheard: Bool { false }
}

/// What can be done to a replay.
enum ReplayControl: Sendable {
    case pause(Bool)
    case step
    case speed(Double?)
}
