import Engine
import Glibc
import Settings
import Storage
import Workstation

/// One screen on an engine of another process.
struct AttachSession {
    let wish: ScreenWish
    let configuration: ConfigurationOptions
    let data: DataOptions
    let look: LookOptions

    /// Runs until the person leaves.
    func run() throws {
        try WorkstationSession.checkTerminal()
        var settings = try configuration.settings()
        var problems: [String] = []
        look.apply(to: &settings.screen, &problems)
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        let directory = data.directory
        signal(SIGPIPE, SIG_IGN)
        let engine: RemoteEngine
        do throws(AttachError) {
            engine = try RemoteEngine(dataDirectory: directory.path, wish: wish, place: place)
        } catch {
            throw failure(error, directory)
        }
        var screen = ScreenLook.settings(settings, directory, look.share)
        screen.departure = .leaves(engine: engine.process)
        screen.keepsTheme = look.theme != nil
        // Screens log beside each other.
        screen.logPath = directory.file("screen.log")
        try end(engine, runWorkstationBlocking(port: engine, settings: screen))
    }

    /// Where the screen is, `pts/4`.
    private var place: String {
        guard let name = ttyname(STDIN_FILENO) else { return "" }
        let path = String(cString: name)
        return path.hasPrefix("/dev/") ? String(path.dropFirst(5)) : path
    }

    private func failure(_ error: AttachError, _ directory: DataDirectory) -> CommandFailure {
        if case .noEngine = error, let process = EngineLock.runningEngine(in: directory) {
            return CommandFailure(
                .unavailable,
                "process \(process) runs an engine on '\(directory.path)', but takes no screens: 'wick health check' may "
                    + "say why")
        }
        return CommandFailure(.unavailable, error.description)
    }

    private func end(_ engine: RemoteEngine, _ reason: ExitReason) throws {
        switch reason {
        case .detach:
            let isLost = engine.link.lostSeconds != nil
            engine.close()
            Output.line(isLost ? "wick: left" : "wick: left; engine \(engine.process) goes on")
        case .quit:
            guard engine.endEngine(timeoutSeconds: 30) else {
                engine.close()
                throw CommandFailure(
                    .temporary, "engine \(engine.process) was asked to end and is still there after 30 seconds")
            }
            engine.close()
            Output.line(OrderlyEnd.sentence(engine.snapshot))
        case .signal(let number):
            engine.close()
            exit(128 + number)
        case .hangUp: exit(128 + SIGHUP)
        case .failed(let text):
            engine.close()
            throw CommandFailure(.unavailable, text)
        }
    }
}
