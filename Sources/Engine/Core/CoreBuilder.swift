import Glibc
import Journal
import Market
import Storage
import Synchronization
import Trading

/// Builds the core of an engine: when the engine starts, and anew when a strategy has taken the kernel's thread with it.
final class CoreBuilder: Sendable {
    let configuration: EngineConfiguration
    let stores: EngineStores
    /// The journal; `nil` in a session that keeps nothing.
    let journal: Journal?
    let probe: ProbePage?
    let inbox: Inbox
    let log: EngineLog
    let outlet: SnapshotOutlet
    let supervisor = SupervisorBox()
    /// What brings orders to a venue over a network: one for all cores of the process.
    private let desk = Mutex<VenueDesk?>(nil)
    /// The number of the last decision record of earlier sessions.
    private let recordedBefore: UInt64
    /// The last market update of earlier sessions.
    private let lastMarket: (update: UInt64, time: Timestamp?)

    /// A core with what it was built from.
    struct Build {
        var core: EngineCore
        var session: Session
        var fence: Fence
        /// What the store has still to take in of earlier sessions.
        var catchUp: StoreCatchUp.Outcome?
        /// The number of the session before, where there was one.
        var number: UInt64?
        /// Market updates that acted again.
        var updateCount: UInt64
        /// Damage of the journal that somebody answered for: what the store holds was taken up instead.
        var damage: String?
    }

    init(
        _ configuration: EngineConfiguration, stores: EngineStores,
        journal opened: (journal: Journal, opening: JournalOpening)?, probe: ProbePage?,
        inbox: Inbox, log: EngineLog, outlet: SnapshotOutlet
    ) {
        self.configuration = configuration
        self.stores = stores
        journal = opened?.journal
        self.probe = probe
        self.inbox = inbox
        self.log = log
        self.outlet = outlet
        recordedBefore = opened?.journal.last(.decisions) ?? 0
        let market = opened?.opening.market
        lastMarket = (
            market?.lastPosition ?? 0,
            market.flatMap { $0.lastSequence > 0 ? Timestamp(nanoseconds: $0.lastTime) : nil }
        )
    }

    /// How many processes in a row must have ended in one step of one strategy for it to be the reason. Processes that are
    /// killed by somebody else end in the same step by chance, and what they decide must not differ: twice happens among
    /// thousands of kills, as the first step behind a checkpoint is the slowest.
    private static let deadly: UInt32 = 3

    /// A strategy in whose step the last processes ended is kept out of it: another would end there, too.
    var poison: [Suspension] {
        guard let probe, probe.deaths >= CoreBuilder.deadly else { return [] }
        return [
            Suspension(
                input: probe.last.input, strategy: StrategyID(rawValue: probe.last.strategy),
                reason: "the engine ended three times in a row while it looked at the same candle")
        ]
    }

    /// Builds a core: from the journal where there is one, otherwise from the store.
    ///
    /// - Parameters:
    ///   - continues: whether it takes the place of another core in the same process, whose thread does not come back.
    ///   - suspensions: strategies that are kept out of the steps in which they got stuck.
    ///   - fence: what ends the thread that builds, and later runs, the core.
    func build(
        _ recorder: Recorder, continues: Bool, suspensions: [Suspension], fence: Fence
    ) throws(EngineError) -> Build {
        let now = configuration.clock.now()
        var means = ResumedExchange.Means(
            catalog: configuration.catalog, gate: inbox.gate, fence: fence, probe: probe, suspensions: suspensions,
            crashPlan: configuration.crashPlan)
        // What is decided anew at the journal's end leaves under the name that it would have left under.
        if let journal { means.instance = try InstanceFile.take(directory: journal.directory) }
        let followed = try follow(means, continues: continues)
        var resumed: ResumedExchange?
        var damage: String?
        var number: UInt64?
        var recorded: [Instrument] = []
        switch followed {
        case .nothing: break
        case .exchange(let exchange):
            (resumed, number, recorded) = (exchange, exchange.session, exchange.instruments)
        case .givenUp(let reason, let session, let instruments):
            (damage, number, recorded) = (reason, session, instruments)
        }
        if let journal, damage != nil {
            // Numbers of records that were lost are given again: no order may come to be known by the id of another.
            means.instance = try InstanceFile.take(directory: journal.directory, renewing: true)
        }
        let feed: any MarketFeed
        switch configuration.feed {
        case .synthetic(let options):
            feed = SyntheticFeed(
                options, start: now, resumed: resumed?.marketTime ?? lastMarket.time, continues: continues)
        case .replay(let options):
            if let file = options.file {
                feed = try CaptureFeed(
                    file, options, store: stores.data, start: now, meetsBooks: configuration.meetsBooks)
            } else {
                feed = try ReplayFeed(options, store: stores.data, start: now)
            }
        case .live(let options):
            feed = LiveFeed(
                options, known: resumed?.instruments ?? [], start: now, meetsBooks: configuration.meetsBooks
            ) { [inbox] in inbox.wakeUp() }
        }
        try stores.begin(feed.instruments, configuration, at: now)
        var catchUp: StoreCatchUp.Outcome?
        if let journal, !continues { catchUp = try self.catchUp(journal, recorded) }
        let path = configuration.directory.path
        let session = try Session(
            store: stores.account, feed: feed, configuration: configuration, isEphemeral: stores.isEphemeral,
            isHalted: !stores.isEphemeral && EmergencyLatch.isSet(directory: path),
            on: Session.Foundation(
                log: DecisionLog(
                    journal: journal, position: lastMarket.update, lastDecision: journal?.last(.decisions) ?? 0,
                    lastMarket: journal?.last(.market) ?? 0, tail: nil, fence: fence),
                resumed: resumed, means: means))
        let outlet = outlet
        let core = EngineCore(
            session, feed: feed, recorder: recorder, inbox: inbox, log: log, configuration: configuration,
            supervisor: supervisor, at: now, publish: { outlet.publish($0) })
        if let plan = configuration.crashPlan { session.exchange.crashPoint = { plan.reach($0.rawValue) } }
        let data = stores.data
        core.evidence = EngineCore.EvidenceStore(
            records: { (subject) throws(StoreError) in
                try data.evidence(of: subject.className, series: subject.series, subject.timeframe)
            },
            keep: { (record) throws(StoreError) in try data.keep([record]) })
        attach(core, session.exchange, means.instance)
        // What the store is behind by can't be told from what somebody changed in it.
        core.comparesWithStore = !continues && catchUp?.problem == nil
        return Build(
            core: core, session: session, fence: fence, catchUp: catchUp, number: number,
            updateCount: resumed?.updateCount ?? 0, damage: damage)
    }

