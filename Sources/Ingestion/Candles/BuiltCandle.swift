public import Market

/// A candle of one minute made from trades, with what a venue tells of its own besides.
public struct BuiltCandle: Sendable, Hashable {
    /// The candle.
    public var candle: Candle
    /// The lowest and the highest number of its trades.
    public var trades: ClosedRange<UInt64>
    /// How many trades it is made of.
    public var tradeCount: Int64
    /// The sum of price × quantity.
    public var quoteVolume: Money
    /// The base volume that takers bought.
    public var takerBuyVolume: Quantity
    /// The sum of price × quantity of what takers bought.
    public var takerBuyQuoteVolume: Money
    /// Whether every trade of the minute is in it, as far as the numbers of the trades tell: the minute was seen from its
    /// start, the connection was not lost behind it without a further trade, and none is missing inside it or beside it.
    /// Told of candles that closed; false for one that is running.
    public var isWhole = false

    /// The start of its minute.
    public var openTime: Timestamp { candle.openTime }

    /// The candle of one trade.
    init(_ print: TradePrint, _ minute: Timestamp, _ instrument: Instrument) {
        candle = Candle(
            openTime: minute, open: print.price, high: print.price, low: print.price, close: print.price, volume: .zero)
        trades = print.id...print.id
        tradeCount = 0
        quoteVolume = .zero(instrument.quote)
        takerBuyVolume = .zero
        takerBuyQuoteVolume = .zero(instrument.quote)
        count(print, instrument)
    }

    /// Takes in another trade of its minute.
    mutating func add(_ print: TradePrint, _ instrument: Instrument) {
        candle.high = max(candle.high, print.price)
        candle.low = min(candle.low, print.price)
        if print.id < trades.lowerBound {
            candle.open = print.price
            trades = print.id...trades.upperBound
        } else if print.id > trades.upperBound {
            candle.close = print.price
            trades = trades.lowerBound...print.id
        }
        count(print, instrument)
    }

    private mutating func count(_ print: TradePrint, _ instrument: Instrument) {
        tradeCount += 1
        // Numbers that no market has stay at the greatest there is instead of ending the process.
        let factor = instrument.notionalFactor
        let product = Int128(print.price.mantissa) * Int128(print.quantity.mantissa)
        let notional = product.multipliedReportingOverflow(by: factor)
        let amount = notional.overflow ? Int128.max : notional.partialValue
        candle.volume.mantissa = BuiltCandle.sum(candle.volume.mantissa, print.quantity.mantissa)
        quoteVolume.units = BuiltCandle.sum(quoteVolume.units, amount)
        guard print.aggressor == .buy else { return }
        takerBuyVolume.mantissa = BuiltCandle.sum(takerBuyVolume.mantissa, print.quantity.mantissa)
        takerBuyQuoteVolume.units = BuiltCandle.sum(takerBuyQuoteVolume.units, amount)
    }

    private static func sum<Number: FixedWidthInteger>(_ a: Number, _ b: Number) -> Number {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}
