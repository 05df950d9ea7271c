import Market

// Positions: the venue knows the net of an instrument, we know whose it is.
extension Reconciliation {
    /// A mismatch for each instrument that does not agree and is not blocked for just that, and an agreement for each
    /// blocked one that does. Nothing of instruments in doubt, and nothing where positions or fills could not be read: a
    /// question that failed is never read as flat.
    func positionSteps() -> [ReconciliationStep] {
        guard let listed = venue.positions, venue.fills != nil else { return [] }
        var steps: [ReconciliationStep] = []
        for index in ours.instruments.indices where !isOpenToDoubt[index] {
            let id = InstrumentID(index)
            let own = ours.positions.filter { $0.instrument == id }
            let net = Quantity(mantissa: own.reduce(change[index]) { $0 + $1.quantity.mantissa })
            let theirs = listed.last { $0.instrument == id }
            let venueNet = theirs?.quantity ?? .zero
            let block = ours.blocks.first { $0.instrument == id }
            // What is below the step could not be traded to settle it: fees are rounded, on the venue's side too.
            let isSettled = (net - venueNet).magnitude < ours.instruments[index].rules.quantityStep
            if net == venueNet || ours.holdsAssets && isSettled {
                if block != nil { steps.append(.agreement(id)) }
                continue
            }
            let mismatch = mismatch(id, own, net, venueNet, theirs?.averagePrice)
            if block?.reason != mismatch.text { steps.append(.mismatch(mismatch)) }
        }
        return steps
    }

    private func mismatch(
        _ id: InstrumentID, _ own: [Position], _ net: Quantity, _ venueNet: Quantity, _ average: Price?
    ) -> PositionMismatch {
        let instrument = ours.instruments[id.index]
        let cost = own.reduce(Money.zero(ours.cash.currency)) { $0 + $1.cost }
        let difference = venueNet - net
        let price = price(
            cost: cost, from: net, to: venueNet, average: average, mark: ours.marks[id.index], instrument)
        let corrections = price.map { price in
            shares(of: difference, own).map { owner, quantity in
                PositionCorrection(
                    owner: owner, instrument: id, quantity: quantity, price: price,
                    tradeID: InferredTrade.id(
                        owner: owner, instrument: id, from: net, to: venueNet, at: ours.lastChange(of: id)))
            }
        }
        return PositionMismatch(
            instrument: id, ours: net, venue: venueNet, corrections: corrections ?? [],
            text: "ours \(instrument.text(net)), the venue's \(instrument.text(venueNet))")
    }

    /// Whose a difference is. What is missing of an asset is taken from those who hold it; otherwise a difference is the one's
    /// who holds something, where there is one, and the person's to sort out where there are several.
    private func shares(of difference: Quantity, _ own: [Position]) -> [(owner: StrategyID, quantity: Quantity)] {
        guard ours.holdsAssets else {
            let holders = own.filter { !$0.isFlat }
            return [(holders.count == 1 ? holders[0].owner : .manual, difference)]
        }
        // What is there beyond what was bought here is the person's.
        guard difference.mantissa < 0 else { return [(.manual, difference)] }
        return Position.shares(of: difference.magnitude, among: own).map { ($0.owner, .zero - $0.quantity) }
    }

    /// The price at which the difference reproduces the venue's average, where it can; else the mark, else our own
    /// average, else none.
    private func price(
        cost: Money, from net: Quantity, to venueNet: Quantity, average: Price?, mark: Price?, _ instrument: Instrument
    ) -> Price? {
        if let average, !venueNet.isZero {
            let isThroughZero = net.isZero || (net.mantissa > 0) != (venueNet.mantissa > 0)
            if isThroughZero { return average }
            if venueNet.magnitude > net.magnitude {
                let added = instrument.notional(average, venueNet) - cost
                let price = instrument.averagePrice(added, venueNet - net, rounding: .halfEven)
                let isPossible = (added.units > 0) == (venueNet.mantissa > net.mantissa)
                if isPossible && price.mantissa > 0 { return price }
            }
        }
        if let mark { return mark }
        return net.isZero ? nil : instrument.averagePrice(cost, net, rounding: .halfEven)
    }
}

extension Position {
    /// Whose holdings of an asset are less when so much of it is gone: the person's first, whose number is the lowest, then the
    /// others' in their order, nobody's below nothing. What nobody holds counts as the person's.
    static func shares(
        of quantity: Quantity, among positions: [Position]
    ) -> [(owner: StrategyID, quantity: Quantity)] {
        var left = quantity
        var shares: [(owner: StrategyID, quantity: Quantity)] = []
        for position in positions.sorted(by: { $0.owner < $1.owner }) where position.quantity.mantissa > 0 {
            let share = min(left, position.quantity)
            guard !share.isZero else { break }
            shares.append((position.owner, share))
            left = left - share
        }
        guard !left.isZero else { return shares }
        if shares.first?.owner.isManual == true {
            shares[0].quantity = shares[0].quantity + left
        } else {
            shares.insert((.manual, left), at: 0)
        }
        return shares
    }
}

extension ReconciliationView {
    /// When anything last happened to an order of an instrument: what a difference found now is counted from, so that the
    /// same difference, found again after a restart, is the same correction.
    fileprivate func lastChange(of instrument: InstrumentID) -> Timestamp {
        orders.reduce(.epoch) { $1.request.instrument == instrument ? max($0, $1.updatedAt) : $0 }
    }
}
