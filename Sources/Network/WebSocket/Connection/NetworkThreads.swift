import Glibc
import NIOCore
import NIOPosix

/// The threads that all WebSockets of the process share, so that a busy stream and the orders beside it need not wait
/// for each other. Started with the first connection; they stay as long as the process.
enum NetworkThreads {
    private static let group = started()

    /// The thread for a new connection.
    static func next() -> any EventLoop { group.next() }

    private static func started() -> MultiThreadedEventLoopGroup {
        // Threads inherit what is blocked: handlers of signals run where the program wants them, not here.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS] { sigdelset(&all, fault) }
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return MultiThreadedEventLoopGroup(numberOfThreads: 2)
    }
}
