import Dispatch
import Engine
import Glibc
import Synchronization

/// An engine without a screen: goes on until the process is told to end, or until a market that has an end has come to it.
/// Screens and commands reach it by its sockets.
///
/// SIGTERM and SIGINT end it in order, SIGUSR1 is the emergency stop, SIGHUP means nothing.
final class HeadlessRun {
    private let engine: Engine
    private let manager: ServiceManager?
    private let end = EndRequest()
    private let sources: [any DispatchSourceSignal]

    /// A run that listens to signals from now on.
    ///
    /// - Precondition: they were held back until now, see ``HeldSignals``.
    /// - Parameter manager: who is told how it is.
    init(_ engine: Engine, manager: ServiceManager? = nil) {
        self.engine = engine
        self.manager = manager
        let end = end
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGUSR1, "SIGUSR1")].map { number, name in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if number == SIGUSR1 {
                    engine.requestEmergencyStop(origin: "signal")
                } else {
                    end.ask("told by \(name)")
                }
            }
            source.resume()
            return source
        }
        engine.screens.whenAskedToEnd { end.ask("asked by \($0)") }
        engine.whenMarketFinishes { end.ask("the market is over") }
    }

    /// Waits until somebody ends it, and stops the engine: orders and positions stay as they are.
    ///
    /// - Parameter report: is told what a person should know, a line each.
    func wait(_ report: @escaping @Sendable (String) -> Void = { _ in }) {
        let pulse = EnginePulse(engine, manager, report)
        pulse.start()
        manager?.say("READY=1", "STATUS=\(pulse.status)")
        let reason = end.wait()
        pulse.stop()
        report("stopping: \(reason)")
        manager?.say("STOPPING=1", "STATUS=stopping: \(reason)")
        engine.stop()
        for source in sources { source.cancel() }
    }
}

/// Somebody's wish that the process ends; the first reason counts.
private final class EndRequest: Sendable {
    private let isAsked = DispatchSemaphore(value: 0)
    private let reason = Mutex<String?>(nil)

    func ask(_ text: String) {
        reason.withLock { $0 = $0 ?? text }
        isAsked.signal()
    }

    /// Waits for it and gives the reason.
    func wait() -> String {
        isAsked.wait()
        return reason.withLock { $0 } ?? ""
    }
}
