import Bytes
import Journal
import Market
import Trading

// Sessions and checkpoints.
extension EngineCore {
    /// Market updates between two checkpoints: what a start has to follow at most, some tenths of a second.
    private static let updatesPerCheckpoint: UInt64 = 100_000
    /// Decision records between two checkpoints.
    private static let decisionsPerCheckpoint: UInt64 = 20_000
    /// The longest time between two checkpoints of a market that moves, in nanoseconds.
    private static let checkpointInterval: Int64 = 60_000_000_000

    /// Notes that a session begins, with a checkpoint that it can be run again from.
    func beginSession(number: UInt64) {
        guard exchange.log.journal != nil else { return }
        sessionNumber = number
        settle()
        let start = SessionStart(
            number: number, version: WickRelease.version, source: feed.source.text,
            instruments: instruments.map(\.name), wallTime: now)
        exchange.log.note(.sessionStart, at: commandTime) { $0.value(start) }
        if tradesAtVenue, let instance = exchange.instance {
            let directory = configuration.accountDirectory.path
            skip(numbersUpTo: GivenNumbers.highest(inAuditAt: directory, of: instance, at: now))
        }
        checkpoint(bordersSession: true)
    }

    /// Notes that the session ends in good order, with a checkpoint that leaves nothing to follow.
    func endSession() {
        guard exchange.log.journal != nil else { return }
        settle()
        exchange.log.note(.sessionEnd, at: commandTime) { $0.unsigned(sessionNumber) }
        checkpoint(bordersSession: true)
    }

    /// Has a checkpoint written when enough has happened since the last.
    func writeCheckpointIfDue() {
        guard let checkpoints, exchange.log.journal != nil, !exchange.log.isFollowing else { return }
        let monotonic = EngineClock.monotonic()
        let log = exchange.log
        let isDue =
            log.position - lastCheckpoint.position >= EngineCore.updatesPerCheckpoint
            || log.lastDecision - lastCheckpoint.decision >= EngineCore.decisionsPerCheckpoint
            || monotonic - lastCheckpointAt >= EngineCore.checkpointInterval && log.position != lastCheckpoint.position
        guard isDue, !checkpoints.isBusy, exchange.stall == nil else { return }
        checkpoint(bordersSession: false)
        if let problem = checkpoints.problem {
            raise(.warning, "checkpoint-failed", "no checkpoint can be written: \(problem)")
        }
    }

    private func checkpoint(bordersSession: Bool) {
        guard let checkpoints else { return }
        lastCheckpointAt = EngineClock.monotonic()
        lastCheckpoint = JournalCheckpoint(
            decision: exchange.log.lastDecision, market: exchange.log.lastMarket, position: exchange.log.position,
            time: kernel.now.nanoseconds, bordersSession: bordersSession)
        var writer = ByteWriter(capacity: 65_536)
        exchange.image(session: sessionNumber).write(to: &writer)
        if bordersSession {
            checkpoints.writeNow(lastCheckpoint, writer.bytes)
        } else {
            checkpoints.write(lastCheckpoint, writer.bytes)
        }
    }

    /// Removes what of the journal is older than it is to be kept: soon after the start and then once a day.
    func pruneJournalIfDue(_ monotonic: Int64) {
        guard let journal = exchange.log.journal, monotonic >= nextPruning else { return }
        let isFirst = nextPruning == 0
        nextPruning = monotonic + (isFirst ? 60_000_000_000 : 86_400_000_000_000)
        if isFirst { return }
        let retention = configuration.retention
        // By the market's own time, which in a market of the past is not the clock's.
        let now = commandTime
        let inbox = inbox
        try? latchThread.run {
            let problems = retention.apply(to: journal, at: now)
            guard !problems.isEmpty else { return }
            inbox.tell { $0.raise(.warning, "journal-not-pruned", problems.joined(separator: "; ")) }
        }
    }

    // MARK: Strategies that a fault took out

    /// The engine was rebuilt because a strategy did not come back.
    func tookOver(_ suspension: Suspension, number: UInt64) {
        sessionNumber = number
        let name = registration(suspension.strategy)?.name ?? "strategy \(suspension.strategy.rawValue)"
        raise(
            .critical, "engine-rebuilt",
            "\(name) held the engine up (\(suspension.reason)): it was rebuilt from its journal without it")
    }

    /// Plans what becomes of a strategy that a fault halted, and says so.
    func supervise(_ registration: StrategyRegistration) {
        switch supervisor.faulted(registration.id, at: EngineClock.monotonic()) {
        case .restart(let seconds, let attempt):
            raise(
                Alert(
                    time: commandTime, priority: .warning, kind: "strategy-restart",
                    text: "\(registration.name) failed; it starts again in \(seconds) s, "
                        + "\(attempt) of \(StrategySupervisor.restartsPerHour) within an hour",
                    instrument: registration.instrument, strategy: registration.id))
        case .stays:
            raise(
                Alert(
                    time: commandTime, priority: .critical, kind: "strategy-given-up",
                    text: "\(registration.name) failed again after \(StrategySupervisor.restartsPerHour) "
                        + "restarts within an hour; it stays halted until it is enabled by hand",
                    instrument: registration.instrument, strategy: registration.id))
        }
    }

    /// Brings strategies back whose pause is over. Not while the emergency stop holds: nothing of it may come back by
    /// itself.
    func restartStrategies() {
        guard kernel.tradingState != .halted else { return }
        for id in supervisor.due(at: EngineClock.monotonic()) {
            guard let registration = registration(id), registration.status == .halted else { continue }
            let outcome = run(.enable(id, history: history(registration)))
            audit("strategy restarted", subject: registration.name, origin: "supervisor", detail: outcome ?? "done")
        }
    }
}
