import Dispatch
public import Engine
import Glibc
import Synchronization
import Terminal

/// Shows the workstation until the person quits, the process is told to end, or the terminal goes away.
///
/// It blocks the calling thread, which becomes the one that owns the screen; the async form makes a thread of its own.
/// The engine goes on whatever happens here, and what becomes of it afterwards is the caller's business.
///
/// - Parameters:
///   - port: the engine.
///   - settings: look and behaviour.
/// - Returns: why it ended. The terminal is as it was.
public func runWorkstationBlocking(port: any EnginePort, settings: WorkstationSettings) -> ExitReason {
    var options = ScreenOptions(destination: settings.destination)
    options.colorDepth = settings.colorDepth
    options.logPath = settings.logPath
    let screen: Screen
    do throws(ScreenError) {
        screen = try Screen.open(options)
    } catch {
        return .failed(error.description)
    }
    defer { screen.close() }
    let mailbox = Mailbox()
    let stop = settings.handlesStopSignal ? StopSignal(port, mailbox) : nil
    defer { stop?.cancel() }
    return RunLoop(port, settings, screen, mailbox).run()
}

/// Shows the workstation on a thread of its own; see `runWorkstationBlocking(port:settings:)`.
public func runWorkstation(port: any EnginePort, settings: WorkstationSettings) async -> ExitReason {
    await withCheckedContinuation { continuation in
        ScreenThread.start { continuation.resume(returning: runWorkstationBlocking(port: port, settings: settings)) }
    }
}

/// SIGUSR1 while the screen is up: the emergency stop, asked for on a thread that no frozen terminal can hold up.
private final class StopSignal {
    private let source: any DispatchSourceSignal
    /// The former action; `nil` where the signal was held back, which it stays: ignoring it would lose one that waits.
    private let former: sighandler_t?

    init(_ port: any EnginePort, _ mailbox: Mailbox) {
        var held = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &held)
        former = sigismember(&held, SIGUSR1) == 1 ? nil : signal(SIGUSR1, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGUSR1, queue: .global(qos: .userInteractive))
        source.setEventHandler {
            port.send(.halt(origin: "signal"))
            port.send(.emergencyStop(keepsProtection: false, origin: "signal"))
            mailbox.put(.outsideStop)
        }
        source.resume()
    }

    func cancel() {
        source.cancel()
        if let former { signal(SIGUSR1, former) }
    }
}

/// A thread with a known stack, for the screen.
private enum ScreenThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // Drawing is shallow; this is the usual stack of a main thread, whatever the limits say.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body)).toOpaque()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work)
        pthread_attr_destroy(&attributes)
        // Without a thread there is no screen; the caller's own thread is better than nothing.
        if status != 0 { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
    }
}
