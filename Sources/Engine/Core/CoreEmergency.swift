import Market
import Trading

// The emergency stop.
extension EngineCore {
    /// How long a stop waits for the disk to remember it, in milliseconds.
    private static let latchPatience: Int32 = 250

    /// First stage: nothing opens any more.
    func halt(origin: String) -> EngineReply {
        exchange.command(.halt, at: commandTime)
        settle()
        gate.emergencyTaken()
        latch(origin: origin, action: "halt")
        return .done("nothing opens until it is re-armed; orders and positions are as they were")
    }

    /// Second and third stage: cancels what works and, when asked to, closes every position.
    ///
    /// What must hold comes first: the gate is closed since the request came in, the kernel denies from its first step on,
    /// cancels leave in the same step, and only then is anything kept.
    func emergencyStop(keepsProtection: Bool, flattens: Bool, origin: String) -> EngineReply {
        let started = gate.emergencyRequestedAt ?? EngineClock.monotonic()
        gate.close(at: started)
        let keepsProtection = keepsProtection || configuration.keepsProtection
        let targets = kernel.openOrders.filter { !(keepsProtection && !flattens && $0.request.purpose.isProtective) }
        emergency = EmergencyWatch(
            targets: targets.map { ($0.id, instruments[$0.request.instrument.index].venue) }, venues: venues,
            started: started)
        exchange.command(flattens ? .flatten : .emergencyStop(keepsProtection: keepsProtection), at: commandTime)
        settle()
        let claimed = cancelClaimedOrders(keepsProtection: keepsProtection && !flattens)
        gate.emergencyTaken()
        receipt = EmergencyReceipt(
            time: commandTime, origin: origin, venues: [], isFlattening: flattens, openPositions: openPositionCount)
        receipt = currentReceipt()
        latch(origin: origin, action: flattens ? "emergency stop and flatten" : "emergency stop")
        let cancelled = receipt?.venues.reduce(0) { $0 + $1.confirmed } ?? 0
        let left = openPositionCount
        var text = "stopped: \(cancelled) of \(targets.count) orders cancelled"
        if claimed > 0 { text += ", \(claimed) claimed of other clients being cancelled" }
        if flattens {
            // What has not ended may yet fill, and is closed then.
            let isFlat = left == 0 && kernel.openOrderCount == 0
            text += isFlat ? ", flat" : left == 0 ? ", nothing held so far" : ", \(left) positions still closing"
        }
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
            guard latchThread.waitUntilIdle(milliseconds: 1_000) else {
                return .refused("the stop is still being written down; try again in a moment")
            }
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
        emergency = nil
        comparison.claims.stop = nil
        keepClaims()
        gate.open()
        return .done("re-armed: orders may open again")
    }

    /// How many positions are left to close: a rest that no order can close is none.
    var openPositionCount: Int { kernel.positions.count { !$0.isDust(instruments[$0.instrument.index]) } }

    /// The venues that are traded at, in the order of the instruments.
    private var venues: [String] {
        var venues: [String] = []
        for instrument in instruments where !venues.contains(instrument.venue) { venues.append(instrument.venue) }
        return venues
    }

    /// The receipt as it stands now: confirmations may come later than the cancels left.
    func currentReceipt() -> EmergencyReceipt? {
        guard var receipt else { return nil }
        receipt.openPositions = openPositionCount
        if var emergency {
            receipt.venues = emergency.rows(now: EngineClock.monotonic()) { kernel.order($0)?.state.isClosed ?? true }
            self.emergency = emergency
        }
        return receipt
    }

    private func latch(origin: String, action: String) {
        audit(action, origin: origin, detail: "")
        isChanged = true
        if isEphemeral { return }
        // A stop of which nothing leaves for a venue must outlive a crash as well.
        if let journal = exchange.log.journal, exchange.stall == nil {
            _ = journal.waitUntilDurable(
                decisions: exchange.log.lastDecision, market: exchange.log.lastMarket,
                milliseconds: EngineCore.latchPatience)
        }
        // On a thread of its own: a disk that hangs must not hold up the kernel.
        let path = configuration.directory.path
        let time = now
        let inbox = inbox
        let set: @Sendable () -> Void = {
            do throws(EngineError) {
                try EmergencyLatch.set(directory: path, origin: origin, time: time)
            } catch {
                inbox.tell { core in
                    core.raise(
                        .critical, "latch-failed",
                        "the stop holds, but a restart may forget it: \(error.description)")
                }
            }
        }
        do { try latchThread.run(set) } catch { set() }
    }

    /// Writes down who did what.
    func audit(_ action: String, subject: String = "", origin: String, detail: String) {
        note(.audit(action: action, subject: subject, detail: detail, origin: origin, at: commandTime))
    }
}
