import Market
import Trading

// Fees that a venue takes in its own coin: neither from the cash nor from what was bought.
extension EngineCore {
    /// A fee that is booked against the cash was paid from something else: from a holding of the account, which is so much
    /// smaller then, or from one that is not part of it.
    func bookPaidElsewhere(_ fee: Money, of fill: Fill, _ instrument: InstrumentID) {
        guard let (asset, number) = holding(of: fee.currency), let quantity = exactly(fee, in: asset),
            let held = kernel.positions.first(where: { $0.owner.isManual && $0.instrument == number })?.quantity,
            held >= quantity
        else { return notePaidElsewhere(fill) }
        let trade = ClaimedTrade(feeOf: fill, in: instrument, paidWith: quantity, of: asset, number)
        if let refusal = run(.bookClaimed(trade)) {
            log.write(.warning, "\(venueName): the fee of trade \(fill.tradeID): \(refusal)", at: now)
            notePaidElsewhere(fill)
        }
    }

    /// The instrument that is traded here and whose base asset a currency is.
    private func holding(of currency: Currency) -> (Instrument, InstrumentID)? {
        guard let index = instruments.firstIndex(where: { $0.base == currency && desk?.instruments[$0.name] != nil })
        else { return nil }
        return (instruments[index], InstrumentID(index))
    }

    /// An amount as a quantity; `nil` for one that has more decimals than its quantities, or for none.
    private func exactly(_ amount: Money, in asset: Instrument) -> Quantity? {
        let (whole, rest) = amount.units.quotientAndRemainder(dividingBy: asset.quantityFactor)
        guard rest == 0, whole > 0, let mantissa = Int64(exactly: whole) else { return nil }
        return Quantity(mantissa: mantissa)
    }

    /// A fee that is booked against the cash was paid from a holding that is not part of the account.
    func notePaidElsewhere(_ fill: Fill) {
        let sum = paidElsewhere + fill.quoteFee
        comparison.paidElsewhere = sum
        store("\(sum.units)", for: EngineTexts.paidElsewhereKey)
    }

    /// What was paid so in all: by this much the venue's cash is above ours.
    var paidElsewhere: Money { comparison.paidElsewhere ?? .zero(kernel.account.currency) }
}
