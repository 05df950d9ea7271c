public import Bytes

extension InstrumentKind: BinaryCodable {
    /// Appends one byte.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .spot: writer.byte(0)
        case .linearPerpetual: writer.byte(1)
        case .equity: writer.byte(2)
        }
    }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .spot
        case 1: self = .linearPerpetual
        case 2: self = .equity
        case let other: throw reader.malformed("\(other) is no kind of instrument")
        }
    }
}

extension InstrumentRules: BinaryCodable {
    /// The number of the newer form.
    private static let newerForm: UInt8 = 1

    /// Appends the parts. Rules with a largest market order begin with a tick of zero, which no rules have, and the number
    /// of their form; others are written as they were before there was one.
    public func write(to writer: inout ByteWriter) {
        let isNewer = maximumMarketQuantity.mantissa != 0
        if isNewer {
            writer.value(Price.zero)
            writer.byte(InstrumentRules.newerForm)
        }
        writer.value(tick)
        writer.value(quantityStep)
        writer.value(marketQuantityStep)
        writer.value(minimumQuantity)
        writer.value(maximumQuantity)
        writer.signed(minimumNotional)
        writer.value(priceBand)
        if isNewer { writer.value(maximumMarketQuantity) }
    }

    /// Reads rules of either form; tick and step must be positive.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        var tick = try reader.value(Price.self)
        let isNewer = tick == .zero
        if isNewer {
            let form = try reader.byte()
            guard form == InstrumentRules.newerForm else { throw reader.malformed("\(form) is no form of rules") }
            tick = try reader.value()
        }
        let step = try reader.value(Quantity.self)
        guard tick.mantissa > 0, step.mantissa > 0 else { throw reader.malformed("a tick and a step are positive") }
        let marketStep = try reader.value(Quantity.self)
        let minimum = try reader.value(Quantity.self)
        let maximum = try reader.value(Quantity.self)
        let notional = try reader.signed()
        self.init(
            tick: tick, quantityStep: step, marketQuantityStep: marketStep, minimumQuantity: minimum,
            maximumQuantity: maximum, minimumNotional: notional, priceBand: try reader.value())
        if isNewer { maximumMarketQuantity = try reader.value() }
    }
}

extension Instrument: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.text(venue)
        writer.text(symbol)
        writer.value(kind)
        writer.value(base)
        writer.value(quote)
        writer.byte(UInt8(priceScale))
        writer.byte(UInt8(quantityScale))
        writer.value(rules)
    }

    /// Reads an instrument whose notionals are exact.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let venue = try reader.text()
        let symbol = try reader.text()
        let kind = try reader.value(InstrumentKind.self)
        let base = try reader.value(Currency.self)
        let quote = try reader.value(Currency.self)
        let priceScale = Int(try reader.byte())
        let quantityScale = Int(try reader.byte())
        guard priceScale + quantityScale <= Money.scale else {
            throw reader.malformed("scales of \(priceScale) and \(quantityScale) are more than \(Money.scale)")
        }
        self.init(
            venue: venue, symbol: symbol, kind: kind, base: base, quote: quote, priceScale: priceScale,
            quantityScale: quantityScale, rules: try reader.value())
    }
}
