import Market
import Trading

/// What the fills of one owner in one instrument were worse than the middle of the market, trip by trip.
struct TripSpread {
    let owner: StrategyID
    let instrument: InstrumentID
    private var held: Quantity
    private var running: Money
    private var ended: Money?

    /// - Parameter held: what was held before the first fill.
    init(_ owner: StrategyID, _ instrument: InstrumentID, held: Quantity, quote: Currency) {
        self.owner = owner
        self.instrument = instrument
        self.held = held
        running = .zero(quote)
    }

    /// Takes a fill that met a quote. One that goes through zero ends a trip and begins the next.
    mutating func take(_ record: FillRecord, _ quote: Quote?, _ rules: Instrument) {
        let fill = record.fill
        let delta = Quantity(mantissa: fill.quantity.mantissa * record.side.sign) - fill.baseFee
        let isClosing = held.mantissa != 0 && (held.mantissa > 0) != (record.side == .buy)
        let closing = isClosing ? min(fill.quantity, held.magnitude) : .zero
        running += cost(fill.price, closing, record.side, quote, rules)
        if isClosing && fill.quantity > closing {
            ended = running
            running = .zero(running.currency)
        }
        running += cost(fill.price, fill.quantity - closing, record.side, quote, rules)
        held = held + delta
    }

    /// What a trip that has just ended came to.
    mutating func end() -> Money {
        if let ended {
            self.ended = nil
            return ended
        }
        defer { running = .zero(running.currency) }
        return running
    }

    /// What the trip under way has come to.
    var soFar: Money { running }

    private func cost(
        _ price: Price, _ quantity: Quantity, _ side: Side, _ quote: Quote?, _ rules: Instrument
    ) -> Money {
        guard let quote, quantity.mantissa > 0 else { return .zero(rules.quote) }
        // The middle may fall between two units of price: twice the distance is exact.
        let twice = 2 * price.mantissa - quote.bid.mantissa - quote.ask.mantissa
        let double = rules.notional(Price(mantissa: twice), quantity)
        return Money(units: double.units * Int128(side.sign) / 2, double.currency)
    }
}
