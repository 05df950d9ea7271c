import Glibc
import Journal
import Market
import Storage
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
    /// The number of the last decision record of earlier sessions.
    private let recordedBefore: UInt64

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
    }

    init(
        _ configuration: EngineConfiguration, stores: EngineStores, journal: Journal?, probe: ProbePage?,
        inbox: Inbox, log: EngineLog, outlet: SnapshotOutlet
    ) {
        self.configuration = configuration
        self.stores = stores
        self.journal = journal
        self.probe = probe
        self.inbox = inbox
        self.log = log
        self.outlet = outlet
        recordedBefore = journal?.last(.decisions) ?? 0
    }

    /// A strategy in whose step the last two processes ended is kept out of it: a third would end there, too.
    var poison: [Suspension] {
        guard let probe, probe.deaths >= 2 else { return [] }
        return [
            Suspension(
                input: probe.last.input, strategy: StrategyID(rawValue: probe.last.strategy),
                reason: "the engine ended twice while it looked at the same candle")
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
        if let journal { means.instance = try InstanceFile.take(directory: journal.directory) }
        var resumed: ResumedExchange?
        if let journal { resumed = try ResumedExchange.follow(journal, means) }
        let feed: any MarketFeed
        switch configuration.feed {
        case .synthetic(let options):
            feed = SyntheticFeed(options, start: now, resumed: resumed?.marketTime, continues: continues)
        case .replay(let options): feed = try ReplayFeed(options, store: stores.data, start: now)
        }
        try stores.begin(feed.instruments, configuration, at: now)
        var catchUp: StoreCatchUp.Outcome?
        if let resumed, let journal, !continues { catchUp = try self.catchUp(journal, resumed.instruments) }
        let path = configuration.directory.path
        let session = try Session(
            store: stores.account, feed: feed, configuration: configuration, isEphemeral: stores.isEphemeral,
            isHalted: !stores.isEphemeral && EmergencyLatch.isSet(directory: path),
            on: Session.Foundation(journal: journal, resumed: resumed, means: means))
        let outlet = outlet
        let core = EngineCore(
            session, feed: feed, recorder: recorder, inbox: inbox, log: log, configuration: configuration,
            supervisor: supervisor, publish: { outlet.publish($0) })
        if let plan = configuration.crashPlan { session.exchange.crashPoint = { plan.reach($0.rawValue) } }
        // What the store is behind by can't be told from what somebody changed in it.
        core.comparesWithStore = !continues && catchUp?.problem == nil
        return Build(
            core: core, session: session, fence: fence, catchUp: catchUp, number: resumed?.session,
            updateCount: resumed?.updateCount ?? 0)
    }

    private func catchUp(_ journal: Journal, _ instruments: [Instrument]) throws(EngineError) -> StoreCatchUp.Outcome {
        let place: UInt64
        let table: InstrumentTable
        do throws(StoreError) {
            place = try stores.account.projected()
            table = try stores.account.declare(instruments)
        } catch {
            throw .store(reason: error.description)
        }
        let last = recordedBefore
        let records = try EngineJournal.records(journal, .decisions, after: place)
        let outcome = StoreCatchUp(store: stores.account, table: table).run(
            records.lazy.prefix { $0.sequence <= last }, from: place)
        if let error = records.error { throw .journal(error) }
        return outcome
    }
}
