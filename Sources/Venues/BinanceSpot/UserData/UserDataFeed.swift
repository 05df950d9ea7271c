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

    private struct State {
        /// The connection that counts, and the last that was tried.
        var current = 0
        var lastNumber = 0
        /// The venue's time of the last event.
        var last: Timestamp?
    }

    /// How long connections must last for the next to be made at once when they are lost.
    private static let steady = Duration.seconds(30)

    private let setup: Setup
    private let tell: @Sendable (News) -> Void
    private let state = Mutex(State())
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let signals: AsyncStream<Signal>
    private let signal: AsyncStream<Signal>.Continuation

    init(_ setup: Setup, _ tell: @escaping @Sendable (News) -> Void) {
        self.setup = setup
        self.tell = tell
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
        signal.yield(.again(state.withLock { $0.current }, .deaf, words))
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
            let since = state.withLock { state in
                state.current = next.number
                return state.last
            }
            tell(.gap(StreamGap(reason, since: since, words: words)))
            await old?.connection.close()
            timer = rotation(next.number)
            (reason, words) = await end(of: next.number, &iterator)
            // One that ended as soon as it stood is no better than one that never did.
            if reason == .rotated || setup.time.now() - began >= UserDataFeed.steady { backoff = Backoff() }
            // Whatever an old connection still brings, the gap covers it. Only one that is merely old goes on meanwhile.
            guard reason != .rotated else { continue }
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
            let number = state.withLock { state in
                state.lastNumber += 1
                return state.lastNumber
            }
            do throws(UserDataConnection.Trouble) {
                let connection = try await UserDataConnection.open(
                    setup.access, setup.options, setup.instruments, at: setup.venueTime,
                    patience: { [self] in await pause(setup.answerTime) }
                ) { [weak self] news in self?.take(number, news) }
                return Numbered(number: number, connection: connection)
            } catch {
                tell(.lost(error.words))
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
            if told != pause.reason { tell(.lost("waiting: \(pause.reason)")) }
            told = pause.reason
            try? await setup.time.wait(pause.until)
        }
        return false
    }

    private func pause(_ duration: Duration) async {
        if duration > .zero { try? await setup.time.wait(setup.time.now() + duration) }
    }

    // MARK: - What connections tell

    /// Events are told whichever connection brings them: two that stand side by side bring the same, and each is known by
    /// its number.
    private func take(_ number: Int, _ news: UserDataConnection.News) {
        switch news {
        case .ended(let words): signal.yield(.ended(number, words))
        case .event(.terminated): signal.yield(.again(number, .terminated, "the venue ended the stream"))
        case .event(.shutdown): signal.yield(.rotate(number, "the server announced its end"))
        case .event(let event):
            if let time = event.time { state.withLock { $0.last = time } }
            tell(.event(event))
        case .damaged(let words):
            let since = state.withLock { $0.current == number ? ($0.last, true) : (nil, false) }
            // Of one that does not count yet the gap is still to come.
            if since.1 { tell(.gap(StreamGap(.damaged, since: since.0, words: words))) }
        }
    }
}

extension UserEvent {
    /// When it happened, by the venue's clock.
    var time: Timestamp? {
        switch self {
        case .execution(let report, _): return report.order.time
        case .balances(_, let time), .transfer(_, let time): return time
        case .list(let event): return event.time
        case .elsewhere, .terminated, .shutdown, .passedOver: return nil
        }
    }
}
