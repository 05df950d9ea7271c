import Market

// The emergency stop, and what lifts it.
extension Kernel {
    func latch(_ effects: inout [Effect]) {
        guard tradingState != .halted else { return }
        setTradingState(.halted, &effects)
        alert(.critical, "emergency-stop", "emergency stop: nothing opens until it is re-armed", &effects)
    }

    /// Closes position after position once no other order can fill any more: a target that fills in flight beside a
    /// market close would reverse the position, and an entry that fills before its cancel comes would leave one open. What
    /// one order can't close goes in parts, and what is refused is tried again after a pause that grows.
    func continueFlattening(_ effects: inout [Effect]) {
        guard isFlattening else { return }
        guard openOrders.allSatisfy({ $0.request.purpose == .close }) else { return }
        if positions.allSatisfy(isDust) {
            // With a close still on its way it may yet turn out otherwise.
            guard openOrders.isEmpty else { return }
            isFlattening = false
            owedExits = []
            alert(.info, "flat", "every position is closed", &effects)
            return
        }
        for position in positions where !isDust(position) && !hasWorkingClose(position.owner, position.instrument) {
            guard !isPausing(position.owner, position.instrument) else { continue }
            guard let order = submitExit(position, .close, &effects), order.state == .denied else { continue }
            noteFailedExit(position, tellsAfter: 2, &effects) { "order \(order.id.rawValue) was \(order.reason.text)" }
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
