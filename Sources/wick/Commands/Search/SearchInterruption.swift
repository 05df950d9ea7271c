import Dispatch
import Glibc
import Synchronization

/// Lets a search end in order when it is told to with SIGINT (Ctrl-C) or SIGTERM.
final class SearchInterruption {
    /// Whether it was told to end; any thread may look.
    final class Flag: Sendable {
        private let value = Atomic<Bool>(false)

        var isRaised: Bool { value.load(ordering: .relaxed) }
        fileprivate func raise() { value.store(true, ordering: .relaxed) }
    }

    let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    /// From here on the signals no longer end the process, they are remembered.
    init() {
        let flag = flag
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.raise() }
            source.resume()
            return source
        }
    }
}
