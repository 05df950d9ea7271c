import Synchronization

/// What the writer's thread tells the others.
final class WriterState: Sendable {
    /// Woken whenever more is on the disk.
    let progress = Condition()
    private let durableDecisions = Atomic<UInt64>(0)
    private let durableMarket = Atomic<UInt64>(0)
    private let busySince = Atomic<Int64>(0)
    private let hasProblem = Atomic<Bool>(false)
    private let problems = Mutex<(disk: JournalProblem?, space: JournalProblem?)>((nil, nil))
    private let isRefusing = Atomic<Bool>(false)
    private let refused = Atomic<Int>(0)
    private let syncs = Atomic<Int>(0)

    var refusedCount: Int { refused.load(ordering: .relaxed) }
    var syncCount: Int { syncs.load(ordering: .relaxed) }

    func durable(_ stream: JournalStream) -> UInt64 {
        switch stream {
        case .decisions: return durableDecisions.load(ordering: .acquiring)
        case .market: return durableMarket.load(ordering: .acquiring)
        }
    }

    func reached(_ decisions: UInt64, _ market: UInt64) -> Bool {
        durable(.decisions) >= decisions && durable(.market) >= market
    }

    func publish(decisions: UInt64, market: UInt64) {
        guard !reached(decisions, market) else { return }
        progress.broadcast {
            durableMarket.store(market, ordering: .releasing)
            durableDecisions.store(decisions, ordering: .releasing)
        }
    }

    func countSync() { syncs.add(1, ordering: .relaxed) }

    func refuse() {
        refused.add(1, ordering: .relaxed)
        isRefusing.store(true, ordering: .relaxed)
    }

    /// The disk took everything: what was refused before is past.
    func recover() { isRefusing.store(false, ordering: .relaxed) }

    func set(disk: JournalProblem?) { update { $0.disk = disk } }
    func set(space: JournalProblem?) { update { $0.space = space } }

    private func update(_ change: (inout (disk: JournalProblem?, space: JournalProblem?)) -> Void) {
        problems.withLock { problems in
            change(&problems)
            hasProblem.store(problems.disk != nil || problems.space != nil, ordering: .releasing)
        }
    }

    func begin() { busySince.store(MonotonicClock.now(), ordering: .relaxed) }
    func end() { busySince.store(0, ordering: .relaxed) }

    func problem(stallMilliseconds: Int32) -> JournalProblem? {
        if hasProblem.load(ordering: .acquiring) {
            let problem = problems.withLock { $0.disk ?? $0.space }
            if let problem { return problem }
        }
        if isRefusing.load(ordering: .relaxed) {
            return JournalProblem(
                .refused, "\(refusedCount) market records were refused: too much waits for the disk; check the disk")
        }
        let since = busySince.load(ordering: .relaxed)
        guard since != 0 else { return nil }
        let stalled = (MonotonicClock.now() - since) / 1_000_000
        guard stalled > Int64(stallMilliseconds) else { return nil }
        return JournalProblem(.stalled, "the disk has not answered the journal for \(stalled) ms")
    }
}
