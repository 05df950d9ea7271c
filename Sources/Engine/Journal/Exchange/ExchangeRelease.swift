import Bytes
import Journal
import Simulation
import Trading

// The way out: what a step asks for is written down, waits for the disk, and leaves.
extension JournaledExchange {
    /// Writes the effects of a step; where one leaves the process, waits until all of it is on the disk; then lets them
    /// out in order.
    func release(cause: UInt64, correlation: UInt64) {
        var leaves = false
        for effect in effects {
            let sequence = log.append(effect.journalKind, at: kernel.now, cause: cause, correlation: correlation) {
                effect.writePayload(to: &$0)
            }
            switch effect {
            case .record(let record):
                hasRecorded = true
                if !log.wasRecorded { collected.append(.record(record, sequence: sequence)) }
            case .alert(let alert): if !log.wasRecorded { collected.append(.alert(alert, sequence: sequence)) }
            case .submit(let order):
                leaves = true
                tags.append(OrderTag(order: order.id, submission: sequence, correlation: correlation)) { [kernel] id in
                    kernel.order(id).map { !$0.state.isClosed } ?? false
                }
            default: leaves = true
            }
        }
        if leaves { letOut() }
        effects.removeAll(keepingCapacity: true)
    }

    private func letOut() {
        onDecided?()
        crashPoint?(.beforeCommit)
        let isDurable = commit()
        crashPoint?(.beforeRelease)
        let held = withholding(isDurable: isDurable)
        if isRemote { leaveForNetwork(held) } else { reachVenue(held) }
        crashPoint?(.afterRelease)
    }

    /// Hands what was let out to the simulated venue.
    private func reachVenue(_ held: Withholding?) {
        for effect in effects {
            switch effect {
            // The reference is the kernel's mark: the venue does not see the bars that find no order.
            case .submit(let order):
                if let held, held.orders.contains(order.id) {
                    withheld.append(OrderReport(order: order.id, time: kernel.now, kind: .rejected(held.reason)))
                } else {
                    connection.submit(order, at: kernel.now, reference: kernel.mark(order.request.instrument))
                }
            case .cancel(let order): connection.cancel(order, at: kernel.now)
            case .amend(let order, let amendment):
                let reference = kernel.order(order).flatMap { kernel.mark($0.request.instrument) }
                connection.amend(order, amendment, at: kernel.now, reference: reference)
            case .query(let order): connection.query(order, at: kernel.now)
            case .record, .alert: break
            }
        }
    }

    /// Which orders of a step must not leave, written down; `nil` when all may. What only reduces always may.
    private func withholding(isDurable: Bool) -> Withholding? {
        let held: Withholding
        if log.isFollowing {
            // What is followed says itself whether anything was withheld here.
            guard let recorded = log.expected(.withheld, Withholding.self) else { return nil }
            held = recorded
        } else {
            guard !isDurable || gate.isClosed || doubt != nil else { return nil }
            let reason: OrderReason = !isDurable ? .journal : gate.isClosed ? .emergencyStop : .unreconciled
            var isOfWithheldEntry = false
            held = Withholding(
                orders: effects.compactMap { effect in
                    guard case .submit(let order) = effect else { return nil }
                    // What waits for an entry that does not leave stays with it.
                    isOfWithheldEntry =
                        order.request.protection != nil || isOfWithheldEntry && order.isProtectionOfManualEntry
                    return order.request.isReduceOnly && !isOfWithheldEntry ? nil : order.id
                }, reason: reason)
            if held.orders.isEmpty { return nil }
        }
        log.append(.withheld, at: kernel.now) { $0.value(held) }
        return held
    }

    /// Waits until everything written is on the disk. Once that took too long nothing waits any more until the journal has
    /// caught up: what must not wait for a dead disk (cancels, exits) leaves, what opens is withheld. A disk that is about
    /// to be full withholds, too: the records of what it would lead to may find no room.
    private func commit() -> Bool {
        guard let journal = log.journal, !log.isFollowing else { return true }
        if stall != nil { return tryRecovery() }
        let isDurable = journal.waitUntilDurable(
            decisions: log.lastDecision, market: log.lastMarket, milliseconds: journal.stallMilliseconds)
        let problem = journal.problem
        if isDurable && (problem == nil || problem?.kind == .stalled) { return true }
        stall = problem?.description ?? "the disk did not confirm a record within \(journal.stallMilliseconds) ms"
        return false
    }

    /// Looks whether a journal that stalled is written again.
    @discardableResult
    func tryRecovery() -> Bool {
        guard stall != nil, let journal = log.journal else { return true }
        journal.requestCommit()
        guard journal.problem == nil, journal.durable(.decisions) >= log.lastDecision else { return false }
        stall = nil
        return true
    }
}
