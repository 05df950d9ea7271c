import Engine
import Glibc
import Settings
import Storage
import Terminal
import Workstation

/// One run of the workstation: engine and screen, from the first check to the last line.
struct WorkstationSession {
    let options: WorkstationOptions

    /// Runs until the person quits or the process is told to end.
    func run() throws {
        try checkTerminal()
        let settings = try options.applied(to: options.configuration.settings())
        let directory = options.data.directory
        let interrupted = EngineLock.interruptedEngine(in: directory)
        let engine = try start(settings, directory)
        // A reader of the control socket or of a pipe that went away is that reader's business.
        signal(SIGPIPE, SIG_IGN)
        var screen = try screenSettings(settings, directory)
        if let interrupted {
            screen.notices.append(
                "The last session (process \(interrupted)) did not end in order; its account was restored")
        }
        prune(settings, directory)
        let reason = runWorkstationBlocking(port: engine, settings: screen)
        try end(engine, reason)
    }

    /// Says in one line why there can be no screen, before anything is started.
    private func checkTerminal() throws {
        do throws(ScreenError) {
            try Screen.check()
        } catch {
            throw CommandFailure(
                .unavailable, "\(error.description); 'wick --help' lists the commands that need no screen")
        }
    }

    private func start(_ settings: WickSettings, _ directory: DataDirectory) throws -> Engine {
        do throws(EngineError) {
            return try Engine.start(EngineConfiguration(settings, directory: directory))
        } catch {
            if case .alreadyRunning = error, let process = EngineLock.runningEngine(in: directory) {
                throw CommandFailure(
                    .temporary,
                    "an engine is running on '\(directory.path)' already (process \(process)); use its screen, end it "
                        + "with 'kill \(process)', or give this one a directory of its own with --data-dir")
            }
            throw error
        }
    }

    private func screenSettings(_ settings: WickSettings, _ directory: DataDirectory) throws -> WorkstationSettings {
        let kept = KeptPreferences(store: try Store(directory: directory))
        var screen = WorkstationSettings()
        screen.preferences = kept.preferences
        if let theme = settings.screen.theme { screen.preferences.theme = theme }
        if let layout = settings.screen.layout { screen.preferences.layout = layout }
        screen.save = { kept.save($0) }
        screen.themeDirectories = options.share.themeLibrary.directories
        screen.colorDepth = settings.screen.depth
        screen.isASCII = settings.screen.isASCII
        screen.graph = settings.screen.glyphs
        screen.framesPerSecond = settings.screen.framesPerSecond
        screen.keys = settings.keys
        screen.logPath = directory.file("output.log")
        return screen
    }

    /// Forgets what is older than the configuration wants, beside the start.
    private func prune(_ settings: WickSettings, _ directory: DataDirectory) {
        guard let days = settings.storage.retentionDays else { return }
        let limit = Environment.now.adding(seconds: -Int64(days) * 86_400)
        Background.run {
            guard let store = try? Store(directory: directory) else { return }
            _ = try? store.prune(before: limit)
        }
    }

    private func end(_ engine: Engine, _ reason: ExitReason) throws {
        switch reason {
        case .quit:
            finish(engine)
        case .signal(let number):
            finish(engine)
            exit(128 + number)
        case .hangUp:
            OrderlyEnd.goOnWithoutTerminal(engine)
        case .failed(let text):
            engine.stop()
            throw CommandFailure(.unavailable, text)
        }
    }

    /// Stops the engine and says in a line what stays.
    private func finish(_ engine: Engine) {
        engine.stop()
        let snapshot = engine.snapshot
        let orders = snapshot.orders.count { !$0.order.state.isClosed }
        let equity = snapshot.account.equity
        var text = "wick: stopped; equity \(equity.text(decimals: 2)) \(equity.currency.code)"
        if case .replay = snapshot.source {
            return Output.line(text + "; the replay's account ends with it")
        }
        text += "; positions open: \(snapshot.positions.count), orders open: \(orders); all stay as they are"
        if snapshot.tradingState == .halted { text += "; the emergency stop holds until 'wick rearm'" }
        Output.line(text)
    }
}
