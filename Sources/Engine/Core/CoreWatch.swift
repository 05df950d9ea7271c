import Market
import Trading

// What is looked at now and then, whatever the market does.
extension EngineCore {
    /// What is looked at once a second of the clock on the wall, whatever the market does.
    func everySecond() {
        let monotonic = EngineClock.monotonic()
        guard monotonic - lastHealth >= 1_000_000_000 else { return }
        lastHealth = monotonic
        health.refresh(monotonic: monotonic)
        if alerts.unshelve(now: now) { isChanged = true }
        if recorder.isOverfull && !wasOverfull {
            wasOverfull = true
            raise(
                .critical, "store-backlog",
                "so much waits for the store that nothing opens any more; protective orders and exits go on")
            exchange.command(.halt, at: commandTime)
            settle()
        }
        if !recorder.isOverfull { wasOverfull = false }
        watchJournal()
        reconcileIfDue(monotonic)
        watchVenue()
        watchData()
        pruneJournalIfDue(monotonic)
        isChanged = true
    }

    /// Tells when the journal can't be written, and when it can again. Nothing opens in between: the gate sees to it.
    func watchJournal() {
        exchange.tryRecovery()
        let isStalled = exchange.stall != nil
        guard isStalled != wasStalled else { return }
        wasStalled = isStalled
        if let stall = exchange.stall {
            raise(
                .critical, "journal-stalled",
                "the journal can't be written (\(stall)): nothing opens; cancels and exits still leave")
        } else {
            raise(.info, "journal-recovered", "the journal is written again; orders may open")
        }
    }

    /// Tells of an audit that can't be written, and of a clock that a venue would refuse requests for.
    private func watchVenue() {
        guard let trading = configuration.trading else { return }
        let audit = trading.requests.problem
        if audit != nil, comparison.auditProblem == nil, let audit {
            raise(
                .critical, "audit-failed",
                "the audit of requests can't be written (\(audit)): nothing opens; cancels and exits still leave")
        }
        comparison.auditProblem = audit
        let clock = trading.clockProblem()
        if let clock, comparison.clockProblem == nil { raise(.warning, "venue-clock", "\(venueName): \(clock)") }
        comparison.clockProblem = clock
        let limits = trading.limits()
        snapshot.venueLimits = limits
        if let limits, let pause = limits.pause, comparison.pause == nil {
            raise(
                .warning, "venue-paused", "\(venueName): nothing that opens is sent\(limits.untilWords): \(pause)")
        }
        comparison.pause = limits?.pause
    }

    /// Tells when the server of a followed market is asked for nothing more.
    private func watchData() {
        guard case .live(let options) = configuration.feed else { return }
        let limits = options.source.limits
        snapshot.dataLimits = limits
        // Where orders go to the same server their pause says it all.
        if let limits, let pause = limits.pause, comparison.dataPause == nil, comparison.pause == nil {
            raise(
                .warning, "data-paused",
                "\(options.source.venue): it is asked for no book and no minute\(limits.untilWords): \(pause)")
        }
        comparison.dataPause = limits?.pause
    }

    /// Brings the status of every market up to date.
    func refreshStatus() {
        for index in markets.indices where index < feed.instruments.count {
            if isFeedFinished {
                markets[index].set(.finished)
            } else if case .replay = configuration.feed {
                markets[index].set(markets[index].view.minutes.isEmpty ? .waiting : .live)
            } else {
                markets[index].refreshStatus(now: now, staleAfter: configuration.staleAfterSeconds)
            }
        }
    }
}
