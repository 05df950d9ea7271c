import Market

// The emergency stop, and what lifts it.
extension Kernel {
    func latch(_ effects: inout [Effect]) {
        guard tradingState != .halted else { return }
        setTradingState(.halted, &effects)
        alert(.critical, "emergency-stop", "emergency stop: nothing opens until it is re-armed", &effects)
    }

    /// Closes each position once no other order of its owner in its instrument can fill any more: a target that fills in flight
    /// beside a market close would reverse the position. What one order can't close goes in parts, what is refused is tried
    /// again after a pause that grows, and what an entry still fills with before its cancel comes is closed after it.
    func continueFlattening(_ effects: inout [Effect]) {
        guard isFlattening else { return }
        if positions.allSatisfy(isDust) {
            // With a close still on its way it may yet turn out otherwise.
            guard openOrders.isEmpty else { return }
            isFlattening = false
            owedExits = []
            alert(.info, "flat", "every position is closed", &effects)
            return
        }
        for position in positions where !isDust(position) && !hasWorkingClose(position.owner, position.instrument) {
            guard !isPausing(position.owner, position.instrument), !isAwaited(for: position) else { continue }
            guard let order = submitExit(position, .close, &effects), order.state == .denied else { continue }
            noteFailedExit(position, tellsAfter: 2, &effects) { "order \(order.id.rawValue) was \(order.reason.text)" }
        }
    }

    /// Whether something of a position's owner in its instrument has to end before it is closed.
    private func isAwaited(for position: Position) -> Bool {
        let closing: Side = position.quantity.mantissa > 0 ? .sell : .buy
        return openOrders.contains { order in
            guard order.owner == position.owner, order.request.instrument == position.instrument,
                order.request.purpose != .close
            else { return false }
            // Of an asset only what sells it is in the way: a close withdraws what works there, and more of it is closed later.
            guard options.locksHoldings else { return true }
            return order.request.side == closing && (order.isCancelPending || order.state == .unknown)
        }
    }

    func rearm(_ effects: inout [Effect]) {
        guard tradingState == .halted else { return refuse("the emergency stop is not latched", &effects) }
        if isFlattening { owedExits = [] }
        isFlattening = false
        setTradingState(.active, &effects)
        alert(.warning, "re-armed", "the emergency stop is lifted; orders may open again", &effects)
        for slot in slots { protect(slot, &effects) }
    }

    func resetBreakers(_ effects: inout [Effect]) {
        account.peakEquity = account.equity
        account.dayStartEquity = account.equity
        if case .reducing = tradingState { setTradingState(.active, &effects) }
    }
}
