import Engine
import Glibc
import Journal
import Keys
import Settings
import Storage
import Terminal
import Workstation

/// One run of the workstation: engine and screen, from the first check to the last line.
struct WorkstationSession {
    let options: WorkstationOptions

    /// Runs until the person quits or the process is told to end.
    func run() throws {
        try WorkstationSession.checkTerminal()
        let settings = try options.applied(to: options.configuration.settings())
        let directory = options.data.directory
        // Before anything has a thread: what follows must be able to leave the terminal.
        // The keeper opens no keys.
        Keeper.split { PassphraseSource.forget() }
        HeldSignals.hold()
        let interrupted = EngineLock.interruptedEngine(in: directory)
        let (engine, notice) = try WorkstationSession.start(settings, directory, options.damage)
        var look = ScreenLook.settings(settings, directory, options.look.share)
        look.departure = departure(settings)
        if let interrupted {
            look.notices.append(
                "The last session (process \(interrupted)) did not end in order; its account was restored")
        }
        if let notice { look.notices.append(notice) }
        WorkstationSession.prune(settings, directory)
        let screen = LocalScreen(engine)
        let reason = runWorkstationBlocking(port: screen, settings: look)
        screen.close()
        try end(engine, reason)
    }

    /// What the screen offers to whoever wants to leave it.
    private func departure(_ settings: WickSettings) -> WorkstationSettings.Departure {
        if settings.feed.source == .replay {
            return .endsEngine(why: "A replay can't detach: its account ends with it.")
        }
        return Keeper.isPresent ? .detaches : .endsEngine(why: "This process can't detach: it has no keeper.")
    }

    /// Says in one line why there can be no screen, before anything is started.
    static func checkTerminal() throws {
        do throws(ScreenError) {
            try Screen.check()
        } catch {
            throw CommandFailure(
                .unavailable, "\(error.description); 'wick --help' lists the commands that need no screen")
        }
    }

    /// Starts the engine of a directory; says in a line what a person should know of its market.
    static func start(
        _ settings: WickSettings, _ directory: DataDirectory, _ damage: DamageOptions
    ) throws -> (engine: Engine, notice: String?) {
        // Before anything is asked of a venue.
        if let process = EngineLock.runningEngine(in: directory) { throw alreadyRunning(process, directory) }
        let opening = try TradingOpening(settings, directory)
        // On paper nobody has asked for it, and an engine goes on for months.
        PassphraseSource.forget()
        let market = try MarketOpening.open(
            opening?.settings ?? settings, directory, as: opening?.account ?? MarketOpening.account)
        var configuration = EngineConfiguration(settings, directory: directory, on: market.feed)
        try opening?.complete(&configuration)
        configuration.journal.override = damage.acceptJournalDamage.map {
            JournalOverride(origin: "command line", reason: $0)
        }
        do throws(EngineError) {
            let start = configuration
            let engine = try HeldSignals.whileStarting { () throws(EngineError) in try Engine.start(start) }
            return (engine, market.notice)
        } catch {
            if case .alreadyRunning = error, let process = EngineLock.runningEngine(in: directory) {
                throw alreadyRunning(process, directory)
            }
            throw error
        }
    }

    private static func alreadyRunning(_ process: Int32, _ directory: DataDirectory) -> CommandFailure {
        CommandFailure(
            .temporary,
            "an engine is running on '\(directory.path)' already (process \(process)); see it with "
                + "'wick attach', end it with 'kill \(process)', or give this one a directory of its own with --data-dir"
        )
    }

    /// Forgets what is older than the configuration wants, beside the start. Not in a market with a time of its own: what
    /// is new there may be years old by the clock.
    static func prune(_ settings: WickSettings, _ directory: DataDirectory) {
        let hasOwnTime = settings.feed.source != .replay && settings.feed.from != nil
        guard let days = settings.storage.retentionDays, !hasOwnTime else { return }
        let limit = Environment.now.adding(seconds: -Int64(days) * 86_400)
        let directories = Set([directory, directory.account(named: directory.lastAccount)])
        Background.run {
            for directory in directories {
                guard let store = try? Store(directory: directory) else { continue }
                _ = try? store.prune(before: limit)
            }
        }
    }

    private func end(_ engine: Engine, _ reason: ExitReason) throws {
        switch reason {
        case .quit:
            Output.line(OrderlyEnd.finish(engine))
        case .signal(let number):
            Output.line(OrderlyEnd.finish(engine))
            exit(128 + number)
        case .detach:
            detach(engine)
        case .hangUp:
            let run = HeadlessRun(engine)
            Keeper.outlive()
            OrderlyEnd.letGoOfTerminal()
            engine.reportLostScreen()
            run.wait()
        case .failed(let text):
            engine.stop()
            throw CommandFailure(.unavailable, text)
        }
    }

    /// Gives the terminal back to the shell and goes on without it.
    private func detach(_ engine: Engine) {
        let run = HeadlessRun(engine)
        let attach = options.data.dataDirectory.map { "wick attach --data-dir \($0)" } ?? "wick attach"
        let error = Keeper.part(saying: "wick: detached; engine \(getpid()) goes on: \(attach)")
        if error != 0 {
            // Nothing was let go of: the shell goes on waiting, and the engine with it.
            Output.error(
                "wick: the engine can't leave the terminal: \(String(cString: strerror(error))); it goes on here")
        }
        run.wait()
    }
}
