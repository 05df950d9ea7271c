import CJournal
import Glibc

/// A thread of the operating system.
enum JournalThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread in which signals to the process are blocked: handlers run where the program wants them.
    /// Faults of the thread itself still find theirs.
    static func start(isBackground: Bool = false, _ run: @escaping @Sendable () -> Void) throws(JournalError) {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS] { sigdelset(&all, fault) }
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let body = Unmanaged.passRetained(
            Body {
                if isBackground { cjournal_give_way() }
                run()
            })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw JournalError(FileFailure("start a thread", code: code), "journal")
        }
        pthread_detach(thread)
    }
}
