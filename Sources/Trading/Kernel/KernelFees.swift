import Market

// Fees in the base asset, where the venue counts more decimals than the instrument has.
//
// A fee that is rounded up takes a little too much, and hundreds of executions take a whole step: the venue would have more than
// the books, and nobody could say why. So what was taken too much is kept for each instrument, and given back as soon as it
// makes a unit: what is held by the books is never more than what is there, and never a whole unit less.
extension Kernel {
    /// A fill with the fee that is booked for it: as it was told, less the unit that fees before it have taken too much.
    func withExactFee(_ fill: Fill, _ order: Order) -> Fill {
        guard fill.feeExcess != 0 else { return fill }
        let place = order.request.instrument.index
        let unit = Int64(instruments[place].instrument.quantityFactor)
        var fill = fill
        instruments[place].feeExcess += min(max(fill.feeExcess, 0), unit - 1)
        fill.feeExcess = 0
        guard instruments[place].feeExcess >= unit else { return fill }
        instruments[place].feeExcess -= unit
        let one = Quantity(mantissa: 1)
        fill.baseFee = fill.baseFee - one
        ledger.update(order.id) { $0.baseFees = $0.baseFees - one }
        return fill
    }
}
