import Market
import Network
import Synchronization

/// Keeps a connection to the account's events for as long as somebody listens.
///
/// A connection that is lost is made again, at once and then with growing pauses. Nothing is told again by the venue, so
/// that every new connection begins with a gap: whoever listens compares everything then. Before the venue cuts a connection
/// at 24 hours another takes its place; the new one stands before the old one goes.
final class UserDataFeed: Sendable {
    /// What it needs.
    struct Setup: Sendable {
        var access: BinanceSpotAccess
        var options: WebSocketOptions
        var instruments: [String: Instrument]
        /// How long a connection lasts before another takes its place.
        var lifetime: Duration
        /// How long an answer may take.
        var answerTime: Duration
        var time: NetworkTime
        /// What everything that this address asks of the venue passes.
        var gate: RequestGate
        /// The venue's time in milliseconds.
        var venueTime: @Sendable () -> Int64?
        /// Asks for the venue's time.
        var synchronize: @Sendable () async -> Void
    }

    /// What it tells.
    enum News: Sendable {
        case event(UserEvent)
        case lost(String)
        case gap(StreamGap)
    }

    /// What wakes the task that keeps the connection.
    private enum Signal: Sendable {
        case ended(Int, String)
        case again(Int, StreamGap.Reason, String)
        case rotate(Int, String)
    }

    /// How long connections must last for the next to be made at once when they are lost.
    private static let steady = Duration.seconds(30)

    private let setup: Setup
    private let tell: @Sendable (News) -> Void
    private let links: UserDataLinks
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let signals: AsyncStream<Signal>
    private let signal: AsyncStream<Signal>.Continuation

    init(_ setup: Setup, _ tell: @escaping @Sendable (News) -> Void) {
        self.setup = setup
        self.tell = tell
        links = UserDataLinks(tell)
        (signals, signal) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .unbounded)
    }

    /// Begins.
    func start() {
        task.withLock { task in
            if task == nil { task = Task { await self.run() } }
        }
    }

    /// Ends it; nothing is told after this has returned.
    func stop() async {
        cancel()
        await task.withLock { $0 }?.value
    }

    /// Begins to end it.
    func cancel() {
        task.withLock { $0 }?.cancel()
        signal.finish()
    }

    /// Makes the connection anew, because something that happened was not told.
    func renew(_ words: String) {
        let current = links.current
        links.fell(current, words)
        signal.yield(.again(current, .deaf, words))
    }

    // MARK: - The task

    private struct Numbered {
        var number: Int
        var connection: UserDataConnection
    }

    private func run() async {
        var reason = StreamGap.Reason.start
        var words = "nothing was heard before"
        var current: Numbered?
        var timer: Task<Void, Never>?
        var iterator = signals.makeAsyncIterator()
        var backoff = Backoff()
        while let next = await connect(&backoff) {
            let began = setup.time.now()
            timer?.cancel()
            let old = current
            current = next
            links.begin(next.number, reason, words)
            await old?.connection.close()
            timer = rotation(next.number)
            (reason, words) = await end(of: next.number, &iterator)
            // One that ended as soon as it stood is no better than one that never did.
            if reason == .rotated || setup.time.now() - began >= UserDataFeed.steady { backoff = Backoff() }
            // Whatever an old connection still brings, the gap covers it. Only one that is merely old goes on meanwhile.
            guard reason != .rotated else {
                links.stand()
                continue
            }
            await next.connection.close()
            current = nil
        }
        timer?.cancel()
        await current?.connection.close()
    }

    /// Waits for what ends the time of a connection.
    private func end(
        of number: Int, _ iterator: inout AsyncStream<Signal>.Iterator
    ) async -> (StreamGap.Reason, String) {
        while let signal = await iterator.next() {
            switch signal {
            case .ended(number, let words):
                tell(.lost(words))
                return (.reconnected, words)
            case .again(number, let reason, let words):
                tell(.lost(words))
                return (reason, words)
            case .rotate(number, let words): return (.rotated, words)
            // Of a connection that does not count any more.
            case .ended, .again, .rotate: continue
            }
        }
        return (.reconnected, "it was stopped")
    }

    private func rotation(_ number: Int) -> Task<Void, Never> {
        let deadline = setup.time.now() + setup.lifetime
        return Task { [setup, signal] in
            do { try await setup.time.wait(deadline) } catch { return }
            signal.yield(.rotate(number, "the connection was old"))
        }
    }

    /// Connects, however often it takes; `nil` when it is stopped.
    private func connect(_ backoff: inout Backoff) async -> Numbered? {
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            await pause(backoff.next(using: &random))
            if Task.isCancelled { return nil }
            guard await isAdmitted() else { return nil }
            if setup.venueTime() == nil { await setup.synchronize() }
            let number = links.next()
            do throws(UserDataConnection.Trouble) {
                let connection = try await UserDataConnection.open(
                    setup.access, setup.options, setup.instruments, at: setup.venueTime,
                    patience: { [self] in await pause(setup.answerTime) }
                ) { [weak self] news in self?.take(number, news) }
                return Numbered(number: number, connection: connection)
            } catch {
                links.miss(error.words)
                if error.isClock { await setup.synchronize() }
                let rest = error.pause ?? .zero
                if let reason = error.refusal {
                    // Requests must wait, too, cancels not least: answers to more would be a longer ban.
                    setup.gate.refused(RequestPause(reason: reason, until: setup.time.now() + rest))
                }
                await pause(rest)
            }
        }
        return nil
    }

    /// Waits until the venue takes another connection from this address; `false` when it is stopped before.
    private func isAdmitted() async -> Bool {
        var told: RequestPause.Reason?
        while !Task.isCancelled {
            let weight = UserDataConnection.weight(setup.access.signer.kind)
            guard let pause = setup.gate.admit(weight, .question, at: setup.time.now()) else { return true }
            if told != pause.reason { links.miss("waiting: \(pause.reason)") }
            told = pause.reason
            try? await setup.time.wait(pause.until)
        }
        return false
    }

    private func pause(_ duration: Duration) async {
        if duration > .zero { try? await setup.time.wait(setup.time.now() + duration) }
    }

    // MARK: - What connections tell

    private func take(_ number: Int, _ news: UserDataConnection.News) {
        switch news {
        case .ended(let words):
            links.fell(number, words)
            signal.yield(.ended(number, words))
        case .event(.terminated):
            links.fell(number, "the venue ended the stream")
            signal.yield(.again(number, .terminated, "the venue ended the stream"))
        case .event(.shutdown): signal.yield(.rotate(number, "the server announced its end"))
        case .event(let event): links.hear(event)
        case .damaged(let words): links.damage(number, words)
        }
    }
}
