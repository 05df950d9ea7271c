import Glibc
import Synchronization

/// Threads of the operating system, for loops that must not share the pool of Swift's tasks.
enum EngineThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Faults of the thread itself: they must find their handlers, or a crash would leave the terminal as it is.
    private static let faults = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS]

    /// Starts a detached thread. Signals to the process are blocked in it, so that handlers run where the program wants
    /// them.
    ///
    /// - Throws: `EngineError.system` when the system has no thread left.
    static func start(_ run: @escaping @Sendable () -> Void) throws(EngineError) {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        for fault in faults { sigdelset(&all, fault) }
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                body.run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw .system(action: "start a thread", code: code)
        }
        pthread_detach(thread)
    }
}

/// Something that happens once and that threads can wait for.
final class FinishedFlag: Sendable {
    private let descriptors: Mutex<(read: Int32, write: Int32)>
    private let readEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        Descriptors.prepare(ends[0])
        Descriptors.prepare(ends[1])
        readEnd = ends[0]
        descriptors = Mutex((ends[0], ends[1]))
    }

    deinit {
        descriptors.withLock { ends in
            if ends.write >= 0 { close(ends.write) }
            close(ends.read)
        }
    }

    /// Says that it happened: closes the writing end, which makes the reading end readable for ever.
    func set() {
        descriptors.withLock { ends in
            if ends.write >= 0 { close(ends.write) }
            ends.write = -1
        }
    }

    /// Waits until it happened, or the time is over; true when it happened.
    @discardableResult
    func wait(milliseconds: Int32 = -1) -> Bool {
        var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) > 0
    }
}
