import Market

/// A candle with everything that the venue tells of one.
struct MarketCandle: Sendable, Hashable {
    var openTime: Timestamp
    var open = Price.zero
    var high = Price.zero
    var low = Price.zero
    var close = Price.zero
    var volume = Quantity.zero
    /// In units of 10^−16 of the quote currency, as all notionals.
    var quoteVolume: Int128 = 0
    var tradeCount: Int64 = 0
    var takerVolume = Quantity.zero
    var takerQuoteVolume: Int128 = 0
    /// The ids of the first and last trade; −1 when there is none, or when ids are not known.
    var firstID: Int64 = -1
    var lastID: Int64 = -1

    init(openTime: Timestamp) { self.openTime = openTime }

    /// A candle in which nothing traded, at the price before it.
    init(openTime: Timestamp, flatAt price: Price) {
        self.openTime = openTime
        (open, high, low, close) = (price, price, price, price)
    }

    var isEmpty: Bool { tradeCount == 0 }

    /// Takes a trade in. Trades come in order of time.
    mutating func take(price: Price, quantity: Quantity, takerIsBuyer: Bool, id: Int64 = -1) {
        if isEmpty { (open, high, low) = (price, price, price) }
        high = max(high, price)
        low = min(low, price)
        close = price
        let notional = Int128(price.mantissa) * Int128(quantity.mantissa)
        volume = volume + quantity
        quoteVolume += notional
        tradeCount += 1
        if takerIsBuyer {
            takerVolume = takerVolume + quantity
            takerQuoteVolume += notional
        }
        if id >= 0 {
            if firstID < 0 { firstID = id }
            lastID = id
        }
    }

    /// Takes a later candle in.
    mutating func take(_ later: MarketCandle) {
        guard !later.isEmpty else { return }
        if isEmpty {
            (open, high, low) = (later.open, later.high, later.low)
            firstID = later.firstID
        }
        high = max(high, later.high)
        low = min(low, later.low)
        close = later.close
        volume = volume + later.volume
        quoteVolume += later.quoteVolume
        tradeCount += later.tradeCount
        takerVolume = takerVolume + later.takerVolume
        takerQuoteVolume += later.takerQuoteVolume
        if later.lastID >= 0 { lastID = later.lastID }
    }

    /// quote ÷ base, half to even at the price's scale; zero when nothing traded.
    var averagePrice: Price {
        guard volume.mantissa > 0 else { return .zero }
        return Price(mantissa: Int64(quoteVolume.divided(by: Int128(volume.mantissa), rounding: .halfEven)))
    }
}
