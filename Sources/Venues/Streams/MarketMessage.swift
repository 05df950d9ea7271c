public import Market

/// What a message of a market data connection says.
///
/// The frequent kinds carry no arrays and no texts: to read one and to pass it on takes no memory.
public enum MarketMessage: Sendable, Hashable {
    /// Levels of a book changed. The change stands in the decoder's `depth` until the next message is read.
    case depth
    /// The best bid or ask changed.
    case bookTicker(BookTicker)
    /// A trade.
    case trade(StreamTrade)
    /// Trades of one taker order at one price, put together by the venue.
    case aggregateTrade(StreamAggregateTrade)
    /// A candle as far as it has come.
    case kline(StreamKline)
    /// The server is going to end the connection; another should be opened at once. With the time it was said.
    case serverShutdown(Timestamp)
    /// The answer to a request of ours on this connection.
    case answer(StreamAnswer)
    /// A message of a kind that is not used, or about a symbol that the connection was not made for.
    case other
}

/// The best bid and ask as a stream tells them: without a time, but with the number of the book's update.
public struct BookTicker: Sendable, Hashable {
    /// Which of the decoder's instruments it is of.
    public var instrument: Int
    /// The book's update that this is the top after.
    public var updateID: Int64
    /// The highest price bid; zero when nothing is bid.
    public var bid: Price
    /// The quantity bid at that price.
    public var bidSize: Quantity
    /// The lowest price asked; zero when nothing is asked.
    public var ask: Price
    /// The quantity asked at that price.
    public var askSize: Quantity

    /// A ticker of its parts.
    public init(
        instrument: Int, updateID: Int64, bid: Price, bidSize: Quantity, ask: Price, askSize: Quantity
    ) {
        self.instrument = instrument
        self.updateID = updateID
        self.bid = bid
        self.bidSize = bidSize
        self.ask = ask
        self.askSize = askSize
    }

    /// The quote that holds at `time`, when the message came; `nil` when a side is empty.
    public func quote(at time: Timestamp) -> Quote? {
        guard bid.mantissa > 0, ask.mantissa > 0 else { return nil }
        return Quote(time: time, bid: bid, ask: ask, bidSize: bidSize, askSize: askSize)
    }
}

/// A trade with where it comes from.
public struct StreamTrade: Sendable, Hashable {
    /// Which of the decoder's instruments traded.
    public var instrument: Int
    /// When the venue sent it.
    public var eventTime: Timestamp
    /// The trade; its time is that of the trade.
    public var print: TradePrint

    /// A trade of its parts.
    public init(instrument: Int, eventTime: Timestamp, print: TradePrint) {
        self.instrument = instrument
        self.eventTime = eventTime
        self.print = print
    }
}

/// Trades of one taker order at one price.
public struct AggregateTrade: Sendable, Hashable {
    /// Price, whole quantity, time and taker's side; its identifier counts aggregates, not trades.
    public var print: TradePrint
    /// The identifiers of the trades it is made of.
    public var trades: ClosedRange<UInt64>

    /// An aggregate of its parts.
    public init(print: TradePrint, trades: ClosedRange<UInt64>) {
        self.print = print
        self.trades = trades
    }
}

/// An aggregate of trades with where it comes from.
public struct StreamAggregateTrade: Sendable, Hashable {
    /// Which of the decoder's instruments traded.
    public var instrument: Int
    /// When the venue sent it.
    public var eventTime: Timestamp
    /// The aggregate.
    public var trade: AggregateTrade

    /// An aggregate of its parts.
    public init(instrument: Int, eventTime: Timestamp, trade: AggregateTrade) {
        self.instrument = instrument
        self.eventTime = eventTime
        self.trade = trade
    }
}

/// A candle as a stream tells it, again and again until it is closed.
public struct StreamKline: Sendable, Hashable {
    /// Which of the decoder's instruments it is of.
    public var instrument: Int
    /// When the venue sent it.
    public var eventTime: Timestamp
    /// Its length.
    public var timeframe: Timeframe
    /// The candle as the venue tells it; whoever keeps it looks at `isConsistent`. Where nothing traded its prices are
    /// the last close and its volume is zero.
    public var candle: Candle
    /// Whether nothing will be added to it.
    public var isClosed: Bool
    /// The identifiers of its first and last trade; `nil` when nothing traded.
    public var trades: ClosedRange<UInt64>?
    /// How many trades it is made of.
    public var tradeCount: Int64
    /// The sum of price × quantity.
    public var quoteVolume: Money
    /// The base volume that takers bought.
    public var takerBuyVolume: Quantity
    /// The sum of price × quantity of what takers bought.
    public var takerBuyQuoteVolume: Money

    /// A candle of its parts.
    public init(
        instrument: Int, eventTime: Timestamp, timeframe: Timeframe, candle: Candle, isClosed: Bool,
        trades: ClosedRange<UInt64>?, tradeCount: Int64, quoteVolume: Money, takerBuyVolume: Quantity,
        takerBuyQuoteVolume: Money
    ) {
        self.instrument = instrument
        self.eventTime = eventTime
        self.timeframe = timeframe
        self.candle = candle
        self.isClosed = isClosed
        self.trades = trades
        self.tradeCount = tradeCount
        self.quoteVolume = quoteVolume
        self.takerBuyVolume = takerBuyVolume
        self.takerBuyQuoteVolume = takerBuyQuoteVolume
    }
}
