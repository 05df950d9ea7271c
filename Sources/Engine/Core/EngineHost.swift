import Dispatch
import Glibc
import Journal
import Market
import Synchronization
import Trading

/// Starts, watches and stops what an engine is made of: journal, core and its thread, recorder, background runs.
final class EngineHost: Sendable {
    /// How long a stop waits for the journal and the store to take what is left, in milliseconds.
    private static let flushMilliseconds: Int32 = 15_000

    let inbox: Inbox
    let outlet: SnapshotOutlet
    private let configuration: EngineConfiguration
    private let stores: EngineStores
    private let wake: WakeDescriptor
    private let log: EngineLog
    private let recorder: Recorder
    private let journal: Journal?
    private let cuts: [JournalCut]
    private let builder: CoreBuilder
    private let loop = Mutex<EngineLoop?>(nil)
    private let watch = Mutex<KernelWatch?>(nil)
    private let backtests = Mutex<BacktestRunner?>(nil)
    private let searches = Mutex<SearchRunner?>(nil)
    private let rules = Mutex<RulesWatch?>(nil)
    private let checkpoints: Checkpointer?
    private let ending = Mutex<(hasCome: Bool, bodies: [@Sendable () -> Void])>((false, []))

    /// Opens the journal and prepares the rest; nothing runs yet but the journal's writer.
    init(_ configuration: EngineConfiguration, _ stores: EngineStores) throws(EngineError) {
        self.configuration = configuration
        self.stores = stores
        let directory = configuration.directory
        log = EngineLog(path: directory.file("wick.log"), maximumBytes: configuration.logFileBytes)
        wake = try WakeDescriptor()
        let clock = configuration.clock
        let latch: Inbox.Latch = { origin throws(EngineError) in
            try EmergencyLatch.set(directory: directory.path, origin: origin, time: clock.now())
        }
        inbox = Inbox(wake: wake, latch: stores.isEphemeral ? nil : latch)
        outlet = try SnapshotOutlet()
        let opened = stores.isEphemeral ? nil : try EngineJournal.open(configuration)
        journal = opened?.journal
        cuts = opened?.opening.cuts ?? []
        checkpoints = opened.map { Checkpointer(journal: $0.journal) }
        let probe: ProbePage
        do {
            probe =
                try opened == nil
                ? ProbePage() : ProbePage(path: EngineJournal.path(configuration.accountDirectory) + "/running")
        } catch {
            opened?.journal.close(milliseconds: 1_000)
            throw error
        }
        recorder = try Recorder(store: stores.account, journal: opened?.journal, log: log, inbox: inbox)
        builder = CoreBuilder(
            configuration, stores: stores, journal: opened, probe: probe, inbox: inbox, log: log, outlet: outlet)
    }

    /// Calls `body` once when the market has come to its end; at once when it has.
    func whenMarketFinishes(_ body: @escaping @Sendable () -> Void) {
        let hasCome = ending.withLock { ending in
            if !ending.hasCome { ending.bodies.append(body) }
            return ending.hasCome
        }
        if hasCome { body() }
    }

    private func marketFinished() {
        let bodies = ending.withLock { ending in
            defer { ending = (true, []) }
            return ending.bodies
        }
        for body in bodies { body() }
    }

    /// Builds the core, brings the store up to it and lets it run.
    func start(_ synthetic: SyntheticSeries?) throws(EngineError) {
        let started = EngineClock.monotonic()
        let watched = WatchedBuild(builder: builder, recorder: recorder, budget: configuration.strategyBudget)
        let build = try watched.run(continues: false, suspensions: builder.poison)
        let core = build.core
        let runner = try BacktestRunner(
            store: stores.data, synthetic: synthetic, catalog: configuration.catalog, clock: configuration.clock,
            inbox: inbox)
        core.connect(runner)
        backtests.withLock { $0 = runner }
        let searcher = try SearchRunner(
            store: stores.data, synthetic: synthetic, catalog: configuration.catalog, clock: configuration.clock,
            inbox: inbox)
        core.connect(searcher)
        searches.withLock { $0 = searcher }
        core.checkpoints = checkpoints
        core.beginSession(number: (build.number ?? 0) + 1)
        remark(build, core, milliseconds: (EngineClock.monotonic() - started) / 1_000_000)
        core.publishNow()
        for entry in build.catchUp?.left ?? [] { recorder.add(entry.job, entry.sequence) }
        let writer = StoreWriter(
            store: stores.account, recovery: build.session.recovery, place: build.catchUp?.place ?? 0)
        writer.crashPlan = configuration.crashPlan
        try recorder.start(writer)
        try runner.start()
        try searcher.start()
        try watchRules()
        try run(core, fence: build.fence)
        builder.venueDesk?.listen()
        guard let probe = builder.probe else { return }
        let watch = KernelWatch(probe: probe, inbox: inbox, budget: configuration.strategyBudget) { [weak self] in
            self?.leaveBehind($0)
        }
        try watch.start()
        self.watch.withLock { $0 = watch }
    }

    /// Looks after the files of rules, where that is wanted.
    private func watchRules() throws(EngineError) {
        guard let reload = configuration.rulesReload, reload.mode != .off else { return }
        let outlet = outlet
        let watch = try RulesWatch(
            reload, store: stores.isEphemeral ? stores.data : stores.account, snapshot: { outlet.snapshot },
            inbox: inbox)
        try watch.start()
        rules.withLock { $0 = watch }
    }

    private func run(_ core: EngineCore, fence: Fence) throws(EngineError) {
        core.marketFinished = { [weak self] in self?.marketFinished() }
        let loop = EngineLoop(core: core, inbox: inbox, wake: wake, clock: configuration.clock, fence: fence)
        try loop.start()
        self.loop.withLock { $0 = loop }
    }

