import Market
import Trading
import Venues

// What of the holdings can't be sold: the kernel sizes exits by it, and nothing in the kernel could find it out.
extension EngineCore {
    /// Tells the kernel how much of each instrument is bound, where that has changed: what orders of others have locked, and
    /// what our books hold that the venue does not have.
    ///
    /// - Parameter since: what moved since may be missing in the statement; of such an instrument nothing less is believed bound
    ///   than before.
    /// - Returns: whether that holds until something happens; otherwise the account is to be asked for again soon.
    func noteBound(by statement: AccountStatement, _ view: VenueView, since: Timestamp) -> Bool {
        guard let desk, let positions = view.positions else { return false }
        var isSettled = true
        let orders = kernel.reconciliationView.orders
        for (index, instrument) in instruments.enumerated() {
            let id = InstrumentID(index)
            guard let traded = desk.instruments[instrument.name],
                let locked = statement.lockedByOthers(traded, isOwn: locksNow)
            else { continue }
            let isMoving = orders.contains { order in
                // What was refused moved nothing.
                order.request.instrument == id && !(order.state == .rejected && order.filled.isZero)
                    && (order.updatedAt > since || order.requestedAt > since)
            }
            let held = kernel.positions.reduce(Quantity.zero) { $1.instrument == id ? $0 + $1.quantity : $0 }
            let there = positions.last { $0.instrument == id }?.quantity ?? .zero
            let before = kernel.bound(id)
            let seen = locked + max(.zero, held - there)
            let bound = isMoving ? max(before, locked) : seen
            if bound != seen { isSettled = false }
            guard bound != before else { continue }
            exchange.command(.bound(id, bound), at: commandTime)
            settle()
            isChanged = true
        }
        return isSettled
    }

    /// Whether a client order number is of one of our orders that locks what it sells: one that waits for its entry at the venue
    /// does not.
    private func locksNow(_ number: String) -> Bool {
        guard let id = exchange.order(number) else { return false }
        return kernel.order(id).map { !kernel.isWaitingForEntry($0) } ?? true
    }

    /// A sale that closes a position was for more than is free: what is free is asked for at once, for the next attempt.
    func askForWhatIsFree(after report: OrderReport, of order: Order) {
        guard tradesAtVenue, case .rejected(.insufficientBalance) = report.kind, order.request.isReduceOnly,
            order.request.side == .sell
        else { return }
        askForAccount()
    }
}
