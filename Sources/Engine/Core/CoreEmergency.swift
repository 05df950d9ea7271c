import Market
import Trading

// The emergency stop.
extension EngineCore {
    /// First stage: nothing opens any more.
    func halt(origin: String) -> EngineReply {
        exchange.command(.halt, at: commandTime)
        settle()
        latch(origin: origin, action: "halt")
        return .done("nothing opens until it is re-armed; orders and positions are as they were")
    }

    /// Second and third stage: cancels what works and, when asked to, closes every position.
    ///
    /// What must hold comes first: the kernel denies from its first step on, cancels leave in the same step, and only then
    /// is anything written.
    func emergencyStop(keepsProtection: Bool, flattens: Bool, origin: String) -> EngineReply {
        let started = EngineClock.monotonic()
        let keepsProtection = keepsProtection || configuration.keepsProtection
        let targets = kernel.openOrders.filter { !(keepsProtection && !flattens && $0.request.purpose.isProtective) }
        exchange.command(flattens ? .flatten : .emergencyStop(keepsProtection: keepsProtection), at: commandTime)
        settle()
        let milliseconds = Double(EngineClock.monotonic() - started) / 1e6
        receipt = EmergencyReceipt(
            time: commandTime, origin: origin, venues: rows(targets, milliseconds), isFlattening: flattens,
            openPositions: openPositionCount)
        latch(origin: origin, action: flattens ? "emergency stop and flatten" : "emergency stop")
        let cancelled = receipt?.venues.reduce(0) { $0 + $1.confirmed } ?? 0
        let left = openPositionCount
        var text = "stopped: \(cancelled) of \(targets.count) orders cancelled"
        if flattens { text += left == 0 ? ", flat" : ", \(left) positions still closing" }
        log.write(.warning, "\(text) (by \(origin))", at: commandTime)
        return .done(text)
    }

    /// Another process set the stop in the store.
    func stoppedFromOutside() {
        guard kernel.tradingState != .halted else { return }
        _ = emergencyStop(keepsProtection: false, flattens: false, origin: "store")
    }

    /// Ends the stop: the file goes first, so that a crash in between leaves the engine halted by the store's record.
    func rearm(origin: String) -> EngineReply {
        if !isEphemeral {
            do {
                try EmergencyLatch.clear(directory: configuration.directory.path)
            } catch {
                return .refused("the latch can't be lifted: \(error.description)")
            }
        }
        let outcome = run(.rearm)
        audit("re-arm", origin: origin, detail: outcome ?? "done")
        if let outcome { return .refused(outcome) }
        receipt = nil
        return .done("re-armed: orders may open again")
    }

    var openPositionCount: Int { kernel.positions.count { !$0.isFlat } }

    private func rows(_ targets: [Order], _ milliseconds: Double) -> [EmergencyReceipt.Row] {
        var venues: [String] = []
        for instrument in instruments where !venues.contains(instrument.venue) { venues.append(instrument.venue) }
        return venues.map { venue in
            let sent = targets.filter { instruments[$0.request.instrument.index].venue == venue }
            let confirmed = sent.count { kernel.order($0.id)?.state.isClosed ?? true }
            return EmergencyReceipt.Row(
                venue: venue, sent: sent.count, confirmed: confirmed, remaining: sent.count - confirmed,
                milliseconds: milliseconds)
        }
    }

    private func latch(origin: String, action: String) {
        audit(action, origin: origin, detail: "")
        isChanged = true
        if isEphemeral { return }
        finishBatch()
        do {
            try EmergencyLatch.set(directory: configuration.directory.path, origin: origin, time: now)
        } catch {
            raise(
                .critical, "latch-failed",
                "the stop holds, but a restart may forget it: \(error.description)")
        }
    }

    /// Writes down who did what.
    func audit(_ action: String, subject: String = "", origin: String, detail: String) {
        recorder.add(.audit(action: action, subject: subject, detail: detail, origin: origin, at: commandTime))
    }
}