    private func remark(_ build: CoreBuilder.Build, _ core: EngineCore, milliseconds: Int64) {
        for remark in build.session.remarks { core.raise(.warning, "not-loaded", remark) }
        for cut in cuts { core.raise(.warning, "journal-repaired", "\(cut)") }
        if let damage = build.damage {
            core.raise(
                .critical, "journal-damage-accepted",
                "the journal was damaged, and that was accepted: positions, orders and strategies are those of the "
                    + "database, strategies begin without a past; compare them with the venue's. \(damage)")
        }
        if build.session.isResumed {
            log.write(
                .info, "the journal was followed over \(build.updateCount) market updates in \(milliseconds) ms",
                at: configuration.clock.now())
        }
        if let problem = build.catchUp?.problem {
            core.raise(
                .critical, "store-failed",
                "the store is behind the journal and can't be written: \(problem). Trading goes on; what is shown of "
                    + "the past may lack its newest part")
        }
        if let rehearsal = configuration.faults?.summary {
            core.raise(
                .warning, "venue-rehearsal",
                "the venue is \(rehearsal), because the configuration wants it ('venue: faults'); no order is safe there"
            )
        }
        if core.kernel.tradingState == .halted {
            core.raise(
                .critical, "emergency-stop",
                "the emergency stop of an earlier session holds: nothing opens until it is re-armed")
        }
    }

    // MARK: A thread that does not come back

    /// Leaves the kernel's thread behind with the strategy that holds it up.
    private func leaveBehind(_ stuck: Suspension) {
        let old = loop.withLock { $0 }
        guard let old, !old.isStopping else { return }
        old.fence.raise()
        guard let journal else {
            let name = outlet.snapshot.strategy(stuck.strategy)?.registration.name ?? "\(stuck.strategy.rawValue)"
            return endTrading("strategy \(name): \(stuck.reason); a replay can't go on without it")
        }
        takeOver(stuck, journal)
    }

    /// Goes on with a new core, from the journal and without the strategy that is stuck.
    private func takeOver(_ stuck: Suspension, _ journal: Journal) {
        log.write(
            .error, "a strategy is stuck (\(stuck.reason)); the engine is rebuilt without it",
            at: configuration.clock.now())
        journal.requestCommit()
        _ = journal.waitUntilDurable(
            decisions: journal.last(.decisions), market: journal.last(.market), milliseconds: 500)
        let watched = WatchedBuild(builder: builder, recorder: recorder, budget: configuration.strategyBudget)
        do throws(EngineError) {
            let build = try watched.run(continues: true, suspensions: [stuck])
            build.core.checkpoints = checkpoints
            backtests.withLock { runner in if let runner { build.core.connect(runner) } }
            searches.withLock { runner in if let runner { build.core.connect(runner) } }
            build.core.searches = outlet.snapshot.searches
            build.core.backtests = outlet.snapshot.backtests
            build.core.tookOver(stuck, number: build.number ?? 0)
            try run(build.core, fence: build.fence)
        } catch {
            endTrading("it could not be rebuilt without a strategy that is stuck: \(error.description)")
        }
    }

    /// Nothing trades any more, and nobody may believe otherwise: whoever asks is told so, and so is every screen.
    private func endTrading(_ reason: String) {
        let now = configuration.clock.now()
        let text = "the engine has stopped: \(reason)"
        log.write(.error, text, at: now)
        log.flush()
        for item in inbox.close(text) {
            if case .request(let request, let origin, let reply) = item {
                inbox.refuse(request, origin: origin, text, reply)
            }
        }
        var snapshot = outlet.snapshot
        snapshot.generation += 1
        snapshot.health.engineProblem = reason
        snapshot.tradingState = .halted
        snapshot.log = log.newest.lines
        let alert = Alert(time: snapshot.time, priority: .critical, kind: "engine-stopped", text: text)
        let number = (snapshot.alerts.map(\.id).max() ?? 0) + 1
        snapshot.alerts.insert(AlertView(id: number, alert: alert, count: 1, state: .unacknowledged), at: 0)
        outlet.publish(snapshot)
    }

    // MARK: The end

    /// Ends what was opened for a start that failed.
    func abandon() {
        closeMarket()
        journal?.close(milliseconds: 1_000)
    }

    /// Lets what is under way come to its end, so that no order is left whose fate could be known.
    private func closeVenue() {
        guard let desk = builder.venueDesk else { return }
        let isClosed = DispatchSemaphore(value: 0)
        Task {
            await desk.close()
            isClosed.signal()
        }
        _ = isClosed.wait(timeout: .now() + .seconds(5))
    }

    private func closeMarket() {
        if case .live(let options) = configuration.feed { options.source.close() }
    }

    /// Ends everything: what was asked before is carried out, what is recorded is written.
    ///
    /// - Parameter flushesStore: whether the store gets the time to take what waits.
    func stop(flushesStore: Bool = true) {
        watch.withLock { $0 }?.stop()
        backtests.withLock { $0 }?.stop()
        searches.withLock { $0 }?.stop()
        rules.withLock { $0 }?.stop()
        loop.withLock { $0 }?.stop()
        closeMarket()
        closeVenue()
        checkpoints?.finish()
        if let journal, !journal.close(milliseconds: EngineHost.flushMilliseconds) {
            log.write(.error, "the journal did not take its last records; they are lost", at: configuration.clock.now())
        }
        if !recorder.stop(milliseconds: flushesStore ? EngineHost.flushMilliseconds : 1) {
            let left = recorder.backlog
            log.write(
                .error,
                journal == nil
                    ? "the store did not take the last \(left) rows; they are lost"
                    : "the store did not take the last \(left) rows; the next start takes them from the journal",
                at: configuration.clock.now())
        }
        log.flush()
    }
}
