import Market

extension Kernel {
    /// Takes over positions, orders and strategies of an earlier session.
    func restore(_ state: KernelState) {
        positions = state.positions
        for (index, position) in positions.enumerated() where !position.isFlat {
            instruments[position.instrument.index].held.append(index)
            openPositionCount += 1
        }
        for order in state.openOrders { ledger.restore(order) }
        inquiries = state.inquiries
        blocks = state.blocks
        brackets = state.brackets
        for bracket in brackets { nextGroup = max(nextGroup, bracket.group) }
        var ignored: [Effect] = []
        for (registration, peak) in state.strategies {
            guard let (registration, strategy) = make(registration, &ignored) else { continue }
            slots.append(
                StrategySlot(
                    registration, strategy, position: positionIndex(registration.id, registration.instrument),
                    base: account.initialEquity.share(registration.capitalShare, rounding: .down), peak: peak))
        }
        slots.sort { $0.id < $1.id }
        for slot in slots { noteStanding(slot) }
        for order in state.openOrders {
            remember(order)
            nextGroup = max(nextGroup, order.request.group)
        }
    }
}
