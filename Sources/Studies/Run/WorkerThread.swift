import Glibc

/// How much of the machine a search may take.
public enum WorkerPriority: Sendable, Hashable {
    /// As much as any program.
    case normal
    /// What others leave: its threads step back behind every thread of the system that wants a processor.
    case low
}

/// Threads of the operating system with a priority of their own.
///
/// A thread can't take back that it stepped back, so it must be none that anybody else uses later, as those of a pool are.
public enum WorkerThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread that steps back; false when the system has none left.
    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                WorkerThread.stepBack()
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Lets every other thread go before this one, for ever. On Linux the nice value is a thread's own.
    public static func stepBack() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 15) }
}
