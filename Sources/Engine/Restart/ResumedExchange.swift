import Bytes
import Journal
import Market
import Simulation
import Trading

/// What a journal led to.
enum Followed {
    /// Nothing was ever decided.
    case nothing
    /// The exchange as it was.
    case exchange(ResumedExchange)
    /// Somebody answered for damage behind the newest checkpoint: what the store holds counts. The instruments are those
    /// that the records before it number, where a checkpoint still tells.
    case givenUp(damage: String, session: UInt64, instruments: [Instrument])
}

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
    /// - Throws: `EngineError.journal` when it can't be followed: what is recorded contradicts itself, or the same inputs
    ///   lead to something else than they did.
    static func follow(_ journal: Journal, _ means: Means) throws(EngineError) -> Followed {
        let loaded: LoadedCheckpoint?
        do throws(JournalError) { loaded = try JournalCheckpoint.newest(in: journal.directory) } catch {
            throw .journal(error)
        }
        let found = try JournalNotes(journal, after: loaded?.checkpoint.decision ?? 0)
        if let damage = found.accepted.last {
            var reader = ByteReader(loaded?.body ?? [])
            let image = try? EngineImage(from: &reader)
            return .givenUp(
                damage: damage, session: max(image?.session ?? 0, found.session), instruments: image?.instruments ?? [])
        }
        guard let loaded else {
            // An engine that was killed before its first checkpoint has decided nothing yet.
            guard found.holdsDecisions else { return .nothing }
            throw EngineError.journal(
                "there is no usable checkpoint, so its records can't be taken up",
                remedy: "put a checkpoint back from a copy, or \(EngineError.acceptance)")
        }
        let checkpoint = loaded.checkpoint
        var reader = ByteReader(loaded.body)
        let image: EngineImage
        do { image = try EngineImage(from: &reader) } catch {
            throw .journal(
                "checkpoint \(checkpoint.path) can't be read: \(error)",
                remedy: "it may be of a newer release: start that one, or \(EngineError.acceptance)")
        }
        let tail = try EngineJournal.records(journal, .decisions, after: checkpoint.decision)
        let log = DecisionLog(
            journal: journal, position: checkpoint.position, lastDecision: checkpoint.decision,
            lastMarket: checkpoint.market, tail: RecordedTail(tail), fence: means.fence)
        let exchange = try image.exchange(log: log, means)
        exchange.suspensions = found.suspensions + means.suspensions
        let market = try EngineJournal.records(journal, .market, after: checkpoint.market)
        let outcome = JournalFollowing(exchange: exchange, crashPlan: means.crashPlan).run(market)
        if let error = tail.error ?? market.error { throw .journal(error) }
        if let difference = outcome.difference { throw .journal(difference) }
        if let problem = outcome.problem {
            throw .journal(problem, remedy: "see 'wick journal verify', or \(EngineError.acceptance)")
        }
        return .exchange(
            ResumedExchange(
                instruments: image.instruments, session: max(image.session, found.session),
                updateCount: outcome.updateCount, marketTime: exchange.marketTime, restored: exchange))
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
