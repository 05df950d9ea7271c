import Dispatch
import Doctor
import Glibc
import Synchronization

/// Notes that somebody wants an end, instead of ending.
final class Interruption: Sendable {
    private let first = Mutex<Int32?>(nil)

    /// The signal that came first; `nil` while none did.
    var signal: Int32? { first.withLock { $0 } }

    /// Does something during which signals are noted; they are held back before (`HeldSignals.hold`).
    func noting<Result>(_ body: () throws -> Result) rethrows -> Result {
        let sources = [SIGINT, SIGTERM].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { self.note(number) }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
        }
        return try body()
    }

    private func note(_ number: Int32) {
        let isFirst = first.withLock { first in
            defer { first = first ?? number }
            return first == nil
        }
        if isFirst { Output.error("\nwick: ending; an order that is open is taken back first") }
    }
}

/// The end of a process that was told to end and did what had to be done before.
enum OrderlyExit {
    static func end(by signal: Int32) -> Never { exit(128 + signal) }
}

/// The step that is shown while the doctor works; nothing while a person is asked.
final class ShownStep: Sendable {
    private let state = Mutex<(step: String, isAsking: Bool)>(("", false))

    func tell(_ step: String) { state.withLock { $0.step = step } }

    /// What to show; `nil` for nothing.
    var step: String? { state.withLock { $0.isAsking ? nil : $0.step } }

    /// Does something during which nothing else is to be shown.
    func whileAsking<Result>(_ body: () -> Result) -> Result {
        state.withLock { $0.isAsking = true }
        defer { state.withLock { $0.isAsking = false } }
        // What is shown goes away within a tenth of a second.
        usleep(250_000)
        return body()
    }
}

/// Asks whether an order with real money is meant.
enum Confirmation {
    /// What has to be typed.
    static let word = "LIVE"

    /// Whether a person at the terminal typed the word.
    ///
    /// - Parameter isOver: whether nobody waits for the answer any more.
    static func ask(_ far: FarOrder, _ server: String, until isOver: () -> Bool) -> Bool {
        guard Output.canAsk else {
            Output.error("wick: there is no terminal to confirm an order with real money at; none is placed")
            return false
        }
        Output.progress(
            "REAL MONEY at \(server): \(far.order.instrument.symbol), \(far.words).\nIt is cancelled at once. Type \(word) "
                + "to place it, anything else leaves it out: ")
        return line(until: isOver) == word
    }

    /// A line that is typed; `nil` at the end of input, or when nobody waits for it any more.
    static func line(from terminal: Int32 = STDIN_FILENO, until isOver: () -> Bool) -> String? {
        var bytes: [UInt8] = []
        while !isOver() {
            var wanted = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            // Signals are held back and do not end a wait, so it ends by itself.
            guard poll(&wanted, 1, 100) > 0 else { continue }
            var byte: UInt8 = 0
            guard read(terminal, &byte, 1) == 1 else { return nil }
            if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
            guard bytes.count < 256 else { return nil }
            bytes.append(byte)
        }
        return nil
    }
}
