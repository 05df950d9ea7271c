public import Market

extension Position {
    /// What can be closed: the size rounded down to the step of market orders.
    ///
    /// Fees in the base asset leave remainders below a step; no order can sell them alone, so they wait for the next exit.
    @inline(__always)
    public func closable(_ instrument: Instrument) -> Quantity {
        quantity.magnitude.rounded(toStep: instrument.quantityStep(of: .market), .down)
    }

    /// Whether nothing is held, or less than an order can close.
    @inline(__always)
    public func isDust(_ instrument: Instrument) -> Bool {
        isFlat || quantity.magnitude < instrument.quantityStep(of: .market)
    }

    /// Books an execution: opens, adds, reduces, closes, or closes and opens the other way in one go.
    ///
    /// A fill through zero is split into a close of what was held and an opening of the rest, fees in proportion. A fee that a
    /// sale pays in the asset itself is taken from what is left of it; what is not left is not taken.
    ///
    /// - Returns: the round trips that ended (at most one).
    mutating func book(
        _ fill: Fill, side: Side, at time: Timestamp, purpose: OrderPurpose, _ instrument: Instrument
    ) -> RoundTrip? {
        let delta = Quantity(mantissa: fill.quantity.mantissa * side.sign)
        if isFlat || (quantity.mantissa > 0) == (side == .buy) {
            increase(delta, fill.price, fee: fill.quoteFee, baseFee: fill.baseFee, at: time, instrument)
            return nil
        }
        if fill.quantity <= quantity.magnitude {
            return reduce(delta, fill, fee: fill.quoteFee, at: time, purpose: purpose, instrument)
        }
        let closing = -quantity
        let rest = delta - closing
        let closingFee = part(of: fill.quoteFee, closing.magnitude, of: fill.quantity)
        let trip = reduce(closing, fill, fee: closingFee, at: time, purpose: purpose, instrument)
        increase(rest, fill.price, fee: fill.quoteFee - closingFee, baseFee: .zero, at: time, instrument)
        return trip
    }

    private mutating func increase(
        _ delta: Quantity, _ price: Price, fee: Money, baseFee: Quantity, at time: Timestamp, _ instrument: Instrument
    ) {
        if !trip.isOpen {
            openedAt = time
            trip = RoundTrip(owner: owner, instrument: self.instrument, quote: instrument.quote)
            trip.side = delta.mantissa > 0 ? .buy : .sell
            trip.openedAt = time
            trip.isOpen = true
            // What an earlier trip left below the step is sold with this one, so it is bought with it too.
            trip.quantity = quantity.magnitude
            trip.entryNotional = instrument.notional(price, quantity.magnitude)
        }
        // A fee in the base asset makes the holding smaller; what it was worth is a fee, not a part of the cost.
        let held = delta - baseFee
        let feeValue = fee + instrument.notional(price, baseFee)
        quantity = quantity + held
        cost += instrument.notional(price, held)
        fees += feeValue
        trip.quantity = trip.quantity + held.magnitude
        trip.entryNotional += instrument.notional(price, held.magnitude)
        trip.fees += feeValue
    }

    private mutating func reduce(
        _ delta: Quantity, _ fill: Fill, fee: Money, at time: Timestamp, purpose: OrderPurpose, _ instrument: Instrument
    ) -> RoundTrip? {
        let closed = delta.magnitude
        let costPart = part(of: cost, closed, of: quantity.magnitude)
        // What closing brings in: positive for selling a long, negative for buying back a short.
        let proceeds = -instrument.notional(fill.price, delta)
        realized += proceeds - costPart
        cost -= costPart
        quantity = quantity + delta
        let feeValue = fee + instrument.notional(fill.price, fill.baseFee)
        fees += feeValue
        trip.exitNotional += instrument.notional(fill.price, closed)
        trip.fees += feeValue
        trip.exitPurpose = purpose
        if delta.mantissa < 0 { giveUp(fill.baseFee, at: fill.price, instrument) }
        guard isDust(instrument) else { return nil }
        if isFlat { cost = .zero(instrument.quote) }
        trip.exitNotional += instrument.notional(fill.price, quantity.magnitude)
        trip.closedAt = time
        trip.isOpen = false
        openedAt = .epoch
        return trip
    }

    /// Gives some of a holding up for a fee, as far as there is any, as if it were sold at a price.
    ///
    /// - Returns: how much of the fee was not there.
    @discardableResult
    mutating func giveUp(_ fee: Quantity, at price: Price, _ instrument: Instrument) -> Quantity {
        guard fee.mantissa > 0, quantity.mantissa > 0 else { return fee }
        let given = min(fee, quantity)
        let costPart = part(of: cost, given, of: quantity)
        let worth = instrument.notional(price, given)
        realized += worth - costPart
        cost -= costPart
        quantity = quantity - given
        trip.exitNotional += worth
        return fee - given
    }

    /// `amount × part ÷ whole` rounded toward zero, without overflow for any amount and 64-bit quantities.
    private func part(of amount: Money, _ part: Quantity, of whole: Quantity) -> Money {
        if part == whole { return amount }
        let whole = Int128(whole.mantissa)
        let part = Int128(part.mantissa)
        let (quotient, remainder) = amount.units.quotientAndRemainder(dividingBy: whole)
        return Money(units: quotient * part + remainder * part / whole, amount.currency)
    }

    /// The open round trip as if it were closed at `mark` without a fee; `nil` when flat.
    public func markedTrip(at mark: Price, time: Timestamp, _ instrument: Instrument) -> RoundTrip? {
        guard !isFlat, trip.isOpen else { return nil }
        var marked = trip
        marked.exitNotional += instrument.notional(mark, quantity.magnitude)
        marked.closedAt = time
        marked.isOpen = true
        return marked
    }
}
