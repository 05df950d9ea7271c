import Bytes
import Glibc
import Synchronization
public import Trading

/// An engine of another process, by its screen socket: for the workstation it is an engine like its own.
///
/// A thread of its own reads what the engine says; nobody waits for the other. When the connection is lost the last
/// snapshot stays, `link` says that it is not live any more, and the engine is looked for once a second.
public final class RemoteEngine: EnginePort {
    let state: Mutex<RemoteState>
    private let wake: WakeDescriptor
    private let outgoing: WakeDescriptor
    private let isClosing = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// Attaches to the engine that runs on a data directory.
    ///
    /// - Parameters:
    ///   - dataDirectory: the engine's data directory.
    ///   - wish: what the screen wants to do.
    ///   - place: where the screen is, `pts/4`.
    ///   - timeoutSeconds: how long the first snapshot may take.
    /// - Throws: `AttachError`, what happened and what to do.
    public init(
        dataDirectory: String, wish: ScreenWish, place: String, timeoutSeconds: Double = 10
    ) throws(AttachError) {
        do throws(EngineError) {
            wake = try WakeDescriptor()
            outgoing = try WakeDescriptor()
        } catch {
            throw .unreachable(reason: error.description)
        }
        let link = try RemoteLink(
            directory: dataDirectory, hello: ScreenHello(wish: wish, place: place), timeoutSeconds: timeoutSeconds)
        // Whoever took control once does not take it again because a connection broke.
        let later = ScreenHello(wish: wish == .take ? .control : wish, place: place)
        state = Mutex(RemoteState(link.welcome, link.snapshot))
        let box = TransferBox(link)
        do throws(EngineError) {
            try EngineThread.start { [self] in run(box.value, directory: dataDirectory, later: later) }
        } catch {
            throw .unreachable(reason: error.description)
        }
    }

    /// Says goodbye and ends the thread; calling it again does nothing.
    public func close() {
        if isClosing.exchange(true, ordering: .acquiringAndReleasing) { return }
        outgoing.signal()
        finished.wait(milliseconds: 2_000)
    }

    /// Asks the engine to end in order, and waits until it is gone.
    ///
    /// - Returns: whether it went in time.
    public func endEngine(timeoutSeconds: Double) -> Bool {
        say(.endEngine)
        let deadline = EngineClock.monotonic() + Int64(timeoutSeconds * 1e9)
        while EngineClock.monotonic() < deadline {
            if state.withLock({ $0.hasEnded || !$0.isConnected }) { return true }
            wake.wait(milliseconds: 50)
        }
        return false
    }

    /// The engine's process.
    public var process: Int32 { state.withLock { $0.process } }

    // MARK: EnginePort

    /// The newest snapshot that came.
    public var snapshot: Snapshot { state.withLock { $0.snapshot } }
    /// Readable when a newer snapshot came, or the link changed.
    public var wakeDescriptor: Int32 { wake.readEnd }
    /// Makes the wake descriptor quiet.
    public func drainWake() { wake.drain() }
    /// The strategy classes of the engine.
    public var strategyClasses: [StrategyDescriptor] { state.withLock { $0.classes } }
    /// How the screen stands to the engine.
    public var link: ScreenLink { state.withLock { $0.link(monotonic: EngineClock.monotonic()) } }
    /// What the last screen looked like when this one attached.
    public var keptView: [UInt8]? { state.withLock { $0.view } }
    /// Says what the next screen is to look like.
    public func keepView(_ bytes: [UInt8]) { say(.keepView(bytes)) }

    /// Asks for something; refused at once while the engine is not heard, because nobody would know whether it was done.
    public func send(_ request: EngineRequest, reply: (@Sendable (EngineReply) -> Void)?) {
        let refusal = state.withLock { $0.ask(request, reply) }
        if let refusal { reply?(.refused(refusal)) } else { outgoing.signal() }
    }

    /// The stored series, as the engine names them; those of the last time when it takes longer than a second.
    public func storedSeries() -> [StoredSeries] {
        guard let number = state.withLock({ $0.askForSeries() }) else { return state.withLock { $0.series } }
        outgoing.signal()
        let deadline = EngineClock.monotonic() + 1_000_000_000
        while EngineClock.monotonic() < deadline, state.withLock({ $0.awaitedSeries == number }) { usleep(2_000) }
        return state.withLock { $0.series }
    }

    private func say(_ request: ScreenRequest) {
        state.withLock { $0.say(request) }
        outgoing.signal()
    }

    // MARK: The thread

    private func run(_ first: RemoteLink, directory: String, later: ScreenHello) {
        var link: RemoteLink? = first
        while !isClosing.load(ordering: .acquiring) {
            if let current = link {
                let reason = serve(current)
                link = nil
                lose(reason)
            } else {
                outgoing.wait(milliseconds: 1_000)
                guard !isClosing.load(ordering: .acquiring) else { break }
                link = try? RemoteLink(directory: directory, hello: later, timeoutSeconds: 5)
                if let link { state.withLock { $0.reconnect(link.welcome, link.snapshot) } }
            }
            wake.signal()
        }
        link?.sayGoodbye()
        finished.set()
    }

    private func lose(_ reason: String) {
        for reply in state.withLock({ $0.lose(reason) }) {
            reply(.refused("the engine went before it answered; look whether it was done before asking again"))
        }
    }

    /// Reads and writes until the connection is over.
    ///
    /// - Returns: why it is.
    private func serve(_ link: RemoteLink) -> String {
        while true {
            if isClosing.load(ordering: .acquiring) {
                link.queue(state.withLock { $0.takeOutput() })
                link.sayGoodbye()
                return "closed"
            }
            link.queue(state.withLock { $0.takeOutput() })
            do throws(AttachError) {
                try link.flush()
                try link.wait(orFor: outgoing)
                while let answer = try link.next() {
                    if let end = take(answer, link) { return end }
                }
            } catch {
                return error.description
            }
        }
    }

    private func take(_ answer: ScreenAnswer, _ link: RemoteLink) -> String? {
        defer { wake.signal() }
        switch answer {
        case .snapshot(let bytes):
            var reader = ByteReader(bytes)
            do {
                let snapshot = try SnapshotDelta.read(&reader, applyingTo: link.snapshot)
                link.snapshot = snapshot
                state.withLock { $0.take(snapshot) }
                link.queue([.next])
            } catch {
                return "a snapshot can't be read: \(error.description)"
            }
        case .reply(let number, let reply): state.withLock { $0.takeReply(number) }?(reply)
        case .role(let role): state.withLock { $0.role = role }
        case .series(let number, let series): state.withLock { $0.take(series, number) }
        case .end(let text):
            state.withLock { $0.hasEnded = true }
            return text
        case .refusal(let text): return text
        case .welcome: return "the engine said welcome twice"
        }
        return nil
    }
}

/// Why a screen could not attach.
public enum AttachError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No engine runs there, or one without a socket.
    case noEngine(directory: String)
    /// The engine won't have this screen, with its reason.
    case refused(String)
    /// The socket can't be used.
    case unreachable(reason: String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noEngine(let directory):
            "no engine is running on '\(directory)'; start one with 'wick' or 'wick engine', or name its directory with "
                + "--data-dir"
        case .refused(let reason): reason
        case .unreachable(let reason): "the engine can't be reached: \(reason)"
        }
    }
}
