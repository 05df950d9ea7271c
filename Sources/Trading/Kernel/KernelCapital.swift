import Market

// What a strategy may use, and what it has made of it.
extension Kernel {
    /// What a strategy's entries may spend: the account's free cash; where capital is split, at most what is free of its
    /// own share.
    func freeCash(for slot: StrategySlot) -> Money {
        guard options.splitsCapital else { return freeCash }
        let (own, common) = (ownFreeCash(slot), freeCash)
        return own < common ? own : common
    }

    /// The equity that a share of equity is measured by: the account's; where capital is split, the strategy's own.
    func equity(for slot: StrategySlot) -> Money {
        options.splitsCapital ? equity(of: slot) : account.equity
    }

    /// A strategy's own equity: its share of what the account began with, and what it has won and lost since.
    func equity(of slot: StrategySlot) -> Money {
        let position = positions[slot.position]
        let closed = slot.base + position.realized - position.fees
        guard !position.isFlat, let mark = instruments[position.instrument.index].mark else { return closed }
        return closed + position.unrealized(at: mark, instruments[position.instrument.index].instrument)
    }

    /// `freeCash` as it were if the strategy were alone on an account that began with its share.
    private func ownFreeCash(_ slot: StrategySlot) -> Money {
        let position = positions[slot.position]
        var free = slot.base + position.realized - position.fees - position.cost
        for id in ledger.open {
            guard let order = ledger[id], order.owner == slot.id else { continue }
            free -= reservation(order)
        }
        free -= shortReservation(of: slot.id)
        if position.quantity.mantissa < 0, let mark = instruments[position.instrument.index].mark {
            let worth = instruments[position.instrument.index].instrument.notional(mark, position.quantity)
            free += worth + worth
        }
        let own = equity(of: slot)
        return free + leveraged(own) - own
    }

    /// What the position at a place of `positions` has brought in since the start, in units of money: profit and loss of
    /// what was closed and of what is open at its mark, less fees; and whether anything is held. All positions together
    /// are what the account's equity has gained. O(1).
    public func contribution(at place: Int) -> (units: Int128, isHeld: Bool) {
        let quantity = positions[place].quantity.mantissa
        var units = positions[place].realized.units - positions[place].fees.units - positions[place].cost.units
        guard quantity != 0 else { return (units, false) }
        let index = positions[place].instrument.index
        if let mark = instruments[index].mark {
            units += Int128(mark.mantissa) * Int128(quantity) * instruments[index].notionalFactor
        }
        return (units, true)
    }
}
