import Dispatch
import Engine
import Glibc

/// Work beside the main thread.
enum Background {
    /// Runs something on a thread of its own.
    static func run(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue.global(qos: .utility).async(execute: body)
    }
}

/// The engine without a screen.
enum OrderlyEnd {
    /// The terminal is gone, the trades are not: the engine goes on until the process is told to end. `wick` commands
    /// reach it meanwhile.
    static func goOnWithoutTerminal(_ engine: Engine) {
        let null = open("/dev/null", O_RDWR)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(null, descriptor) }
        let end = DispatchSemaphore(value: 0)
        let sources = [SIGTERM, SIGINT, SIGUSR1].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if number == SIGUSR1 { engine.requestEmergencyStop(origin: "signal") } else { end.signal() }
            }
            source.resume()
            return source
        }
        signal(SIGHUP, SIG_IGN)
        end.wait()
        for source in sources { source.cancel() }
        engine.stop()
    }
}
