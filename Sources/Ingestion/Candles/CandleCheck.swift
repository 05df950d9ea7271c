public import Market
public import Venues

/// Compares candles made from trades with those that the venue tells when they close.
///
/// Either may come first; what waits for its other half is kept for some minutes.
public struct CandleCheck: Sendable {
    /// What two candles of one minute can differ in.
    public struct Fields: OptionSet, Sendable, Hashable, CustomStringConvertible {
        /// The bits.
        public let rawValue: UInt16
        /// Fields from their bits.
        public init(rawValue: UInt16) { self.rawValue = rawValue }
        /// The first price.
        public static let open = Fields(rawValue: 1)
        /// The highest price.
        public static let high = Fields(rawValue: 2)
        /// The lowest price.
        public static let low = Fields(rawValue: 4)
        /// The last price.
        public static let close = Fields(rawValue: 8)
        /// The base volume.
        public static let volume = Fields(rawValue: 16)
        /// The quote volume.
        public static let quoteVolume = Fields(rawValue: 32)
        /// How many trades.
        public static let tradeCount = Fields(rawValue: 64)
        /// What takers bought.
        public static let takerBuyVolume = Fields(rawValue: 128)
        /// What takers bought, in the quote currency.
        public static let takerBuyQuoteVolume = Fields(rawValue: 256)
        /// The numbers of the first and last trade.
        public static let trades = Fields(rawValue: 512)

        private static let names: [(Fields, String)] = [
            (.open, "open"), (.high, "high"), (.low, "low"), (.close, "close"), (.volume, "volume"),
            (.quoteVolume, "quote volume"), (.tradeCount, "trade count"), (.takerBuyVolume, "taker buy volume"),
            (.takerBuyQuoteVolume, "taker buy quote volume"), (.trades, "first or last trade"),
        ]

        /// The names of the fields, `open, volume`.
        public var description: String {
            Fields.names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
        }
    }

    /// What came of a minute.
    public enum Result: Sendable, Hashable {
        /// Both say the same in every field.
        case equal
        /// They differ in these fields.
        case differs(Fields)
        /// They differ, and trades of the minute are known to be missing: the venue's candle is to be taken.
        case incomplete(Fields)
    }

    /// A minute that was compared.
    public struct Verdict: Sendable, Hashable {
        /// The start of the minute.
        public var openTime: Timestamp
        /// What came of it.
        public var result: Result
    }

    private var built: [BuiltCandle] = []
    private var told: [StreamKline] = []
    /// How many minutes of each wait for the other.
    private static let most = 8

    /// A check that has seen nothing.
    public init() {}

    /// Notes a candle made from trades, also one that was revised; `nil` while the venue has not told its own.
    public mutating func note(_ candle: BuiltCandle) -> Verdict? {
        built.removeAll { $0.openTime == candle.openTime }
        if built.count == CandleCheck.most { built.removeFirst() }
        built.append(candle)
        guard let kline = told.first(where: { $0.candle.openTime == candle.openTime }) else { return nil }
        return Verdict(openTime: candle.openTime, result: CandleCheck.compare(candle, kline))
    }

    /// Notes a candle of the venue; `nil` for one that is not closed or not of a minute, and while none is made from
    /// trades. One in which nothing traded is equal to none.
    public mutating func note(_ kline: StreamKline) -> Verdict? {
        guard kline.isClosed, kline.timeframe == .oneMinute else { return nil }
        let openTime = kline.candle.openTime
        told.removeAll { $0.candle.openTime == openTime }
        if told.count == CandleCheck.most { told.removeFirst() }
        told.append(kline)
        if let candle = built.first(where: { $0.openTime == openTime }) {
            return Verdict(openTime: openTime, result: CandleCheck.compare(candle, kline))
        }
        return kline.tradeCount == 0 ? Verdict(openTime: openTime, result: .equal) : nil
    }

    /// Whether the venue's candle of a minute closed before the last of these trades: only then can it lack one of them.
    public func isBeyondVenue(_ built: BuiltCandle) -> Bool {
        guard let kline = told.first(where: { $0.candle.openTime == built.openTime }) else { return false }
        return kline.trades.map { $0.upperBound < built.trades.upperBound } ?? true
    }

    /// Compares two candles of one minute and instrument.
    public static func compare(_ built: BuiltCandle, _ kline: StreamKline) -> Result {
        var fields: Fields = []
        func compare(_ field: Fields, _ isEqual: Bool) { if !isEqual { fields.insert(field) } }
        compare(.open, built.candle.open == kline.candle.open)
        compare(.high, built.candle.high == kline.candle.high)
        compare(.low, built.candle.low == kline.candle.low)
        compare(.close, built.candle.close == kline.candle.close)
        compare(.volume, built.candle.volume == kline.candle.volume)
        compare(.quoteVolume, built.quoteVolume == kline.quoteVolume)
        compare(.tradeCount, built.tradeCount == kline.tradeCount)
        compare(.takerBuyVolume, built.takerBuyVolume == kline.takerBuyVolume)
        compare(.takerBuyQuoteVolume, built.takerBuyQuoteVolume == kline.takerBuyQuoteVolume)
        compare(.trades, built.trades == kline.trades)
        if fields.isEmpty { return .equal }
        return built.isWhole ? .differs(fields) : .incomplete(fields)
    }
}