    /// Connects a core with the venue that it trades at, where that is one over a network.
    private func attach(_ core: EngineCore, _ exchange: JournaledExchange, _ instance: ClientOrderID.Instance?) {
        guard let trading = configuration.trading, let instance else { return }
        let desk = self.desk.withLock { known in
            let desk =
                known ?? VenueDesk(trading.venue(instance), inbox: inbox, gate: inbox.gate, worth: trading.worth)
            known = desk
            return desk
        }
        if let plan = configuration.crashPlan { desk.reach { plan.reach($0) } }
        core.desk = desk
        exchange.depart = { desk.carryOut($0) }
        exchange.send([])
    }

    /// What brings orders to a venue over a network; `nil` on paper.
    var venueDesk: VenueDesk? { desk.withLock { $0 } }

    /// Follows the journal; where it can't be followed and somebody answers for that, it is given up.
    private func follow(_ means: ResumedExchange.Means, continues: Bool) throws(EngineError) -> Followed {
        guard let journal else { return .nothing }
        do throws(EngineError) {
            let followed = try ResumedExchange.follow(journal, means)
            if case .exchange = followed {
                if !continues { try compareWithStore() }
                return followed
            }
            guard !continues else {
                throw EngineError.journal(
                    "this session has no checkpoint that it could be rebuilt from", remedy: "start the engine again")
            }
            return followed
        } catch {
            guard case .journal(let problem, _) = error, configuration.journal.override != nil, !continues else {
                throw error
            }
            journal.accept(problem)
            return try ResumedExchange.follow(journal, means)
        }
    }

    /// The store takes in what the journal holds for good, and nothing else: one that knows of more proves that records are
    /// gone, or that the journal is another's.
    private func compareWithStore() throws(EngineError) {
        let place = try place()
        guard place > recordedBefore else { return }
        throw .journal(
            "the database took in decision record \(place), and the journal ends with record \(recordedBefore): it is an "
                + "older copy, or its newest part is gone",
            remedy: "put its newest files back, or \(EngineError.acceptance)")
    }

    private func place() throws(EngineError) -> UInt64 {
        do throws(StoreError) { return try stores.account.projected() } catch {
            throw .store(reason: error.description)
        }
    }

    /// Brings the store up to the journal, before anything new is written into either.
    private func catchUp(_ journal: Journal, _ instruments: [Instrument]) throws(EngineError) -> StoreCatchUp.Outcome {
        let last = recordedBefore
        let place = try place()
        let table: InstrumentTable
        do throws(StoreError) {
            table = try stores.account.declare(instruments)
            // Behind damage, or in a new journal, numbers begin below those that the store has seen. Without a checkpoint
            // nobody knows which instruments the records mean.
            if place > last || instruments.isEmpty {
                try stores.account.project([], upTo: last, table)
                return StoreCatchUp.Outcome(place: last)
            }
        } catch {
            throw .store(reason: error.description)
        }
        let records = try EngineJournal.records(journal, .decisions, after: place)
        let outcome = StoreCatchUp(store: stores.account, table: table).run(
            records.lazy.prefix { $0.sequence <= last }, from: place)
        if let error = records.error { throw .journal(error) }
        return outcome
    }
}
