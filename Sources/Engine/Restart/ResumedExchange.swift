import Bytes
import Journal
import Market
import Simulation
import Trading

/// An exchange that a journal led to: restored from its newest checkpoint and taken to its end.
struct ResumedExchange {
    /// The instruments, in the order of their numbers.
    let instruments: [Instrument]
    /// The number of the session that the journal's last records belong to.
    let session: UInt64
    /// Market updates that acted again.
    let updateCount: UInt64
    /// Up to where the market was told.
    let marketTime: Timestamp
    /// The exchange, with everything that decides.
    private let restored: JournaledExchange

    /// What following needs beside the journal.
    struct Means {
        /// The strategy classes.
        var catalog: StrategyCatalog
        /// What opening orders pass on their last step.
        var gate: OpeningGate
        /// What the thread passes that builds and runs it.
        var fence = Fence()
        /// The engine's own name in the numbers that venues are told; `nil` where nothing leaves.
        var instance: ClientOrderID.Instance?
        /// Where it is noted who runs, for a watchdog and for the next start.
        var probe: ProbePage?
        /// Strategies that are kept out of steps in which they got stuck, beside those that the journal names.
        var suspensions: [Suspension] = []
        /// Where the process ends without warning; for tests alone.
        var crashPlan: CrashPlan?
    }

    /// Follows a journal from its newest checkpoint to its end.
    ///
    /// - Returns: `nil` when nothing was ever written.
    /// - Throws: `EngineError.journal` when it can't be followed: what is recorded contradicts itself, or the same inputs
    ///   lead to something else than they did.
    static func follow(_ journal: Journal, _ means: Means) throws(EngineError) -> ResumedExchange? {
        guard let loaded = try newestCheckpoint(journal) else { return nil }
        let checkpoint = loaded.checkpoint
        var reader = ByteReader(loaded.body)
        let image: EngineImage
        do { image = try EngineImage(from: &reader) } catch {
            throw .journal(
                "checkpoint \(checkpoint.path) can't be read: \(error)",
                remedy: "it may be of a newer release; start that one")
        }
        let tail = try EngineJournal.records(journal, .decisions, after: checkpoint.decision)
        let log = DecisionLog(
            journal: journal, position: checkpoint.position, lastDecision: checkpoint.decision,
            lastMarket: checkpoint.market, tail: RecordedTail(tail), fence: means.fence)
        let exchange = try image.exchange(log: log, means)
        let found = try notes(in: journal, after: checkpoint.decision)
        exchange.suspensions = found.suspensions + means.suspensions
        let market = try EngineJournal.records(journal, .market, after: checkpoint.market)
        let outcome = JournalFollowing(exchange: exchange, crashPlan: means.crashPlan).run(market)
        if let error = tail.error ?? market.error { throw .journal(error) }
        if let difference = outcome.difference { throw .journal(difference) }
        if let problem = outcome.problem { throw .journal(problem, remedy: "see 'wick journal verify'") }
        return ResumedExchange(
            instruments: image.instruments, session: max(image.session, found.session),
            updateCount: outcome.updateCount, marketTime: exchange.marketTime, restored: exchange)
    }

    private static func newestCheckpoint(_ journal: Journal) throws(EngineError) -> LoadedCheckpoint? {
        do throws(JournalError) {
            if let loaded = try JournalCheckpoint.newest(in: journal.directory) { return loaded }
        } catch {
            throw .journal(error)
        }
        // An engine that was killed before its first checkpoint has decided nothing yet.
        guard try holdsDecisions(journal) else { return nil }
        throw EngineError.journal(
            "there is no usable checkpoint, so its records can't be taken up",
            remedy: "put a checkpoint back from a copy, or move the directory '\(journal.directory)' aside; the next "
                + "start then goes on from what the database holds")
    }

    private static func holdsDecisions(_ journal: Journal) throws(EngineError) -> Bool {
        let records = try EngineJournal.records(journal, .decisions, after: 0)
        for record in records {
            if JournalKind(rawValue: record.kind).map({ !$0.isNote }) ?? (record.kind < 0xF0) { return true }
        }
        if let error = records.error { throw .journal(error) }
        return false
    }

    /// What the engine noted behind a checkpoint that following needs to know before it comes there.
    private static func notes(
        in journal: Journal, after decision: UInt64
    ) throws(EngineError) -> (suspensions: [Suspension], session: UInt64) {
        var suspensions: [Suspension] = []
        var session: UInt64 = 0
        let records = try EngineJournal.records(journal, .decisions, after: decision)
        for record in records {
            var reader = record.reader
            switch JournalKind(rawValue: record.kind) {
            case .supervision: if let suspension = try? Suspension(from: &reader) { suspensions.append(suspension) }
            case .sessionStart: if let start = try? SessionStart(from: &reader) { session = max(session, start.number) }
            default: break
            }
        }
        if let error = records.error { throw .journal(error) }
        return (suspensions, session)
    }

    /// The exchange for a session: with further instruments behind those of the journal, and with the fees and rules that
    /// are configured now.
    func exchange(
        instruments: [Instrument], venue options: SimulatedVenueOptions, _ means: Means
    ) throws(EngineError) -> JournaledExchange {
        let exchange = try restored.image(session: session).exchange(
            log: restored.log, means, instruments: instruments, venueOptions: options)
        exchange.takeOver(restored)
        return exchange
    }
}
