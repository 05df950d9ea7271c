import Dispatch
import Glibc

/// The signals that mean something to an engine, held back while nobody listens to them.
///
/// A process has moments between two listeners: before the first, and between a screen that goes and the run without one.
/// A signal that meets its default action then ends the process, with orders open and nobody to cancel them. One that is
/// held back arrives at the next listener instead; a hang-up is never a reason to end.
enum HeldSignals {
    /// Those that a listener takes; see signal(7).
    private static let numbers = [SIGTERM, SIGINT, SIGUSR1]

    /// Holds them back in this thread and in all that it starts. Called before there are others, which a signal could
    /// choose.
    static func hold() {
        signal(SIGHUP, SIG_IGN)
        // A reader of a socket or of a pipe that went away is that reader's business.
        signal(SIGPIPE, SIG_IGN)
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Runs what comes before an engine trades: to be told to end ends the process at once, however long the start takes
    /// and whatever it waits for. An emergency stop stays held for whoever can carry it out.
    static func whileStarting<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            // What is on the disk by then is whole; that is what the journal is for.
            source.setEventHandler { _exit(128 + number) }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
        }
        return try body()
    }
}
