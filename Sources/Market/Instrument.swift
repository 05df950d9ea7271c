/// What an instrument is.
public enum InstrumentKind: String, Hashable, Sendable, Codable {
    /// An asset bought and sold for cash; it can't be sold short.
    case spot
    /// A perpetual contract margined and settled in the quote currency.
    case linearPerpetual
    /// A share listed on an exchange.
    case equity

    /// Whether a position may be negative.
    public var allowsShort: Bool { self != .spot }
}

/// Something that trades on a venue, with the scales of its numbers and the rules of its orders.
public struct Instrument: Hashable, Sendable, Codable {
    /// The venue's name in capitals, `BINANCE`.
    public var venue: String
    /// The venue's symbol in capitals, `BTCUSDT`.
    public var symbol: String
    /// What it is.
    public var kind: InstrumentKind
    /// The asset bought and sold.
    public var base: Currency
    /// The currency it is priced in.
    public var quote: Currency
    /// Decimals of a price's mantissa.
    public var priceScale: Int
    /// Decimals of a quantity's mantissa.
    public var quantityScale: Int
    /// What the venue demands of an order.
    public var rules: InstrumentRules

    /// An instrument of its parts.
    ///
    /// - Precondition: the scales are not negative and together at most sixteen, so that every notional is exact.
    public init(
        venue: String, symbol: String, kind: InstrumentKind = .spot, base: Currency, quote: Currency,
        priceScale: Int = 8, quantityScale: Int = 8, rules: InstrumentRules
    ) {
        precondition(
            priceScale >= 0 && quantityScale >= 0 && priceScale + quantityScale <= Money.scale,
            "price and quantity scales are not negative and at most 16 together")
        self.venue = venue
        self.symbol = symbol
        self.kind = kind
        self.base = base
        self.quote = quote
        self.priceScale = priceScale
        self.quantityScale = quantityScale
        self.rules = rules
    }

    /// `BINANCE:BTCUSDT`, the name used in commands and files.
    public var name: String { "\(venue):\(symbol)" }

    /// `BTC/USDT`, the name shown to people.
    public var pair: String { "\(base.code)/\(quote.code)" }

    /// Units of `Money` in the product of one price unit and one quantity unit.
    @inlinable @inline(__always)
    public var notionalFactor: Int128 {
        Int128(DecimalText.powerOfTen(Money.scale - priceScale - quantityScale))
    }

    /// Units of `Money` in one quantity unit of the base asset.
    @inlinable @inline(__always)
    public var quantityFactor: Int128 { Int128(DecimalText.powerOfTen(Money.scale - quantityScale)) }

    // Always inlined: a call would copy the whole instrument, names and all, out of whatever table it stands in.
    /// price × quantity, exact, in the quote currency; signed as the quantity is.
    @inlinable @inline(__always)
    public func notional(_ price: Price, _ quantity: Quantity) -> Money {
        Money(units: Int128(price.mantissa) * Int128(quantity.mantissa) * notionalFactor, quote)
    }

    /// The largest quantity on the step whose notional at `price` is at most `amount`; zero when there is none.
    public func quantity(for amount: Money, at price: Price) -> Quantity {
        precondition(amount.currency == quote, "an amount of the quote currency is needed")
        guard amount.units > 0, price.mantissa > 0 else { return .zero }
        let units = amount.units / (Int128(price.mantissa) * notionalFactor)
        let limit = Int128(Int64.max / 2)
        return Quantity(mantissa: Int64(min(units, limit))).rounded(toStep: rules.quantityStep, .down)
    }

    /// The average price of a notional over a quantity, rounded in the named direction.
    ///
    /// - Precondition: the quantity is not zero.
    public func averagePrice(_ notional: Money, _ quantity: Quantity, rounding: Rounding) -> Price {
        let divisor = Int128(quantity.mantissa.magnitude) * notionalFactor
        let units = Int128(notional.units.magnitude).divided(by: divisor, rounding: rounding)
        return Price(mantissa: Int64(units))
    }

    /// Reads a price written as a decimal.
    ///
    /// - Throws: `DecimalTextError`.
    public func price(_ text: some StringProtocol) throws(DecimalTextError) -> Price {
        Price(mantissa: try DecimalText.mantissa(text, scale: priceScale))
    }

    /// Reads a quantity written as a decimal.
    ///
    /// - Throws: `DecimalTextError`.
    public func quantity(_ text: some StringProtocol) throws(DecimalTextError) -> Quantity {
        Quantity(mantissa: try DecimalText.mantissa(text, scale: quantityScale))
    }

    /// Decimals that the tick needs: how many a price is shown with at least. A tick of one unit of eight decimals or
    /// more is that of a series from a file, of which nothing else is known: its prices show two.
    public var priceDecimals: Int {
        rules.tick.mantissa == 1 && priceScale >= 8
            ? 2 : Instrument.decimals(of: rules.tick.mantissa, scale: priceScale)
    }

    /// Decimals that the quantity step needs: how many a quantity is shown with at least; none for a step of one unit
    /// of eight decimals or more, see `priceDecimals`.
    public var quantityDecimals: Int {
        rules.quantityStep.mantissa == 1 && quantityScale >= 8
            ? 0 : Instrument.decimals(of: rules.quantityStep.mantissa, scale: quantityScale)
    }

    /// The price with the decimals of the tick, and further ones where it has them.
    public func text(_ price: Price) -> String {
        DecimalText.text(Int128(price.mantissa), scale: priceScale, minimumDecimals: priceDecimals)
    }

    /// The quantity with the decimals of the step, and further ones where it has them.
    public func text(_ quantity: Quantity) -> String {
        DecimalText.text(Int128(quantity.mantissa), scale: quantityScale, minimumDecimals: quantityDecimals)
    }

    private static func decimals(of step: Int64, scale: Int) -> Int {
        var decimals = scale
        var step = step
        while decimals > 0 && step % 10 == 0 {
            step /= 10
            decimals -= 1
        }
        return decimals
    }
}
